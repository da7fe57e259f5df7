#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# kernels: uml
#
# Whatever allocation fails, a vNIC with a character device is made, opened and
# deleted or it is not. What got lost shows when the guest ends.
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
batch "link add eth0 type dummy" "link add bridge type bridge"

t "the first is made or is not" fail-nth create eth0 v0 vnicxtap
t_is "and if it is not, it has left no device" "" nodes
t "and the adapter is as free as before" batch "link set eth0 master bridge" "link set eth0 nomaster"
ip link add link eth0 name v0 address $address type vnicxtap
t "its device is opened or is not" fail-nth open eth0 v0
t "and can be, in the end" tap many v0 256
t "it goes up or does not" fail-nth up eth0 v0
ip link set v0 up
t "its address is the old one or the new one" fail-nth address eth0 v0
ip link add link eth0 name v1 type vnicxtap
batch "link set v1 up" "link set eth0 up"
for cache in /sys/kernel/slab/skbuff*; do
	echo 1 >"$cache/failslab"
done
t "a frame is sent or is not" tap open b v1 ioctl b TUNSETOFFLOAD 0 run "fail-nth send eth0 v0 vnicxtap"
taps_in=init
taps "and the next one is received" "0, 0, 0, 70, 60 to $all 88b6 intact" open a v0 open b v1 \
	ioctl b TUNSETOFFLOAD 0 send a $all $address 88b6 60 recv b
for cache in /sys/kernel/slab/skbuff*; do
	echo 0 >"$cache/failslab"
done
ip link delete v1
# deleted, it would take back that the adapter hears every group
ip link set v0 down
t "it is deleted, whatever fails" fail-nth delete eth0 v0 vnicxtap
ip link delete v0
t_is "and its device with it" "" nodes
t "the adapter is as free as before" batch "link set eth0 master bridge" "link set eth0 nomaster"
