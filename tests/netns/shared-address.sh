#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Two virtual routers' devices upon two vNICs have one address, as VRRP wants.
# Until one of them sends, the older one receives what is sent to it.
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"

virtual=00:00:5e:00:01:33

no_ipv6
lan_setup
ns vm1 vm2 vm3
vnic v1 vm1
vnic v2 vm2
vnic v3 vm3

# router NUMBER: a device with the virtual address upon vNIC vNUMBER
router() {
	silence "vm$1"
	batch_in "vm$1" "link add link v$1 name router address $virtual type macvlan mode private" \
		"link set router up"
}

t "a router's address" router 1
reaches "is received" vm1/router lan/eth0 $virtual
t "a second router's device can be made" router 2
reaches "but the first has the address" vm1/router lan/eth0 $virtual
reaches "also for vNICs" vm1/router vm3/v3 $virtual

ip -n vm1 link set router down
reaches "when the first goes down, the second has it" vm2/router lan/eth0 $virtual
reaches "for vNICs, too" vm2/router vm3/v3 $virtual
ip -n vm1 link set router up
reaches "and keeps it" vm2/router lan/eth0 $virtual
ip -n vm2 link delete router
reaches "until it is deleted" vm1/router lan/eth0 $virtual

router 2
ip -n vm1 link set v1 down
reaches "a vNIC that goes down gives up its further addresses" vm2/router lan/eth0 $virtual
ip -n vm1 link set v1 up
reaches "and waits for them when it is up" vm2/router lan/eth0 $virtual
t "a third vNIC can be given the address by the administrator" \
	bridge -n vm3 fdb add $virtual dev v3
reaches "who is above the routers" vm3/v3 lan/eth0 $virtual
bridge -n vm3 fdb del $virtual dev v3
reaches "that have it again when he takes it back" vm2/router lan/eth0 $virtual
router 3
ip -n vm2 link delete v2
reaches "of those who wait, the first is the next" vm1/router lan/eth0 $virtual
ip -n vm1 link delete v1
reaches "then the second" vm3/router lan/eth0 $virtual
ip -n vm3 link delete router
reaches "in the end it is nobody's" lan/eth0 vm3/v3 $virtual
t_is "and out of the adapter's filter" "" \
	bash -c "bridge -n host fdb show dev eth0 | sed -n /^$virtual/p"
