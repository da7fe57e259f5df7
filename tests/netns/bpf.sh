#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kernels: uml 6.1 6.12
#
# bpf tx|rx: a program of the administrator decides on a vNIC's frames, and may change
# them.
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"

no_ipv6
lan_setup
ns c1 c2
silence host c2
vnic v1 c1
vnic v2 c2
V1=${vnic_mac[v1]} V2=${vnic_mac[v2]} HOST=$(mac host eth0) ALL=ff:ff:ff:ff:ff:ff

fs=/tmp/bpf
mkdir -p $fs
mount -t bpf bpf $fs
bpf-pin $fs/match match 30 77
for verdict in -1 0 1 2 3 4 7; do
	bpf-pin "$fs/return$verdict" return "$verdict"
done
bpf-pin $fs/write write 5 238
bpf-pin $fs/redirect redirect 1
bpf-pin $fs/socket socket 0

where=c1
set_v1() {
	ip -n "$where" link set v1 type vnicx "$@"
}
attributes() {
	ip -n "$where" -d -j link show v1 | jq -c '.[0].linkinfo.info_data | [.bpf_tx > 0, .bpf_rx > 0]'
}

set_v1 bpf tx pinned $fs/return2
t_is "the program for transmission is shown by its number" "[true,false]" attributes
reaches "a program that returns 2 drops unicast frames" "" -n 5 c1/v1 "$V2"
reaches "a program that returns 2 drops broadcasts" "" -n 5 c1/v1 $ALL
reaches "a program that returns 2 drops frames past the queueing discipline" "" -n 5 -b c1/v1 $ALL
t_is "frames that a program drops are counted by their cause" 15 own_counter c1 v1 tx_bpf
t_is "frames that a program drops are among the dropped ones" 15 counter c1 v1 tx_dropped
reaches "a program for transmission leaves reception alone" c1/v1 -n 5 c2/v2 "$V1"
bpf-pin $fs/protocol protocol 88b5
set_v1 bpf tx pinned $fs/protocol
for says in 88b5 800 8100; do
	t_is "a program drops a frame by its EtherType, whose packet socket says $says" ", tx_bpf 1" \
		craft -t $says c1/v1 to "$V2" type 88b5 pad 46
done
t_is "a program lets a frame of another EtherType pass, whose packet socket says 88b5" "c2/v2, nothing dropped" \
	craft -t 88b5 -e c2/v2 c1/v1 to "$V2" type 88b6 pad 46
for verdict in -1 0 3; do
	set_v1 bpf tx pinned "$fs/return$verdict"
	reaches "a program that returns $verdict lets frames pass" c2/v2 -n 5 c1/v1 "$V2"
done
for verdict in 1 4 7; do
	set_v1 bpf tx pinned "$fs/return$verdict"
	reaches "a program that returns $verdict drops frames" "" -n 5 c1/v1 "$V2"
done
set_v1 bpf tx pinned $fs/redirect
reaches "a program that asks for a redirection drops frames" "" -n 5 c1/v1 "$V2"
# The switch looks at the address when the program has written it.
ip -n c2 link set v2 address "${V2%:*}:ee"
set_v1 bpf tx pinned $fs/write
reaches "a program may write another destination" c2/v2 -n 5 c1/v1 "${V2%:*}:11"
ip -n c2 link set v2 address "$V2"
set_v1 bpf tx off bpf rx pinned $fs/return2
t_is "the program for reception is shown by its number" "[false,true]" attributes
reaches "a program drops unicast frames of a vNIC on reception" "" -n 5 c2/v2 "$V1"
reaches "a program drops frames of the host on reception" "" -n 5 host/eth0 "$V1"
reaches "a program drops frames from the wire on reception" "" -n 5 lan/eth0 "$V1"
reaches "a program drops broadcasts on reception" "host/eth0 lan/eth0" -n 5 c2/v2 $ALL
t_is "frames that a program drops on reception are counted by their cause" 20 own_counter c1 v1 rx_bpf
t_is "frames that a program drops on reception are among the dropped ones" 20 counter c1 v1 rx_dropped
reaches "a program for reception leaves transmission alone" host/eth0 -n 5 c1/v1 "$HOST"
set_v1 bpf rx pinned $fs/return0
reaches "a program lets frames of a vNIC pass on reception" c1/v1 -n 5 c2/v2 "$V1"
reaches "a program lets frames from the wire pass on reception" c1/v1 -n 5 lan/eth0 "$V1"
reaches "a program lets broadcasts pass on reception" "c1/v1 host/eth0 lan/eth0" -n 5 c2/v2 $ALL

# TCP in super-frames passes a program that reads and one that writes.
bpf-pin $fs/touch write 6 "$((16#${V1%%:*}))"
set_v1 bpf tx pinned $fs/touch bpf rx pinned $fs/match
t "TCP passes programs whole" streams_in 1000-65549 -n 2000000 c1 c2 "$(ip4 v2)"
t "TCP passes programs whole on reception" streams_in 1000-65549 -n 2000000 c2 c1 "$(ip4 v1)"

set_v1 bpf tx pinned $fs/return2 bpf rx off
# The vNIC keeps the program when nobody else has it.
rm $fs/return2
ip -n c1 link set v1 down
ip -n c1 link set v1 up
reaches "the program stays after down and up" "" -n 5 c1/v1 "$V2"
ip -n c1 link set v1 netns host
where=host
ip -n host link set v1 up
reaches "the program stays after a move to another namespace" "" -n 5 host/v1 "$V2"
set_v1 storm 1000
reaches "the program stays when other options change" "" -n 5 host/v1 "$V2"
id=$(ip -n host -d -j link show v1 | jq '.[0].linkinfo.info_data.bpf_tx')
ip -n c2 link set v2 type vnicx bpf tx id "$id"
reaches "a program is given by its number" "" -n 5 c2/v2 "$HOST"
ip -n c2 link set v2 type vnicx bpf tx off

refused() {
	local before what=$1 regex=$2
	shift 2
	before=$(attributes)
	t_fails "$what is refused" "$regex" set_v1 "$@"
	t_is "$what changes nothing" "$before" attributes
}
refused "a program of another type" "not a BPF program of type sched_cls" \
	bpf rx pinned $fs/return0 bpf tx pinned $fs/socket
refused "a program that is not there" 'no BPF program "/tmp/bpf/nothing": No such file' bpf tx pinned $fs/nothing
refused "a program by an unknown number" 'no BPF program "4294967290": No such file' bpf rx id 4294967290
refused "a program without a direction" 'must be "tx" or "rx", not "pinned"' bpf pinned $fs/return0
refused "two programs for one direction" '"bpf tx" is given twice' bpf tx off bpf tx pinned $fs/return0
set_v1 bpf tx off
reaches "without a program, frames pass" c2/v2 -n 5 host/v1 "$V2"
t_is "without a program, none is shown" "[false,false]" attributes
umount $fs
