#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# kernels: uml 6.1
#
# The lower device may lose a group that a vNIC has asked for: its administrator deletes
# it, or a VLAN device that was confused by a move. The vNIC is a member of it all
# the same, and of all that it joins later.
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"

group=01:00:5e:01:02:03

no_ipv6
lan_with vm1 vm2

join() {
	ip -n vm2 address add 239.1.2.3/32 dev v2 autojoin
	heed vm2 v2
}

# lose: the lower device does
lose() {
	inside host bridge fdb del $group dev eth0 self
}

join
reaches "a vNIC receives the group that it joined" "host/eth0 lan/eth0 vm2/v2" vm1/v1 $group
t "the lower device loses the group" lose
reaches "a vNIC whose lower device lost its group receives it from another vNIC" \
	"host/eth0 lan/eth0 vm2/v2" vm1/v1 $group
batch_in vm2 "link set v2 down" "link set v2 up"
reaches "a vNIC that was down meanwhile receives the group again" \
	"host/eth0 lan/eth0 vm2/v2" vm1/v1 $group
t "the lower device loses the group, once more" lose
ip -n vm2 address del 239.1.2.3/32 dev v2
heed vm2 v2
reaches "a vNIC that left the group does not receive it" "host/eth0 lan/eth0" vm1/v1 $group
join
reaches "a vNIC that left the group and joined it again receives it" \
	"host/eth0 lan/eth0 vm2/v2" vm1/v1 $group
