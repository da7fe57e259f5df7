#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# insmod vnicx.ko lower=eth0 count=4: vNICs that are there with the module.
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"

# vnics: name@adapter of all that are here, in the order of their names. A tunnel
# of the kernel's own has no adapter: 0.
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
t_is "one vNIC over one adapter" "vnic0@eth0" vnics
reload lower=eth0 count=3
t_is "as many as asked for" "vnic0@eth0 vnic1@eth0 vnic2@eth0" vnics
t_is "they are what ip makes" "$made_by_ip" description vnic1
ip link add link eth1 name port1 type vnicx
reload lower=eth0,eth1 count=2 name=port%d
t_is "as many over each of several adapters, with names of another pattern" \
	"port0@eth0 port1@eth0 port2@eth1 port3@eth1" vnics
reload lower=eth0,eth1 count=1,2
t_is "different numbers over several adapters" "vnic0@eth0 vnic1@eth1 vnic2@eth1" vnics
batch "netns add far" "link set vnic0 netns far" "link set vnic1 name other" "link set other up"
reload lower=eth0 name=uplink
t_is "unloading removes all, wherever they are; a name that is none of a pattern" \
	"uplink@eth0" vnics

reload lower=later,eth1,here count=1,1,2
t_is "an adapter that is not there is waited for" "vnic0@eth1" vnics
ip link add later type dummy
appears "and gets its vNICs when it is created" "vnic0@eth1 vnic1@later"
ip link delete later
t_is "which it takes along" "vnic0@eth1" vnics
ip link set eth0 name later
appears "or when one is named so" "vnic0@eth1 vnic1@later"
ip -n far link add here type dummy
t_is "one of the name in another namespace is not meant" "vnic0@eth1 vnic1@later" vnics
ip -n far link set here netns "$$"
appears "until it comes here" "vnic0@eth1 vnic1@later vnic2@here vnic3@here"
batch "link set later name eth0" "link add later type dummy"
t_is "another one of the same name gets none while there is the first" \
	"vnic0@eth1 vnic1@eth0 vnic2@here vnic3@here" vnics
ip link delete eth0
unload
t_is "after unloading none is left" "" vnics
t "and adapters are as free as before" batch "link add bridge type bridge" \
	"link set later master bridge" "link set eth1 master bridge" "link set eth1 nomaster"
