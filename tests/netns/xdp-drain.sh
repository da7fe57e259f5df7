#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kernels: uml
#
# Frames that wait before an XDP program meet it when it goes. On one processor without
# a grace period, where a thread runs the program, they wait for sure: the sender and
# the command that follows let no thread run.
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"
# shellcheck source=helpers/xdp.sh
. "${0%/*}/helpers/xdp.sh"

xdp-pin $fs/drop return 1

# met COMMAND-OF-IP...: how many of 200 frames have met the program when the command is
# done
met() {
	local before
	program drop
	inside c2 sh -c 'echo 1 >/sys/class/net/v2/threaded'
	before=$(own_counter c2 v2 xdp_drops)
	# shellcheck disable=SC2016 # for the inner shell
	chrt -f 1 sh -c 'frames -q -r -n 200 c1/v1 "$0" && ip -n c2 "$@"' "$V2" "$@"
	echo $(($(own_counter c2 v2 xdp_drops) - before))
}
t_is "200 frames before a program meet it when it is taken off" 200 met link set v2 xdpdrv off
t_is "200 frames before a program meet it when the vNIC goes down" 200 met link set v2 down
umount $fs
