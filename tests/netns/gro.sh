#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Frames of MTU size become super-frames at a vNIC that is told to put them
# together, and only there; every byte is the same.
# also: 6.12-rt
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"

lan_setup
ns vm1 vm2
vnic v1 vm1
vnic v2 vm2
inside vm1 ethtool -K v1 tso off gso off

t "it is off at first" shows "generic-receive-offload: off" inside vm2 ethtool -k v2
t "then what was sent in pieces is received in pieces" \
	streams_in 1000-1514 -n 4000000 vm1 vm2 "$(ip4 v2)"
t "it can be switched on" inside vm2 ethtool -K v2 gro on
t "then pieces are put together" streams_in 1515-70000 -n 4000000 vm1 vm2 "$(ip4 v2)"
t "over IPv6, too" streams_in 1515-70000 -n 4000000 vm1 vm2 "$(ip6 v2)"
t "and off again" inside vm2 ethtool -K v2 gro off
t "then they are not" streams_in 1000-1514 -n 4000000 vm1 vm2 "$(ip4 v2)"
