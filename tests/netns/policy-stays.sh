#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Every policy holds after every event that could lose it: what is forbidden is dropped and
# counted by its cause, and what is allowed passes.
# kernels: uml
# timeout: 300
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"
# shellcheck source=helpers/policies.sh
. "${0%/*}/helpers/policies.sh"
# shellcheck source=helpers/vlans.sh
. "${0%/*}/helpers/vlans.sh"

# A vNIC for each policy, and one with options that frames do not meet here; what
# outlasts an event is also what is shown of it.
names=(guards edges access qinq trunk pvlan disabled in more)
policy[in]="ipguard-in on"
policy[more]="flood on trust off max-groups 7 state enable storm 9 class 1:2 max_tx_rate 1gbit burst 64k max_rx_rate 2gbit
	dhcp-trust on ipguard dhcp max-leases 3 bpf rx pinned $fs/not-to-77 mirror w vlan 9 rx spoofchk on"
place=c1 prefix=''

# look: sets words, which make a vNIC again, and own, its address, of each
declare -A words=() own=()
look() {
	local name address asked
	while read -r name address asked; do
		words[${name#"$prefix"}]=$asked own[${name#"$prefix"}]=$address
	done < <(ip -n $place -d -o link show type vnicx |
		sed -E 's/^[0-9]+: ([^:@]*).* link\/ether ([0-9a-f:]+).* (vnicx mode .*) holds .*/\1 \2 \3/; s/ leases .*//')
}

# meets NAME: what becomes of its policy's frames
meets() {
	local device=$prefix$1 options=()
	case $1 in
	in) craft -w "$place/$device" -e "$place/$device:1" c2/v2 to "${own[in]}" ip4 $B 192.0.2.99 253 pad 26 , \
		to "${own[in]}" ip4 $B $A 253 pad 26 ;;
	*)
		# a device without a link has a queue that drops, and sockets know that
		[ "$1" != disabled ] || options=(-z)
		# shellcheck disable=SC2046 # words
		craft "${options[@]}" -e "${outcome[$1]%%,*}" "$place/$device" $(frames_of "$1" "${own[$1]}")
		;;
	esac
}

# hold WHEN
hold() {
	local name
	outcome[in]="$place/${prefix}in:1, rx_ip 1"
	look
	for name in "${names[@]}"; do
		t_is "policy $name has the same words $1" "${shown[$name]}" echo "${words[$name]}"
		[ "$name" = more ] || t_is "policy $name holds $1: ${outcome[$name]}" "${outcome[$name]}" meets "$name"
	done
}

# each COMMAND...: of ip, with NAME for each of the vNICs
each() {
	local name command
	for name in "${names[@]}"; do
		for command; do
			echo "${command//NAME/$prefix$name}"
		done
	done | ip -n $place -batch -
}

# make NAME NAMESPACE WORD...: a vNIC, up
make() {
	ip -n host link add link eth0 name "$1" netns "$2" type "${@:3}"
	ip -n "$2" link set "$1" addrgenmode none
	ip -n "$2" link set "$1" up
}

# those that hear what passes
hearers() {
	make v2 c2 vnicx "$@"
	make i2 c2 vnicx "$@" isolated on
	make a2 c2 vnicx "$@" vlan 10
	make p2 c2 vnicx "$@" pvlan promiscuous 10 11
	V2=$(mac c2 v2) I2=$(mac c2 i2) A2=$(mac c2 a2) P2=$(mac c2 p2)
}

# The watcher must be beside the lower device: what that left behind is no mirror's.
watch_again() {
	ip -n $place link set "${prefix}edges" type vnicx mirror w tx
	ip -n $place link set "${prefix}more" type vnicx mirror w vlan 9 rx
}

new_addresses() {
	local name n=10
	for name in "${names[@]}"; do
		ip -n $place link set "$prefix$name" address "02:00:00:00:01:$((n++))"
	done
}

anew() {
	local name asked
	unload
	load_needs vnicx
	insmod "$VNICX_STAGE/modules/vnicx.ko"
	hearers neigh_suppress on
	for name in "${names[@]}"; do
		read -ra asked <<<"${shown[$name]}"
		make "$name" c1 "${asked[@]}"
	done
}

no_ipv6
lan_setup
station 10
station 100 802.1ad
ns c1 c2 c3 away watch
silence host lan c1 c2 c3 away watch
batch_in host "link add w up type veth peer name w1 netns watch"
ip -n watch link set w1 up
LAN=$(mac lan eth0)
mount_programs
outcome[edges]=${outcome[edges]/host\/w/watch\/w1}
hearers
for name in "${names[@]}"; do
	case $name in guards | in) policy[$name]+=" allowed-ips $A,$L6" ;; esac
	read -ra asked -d '' <<<"${policy[$name]}" || :
	make "$name" c1 vnicx "${asked[@]}"
done
ip -n c1 link set more type vnicx neigh_suppress on
declare -A shown=()
look
for name in "${names[@]}"; do
	shown[$name]=${words[$name]}
done
hold "as it was made"

each "link set NAME down"
each "link set NAME up"
ip -n host link set eth0 down
ip -n host link set eth0 up
until_ok 10 is_now 1 inside c1 cat /sys/class/net/guards/carrier
hold "after down and up, the lower device's as well"
each "link set NAME down"
for name in "${names[@]}"; do
	ip -n c1 link set "$name" name "x$name"
done
prefix=x
each "link set NAME up"
batch_in host "link set eth0 down" "link set eth0 name lower0" "link set lower0 up"
until_ok 10 is_now 1 inside c1 cat /sys/class/net/xguards/carrier
hold "with another name, the lower device's as well"
batch_in host "link set lower0 down" "link set lower0 name eth0" "link set eth0 up"
each "link set NAME netns c3"
place=c3
each "link set NAME up"
hold "in another namespace"
new_addresses
hold "with another address"
ip -n host link set eth0 netns away
ip -n away link set eth0 netns host
ip -n host link set eth0 up
until_ok 10 is_now 1 inside c3 cat /sys/class/net/xguards/carrier
t "mirrors end when the lower device leaves their device" eval "! shows ' mirror ' ip -n c3 -d -o link show xedges"
watch_again
hold "after the lower device's moves"
each "link delete NAME"
place=c1 prefix=''
anew
hold "by its words, with the module loaded anew"
unload
umount $fs
