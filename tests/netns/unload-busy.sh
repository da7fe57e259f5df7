#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Frames that somebody redirects in a circle keep a processor's backlog busy for
# ever. The module goes nevertheless.
# kernels: 6.12
# cpus: 2
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"
# shellcheck source=helpers/ring.sh
. "${0%/*}/helpers/ring.sh"

no_ipv6
lan_setup
ns vm1 ring
vnic v1 vm1
up host eth0 2 >/dev/null
ring ring counter

# rounds: how often frames have passed one end of the pair
rounds() {
	nft_packets ring chain netdev ring b
}

goes_round() {
	local before
	before=$(rounds)
	[ $(($(rounds) - before)) -gt 100 ]
}

taskset -c 1 ip netns exec ring ping -c 5 -i 0.01 -W 1 192.0.2.99 >/dev/null 2>&1 || :
t "a vNIC pings the host, whose frames carry the switch's mark" pings vm1 192.0.2.2
t "frames go round on processor 1" until_ok 10 goes_round
t "the module goes while frames go round" timeout 20 bash -c "rmmod vnicx_tap; rmmod vnicx"
t "frames still go round when the module is gone" goes_round
