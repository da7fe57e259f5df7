#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kernels: uml
#
# storm PPS: how many broadcast and multicast frames a vNIC may send each second; its
# unicast frames do not count.
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"
# shellcheck source=helpers/average.sh
. "${0%/*}/helpers/average.sh"

no_ipv6
lan_with c1 c2 c3
ALL=ff:ff:ff:ff:ff:ff GROUP=01:00:5e:00:00:fb

storm() {
	ip -n c1 link set v1 type vnicx storm "$@"
}

# passed COUNTER COMMAND...: how much a counter of v1 grows by a command
grows() {
	local name=$1 before
	shift
	before=$(own_counter c1 v1 "$name")
	"$@" >/dev/null
	echo $(($(own_counter c1 v1 "$name") - before))
}

# some_of 1000 broadcasts are kept: there is a minimum, and a maximum in a second
few_pass() {
	local kept=$1
	echo "$kept of 1000 were dropped"
	[ "$kept" -ge 500 ] && [ "$kept" -lt 1000 ]
}

t "the number of frames is shown" eval "storm 20; shows ' storm 20 ' ip -n c1 -d -o link show v1"
# The frames of a second pass, and those that are earned while they are sent.
t "most of a thousand broadcasts are dropped with storm 20" \
	few_pass "$(grows tx_storm frames -q -n 1000 c1/v1 $ALL)"
t "most of a thousand multicast frames are dropped with storm 20" \
	few_pass "$(grows tx_storm frames -q -n 1000 c1/v1 $GROUP)"
t "most of a thousand broadcasts past the queueing discipline are dropped with storm 20" \
	few_pass "$(grows tx_storm frames -q -b -n 1000 c1/v1 $ALL)"
reaches "unicast frames pass whatever storm says" c2/v2 -n 100 c1/v1 "${vnic_mac[v2]}"
t_is "unicast frames do not count as a storm" 0 grows tx_storm frames -n 100 -e c2/v2 c1/v1 "${vnic_mac[v2]}"
reaches "broadcasts of other vNICs pass" "c1/v1 c3/v3 host/eth0 lan/eth0" -n 100 c2/v2 $ALL
# A super-frame is as many frames as the wire gets.
supers() {
	local _
	for _ in 1 2 3; do
		craft -c 34.6 -g 5.20 c1/v1 to $GROUP ip4 192.0.2.11 224.0.0.251 17 udp 5353 pad 1200 || return 0
	done
}
if craft -c 34.6 -g 5.20 c3/v3 ip4 192.0.2.13 192.0.2.99 17 udp 53 pad 1200 >/dev/null 2>&1; then
	t "super-frames of 60 frames each to a group are dropped with storm 20" \
		test "$(grows tx_storm supers)" -ge 2
else
	skip "super-frames of 60 frames each to a group are dropped with storm 20" "packet sockets of this kernel send none"
fi
dropped=$(counter c1 v1 tx_dropped)
t_is "frames of a storm are among the dropped ones" "$dropped" own_counter c1 v1 tx_storm

storm 200
# Frames are sent without a pause, and who measures looks between two pauses.
inside c1 bash -c "while :; do frames -q -n 60 c1/v1 $ALL; done" >/dev/null 2>&1 &
sender=$!
average=$(measured_in c1 200 frames v1 tx)
kill "$sender"
t "on average, 200 broadcasts pass in a second with storm 200" within 20 200 "$average"

storm off
t_is "without a limit, no broadcast is dropped" 0 grows tx_storm frames -q -n 500 c1/v1 $ALL
t "the absence of a limit is not shown" eval "! shows ' storm ' ip -n c1 -d -o link show v1"
t_fails "a storm of 0, which is no limit to the kernel, is refused" 'must be a number of frames a second, or "off", not "0"' storm 0
t_fails "a negative number of frames is refused" 'must be a number of frames a second, or "off", not "-1"' storm -1
t_fails "a number of frames with a unit is refused" 'must be a number of frames a second, or "off", not "10k"' storm 10k
