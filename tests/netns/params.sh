#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kernels: uml 6.1
#
# insmod vnicx.ko lower=eth0 count=4: vNICs that are there with the module.
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"

# vnics: name@adapter of all that are here, in the order of their names. A tunnel
# of the kernel's own has no lower device: 0.
vnics() {
	local dir name iflink index list=()
	declare -A adapter=()
	for dir in /sys/class/net/*/; do
		name=${dir%/}
		name=${name##*/}
		read -r index <"$dir/ifindex"
		read -r iflink <"$dir/iflink"
		adapter[$index]=$name
		[ "$iflink" = 0 ] || [ "$index" = "$iflink" ] || list+=("$name@$iflink")
	done
	for name in "${list[@]}"; do
		echo "${name%@*}@${adapter[${name#*@}]}"
	done | paste -sd' '
}

# description DEVICE: all that ip shows, but its number
description() {
	local out
	out=$(ip -d -o link show "$1")
	echo "${out#*: }"
}

appears() {
	t "$1" until_ok 5 is_now "$2" vnics
}

batch "link add eth0 type dummy" "link add eth1 type dummy" \
	"link add link eth0 name vnic1 type vnicx"
made_by_ip=$(description vnic1)

reload lower=eth0
t_is "lower=eth0 makes one vNIC" "vnic0@eth0" vnics
reload lower=eth0 count=3
t_is "count=3 makes three vNICs" "vnic0@eth0 vnic1@eth0 vnic2@eth0" vnics
t_is "vNICs of parameters are as ip makes them" "$made_by_ip" description vnic1
ip link add link eth1 name port1 type vnicx
reload lower=eth0,eth1 count=2 name=port%d
t_is "count=2 and name=port%d make two vNICs over each lower device" \
	"port0@eth0 port1@eth0 port2@eth1 port3@eth1" vnics
reload lower=eth0,eth1 count=1,2
t_is "count=1,2 makes one vNIC over the first lower device, two over the second" \
	"vnic0@eth0 vnic1@eth1 vnic2@eth1" vnics
batch "netns add far" "link set vnic0 netns far" "link set vnic1 name other" "link set other up"
reload lower=eth0 name=uplink
t_is "name=uplink makes one vNIC when all others went with the module" \
	"uplink@eth0" vnics

reload lower=later,eth1,here count=1,1,2
t_is "the module loads with lower devices that are not there" "vnic0@eth1" vnics
ip link add later type dummy
appears "a lower device gets its vNICs when it is created" "vnic0@eth1 vnic1@later"
ip link delete later
t_is "a deleted lower device takes its vNICs along" "vnic0@eth1" vnics
ip link set eth0 name later
appears "a lower device gets its vNICs when it is renamed" "vnic0@eth1 vnic1@later"
ip -n far link add here type dummy
t_is "a device of the awaited name in another namespace gets no vNIC" "vnic0@eth1 vnic1@later" vnics
ip -n far link set here netns "$$"
appears "a device of the awaited name gets its vNICs when it moves here" \
	"vnic0@eth1 vnic1@later vnic2@here vnic3@here"
batch "link set later name eth0" "link add later type dummy"
t_is "a second device of the awaited name gets no vNIC beside the first" \
	"vnic0@eth1 vnic1@eth0 vnic2@here vnic3@here" vnics
ip link delete eth0
unload
t_is "unloading leaves no vNIC" "" vnics
t "a bridge can have the lower devices after unloading" batch "link add bridge type bridge" \
	"link set later master bridge" "link set eth1 master bridge" "link set eth1 nomaster"
