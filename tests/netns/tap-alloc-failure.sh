#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# kernels: uml
#
# When an allocation fails, a vNIC with a character device is made, opened and
# deleted completely or not at all. Lost memory shows when the guest ends.
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"
# shellcheck source=helpers/failslab.sh
. "${0%/*}/helpers/failslab.sh"
# shellcheck source=helpers/taps.sh
. "${0%/*}/helpers/taps.sh"

# nodes: the character devices there are, here and elsewhere
nodes() {
	compgen -G "/dev/tap*" || :
	compgen -G "/dev/vnicxtap/*" || :
	compgen -G "/sys/class/vnicxtap/*" || :
}

address=02:00:00:00:fa:01 all=ff:ff:ff:ff:ff:ff
ip netns attach init "$$"
lower_and_bridge

t "the first vnicxtap is made completely or not at all" fail-nth create eth0 v0 vnicxtap
t_is "a vnicxtap that was not made leaves no character device" "" nodes
t "a bridge can have the lower device when no vnicxtap was made" bridge_takes_lower
ip link add link eth0 name v0 address $address type vnicxtap
t "a character device is opened or is not" fail-nth open eth0 v0
t "a character device can be opened 256 times in the end" tap many v0 256
t "a vnicxtap goes up or does not" fail-nth up eth0 v0
ip link set v0 up
t "a vnicxtap has the old address or the new one" fail-nth address eth0 v0
ip link add link eth0 name v1 type vnicxtap
batch "link set v1 up" "link set eth0 up"
for cache in /sys/kernel/slab/skbuff*; do
	echo 1 >"$cache/failslab"
done
t "a frame is sent or is not" tap open b v1 ioctl b TUNSETOFFLOAD 0 run "fail-nth send eth0 v0 vnicxtap"
taps_in=init
taps "a frame after failed ones is received" "0, 0, 0, 70, 60 to $all 88b6 intact" open a v0 open b v1 \
	ioctl b TUNSETOFFLOAD 0 send a $all $address 88b6 60 recv b
for cache in /sys/kernel/slab/skbuff*; do
	echo 0 >"$cache/failslab"
done
ip link delete v1
# deleted, it would take back that the lower device hears every group
ip link set v0 down
t "a vnicxtap is deleted, whichever allocation fails" fail-nth delete eth0 v0 vnicxtap
ip link delete v0
t_is "a deleted vnicxtap leaves no character device" "" nodes
t "a bridge can have the lower device when the vnicxtap is deleted" bridge_takes_lower
