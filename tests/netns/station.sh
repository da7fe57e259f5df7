#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kernels: uml
#
# L2 forwarding offload: a lower device that has it, here one of our own with room
# for two, takes vNICs as stations, as long as the switch has no rule that
# the lower device does not know; the others' addresses are in its filter.
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"

other=02:00:00:00:00:77

# the vNICs' addresses
declare -A of=([v1]=02:00:00:00:01:01 [v2]=02:00:00:00:01:02 [v3]=02:00:00:00:01:03)

# queue sent|received NUMBER: what the lower device's queue, or its station, has had
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

# in_filter: those of the three vNICs whose addresses are in the lower device's filter
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

t_is "a lower device with room for two takes two of three vNICs" "v3" in_filter
t "the first vNIC receives from the wire by its own station" arrives_by 1 v1
t "the second vNIC receives from the wire by its own station" arrives_by 2 v2
t "the third vNIC, without a station, receives from the wire by the filter" arrives_by 0 v3
t "the first vNIC sends to the wire by its own queue" leaves_by 1 v1
t "the second vNIC sends to the wire by its own queue" leaves_by 2 v2
t "the third vNIC, without a station, sends to the wire by the lower device's queue" leaves_by 0 v3
reaches "stations reach each other in memory" vm/v2 vm/v1 "${of[v2]}"
reaches "a station reaches the host in memory" host/adapter0 vm/v1 "$(mac host adapter0)"
reaches "the host reaches a station in memory" vm/v1 host/adapter0 "${of[v1]}"
reaches "a broadcast from the wire reaches the host and all stations once" \
	"host/adapter0 vm/v1 vm/v2 vm/v3" lan/adapter1 ff:ff:ff:ff:ff:ff
before=$(counter vm v1 rx_bytes)
t "a vNIC receives a frame by its station" has vm/v1 lan/adapter1 "${of[v1]}"
t_is "a vNIC counts the bytes that its station receives" "$((before + 60))" counter vm v1 rx_bytes
t "TCP from the wire to a station is whole" stream -n 1000000 lan vm 192.0.2.11
t "TCP from a station to the wire is whole" stream -n 1000000 vm lan 192.0.2.1

# Addresses
old=${of[v1]}
of[v1]=02:00:00:00:01:71
ip -n vm link set v1 address "${of[v1]}"
t "a station receives frames to its new address" arrives_by 1 v1
reaches "no vNIC receives frames to a station's old address" "" lan/adapter1 "$old"
t_is "neither address of a station is in the filter" "v3" in_filter
ip -n vm link set v1 down
reaches "a vNIC that is down receives nothing by a station" "" lan/adapter1 "${of[v1]}"
ip -n vm link set v3 down
ip -n vm link set v3 up
t "a vNIC that comes up takes the free station" arrives_by 1 v3
ip -n vm link set v1 up
t_is "a vNIC that comes up without a free station has a filter entry" "v1" in_filter
t "a vNIC that comes up without a free station receives by the filter" arrives_by 0 v1

# The switch's own rules
ip -n vm link set v2 type vnicx mode private
t_is "a private vNIC on the switch ends all stations" "v1 v2 v3" in_filter
t "a private vNIC receives by the filter" arrives_by 0 v2
t "a vNIC beside a private one receives by the filter" arrives_by 0 v3
t "a vNIC beside a private one sends by the lower device's queue" leaves_by 0 v3
ip -n vm link set v2 type vnicx mode vepa
t_is "two of three vNICs are stations when none is private" "v3" in_filter
t "a vNIC in vepa mode receives by its station" arrives_by 2 v2
ip -n host link add link adapter0 name s1 netns vm type vnicx mode source
t_is "a vNIC in source mode on the switch ends all stations" "v1 v2 v3" in_filter
t "a vNIC beside one in source mode receives by the filter" arrives_by 0 v1
ip -n vm link delete s1
t_is "two of three vNICs are stations when the one in source mode is gone" "v3" in_filter
t "a vNIC receives by its station when the one in source mode is gone" arrives_by 1 v1

# A policy sees nothing of what a station receives.
ip -n vm link set v1 type vnicx ipguard-in on
t "a vNIC that is to look at what it receives is no station" arrives_by 0 v1
t "a vNIC takes the station of one with ipguard-in" ip -n vm link set v3 type vnicx raguard on
t "a vNIC with raguard receives by its station" arrives_by 1 v3
ip -n vm link set v3 type vnicx ipguard-in on
ip -n vm link set v1 type vnicx ipguard-in off
t "a vNIC receives by its station when ipguard-in is off again" arrives_by 1 v1
ip -n vm link set v3 type vnicx ipguard-in off raguard off

# The lower device's
inside host ethtool -K adapter0 l2-fwd-offload off
t_is "no vNIC is a station without l2-fwd-offload" "v1 v2 v3" in_filter
t "a vNIC receives by the filter without l2-fwd-offload" arrives_by 0 v1
inside host ethtool -K adapter0 l2-fwd-offload on
t_is "two of three vNICs are stations with l2-fwd-offload again" "v3" in_filter
t "a vNIC receives by its station with l2-fwd-offload again" arrives_by 1 v1
of[t1]=02:00:00:00:01:04
ip -n host link add link adapter0 name t1 address "${of[t1]}" netns vm type vnicxtap
ip -n vm link set v3 down
ip -n vm link set v2 down
t "a vNIC with a character device comes up" ip -n vm link set t1 up
t "a vNIC with a character device receives by its station" arrives_by 2 t1
ip -n vm link delete t1

t "a lower device with stations moves away and back" \
	bash -c "ip -n host link set adapter0 netns lan && ip -n lan link set adapter0 netns host &&
		ip -n host link set adapter0 up"
t "a vNIC receives by its station when the lower device is back" arrives_by 1 v1
ip -n vm link delete v1
t_is "a deleted vNIC leaves nothing in the filter" "" in_filter
ip -n vm link set v2 up
t "a vNIC that comes up takes the deleted vNIC's station" arrives_by 1 v2
t "a lower device can go with its stations" rmmod vnicx_test_adapter
t_is "vNICs go with a lower device that had stations" "" bash -c "ip -n vm -br link show type vnicx"
