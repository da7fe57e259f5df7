#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# L2 forwarding offload: an adapter that has it, here one of our own with room
# for two, takes vNICs as stations, as long as the switch has no rule that
# the adapter does not know; the others' addresses are in its filter.
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"

other=02:00:00:00:00:77

# the vNICs' addresses
declare -A of=([v1]=02:00:00:00:01:01 [v2]=02:00:00:00:01:02 [v3]=02:00:00:00:01:03)

# queue sent|received NUMBER: what the adapter's queue, or its station, has had
queue() {
	own_counter host adapter0 "$1_$2"
}

# by_queue sent|received NUMBER COMMAND...: the command succeeds, and the frame
# that it is about goes by that queue
by_queue() {
	local before after direction=$1 number=$2
	shift 2
	before=$(queue "$direction" "$number")
	"$@"
	after=$(queue "$direction" "$number")
	[ "$after" = $((before + 1)) ] || {
		echo "$direction by queue $number: $before before, $after after"
		return 1
	}
}

# has RECEIVERS NAMESPACE/DEVICE ADDRESS
has() {
	is_now "$1" frames -e "$1" "$2" "$3"
}

# arrives_by NUMBER DEVICE: what the wire sends to a vNIC, which is in vm
arrives_by() {
	by_queue received "$1" has "vm/$2" lan/adapter1 "${of[$2]}"
}

# leaves_by NUMBER DEVICE: what a vNIC sends to the wire
leaves_by() {
	by_queue sent "$1" has lan/adapter1 "vm/$2" $other
}

# in_filter: those of the three vNICs whose addresses are in the adapter's filter
in_filter() {
	local filter name found=''
	filter=$(bridge -n host fdb show dev adapter0)
	for name in v1 v2 v3; do
		[[ $filter != *"${of[$name]} "* ]] || found+="$name "
	done
	echo "${found% }"
}

no_ipv6
insmod "$VNICX_STAGE/modules/vnicx_test_adapter.ko"
ns host lan vm
batch "link set adapter0 netns host" "link set adapter1 netns lan"
up host adapter0 >/dev/null
up lan adapter1 1 >/dev/null
for n in 1 2 3; do
	made+=("link add link adapter0 name v$n address ${of[v$n]} netns vm type vnicx")
	set_up+=("link set v$n addrgenmode none" "link set v$n up" "address add 192.0.2.1$n/24 dev v$n")
done
batch_in host "${made[@]}"
batch_in vm "${set_up[@]}"

t_is "an adapter takes as many vNICs as it can" "v3" in_filter
t "the first's frames from the wire come by its station" arrives_by 1 v1
t "the second's by its own" arrives_by 2 v2
t "the third's, for which there was none, by the filter" arrives_by 0 v3
t "the first's frames to the wire go by its queue" leaves_by 1 v1
t "the second's by its own" leaves_by 2 v2
t "the third's by the adapter's" leaves_by 0 v3
reaches "stations reach each other in memory" vm/v2 vm/v1 "${of[v2]}"
reaches "and the host" host/adapter0 vm/v1 "$(mac host adapter0)"
reaches "the host reaches them" vm/v1 host/adapter0 "${of[v1]}"
reaches "a broadcast from the wire reaches all, once" \
	"host/adapter0 vm/v1 vm/v2 vm/v3" lan/adapter1 ff:ff:ff:ff:ff:ff
before=$(counter vm v1 rx_bytes)
t "what a station receives" has vm/v1 lan/adapter1 "${of[v1]}"
t_is "its vNIC counts" "$((before + 60))" counter vm v1 rx_bytes
t "traffic from the wire is whole" stream -n 1000000 lan vm 192.0.2.11
t "and to it" stream -n 1000000 vm lan 192.0.2.1

# Addresses
old=${of[v1]}
of[v1]=02:00:00:00:01:71
ip -n vm link set v1 address "${of[v1]}"
t "a station's new address is a station's" arrives_by 1 v1
reaches "and its old one nobody's" "" lan/adapter1 "$old"
t_is "neither is in the filter" "v3" in_filter
ip -n vm link set v1 down
reaches "a vNIC that is down has no station" "" lan/adapter1 "${of[v1]}"
ip -n vm link set v3 down
ip -n vm link set v3 up
t "one that comes up next has it" arrives_by 1 v3
ip -n vm link set v1 up
t_is "and the first has a filter entry" "v1" in_filter
t "by which it is reached" arrives_by 0 v1

# The switch's own rules
ip -n vm link set v2 type vnicx mode private
t_is "with a private vNIC on the switch, there are no stations" "v1 v2 v3" in_filter
t "it is reached by the filter" arrives_by 0 v2
t "as are others" arrives_by 0 v3
t "and sends by no station's queue" leaves_by 0 v3
ip -n vm link set v2 type vnicx mode vepa
t_is "without it, there are as many as can be" "v3" in_filter
t "vepa is no obstacle" arrives_by 2 v2
ip -n host link add link adapter0 name s1 netns vm type vnicx mode source
t_is "a vNIC in source mode is one" "v1 v2 v3" in_filter
t "all are reached" arrives_by 0 v1
ip -n vm link delete s1
t_is "until it is gone" "v3" in_filter
t "and the others are stations again" arrives_by 1 v1

# The adapter's
inside host ethtool -K adapter0 l2-fwd-offload off
t_is "the administrator can have none" "v1 v2 v3" in_filter
t "frames come by the filter then" arrives_by 0 v1
inside host ethtool -K adapter0 l2-fwd-offload on
t_is "and have them again, at once" "v3" in_filter
t "frames come by stations" arrives_by 1 v1
of[t1]=02:00:00:00:01:04
ip -n host link add link adapter0 name t1 address "${of[t1]}" netns vm type vnicxtap
ip -n vm link set v3 down
ip -n vm link set v2 down
t "a vNIC with a character device comes up" ip -n vm link set t1 up
t "and is a station, too" arrives_by 2 t1
ip -n vm link delete t1

t "an adapter that moves takes its vNICs along" \
	bash -c "ip -n host link set adapter0 netns lan && ip -n lan link set adapter0 netns host &&
		ip -n host link set adapter0 up"
t "of which the first is a station" arrives_by 1 v1
ip -n vm link delete v1
t_is "a deleted vNIC leaves nothing in the filter" "" in_filter
ip -n vm link set v2 up
t "another can be a station instead" arrives_by 1 v2
t "an adapter can go with its stations" rmmod vnicx_test_adapter
t_is "and its vNICs do" "" bash -c "ip -n vm -br link show type vnicx"
