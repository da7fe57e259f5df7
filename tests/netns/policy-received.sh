#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Policies for what a vNIC receives, from everywhere, by every way that a frame takes, into
# each kind of receiver: what is forbidden is dropped and counted by its cause, and what is
# allowed arrives.
# kernels: uml 6.1
# timeout: 300
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"
# shellcheck source=helpers/policies.sh
. "${0%/*}/helpers/policies.sh"

# The senders, and the devices that hear what is for all, or for a vNIC that is not there
senders=("a vNIC" "the host" "the wire")
declare -A from=(["a vNIC"]=c2/v2 ["the host"]=host/eth0 ["the wire"]=lan/eth0)
declare -A beside=(["a vNIC"]="host/eth0 lan/eth0" ["the host"]="c2/v2 lan/eth0" ["the wire"]="c2/v2 host/eth0")
declare -A absent=(["a vNIC"]=lan/eth0 ["the host"]=lan/eth0 ["the wire"]=host/eth0)
all=ff:ff:ff:ff:ff:ff

# hearing N NAME...: that each of these, beside r's stack, hears so many
hearing() {
	{
		[ -z "$stack" ] || echo "$stack"
		printf "%s:$1\n" "${@:2}"
	} | sort | paste -sd ' '
}

# arrives TITLE HEARD COUNTERS NUMBER NAMESPACE/DEVICE WORD...: of frames of the device,
# r receives so many and counts the others
arrives() {
	t_is "$1" "$2, $3, $4 received" craft -p -w c1/r -e "$2" "$5" "${@:6}"
}

# guarded TITLE SENDER TO HEARD: for ipguard-in, a program and a mirror
guarded() {
	arrives "$1 meet ipguard-in and a program: 4 of 5 are dropped, and the mirror has a copy of one" \
		"${4:+$4 }watch/w1:1" "rx_ip 3 rx_bpf 1" 1 "$2" \
		to "$3" ip4 $B 192.0.2.99 253 pad 26 , to "$3" ip6 fe80::2 fe80::99 59 pad 6 , \
		to "$3" type 800 pad 19 , to "$3" ip4 $B $A 99 pad 26 , to "$3" ip4 $B $A 253 pad 40
}

# in_vlan TITLE SENDER HEARD: frames of another VLAN, of none, and of the vNIC's
in_vlan() {
	arrives "$1 meet an access VLAN: 2 of 3 are dropped" "$3" "rx_vlan 2" 1 "$2" \
		to "$R" tag 20 ip4 $B $A 253 pad 26 , to "$R" ip4 $B $A 253 pad 26 , to "$R" tag 10 ip4 $B $A 253 pad 40
}

set_r() {
	ip -n c1 link set r type "$kind" "$@"
}

# limited TITLE SENDER TO: nine frames at once, of which a second has one
limited() {
	local frame="to $3 ip4 $B $A 253 pad 980" out
	# shellcheck disable=SC2086 # words
	out=$(craft -w c1/r "$2" $frame , $frame , $frame , $frame , $frame , $frame , $frame , $frame , $frame)
	t "$1 meet a rate: most of nine are dropped" matches "*, rx_rate @([5-9]|1?)" "$out"
}

# guarded_all TITLE: broadcasts of all senders
guarded_all() {
	local who
	for who in "${senders[@]}"; do
		# shellcheck disable=SC2086 # words
		guarded "broadcasts of $who to $1" "${from[$who]}" $all "$(hearing 5 ${beside[$who]})"
	done
}

# receiver TITLE: all policies, with r as it is
receiver() {
	local who
	for who in "${senders[@]}"; do
		guarded "frames of $who to $1" "${from[$who]}" "$R" "$stack"
	done
	guarded_all "$1"
	set_r "${no_guards[@]}" vlan 10
	for who in "${senders[@]}"; do
		# shellcheck disable=SC2086 # words
		in_vlan "frames of $who to $1" "${from[$who]}" "$(hearing 2 ${absent[$who]})"
	done
	set_r vlan off max_rx_rate 8kbit
	for who in "${senders[@]}"; do
		limited "frames of $who to $1" "${from[$who]}" "$R"
	done
	set_r max_rx_rate off state disable
	for who in "${senders[@]}"; do
		arrives "frames of $who to $1 that is disabled do not arrive" "${absent[$who]}" "nothing dropped" 0 \
			"${from[$who]}" to "$R" ip4 $B $A 253 pad 26
	done
	set_r state auto "${guards[@]}"
}

# receive KIND [OPTION...]: makes r
receive() {
	kind=$1
	ip -n host link add link eth0 name r netns c1 type "$@" allowed-ips $A,$L6 "${guards[@]}"
	ip -n c1 link set r addrgenmode none
	ip -n c1 link set r up
	R=$(mac c1 r)
}

# every FUNCTION: called with each receiver that there is
every() {
	stack=c1/r:1
	receive vnicx
	"$1" "a stack"
	ip -n c1 link set r xdpdrv pinned $fs/pass
	"$1" "an XDP program"
	ip -n c1 link delete r
	stack=
	read_by "$1" "a virtual machine"
	read_by "$1" "a virtual machine by vhost-net" vhost a
}

# read_by FUNCTION TITLE [WORD...]: the same with a reader, without which the stack receives
read_by() {
	local reader
	receive vnicxtap
	inside c1 tap open a r "${@:3}" run "touch /tmp/reads; sleep 1000" >/dev/null &
	reader=$!
	until_ok 5 test -e /tmp/reads
	rm /tmp/reads
	"$1" "$2"
	kill "$reader"
	ip -n c1 link delete r
}

# broadcasts TITLE: all policies that broadcasts meet
broadcasts() {
	local who
	guarded_all "$1"
	set_r "${no_guards[@]}" vlan 10
	for who in "${senders[@]}"; do
		# shellcheck disable=SC2086 # words
		arrives "broadcasts of $who to $1 in other VLANs do not arrive: 1 of 3 does" \
			"$(hearing 3 ${beside[$who]})" "nothing dropped" 1 "${from[$who]}" \
			tag 20 ip4 $B $A 253 pad 26 , ip4 $B $A 253 pad 26 , tag 10 ip4 $B $A 253 pad 40
	done
	set_r vlan off max_rx_rate 8kbit
	limited "broadcasts of a vNIC to $1" c2/v2 $all
	set_r max_rx_rate off state disable
	arrives "broadcasts of a vNIC to $1 that is disabled do not arrive" "${beside["a vNIC"]}" "nothing dropped" 0 \
		c2/v2 ip4 $B $A 253 pad 26
	set_r state auto "${guards[@]}"
}

# Segments of TCP that are still to be cut
super_frames() {
	local tcp="6 hex 3039005000000001000000005010ffff00000000 pad 1600" way="-c 34.16 -g 1.536"
	# shellcheck disable=SC2086 # words
	if ! craft $way c2/v2 to "$R" ip4 $B $A $tcp >/dev/null 2>&1; then
		skip "super-frames to a vNIC meet policies" "packet sockets of this kernel send none"
		return
	fi
	# shellcheck disable=SC2086
	t_is "super-frames to a vNIC meet ipguard-in: 1 of 2 is dropped, and the mirror has a copy of one" \
		"$stack watch/w1:1, rx_ip 1" craft $way -w c1/r -e "$stack watch/w1:1" c2/v2 \
		to "$R" ip4 $B 192.0.2.99 $tcp , to "$R" ip4 $B $A $tcp
	set_r "${no_guards[@]}" vlan 10
	# shellcheck disable=SC2086
	t_is "super-frames to a vNIC in another VLAN do not arrive" "lan/eth0, rx_vlan 1" \
		craft $way -w c1/r -e lan/eth0 c2/v2 to "$R" ip4 $B $A $tcp
	# shellcheck disable=SC2086
	t_is "super-frames to a vNIC in their VLAN arrive" "c1/r, nothing dropped" \
		craft -c 38.16 -g 1.536 -w c1/r -e c1/r c2/v2 to "$R" tag 10 ip4 $B $A $tcp
	set_r vlan off max_rx_rate 8kbit
	# shellcheck disable=SC2086
	t "super-frames to a vNIC meet a rate: 2 of 3 are dropped" matches "*, rx_rate 2" \
		"$(craft $way -w c1/r c2/v2 to "$R" ip4 $B $A $tcp , to "$R" ip4 $B $A $tcp , to "$R" ip4 $B $A $tcp)"
	set_r max_rx_rate off "${guards[@]}"
}

# A VLAN device on top receives, too.
upper_device() {
	local frame="to $R tag 5 ip4 $B $A 253 pad 980"
	ip -n c1 link add link r name r.5 up type vlan id 5
	t_is "frames for a VLAN device on top meet ipguard-in: 1 of 2 is dropped, and the mirror has a copy of one" \
		"c1/r.5:1 watch/w1:1, rx_ip 1" craft -w c1/r -e "c1/r.5:1 watch/w1:1" c2/v2 \
		to "$R" tag 5 ip4 $B 192.0.2.99 253 pad 26 , to "$R" tag 5 ip4 $B $A 253 pad 40
	set_r "${no_guards[@]}" trunk 5
	t_is "frames for a VLAN device on top meet a trunk: 1 of 2 does not arrive" "c1/r.5:1 lan/eth0:1, rx_vlan 1" \
		craft -w c1/r -e "c1/r.5:1 lan/eth0:1" c2/v2 to "$R" tag 6 ip4 $B $A 253 pad 26 , \
		to "$R" tag 5 ip4 $B $A 253 pad 40
	set_r vlan off max_rx_rate 8kbit
	# shellcheck disable=SC2086 # words
	t "frames for a VLAN device on top meet a rate: 2 of 3 are dropped" matches "*, rx_rate 2" \
		"$(craft -w c1/r c2/v2 $frame , $frame , $frame)"
	set_r max_rx_rate off "${guards[@]}"
	ip -n c1 link delete r.5
}

no_ipv6
lan_setup
modprobe -q vhost_net || :
ns c1 c2 watch
silence host lan c1 c2 watch
ip -n host link add w0 up type veth peer name w1 netns watch
ip -n watch link set w1 up
# The receiver alone checks its frames.
vnic v2 c2 spoofchk off
mount_programs
bpf-pin $fs/not-99 match 23 99
xdp-pin $fs/pass return 2
guards=(ipguard-in on bpf rx pinned "$fs/not-99" mirror w0 rx)
no_guards=(ipguard-in off bpf rx off mirror off)

every receiver

# GRO, source mode
stack=c1/r:1
receive vnicx
inside c1 ethtool -K r gro on
for who in "${senders[@]}"; do
	guarded "frames of $who to a stack with GRO" "${from[$who]}" "$R" "$stack"
done
inside c1 ethtool -K r gro off
super_frames
upper_device
set_r mode source macaddr set "$(mac lan eth0)"
guarded "frames of a listed station to a vNIC in source mode" lan/eth0 "$R" "$stack host/eth0:5"
guarded "broadcasts of a listed station to a vNIC in source mode" lan/eth0 $all "$stack c2/v2:5 host/eth0:5"
set_r "${no_guards[@]}" vlan 10
in_vlan "frames of a listed station to a vNIC in source mode" lan/eth0 "$stack host/eth0:3"
set_r vlan off max_rx_rate 8kbit
limited "frames of a listed station to a vNIC in source mode" lan/eth0 "$R"
set_r max_rx_rate off state disable
arrives "frames of a listed station to a vNIC in source mode that is disabled do not arrive" host/eth0 "nothing dropped" 0 \
	lan/eth0 to "$R" ip4 $B $A 253 pad 26
ip -n c1 link delete r

# More vNICs than are copied to in the sender's context, in a namespace where nobody hears
unshare -n sleep 1000 &
crowd=$!
until_ok 5 eval "[ ! /proc/$crowd/ns/net -ef /proc/self/ns/net ]"
nsenter -n -t "$crowd" sh -c "echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6"
printf "link add link eth0 name x%d netns $crowd type vnicx\n" {0..15} | ip -n host -batch -
printf "link set x%d up\n" {0..15} | nsenter -n -t "$crowd" ip -batch -
by_worker() {
	broadcasts "$1 by the worker"
}
every by_worker
kill "$crowd"

stack=c1/r:1
ip link add eth1 netns host type veth peer name eth1 netns lan
batch_in host "link set eth1 up"
ip -n lan link set eth1 up
ip -n host link add link eth1 name r netns c1 type vnicx mode passthru allowed-ips $A,$L6 "${guards[@]}"
ip -n c1 link set r up
kind=vnicx R=$(mac c1 r)
guarded "frames of the wire to a vNIC in passthru mode" lan/eth1 "$R" "$stack"
guarded "broadcasts of the wire to a vNIC in passthru mode" lan/eth1 $all "$stack host/eth1:5"
set_r "${no_guards[@]}" vlan 10
# The rest is the host's, as with a vNIC that is down.
arrives "frames of the wire to a vNIC in passthru mode meet an access VLAN: 2 of 3 do not arrive" "$stack host/eth1:2" \
	"nothing dropped" 1 lan/eth1 to "$R" tag 20 ip4 $B $A 253 pad 26 , to "$R" ip4 $B $A 253 pad 26 , \
	to "$R" tag 10 ip4 $B $A 253 pad 40
set_r vlan off max_rx_rate 8kbit
limited "frames of the wire to a vNIC in passthru mode" lan/eth1 "$R"
set_r max_rx_rate off state disable
arrives "frames of the wire to a vNIC in passthru mode that is disabled do not arrive" host/eth1 "nothing dropped" 0 \
	lan/eth1 to "$R" ip4 $B $A 253 pad 26
umount $fs
