#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# kernels: uml
#
# When an allocation fails, a request is carried out completely or not at all, and the
# lower device is as it was. Lost memory shows when the guest ends.
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"
# shellcheck source=helpers/failslab.sh
. "${0%/*}/helpers/failslab.sh"

address=02:00:00:00:fa:01
lower_and_bridge

t "the first vNIC is made completely or not at all" fail-nth create eth0 v0
t "a bridge can have the lower device when no vNIC was made" bridge_takes_lower
batch "link add link eth0 name v1 type vnicx" "link add link eth0 name v2 type vnicx" \
	"link add link eth0 name v3 type vnicx" "link add link eth0 name v4 type vnicx"
t "the fifth vNIC, for which the switch grows, is made completely or not at all" fail-nth create eth0 v0
ip link add link eth0 name v0 address "$address" type vnicx
t "a vNIC goes up completely or not at all" fail-nth up eth0 v0
ip link set v0 up
t "a vNIC has the old address or the new one" fail-nth address eth0 v0
t_is "a vNIC ends with its old address" "$address" attribute v0 address
t "a group is joined, if need be by receiving all groups" fail-nth group eth0 v0
t "a further address is taken, at once or later" fail-nth unicast eth0 v0
t_fails "a further address is left in the end" "^$" grep 01000000fa03 /proc/net/dev_mcast
t "a vNIC is deleted, whichever allocation fails" fail-nth delete eth0 v0
t "the last vNIC can be deleted" batch "link delete v0" "link delete v1" "link delete v2" \
	"link delete v3" "link delete v4"
t "a bridge can have the lower device when the last vNIC is deleted" bridge_takes_lower
