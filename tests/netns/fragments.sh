#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Multicast that is longer than a frame reaches everybody who joined: also two
# vNICs, or a vNIC and the host, in one namespace, whose fragments are alike.
# kernels: uml 6.1
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"
# shellcheck source=helpers/taps.sh
. "${0%/*}/helpers/taps.sh"

lan_setup
ns c1 c2
vnic v1 c1 trust on
vnic v2 c2 spoofchk off
vnic w1 c2
vnic h1 host
up host eth0 2 >/dev/null
group4=239.1.2.3 group6=ff05::123
all="host/eth0 host/h1 c1/v1 c2/v2 c2/w1"

# gets DESCRIPTION FROM RECEIVER...: each of them, by both families
gets() {
	local what=$1 from=$2
	shift 2
	t_is "$what, by IPv4" "$*" mcast "$from" $group4 "$@"
	t_is "$what, by IPv6" "$*" mcast "$from" $group6 "$@"
}

stateful() {
	inside "$1" nft -f - <<-EON
	table inet s {
		chain in {
			type filter hook prerouting priority 0
			ct state new counter
		}
	}
	EON
}

# as a list of words: $all
# shellcheck disable=SC2086
{
	gets "long multicast of the LAN reaches everybody" lan/eth0 $all
	gets "long multicast of a vNIC reaches everybody" c1/v1 lan/eth0 host/eth0 host/h1 c2/v2 c2/w1
	gets "long multicast of the host reaches everybody" host/eth0 lan/eth0 c1/v1 c2/v2 c2/w1
	stateful host
	stateful c2
	gets "long multicast of the LAN reaches everybody past stateful rules" lan/eth0 $all
	gets "long multicast of a vNIC reaches everybody past stateful rules" \
		c1/v1 lan/eth0 host/eth0 host/h1 c2/v2 c2/w1
}
# A frame carries up to 1,500 bytes; a receiver with less room gets nothing of it
ip -n c2 link set w1 mtu 1400
t_is "a vNIC's multicast is not reassembled above a receiver's own MTU" "c2/v2" \
	mcast c1/v1 $group4 c2/v2 c2/w1
t_is "the LAN's multicast is reassembled above a receiver's own MTU" "c2/v2 c2/w1" \
	mcast lan/eth0 $group4 c2/v2 c2/w1

# A vNIC that is a lower device: its stack's fragments pass two switches, each of
# which reassembles what it copies.
ip -n c2 link set w1 mtu 1500
ip -n c1 link add link v1 name n1 netns c1 type vnicx
ns c3
ip -n c1 link set n1 netns c3
up c3 n1 3 >/dev/null
t_is "long multicast of a stack below a nested vNIC reaches everybody" \
	"lan/eth0 host/eth0 c2/v2 c3/n1" mcast c1/v1 $group4 lan/eth0 host/eth0 c2/v2 c3/n1
t_is "long multicast of a nested vNIC reaches everybody" \
	"lan/eth0 host/eth0 c1/v1 c2/v2" mcast c3/n1 $group4 lan/eth0 host/eth0 c1/v1 c2/v2

# In source mode the same, for everybody who listed the station
ns c4
for name in s1 s2 s3; do
	where=c4
	[ $name != s1 ] || where=host
	vnic $name $where mode source macaddr set "$(mac lan eth0)"
done
gets "long multicast of the LAN reaches everybody who listed the station" lan/eth0 \
	host/eth0 host/h1 host/s1 c4/s2 c4/s3 c2/v2
ip -n c4 link set s3 type vnicx nodst
gets "long multicast of the LAN ends with those who listed the station, if one wants that" lan/eth0 \
	host/s1 c4/s2 c4/s3
ip -n host link del s1
ip netns delete c4

# A port that passes frames on gets them as they were on the link.
taps_setup
ip -n host link set ta type vnicxtap spoofchk off
to=01:00:5e:01:02:03
pieces="46 to $to 0800 csum 34+6 partial, 1514 to $to 0800 fragment 0, 1514 to $to 0800 fragment 1480, 82 to $to 0800 fragment 2960"
ip -n host link set tb allmulticast off
ip -n host maddress add $to dev tb
taps "a virtual machine gets the fragments of the LAN's multicast" "0, 0, $pieces" \
	open b tb run "mcast -n 1 -l 3000 lan/eth0 $group4 host/eth0 >/dev/null" recv b recv b recv b recv b
ip -n host link set tb type vnicxtap mode source macaddr set "$(mac lan eth0)"
taps "a virtual machine gets the fragments of a listed station's multicast" "0, 0, $pieces" \
	open b tb run "mcast -n 1 -l 3000 lan/eth0 $group4 host/eth0 >/dev/null" recv b recv b recv b recv b
ip -n host link set tb type vnicxtap mode bridge
taps "a virtual machine gets the fragments of a vNIC's multicast" "0, 0, $pieces" \
	open b tb run "mcast -n 1 -l 3000 c2/v2 $group4 host/eth0 >/dev/null" recv b recv b recv b recv b

# unfinished NAMESPACE DEVICE: the first fragment of a packet to everybody, and no other
unfinished() {
	xxd -r -p <<<"ffffffffffff 020000000055 0800 4500002c 12342000 40110000 c6336401 ef010203 $(printf '%048d' 0)" |
		inside "$1" socat -u - "INTERFACE:$2"
}

# open_packets NAMESPACE: how many wait there for the rest of their fragments
open_packets() {
	inside "$1" sed -n 's/^FRAG: inuse \([0-9]*\) .*/\1/p' /proc/net/sockstat
}

# no_more_than NUMBER COMMAND...: packets of before may expire meanwhile
no_more_than() {
	local most=$1
	shift
	[ "$("$@")" -le "$most" ]
}

t "no fragment waits in a container that was sent whole packets" until_ok 40 is_now 0 open_packets c2
before=$(open_packets host)
unfinished c2 v2
t "an unfinished packet of a vNIC's stack is in the memory of its namespace" until_ok 5 is_now 1 open_packets c2
unfinished host ta
reaches "a virtual machine's broadcast behind an unfinished packet reaches everybody" \
	"c1/v1 c2/v2 c2/w1 c3/n1 host/eth0 host/h1 host/ta lan/eth0" host/tb ff:ff:ff:ff:ff:ff
t "an unfinished packet of a virtual machine is in no memory of the host" \
	no_more_than "$before" open_packets host
