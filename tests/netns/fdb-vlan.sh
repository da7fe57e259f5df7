#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# An address may be one vNIC's in one VLAN and another's in the next.
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"
# shellcheck source=helpers/entries.sh
. "${0%/*}/helpers/entries.sh"

further=02:00:00:00:00:51

no_ipv6
lan_setup
ns vm1 vm2
vnic v1 vm1
vnic v2 vm2

t "an address in one VLAN" fdb 1 add $further vlan 10
t "is another's in the next" fdb 2 add $further vlan 20
t_is "it is shown with its VLAN" "vlan 10 self permanent" has 1 $further
reaches "it is received in the VLAN" vm1/v1 lan/eth0 $further -v 10 -l 64
reaches "by each in its own" vm2/v2 lan/eth0 $further -v 20 -l 64
reaches "also from a vNIC" vm1/v1 vm2/v2 $further -v 10 -l 64
reaches "and without a VLAN by neither" lan/eth0 vm2/v2 $further
t_is "the adapter's filter has it" 1 filters $further
ip -n vm1 link set v1 down
t_is "also while one of them is down" 1 filters $further
ip -n vm1 link set v1 up
reaches "which does not lose it" vm1/v1 lan/eth0 $further -v 10 -l 64
t "a vNIC has an address in several VLANs" fdb 1 add $further vlan 30
t "flushing one VLAN" fdb 1 flush vlan 10
t_is "leaves the other" "vlan 30 self permanent" has 1 $further
t "so does flushing what is not permanent" fdb 1 flush nopermanent
t_is "as all of it is" "vlan 30 self permanent" has 1 $further
t "flushing all" fdb 1 flush
t_is "leaves nothing" "" has 1 $further
reaches "of this vNIC's" vm2/v2 lan/eth0 $further -v 20 -l 64

t "what is in several VLANs" fdb 1 add $further vlan 10
t "and goes with its vNIC" ip -n vm1 link delete v1
t "is free" fdb 2 add $further vlan 10
reaches "and received" vm2/v2 lan/eth0 $further -v 10 -l 64
