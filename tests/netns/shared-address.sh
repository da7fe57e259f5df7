#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kernels: uml uml-smp 6.1
#
# Two virtual routers' devices upon two vNICs have one address, as VRRP wants.
# Until one of them sends, the older one receives what is sent to it.
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"

virtual=00:00:5e:00:01:33

no_ipv6
lan_setup
ns vm1 vm2 vm3
vnic v1 vm1 trust on
vnic v2 vm2 trust on
vnic v3 vm3 trust on

# router NUMBER: a device with the virtual address upon vNIC vNUMBER
router() {
	silence "vm$1"
	batch_in "vm$1" "link add link v$1 name router address $virtual type macvlan mode private" \
		"link set router up"
}

t "a router's device can be made upon a vNIC" router 1
reaches "a router's device receives frames to its address" vm1/router lan/eth0 $virtual
t "a second router's device of the same address can be made" router 2
reaches "the first router receives the wire's frames beside a second one" vm1/router lan/eth0 $virtual
reaches "the first router receives vNICs' frames beside a second one" vm1/router vm3/v3 $virtual

ip -n vm1 link set router down
reaches "the second router receives the wire's frames when the first goes down" vm2/router lan/eth0 $virtual
reaches "the second router receives vNICs' frames when the first goes down" vm2/router vm3/v3 $virtual
ip -n vm1 link set router up
reaches "the second router keeps the address when the first is up again" vm2/router lan/eth0 $virtual
ip -n vm2 link delete router
reaches "the first router has the address when the second is deleted" vm1/router lan/eth0 $virtual

router 2
ip -n vm1 link set v1 down
reaches "a vNIC that goes down gives up its further addresses" vm2/router lan/eth0 $virtual
ip -n vm1 link set v1 up
reaches "a vNIC that is up again waits for its further addresses" vm2/router lan/eth0 $virtual
t "a third vNIC can be given the address by the administrator" \
	bridge -n vm3 fdb add $virtual dev v3
reaches "the vNIC that the administrator gave the address receives its frames" vm3/v3 lan/eth0 $virtual
bridge -n vm3 fdb del $virtual dev v3
reaches "a router has the address again when the administrator takes it back" vm2/router lan/eth0 $virtual
router 3
ip -n vm2 link delete v2
reaches "the first router that waits is the next to have the address" vm1/router lan/eth0 $virtual
ip -n vm1 link delete v1
reaches "the second router that waits has the address when the first is gone" vm3/router lan/eth0 $virtual
ip -n vm3 link delete router
reaches "frames to the address go to the wire when all routers are gone" lan/eth0 vm3/v3 $virtual
t_is "the lower device's filter lacks the address when all routers are gone" "" \
	bash -c "bridge -n host fdb show dev eth0 | sed -n /^$virtual/p"
