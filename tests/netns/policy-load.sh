#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kernels: uml-smp
#
# Policies that change all the time: traffic beside them arrives whole, and a check that
# stays is in force at every moment.
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"

no_ipv6
lan_setup
up host eth0 2 >/dev/null
ns c1 c2 c3 c4 c5
silence c1 c2 c3 c4 c5
# The first two are in a VLAN whatever the first one's policy is, c5 hears all VLANs.
vnic v1 c1 vlan 10
vnic v2 c2 vlan 10
vnic v3 c3
vnic f c4 spoofchk on ipguard static allowed-ips set 192.0.2.14
vnic w c5
batch_in host "link add copies type dummy" "link set copies up"
fs=/tmp/load-bpf
mkdir $fs
mount -t bpf bpf $fs
bpf-pin $fs/pass return 0

rates="max_tx_rate 400gbit max_rx_rate 400gbit storm 1000000"
limited=("$rates class 1:10" "max_tx_rate off max_rx_rate off class off"
	"max_tx_rate 300gbit burst 1m" "storm off max_tx_rate off")
guards=("raguard on dhcpguard on restricted on" "raguard off" "dhcp-block on dhcpguard off"
	"restricted off dhcp-block off" "spoofchk on" "spoofchk auto")
watched=("mirror copies both" "bpf tx pinned $fs/pass bpf rx pinned $fs/pass"
	"mirror copies rx" "bpf tx off" "mirror off bpf rx off" "isolated on" "isolated off")
sources=("ipguard static ipguard-in on allowed-ips set 192.0.2.0/24" "ipguard-in off"
	"allowed-ips add 198.51.100.0/24" "ipguard off allowed-ips flush")
own_vlan=("vlan 10 qos 5" "trunk 10,20-30 native 10" "pvlan promiscuous 10 11" "vlan 10")
any_vlan=("vlan 10" "vlan off" "trunk 10-20 native untagged" "vlan off")
# The list of f's addresses has its own one in it at every moment, and no other one's.
others=("ipguard-in on allowed-ips set 192.0.2.14 198.51.100.0/24" "trust on" "flood on"
	"allowed-ips set 192.0.2.14" "trust auto ipguard-in off" "flood off" "state enable" "state auto"
	"raguard on" "restricted on" "restricted off raguard off")

# changes DEVICE TIMES OPTIONS...: commands of ip
changes() {
	local device=$1 times=$2
	shift 2
	while [ "$times" -gt 0 ]; do
		printf "link set $device type vnicx %s\n" "$@"
		times=$((times - 1))
	done
}

# change NAMESPACE DEVICE TIMES OPTIONS...: all of them, one after another, in the background
changing=()
change() {
	local where=$1
	shift
	changes "$@" >"/tmp/changes.$1"
	{ ip -n "$where" -batch "/tmp/changes.$1" && echo "all taken"; } >"/tmp/changed.$1" 2>&1 &
	changing+=("$!")
}

# stream_on NAME STREAM-ARGUMENT...: one stream after another, in the background, until
# the policies do not change any more
streaming=()
stream_on() {
	local name=$1
	shift
	while stream "$@" 2>&1; do
		[ -e /tmp/changes-end ] || continue
		echo "all whole"
		break
	done >"/tmp/streamed.$name" &
	streaming+=("$!")
}

# listens NAMESPACE: somebody waits for forged frames there
declare -A listening=()
listens() {
	inside "$1" tcpdump -Z root --immediate-mode -lnei any -Q in \
		'ether proto 0x88b6 or src host 192.0.2.77' >"/tmp/forged.$1" 2>"/tmp/dump.$1" &
	listening[$1]=$!
	until_ok 5 grep -q listening "/tmp/dump.$1"
}

heard() {
	cat /tmp/forged.{lan,host,c5} | wc -l
}

for where in lan host c5; do
	listens "$where"
done
flooder c4 f &
flooders=("$!")
flooder -i 192.0.2.77 c4 f &
flooders+=("$!")
# the streams' ends know each other
pings c1 "$(ip4 v2)" >/dev/null
pings c3 192.0.2.1 >/dev/null
stream_on neighbours -n 500000 c1 c2 "$(ip4 v2)"
stream_on datagrams -u -w 1400 -n 140000 c2 c1 "$(ip4 v1)"
stream_on wire -n 500000 c3 lan 192.0.2.1

times=60
change c1 v1 $times "${limited[@]}" "${own_vlan[@]}" "${guards[@]}" "${watched[@]}" "${sources[@]}"
change c3 v3 $times "${limited[@]}" "${guards[@]}" "vlan 10" "vlan off" "${watched[@]}" "${sources[@]}"
change c4 f $times "${any_vlan[@]}" "${others[@]}" "${limited[@]}" "${watched[@]}"
wait "${changing[@]}" || :
: >/tmp/changes-end
wait "${streaming[@]}" || :
t_is "every change of policy between two vNICs that speak is taken" "all taken" cat /tmp/changed.v1
t_is "every change of policy of a vNIC that speaks to the wire is taken" "all taken" cat /tmp/changed.v3
t_is "every change of other options of a vNIC that forges frames is taken" "all taken" cat /tmp/changed.f
t_is "TCP between vNICs is whole while policies and VLANs change" "all whole" tail -n 1 /tmp/streamed.neighbours
t_is "UDP between vNICs is whole while policies and VLANs change" "all whole" tail -n 1 /tmp/streamed.datagrams
t_is "TCP to the wire is whole while a vNIC's VLAN comes and goes" "all whole" tail -n 1 /tmp/streamed.wire

t_is "no forged frame is heard while other options change" 0 heard
spoofed=$(own_counter c4 f tx_spoofed) ip_spoofed=$(own_counter c4 f tx_ip_spoofed)
diagnose "$spoofed frames and $ip_spoofed packets from forged addresses were dropped"
t "tx_spoofed counts frames from a forged address" test "$spoofed" -gt 0
t "tx_ip_spoofed counts packets from a forged address" test "$ip_spoofed" -gt 0
ip -n c4 link set f type vnicx spoofchk off
t "a frame from a forged address is heard without spoofchk" until_ok 5 grep -q 88b6 /tmp/forged.{lan,host,c5}
ip -n c4 link set f type vnicx ipguard off
t "a packet from a forged address is heard without ipguard" until_ok 5 grep -q 192.0.2.77 /tmp/forged.{lan,host,c5}
kill "${flooders[@]}" "${listening[@]}"
wait "${flooders[@]}" "${listening[@]}" 2>/dev/null || :

# A tag that its sender changes while the frame passes: that which was checked is forwarded.
vnic r c2 vlan 6
further=02:00:00:00:00:55
bridge -n c4 fdb add $further dev f vlan 5
ip -n c4 link set f type vnicx vlan off spoofchk on
spoofed=$(own_counter c4 f tx_spoofed)
sent=$(counter c4 f tx_packets)
received=$(counter c2 r rx_packets)
tag-race c4 f "${vnic_mac[r]}" $further 5 6 5000
spoofed=$(($(own_counter c4 f tx_spoofed) - spoofed))
t_is "no frame gets into a VLAN in which its source is not the vNIC's by a tag that changes" "$received" counter c2 r rx_packets
t "frames are dropped while their tag changes" test "$spoofed" -gt 0
t "5,000 frames pass while their tag changes" test "$(counter c4 f tx_packets)" -ge $((sent + 5000))
