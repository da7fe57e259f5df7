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
	["a super-frame"]="-c 34.16 -g 1.536"
	["a passthru vNIC"]=c1/y
)
ways=("a packet socket" "a packet socket past the queue" "a packet socket's ring" "an AF_XDP socket"
	"a zero-copy AF_XDP socket" "a virtual machine" "vhost-net" "another device's XDP program"
	"a packet socket that says another EtherType" "a packet socket that says that there is a tag")
# One of a kind: a frame with pages, and those for which a driver's function is called past
# the queue
some=("a packet socket's ring" "a zero-copy AF_XDP socket" vhost-net "another device's XDP program")
# Behind its IP header, a super-frame
tcp="6 hex 3039005000000001000000005010ffff00000000 pad 1600"

# set_policy WORD...: of all vNICs that send
set_policy() {
	ip -n c1 link set v1 type vnicx "$@"
	ip -n c1 link set t1 type vnicxtap "$@"
	ip -n c1 link set y type vnicx "$@"
}

# sends WAY RECEIVERS WORD...
sends() {
	local device=c1/v1 from=c1/v1 options=()
	case ${how[$1]} in
	ip*) device=c1/t1 from=c1/t1 options=(-u "${how[$1]}") ;;
	c1/y) device=c1/y from=c1/y ;;
	*/*) from=${how[$1]} ;;
	?*) read -ra options <<<"${how[$1]}" ;;
	esac
	craft "${options[@]}" -w $device -e "$2" "$from" "${@:3}"
}

# owner WAY: the address of the vNIC that sends
owner() {
	case ${how[$1]} in
	ip*) echo "$T1" ;;
	c1/y) echo "$Y" ;;
	*) echo "$V1" ;;
	esac
}

# name WAY: of that vNIC
name() {
	case ${how[$1]} in
	ip*) echo t1 ;;
	c1/y) echo y ;;
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

# super POLICY OUTCOME START FRAMES: what becomes of super-frames of TCP, whose header begins there
super() {
	# shellcheck disable=SC2086 # words
	t_is "super-frames under \"${policy[$1]}\", TCP from byte $3: $2" "$2" \
		craft -c "$3.16" -g 1.536 -e "${2%%,*}" c1/v1 $4
}

# Super-frames, which only a packet socket sends here. Of guards, the others are about what
# has no super-frames.
super_frames() {
	local bad="from $OTHER ip4 $A $B $tcp" name
	# shellcheck disable=SC2086 # words
	set_policy ${policy[guards]}
	super guards "c2/v2:1, tx_spoofed 1 tx_undetermined 1 tx_ip_spoofed 1" 34 "to $V2 ip4 192.0.2.99 $B $tcp , \
		to $V2 $bad , to $V2 type 800 hex 5500066800000000400600000000000000000000 hex ${tcp#6 hex } , to $V2 ip4 $A $B $tcp"
	# shellcheck disable=SC2086
	t_is "IPv6 super-frames meet guards: 1 of 2 is dropped" "c2/v2:1, tx_ip_spoofed 1" \
		craft -c 54.16 -g 4.536 -e c2/v2:1 c1/v1 to "$V2" ip6 fe80::99 fe80::2 $tcp , to "$V2" ip6 $L6 fe80::2 $tcp
	t_is "UDP super-frames meet guards: 2 of 3 are dropped" "c2/v2:1, tx_undetermined 1 tx_guarded_dhcp 1" \
		craft -c 34.6 -g 5.536 -e c2/v2:1 c1/v1 to "$V2" ip4 $A $B 17 udp 68 pad 1600 , \
		to "$V2" ip4 $A $B 17 udp 67 pad 1600 , to "$V2" ip4 $A $B 17 udp 4000 pad 1600
	# shellcheck disable=SC2086
	set_policy ${undone[guards]} ${policy[edges]}
	super edges "${outcome[edges]}" 34 "to $V2 ip4 $A 77.0.0.1 $tcp , to $I2 ip4 $A $B $tcp , to $V2 ip4 $A $B $tcp"
	# shellcheck disable=SC2086
	set_policy ${undone[edges]} ${policy[access]}
	super access "c2/a2:1, tx_spoofed 1" 34 "to $A2 $bad , to $A2 ip4 $A $B $tcp"
	super access ", tx_vlan 2" 38 "to $A2 tag 20 ip4 $A $B $tcp , to $A2 tag 10 ip4 $A $B $tcp"
	# shellcheck disable=SC2086
	set_policy ${policy[qinq]}
	super qinq "lan/eth0.100:1, tx_spoofed 1" 34 "to $LAN $bad , to $LAN ip4 $A $B $tcp"
	super qinq ", tx_vlan 2" 38 "to $LAN hex 88a80064 ip4 $A $B $tcp , to $LAN hex 88a80065 ip4 $A $B $tcp"
	# shellcheck disable=SC2086
	set_policy ${policy[trunk]}
	super trunk "c2/a2:1, tx_vlan 1" 38 "to $A2 tag 30 ip4 $A $B $tcp , to $A2 tag 10 ip4 $A $B $tcp"
	super trunk ", tx_vlan 2" 34 "to $A2 ip4 $A $B $tcp , to $V2 ip4 $A $B $tcp"
	# shellcheck disable=SC2086
	set_policy ${policy[pvlan]}
	super pvlan "c2/p2:1, tx_spoofed 1" 34 "to $P2 $bad , to $P2 ip4 $A $B $tcp"
	super pvlan ", tx_vlan 2" 38 "to $P2 tag 10 ip4 $A $B $tcp , to $P2 tag 11 ip4 $A $B $tcp"
	set_policy vlan off state disable
	# shellcheck disable=SC2086
	t "nobody hears a super-frame under \"state disable\"" matches ", *" \
		"$(craft -c 34.16 -g 1.536 -w c1/v1 c1/v1 to "$V2" ip4 $A $B $tcp 2>/dev/null)"
	set_policy state auto
}

# alone POLICY OUTCOME [OPTION...]: what becomes of a policy's frames in passthru mode, where
# all that passes goes to the wire
alone() {
	# shellcheck disable=SC2086 # words
	ip -n c1 link set y type vnicx ${policy[$1]}
	# shellcheck disable=SC2046
	t_is "frames of a passthru vNIC under \"${policy[$1]}\": $2" "$2" \
		craft -e "${2%%,*}" "${@:3}" c1/y $(frames_of "$1" "$Y")
	# shellcheck disable=SC2086
	ip -n c1 link set y type vnicx ${undone[$1]}
}

passthru() {
	alone guards "lan/eth1${outcome[guards]#c2/v2}"
	alone edges "host/w:2 lan/eth1:2, tx_bpf 1"
	alone access "lan/eth1:1, tx_vlan 3"
	alone qinq "lan/eth1:1, tx_vlan 1"
	alone trunk "lan/eth1:1, tx_vlan 3"
	alone pvlan "lan/eth1:1, tx_vlan 2"
	alone disabled ", tx_disabled 1" -z
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

# payload WAY BYTES: what is behind the IP header
payload() {
	if [ "$1" = "a super-frame" ]; then
		echo "$tcp"
	else
		echo "253 pad $2"
	fi
}

# wire WAY: the lower device's name, at both ends of the wire
wire() {
	[ "$1" = "a passthru vNIC" ] && echo eth1 || echo eth0
}

# tags WAY: words for what answers it
tags() {
	[ "$1" != "a VLAN device on top" ] || echo tag 5
}

# told WAY: who is asked for the address of v2
told() {
	# shellcheck disable=SC2046 # words
	sends "$1" c2/v2 $(owned "$1" "type 806 arp 1 $(owner "$1") $A 00:00:00:00:00:00 $B pad 18")
}

# in_class WAY: how many frames get into the class
in_class() {
	local before dev
	dev=$(wire "$1")
	before=$(class_packets "$dev")
	# shellcheck disable=SC2046 # words
	sends "$1" "lan/$dev" $(owned "$1" "to $LAN ip4 $A $B $(payload "$1" 40)") >/dev/null
	echo $(($(class_packets "$dev") - before))
}

# class_packets DEVICE
class_packets() {
	tc -n host -j -s qdisc show dev "$1" | jq '.[] | select(.handle == "12:") | .packets'
}

# unknown WAY: who hears what is for an unknown address
unknown() {
	# shellcheck disable=SC2046 # words
	sends "$1" "c2/f2 lan/eth0" $(owned "$1" "to 02:00:00:00:00:77 ip4 $A $B $(payload "$1" 40)")
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
	local own dev
	own=$(owner "$1") dev=lan/$(wire "$1")
	# shellcheck disable=SC2046
	sends "$1" "$dev" $(owned "$1" "ip4 0.0.0.0 255.255.255.255 17 udp 67 dhcp 1 1 $2 0.0.0.0 0 $own")
	# shellcheck disable=SC2046
	craft "$dev" $(tags "$1") ip4 192.0.2.1 255.255.255.255 17 udp 68 dhcp 2 5 "$2" "192.0.2.2${2:1}" 600 "$own"
}

# serves WAY XID: f2 asks, and the vNIC answers by that way
serves() {
	# shellcheck disable=SC2046
	craft c2/f2 $(tags "$1") ip4 0.0.0.0 255.255.255.255 17 udp 67 dhcp 1 1 "$2" 0.0.0.0 0 "$(mac c2 f2)"
	# shellcheck disable=SC2046
	sends "$1" c2/f2 $(owned "$1" "ip4 $A 255.255.255.255 17 udp 68 dhcp 2 5 $2 192.0.2.24${2:1} 600 $(mac c2 f2)")
}

others() {
	local way dev frames n=0 vlan="a VLAN device on top" super="a super-frame" alone="a passthru vNIC"
	set_policy storm 1
	for way in "${some[@]}" "$vlan" "$super" "$alone"; do
		t "most of nine broadcasts of $way are dropped and counted under \"storm 1\"" \
			most_of_nine "$way" tx_storm "ip4 $A $B $(payload "$way" 26)"
	done
	set_policy storm off max_tx_rate 8kbit
	for way in "${some[@]}" "$vlan" "$super" "$alone"; do
		t "most of nine frames of $way are dropped and counted under \"max_tx_rate 8kbit\"" \
			most_of_nine "$way" tx_rate "to $V2 ip4 $A $B $(payload "$way" 980)"
	done
	set_policy max_tx_rate off
	ip -n c2 link set v2 type vnicx ipguard static allowed-ips $B neigh_suppress on
	for way in "${some[@]}"; do
		t_is "a request by $way reaches the holder alone under neigh_suppress" "c2/v2, nothing dropped" told "$way"
	done
	ip -n c2 link set v2 type vnicx ipguard off neigh_suppress off
	ip -n c2 link set f2 promisc on
	for way in "${some[@]}" "$vlan" "$super"; do
		t_is "a frame of $way to an unknown address is heard with flood on" \
			"c2/f2 lan/eth0, nothing dropped" unknown "$way"
	done
	ip -n c2 link set f2 promisc off
	for dev in eth0 eth1; do
		batch_tc host "qdisc add dev $dev root handle 1: prio bands 3 priomap 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2" \
			"qdisc add dev $dev parent 1:2 handle 12: pfifo"
	done
	set_policy class 1:2
	for way in "${some[@]}" "$vlan" "$super" "$alone"; do
		# of a super-frame, each segment counts
		[ "$way" = "$super" ] && frames=3 || frames=1
		t_is "a frame of $way has the vNIC's class 1:2 at the lower device" $frames in_class "$way"
	done
	batch_tc host "qdisc del dev eth0 root" "qdisc del dev eth1 root"
	set_policy class off spoofchk on ipguard dhcp max-leases 20
	for way in "${some[@]}" "$vlan" "$alone"; do
		t_is "a question for a lease by $way is known when the server answers" 1 \
			counted "c1/$(name "$way")" dhcp_learned asks_for_lease "$way" "a$((n++))"
	done
	set_policy ipguard off spoofchk auto dhcp-trust on
	ip -n c2 link set f2 type vnicx spoofchk on ipguard dhcp max-leases 20
	n=0
	for way in "${some[@]}" "$vlan"; do
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
ip link add eth1 netns host type veth peer name eth1 netns lan
batch_in host "link add link eth0 name t1 netns c1 type vnicxtap" "link set eth1 up" \
	"link add link eth1 name y netns c1 type vnicx mode passthru"
ip -n lan link set eth1 up
batch_in c1 "link set t1 up" "link set y addrgenmode none" "link set y up" "link add link v1 name v1.5 up type vlan id 5" \
	"link add x0 up type veth peer name x1 netns cx"
ip -n cx link set x1 up
set_policy allowed-ips $A $L6
T1=$(mac c1 t1) Y=$(mac c1 y) V1=${vnic_mac[v1]} V2=${vnic_mac[v2]} I2=${vnic_mac[i2]} A2=${vnic_mac[a2]} P2=${vnic_mac[p2]} LAN=$(mac lan eth0)
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
meet edges "${ways[@]}" "a VLAN device on top"
others
ip -n c1 link delete v1.5
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
passthru
umount $fs
