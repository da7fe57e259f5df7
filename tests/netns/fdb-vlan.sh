#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kernels: uml 6.1
#
# An address may be one vNIC's in one VLAN and another's in the next.
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"
# shellcheck source=helpers/entries.sh
. "${0%/*}/helpers/entries.sh"

further=02:00:00:00:00:51

no_ipv6
lan_with vm1 vm2

t "a vNIC is given an address in VLAN 10" fdb 1 add $further vlan 10
t "another vNIC is given the same address in VLAN 20" fdb 2 add $further vlan 20
t_is "an address in VLAN 10 is shown with its VLAN" "vlan 10 self permanent" has 1 $further
reaches "the vNIC with an address in VLAN 10 receives it there" vm1/v1 lan/eth0 $further -v 10 -l 64
reaches "the vNIC with the address in VLAN 20 receives it there" vm2/v2 lan/eth0 $further -v 20 -l 64
reaches "a vNIC reaches an address in VLAN 10" vm1/v1 vm2/v2 $further -v 10 -l 64
reaches "no vNIC receives the address without a VLAN" lan/eth0 vm2/v2 $further
t_is "the lower device's filter has the address" 1 filters $further
ip -n vm1 link set v1 down
t_is "the lower device's filter has the address while one of its vNICs is down" 1 filters $further
ip -n vm1 link set v1 up
reaches "a vNIC that was down receives its address in VLAN 10" vm1/v1 lan/eth0 $further -v 10 -l 64
t "a vNIC has an address in several VLANs" fdb 1 add $further vlan 30
t "entries of VLAN 10 can be flushed" fdb 1 flush vlan 10
t_is "flushing VLAN 10 leaves the entry of VLAN 30" "vlan 30 self permanent" has 1 $further
t "entries that are not permanent can be flushed" fdb 1 flush nopermanent
t_is "flushing what is not permanent leaves the entry of VLAN 30" "vlan 30 self permanent" has 1 $further
t "all entries can be flushed" fdb 1 flush
t_is "flushing all leaves no entry" "" has 1 $further
reaches "flushing one vNIC's entries leaves the other vNIC its address" vm2/v2 lan/eth0 $further -v 20 -l 64

t "a vNIC is given an address in another VLAN again" fdb 1 add $further vlan 10
t "a vNIC with an address in VLAN 10 is deleted" ip -n vm1 link delete v1
t "an address in VLAN 10 of a deleted vNIC is free" fdb 2 add $further vlan 10
reaches "another vNIC receives the deleted vNIC's address in VLAN 10" vm2/v2 lan/eth0 $further -v 10 -l 64
