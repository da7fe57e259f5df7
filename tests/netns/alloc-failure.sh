#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# kernels: uml
#
# Whatever allocation fails, what was asked for is done or it is not, and the
# adapter is as it was. What got lost shows when the guest ends.
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"
# shellcheck source=helpers/failslab.sh
. "${0%/*}/helpers/failslab.sh"

address=02:00:00:00:fa:01
batch "link add eth0 type dummy" "link add bridge type bridge"

t "the first vNIC is made or is not" fail-nth create eth0 v0
t "and if it is not, the adapter is as free as before" \
	batch "link set eth0 master bridge" "link set eth0 nomaster"
batch "link add link eth0 name v1 type vnicx" "link add link eth0 name v2 type vnicx" \
	"link add link eth0 name v3 type vnicx" "link add link eth0 name v4 type vnicx"
t "so is the fifth, for which the switch must get larger" fail-nth create eth0 v0
ip link add link eth0 name v0 address "$address" type vnicx
t "it goes up or does not" fail-nth up eth0 v0
ip link set v0 up
t "its address is the old one or the new one" fail-nth address eth0 v0
t_is "and it ends with the old one" "$address" attribute v0 address
t "a group is joined, also when that is by receiving all of them" fail-nth group eth0 v0
t "a further address is taken, now or later" fail-nth unicast eth0 v0
t_fails "and left again, in the end" "^$" grep 01000000fa03 /proc/net/dev_mcast
t "a vNIC is deleted, whatever fails" fail-nth delete eth0 v0
t "the last one goes" batch "link delete v0" "link delete v1" "link delete v2" \
	"link delete v3" "link delete v4"
t "and leaves the adapter as free as before" \
	batch "link set eth0 master bridge" "link set eth0 nomaster"
