#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# With announce, EVPN knows silent vNICs, and a machine that moves is followed without a
# frame of its own; the bridge's port need not learn.
# timeout: 300
# shellcheck source=fabric.sh
. "${0%/*}/fabric.sh"

M=$(mac_of 40)

evpn
for host in "${hosts[@]}"; do
	bridge -n "$host" link set dev p100 learning off
done
station a1 h1 100 11
station b1 h2 100 21
t "h3 floods to h1 and h2" until_ok 30 floods h3 100 h1 h2
t "a silent vNIC is not advertised without announce" leads h3 100 "$(mac_of 11)"
ip -n a1 link set v0 type vnicx announce on
ip -n b1 link set v0 type vnicx announce on
t "h3 learns a silent vNIC of h1" until_ok 20 leads h3 100 "$(mac_of 11)" h1
t "h1 learns a silent vNIC of h2" until_ok 20 leads h1 100 "$(mac_of 21)" h2
t "the silent vNICs reach each other" until_ok 10 pings a1 192.0.2.21

# The machine's device is up in one host at a time: with announce, up says that the machine is there.
ns k1 k2
ip -n h1 link add link up100 name t-m address "$M" netns k1 type vnicxtap
ip -n h2 link add link up100 name t-m address "$M" netns k2 type vnicxtap
ip -n k1 link set t-m up
t "h3 learns the machine on h1 before it speaks" until_ok 20 leads h3 100 "$M" h1
ip -n k1 link set t-m down
ip -n k2 link set t-m up
t "h3 follows the silent machine to h2" until_ok 20 leads h3 100 "$M" h2
t "h1 follows the silent machine to h2" until_ok 20 leads h1 100 "$M" h2
ip -n k2 link set t-m down
t "h3 forgets the machine that is nowhere" until_ok 20 leads h3 100 "$M"
ip -n k1 link set t-m up
t "h2 learns the machine that is on h1 again" until_ok 20 leads h2 100 "$M" h1
ip -n a1 link del v0
t "h3 forgets a vNIC that is deleted" until_ok 20 leads h3 100 "$(mac_of 11)"
