#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Policies for what a vNIC sends, each by every way by which a frame can come: what is
# forbidden is dropped and counted by its cause, and what is allowed passes.
# kernels: uml
# timeout: 300
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"
# shellcheck source=helpers/policies.sh
. "${0%/*}/helpers/policies.sh"
# shellcheck source=helpers/vlans.sh
. "${0%/*}/helpers/vlans.sh"

# How a frame comes by a way: an option of helpers/craft.c, a program that sends, or
# the device that does
declare -A how=(
	["a packet socket"]=""
	["a packet socket past the queue"]="-b"
	["a packet socket's ring"]="-r"
	["a packet socket that says another EtherType"]="-t88b5"
	["a packet socket that says that there is a tag"]="-t8100"
	["an AF_XDP socket"]="-y"
	["a zero-copy AF_XDP socket"]="-z"
	["a virtual machine"]="ip netns exec c1 tap open a t1"
	["vhost-net"]="ip netns exec c1 tap open a t1 vhost a"
	["another device's XDP program"]=cx/x1
	["the vNIC's own XDP program"]=host/w
	["a VLAN device on top"]=c1/v1.5
)
ways=("a packet socket" "a packet socket past the queue" "a packet socket's ring" "an AF_XDP socket"
	"a zero-copy AF_XDP socket" "a virtual machine" "vhost-net" "another device's XDP program"
	"a packet socket that says another EtherType" "a packet socket that says that there is a tag")
# One of a kind: a frame with pages, and those for which a driver's function is called past
# the queue
some=("a packet socket's ring" "a zero-copy AF_XDP socket" vhost-net "another device's XDP program")

# set_policy WORD...: of both vNICs
set_policy() {
	ip -n c1 link set v1 type vnicx "$@"
	ip -n c1 link set t1 type vnicxtap "$@"
}

# sends WAY RECEIVERS WORD...: OWN in the words is the address of the vNIC that sends
sends() {
	local device=c1/v1 from=c1/v1 options=()
	case ${how[$1]} in
	ip*) device=c1/t1 from=c1/t1 options=(-u "${how[$1]}") ;;
	*/*) from=${how[$1]} ;;
	?*) options=("${how[$1]}") ;;
	esac
	craft "${options[@]}" -w $device -e "$2" "$from" "${@:3}"
}

# owner WAY: the address of the vNIC that sends
owner() {
	case ${how[$1]} in
	ip*) echo "$T1" ;;
	*) echo "$V1" ;;
	esac
}

# name WAY: of that vNIC
name() {
	case ${how[$1]} in
	ip*) echo t1 ;;
	*) echo v1 ;;
	esac
}

# by_way WAY POLICY: what becomes of the policy's frames
by_way() {
	local words
	words=$(frames_of "$2" "$(owner "$1")")
	# It sends back what is for the vNIC, which is then to itself.
	[ "${how[$1]}" != host/w ] || words=${words//,/to $V1 ,}" to $V1"
	# shellcheck disable=SC2086 # words
	sends "$1" "${outcome[$2]%%,*}" $words
}

# meet POLICY WAY...: all frames of the policy, by each of the ways
meet() {
	local way name=$1
	# shellcheck disable=SC2086 # words
	set_policy ${policy[$name]}
	for way in "${@:2}"; do
		t_is "frames of $way under \"${policy[$name]}\": ${outcome[$name]}" "${outcome[$name]}" by_way "$way" "$name"
	done
	# shellcheck disable=SC2086
	set_policy ${undone[$name]}
}

# Super-frames, which only a packet socket sends here
super_frames() {
	local way="-c 34.16 -g 1.536" tcp="6 hex 3039005000000001000000005010ffff00000000 pad 1600"
	how[super-frames]=$way
	# shellcheck disable=SC2086 # words
	if ! craft $way c1/v1 to "$V2" ip4 $A $B $tcp >/dev/null 2>&1; then
		skip "super-frames of a packet socket meet policies" "packet sockets of this kernel send none"
		return
	fi
	# shellcheck disable=SC2086
	set_policy ${policy[guards]}
	# shellcheck disable=SC2086
	t_is "super-frames of a packet socket meet guards: 2 of 3 are dropped" \
		"c2/v2:1, tx_spoofed 1 tx_ip_spoofed 1" craft $way -e c2/v2:1 c1/v1 to "$V2" ip4 192.0.2.99 $B $tcp , \
		to "$V2" from $OTHER ip4 $A $B $tcp , to "$V2" ip4 $A $B $tcp
	# shellcheck disable=SC2086
	set_policy ${undone[guards]} ${policy[edges]}
	# shellcheck disable=SC2086
	t_is "super-frames of a packet socket meet isolation, a program and a mirror: 2 of 3 are dropped" \
		"${outcome[edges]}" craft $way -e "${outcome[edges]%%,*}" c1/v1 \
		to "$V2" ip4 $A 77.0.0.1 $tcp , to "$I2" ip4 $A $B $tcp , to "$V2" ip4 $A $B $tcp
	# shellcheck disable=SC2086
	set_policy ${undone[edges]}
}

# most_of_nine WAY COUNTER WORDS: frames at once, of which a second has about one
most_of_nine() {
	local words
	words=$(owned "$1" "$3 , $3 , $3 , $3 , $3 , $3 , $3 , $3 , $3")
	# shellcheck disable=SC2086 # words
	matches "*, $2 @([5-9]|1?)" "$(sends "$1" "" $words)"
}

# owned WAY WORDS: with the address of the vNIC that sends in each frame
owned() {
	local own
	own="from $(owner "$1")"
	echo "$own ${2//,/, $own}"
}

# told WAY: who is asked for the address of v2
told() {
	# shellcheck disable=SC2046 # words
	sends "$1" c2/v2 $(owned "$1" "type 806 arp 1 $(owner "$1") $A 00:00:00:00:00:00 $B pad 18")
}

# in_class WAY: how many frames get into the class
in_class() {
	local before
	before=$(class_packets)
	# shellcheck disable=SC2046 # words
	sends "$1" lan/eth0 $(owned "$1" "to $LAN ip4 $A $B 253 pad 40") >/dev/null
	echo $(($(class_packets) - before))
}

class_packets() {
	tc -n host -j -s qdisc show dev eth0 | jq '.[] | select(.handle == "12:") | .packets'
}

# unknown WAY: who hears what is for an unknown address
unknown() {
	# shellcheck disable=SC2046 # words
	sends "$1" "c2/f2 lan/eth0" $(owned "$1" "to 02:00:00:00:00:77 ip4 $A $B 253 pad 40")
}

# counted DEVICE NAME COMMAND...: by how much a counter in c1 or c2 rises
counted() {
	local before
	before=$(own_counter "${1%/*}" "${1#*/}" "$2")
	"${@:3}" >/dev/null
	echo $(($(own_counter "${1%/*}" "${1#*/}" "$2") - before))
}

# asks_for_lease WAY XID: the vNIC asks by that way, and the server on the wire answers
asks_for_lease() {
	local own
	own=$(owner "$1")
	# shellcheck disable=SC2046
	sends "$1" lan/eth0 $(owned "$1" "ip4 0.0.0.0 255.255.255.255 17 udp 67 dhcp 1 1 $2 0.0.0.0 0 $own")
	craft lan/eth0 ip4 192.0.2.1 255.255.255.255 17 udp 68 dhcp 2 5 "$2" "192.0.2.2${2:1}" 600 "$own"
}

# serves WAY XID: f2 asks, and the vNIC answers by that way
serves() {
	craft c2/f2 ip4 0.0.0.0 255.255.255.255 17 udp 67 dhcp 1 1 "$2" 0.0.0.0 0 "$(mac c2 f2)"
	# shellcheck disable=SC2046
	sends "$1" c2/f2 $(owned "$1" "ip4 $A 255.255.255.255 17 udp 68 dhcp 2 5 $2 192.0.2.24${2:1} 600 $(mac c2 f2)")
}

others() {
	local way n=0
	set_policy storm 1
	for way in "${some[@]}"; do
		t "most of nine broadcasts of $way are dropped and counted under \"storm 1\"" \
			most_of_nine "$way" tx_storm "ip4 $A $B 253 pad 26"
	done
	set_policy storm off max_tx_rate 8kbit
	for way in "${some[@]}"; do
		t "most of nine frames of $way are dropped and counted under \"max_tx_rate 8kbit\"" \
			most_of_nine "$way" tx_rate "to $V2 ip4 $A $B 253 pad 980"
	done
	set_policy max_tx_rate off
	ip -n c2 link set v2 type vnicx ipguard static allowed-ips $B neigh_suppress on
	for way in "${some[@]}"; do
		t_is "a request by $way reaches the holder alone under neigh_suppress" "c2/v2, nothing dropped" told "$way"
	done
	ip -n c2 link set v2 type vnicx ipguard off neigh_suppress off
	ip -n c2 link set f2 promisc on
	for way in "${some[@]}"; do
		t_is "a frame of $way to an unknown address is heard with flood on" \
			"c2/f2 lan/eth0, nothing dropped" unknown "$way"
	done
	ip -n c2 link set f2 promisc off
	batch_tc host "qdisc add dev eth0 root handle 1: prio bands 3 priomap 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2" \
		"qdisc add dev eth0 parent 1:2 handle 12: pfifo"
	set_policy class 1:2
	for way in "${some[@]}"; do
		t_is "a frame of $way has the vNIC's class 1:2 at the lower device" 1 in_class "$way"
	done
	tc -n host qdisc del dev eth0 root
	set_policy class off spoofchk on ipguard dhcp max-leases 20
	for way in "${some[@]}"; do
		t_is "a question for a lease by $way is known when the server answers" 1 \
			counted "c1/$(name "$way")" dhcp_learned asks_for_lease "$way" "a$((n++))"
	done
	set_policy ipguard off spoofchk auto dhcp-trust on
	ip -n c2 link set f2 type vnicx spoofchk on ipguard dhcp max-leases 20
	for way in "${some[@]}"; do
		t_is "a server with dhcp-trust gives a lease by $way" 1 \
			counted c2/f2 dhcp_learned serves "$way" "b$((n++))"
	done
	set_policy dhcp-trust off
}

no_ipv6
lan_setup
station 10
station 100 802.1ad
modprobe -q vhost_net || :
ns c1 c2 cx
silence host lan c1 c2 cx
mount_programs
vnic w host
vnic v1 c1
vnic v2 c2
vnic i2 c2 isolated on
vnic a2 c2 vlan 10
vnic p2 c2 pvlan promiscuous 10 11
vnic f2 c2 flood on trust on
batch_in host "link add link eth0 name t1 netns c1 type vnicxtap"
batch_in c1 "link set t1 up" "link add link v1 name v1.5 up type vlan id 5" \
	"link add x0 up type veth peer name x1 netns cx"
ip -n cx link set x1 up
set_policy allowed-ips $A $L6
T1=$(mac c1 t1) V1=${vnic_mac[v1]} V2=${vnic_mac[v2]} I2=${vnic_mac[i2]} A2=${vnic_mac[a2]} P2=${vnic_mac[p2]} LAN=$(mac lan eth0)
xdp-pin $fs/redirect redirect "$(inside c1 cat /sys/class/net/v1/ifindex)"
xdp-pin $fs/reflect return 3
ip -n c1 link set x0 xdpdrv pinned $fs/redirect

ip -n c1 link set v1 xdpdrv pinned $fs/reflect
reflected=${outcome[guards]}
outcome[guards]=,${outcome[guards]#*,}
meet guards "the vNIC's own XDP program"
outcome[guards]=$reflected
ip -n c1 link set v1 xdpdrv off
meet guards "${ways[@]}" "a VLAN device on top"
ip -n c1 link delete v1.5
meet edges "${ways[@]}"
meet access "${ways[@]}"
for name in qinq trunk pvlan; do
	meet $name "${some[@]}"
done
meet disabled "a zero-copy AF_XDP socket" "another device's XDP program"
# Others may know that there is no link.
set_policy state disable
for way in "${ways[@]:0:4}" "${ways[@]:5:2}"; do
	t "nobody hears a frame of $way under \"state disable\"" matches ", *" "$(by_way "$way" disabled)"
done
set_policy state auto
super_frames
others
umount $fs
