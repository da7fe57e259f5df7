#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kernels: uml 6.1
#
# Frames of MTU size become super-frames at a vNIC that is told to merge
# them, and only there; every byte is the same.
# also: 6.12-rt
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"

lan_with vm1 vm2
inside vm1 ethtool -K v1 tso off gso off

t "GRO is off at a new vNIC" shows "generic-receive-offload: off" inside vm2 ethtool -k v2
t "a vNIC without GRO receives pieces as they were sent" \
	streams_in 1000-1514 -n 4000000 vm1 vm2 "$(ip4 v2)"
t "GRO can be switched on at a vNIC" inside vm2 ethtool -K v2 gro on
t "a vNIC with GRO merges pieces over IPv4" streams_in 1515-70000 -n 4000000 vm1 vm2 "$(ip4 v2)"
t "a vNIC with GRO merges pieces over IPv6" streams_in 1515-70000 -n 4000000 vm1 vm2 "$(ip6 v2)"
t "GRO can be switched off at a vNIC" inside vm2 ethtool -K v2 gro off
t "a vNIC whose GRO was switched off receives pieces as they were sent" \
	streams_in 1000-1514 -n 4000000 vm1 vm2 "$(ip4 v2)"
