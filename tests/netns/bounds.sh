#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# kernels: uml
#
# Lists that users can make long have a bound, and entries beyond it are counted:
# a vNIC's groups and addresses, and the programming of the lower device's filter.
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"
# shellcheck source=helpers/claims.sh
. "${0%/*}/helpers/claims.sh"

# Bounds, and a little more; of the groups, a few are IP's own
groups_max=1024 groups=1100 addresses_max=256 addresses=300
# The first and the last that claims takes
first_group=01:00:5e:7f:00:00 last_group=01:00:5e:7f:04:4b
first_address=02:c1:a1:00:00:00 last_address=02:c1:a1:00:01:2b
# More than two vNICs take beside: their own addresses and groups
few=20

# filtered PREFIX: how many addresses that begin so are in the lower device's filter
filtered() {
	bridge -n host fdb show dev adapter0 | grep -c "^$1" || :
}

# between LEAST MOST NUMBER
between() {
	[ "$3" -ge "$1" ] && [ "$3" -le "$2" ]
}

programmed() {
	own_counter host adapter0 programmed
}

# refused groups|addresses
refused() {
	own_counter vm1 v1 "$1_refused"
}

# programmed_less_than TIMES COMMAND...
programmed_less_than() {
	local most=$1 before after
	shift
	before=$(programmed)
	"$@"
	after=$(programmed)
	[ $((after - before)) -lt "$most" ] || {
		echo "programmed $((after - before)) times"
		return 1
	}
}

# settled GROUPS COMMAND...: until so many are in the lower device's filter
settled() {
	local number=$1
	shift
	"$@"
	until_ok 10 is_now "$number" filtered 01:00:5e:7f
}

no_ipv6
insmod "$VNICX_STAGE/modules/vnicx_test_adapter.ko"
ns host lan vm1 vm2
batch "link set adapter0 netns host" "link set adapter1 netns lan"
batch_in host "link set adapter0 addrgenmode none" "link set adapter0 up" \
	"link add link adapter0 name v1 netns vm1 type vnicx trust on" \
	"link add link adapter0 name v2 netns vm2 type vnicx"
up lan adapter1 1 >/dev/null
up vm1 v1 11 >/dev/null
up vm2 v2 12 >/dev/null
outside="host/adapter0 lan/adapter1"

claims vm1 v1 $groups 0
some_refused() {
	[ "$(refused groups)" -ge $((groups - groups_max)) ]
}
t "groups beyond the bound are refused" until_ok 10 some_refused
within=$(filtered 01:00:5e:7f)
t "the lower device's filter has as many groups of a vNIC as the bound says" \
	between $((groups_max - few)) $groups_max "$within"
t_is "groups that are in no filter are counted" $((groups - within)) refused groups
reaches "a vNIC receives a group within its bound" "$outside vm1/v1" vm2/v2 $first_group
reaches "a vNIC receives a group beyond its bound" "$outside vm1/v1" vm2/v2 $last_group
t "groups beyond the bound do not change the lower device's mode" \
	shows "<BROADCAST,MULTICAST,UP,LOWER_UP>" ip -n host link show dev adapter0
t "a vNIC with many groups goes down, and the filter is programmed a few times" \
	programmed_less_than $few settled 0 ip -n vm1 link set v1 down
t "a vNIC with many groups goes up, and the filter is programmed a few times" \
	programmed_less_than $few settled $groups_max ip -n vm1 link set v1 up
release
t "the lower device's filter is without groups that are given up" \
	until_ok 10 is_now 0 filtered 01:00:5e:7f
t "no group is refused any more" until_ok 10 is_now 0 refused groups
reaches "a group that was given up is not received" "$outside" vm2/v2 $last_group

claims vm1 v1 0 $addresses
t "the lower device's filter has $addresses_max addresses of a vNIC" \
	until_ok 10 is_now $addresses_max filtered 02:c1:a1
t_is "addresses beyond the bound are counted" $((addresses - addresses_max)) refused addresses
reaches "an address within the bound is received" vm1/v1 vm2/v2 $first_address
reaches "frames to an address beyond the bound go to the wire" lan/adapter1 vm2/v2 $last_address
release
t "addresses that are given up are in no filter" until_ok 10 is_now 0 filtered 02:c1:a1
t "no address is refused any more" until_ok 10 is_now 0 refused addresses

# A vNIC upon each of many has the same address, and one of its own, of which the
# first is the older one.
claimants_max=16 shared=02:c1:a2:00:00:ff
links=() nested=()
for ((i = 0; i <= claimants_max; i++)); do
	links+=("link add link adapter0 name u$i netns vm1 type vnicx trust on")
	nested+=("link set u$i addrgenmode none" "link set u$i up"
		"link add link u$i name s$i address $shared type vnicx"
		"link set s$i addrgenmode none" "link set s$i up")
done
nested+=("link add link u$claimants_max name own address 02:c1:a2:00:00:01 type vnicx"
	"link set own addrgenmode none" "link set own up")
batch_in host "${links[@]}"
batch_in vm1 "${nested[@]}"
t_is "16 vNICs can claim one address" 0 own_counter vm1 u$((claimants_max - 1)) addresses_refused
t_is "a refused claim beyond 16 is counted" 1 own_counter vm1 u$claimants_max addresses_refused
reaches "a vNIC that is refused an address receives its others" vm1/own vm2/v2 02:c1:a2:00:00:01
t "one of 16 claims is given up" ip -n vm1 link delete s1
t "a vNIC that was refused an address gets one more" \
	batch_in vm1 "link add link u$claimants_max name more address 02:c1:a2:00:00:02 type vnicx" \
	"link set more addrgenmode none" "link set more up"
t_is "a vNIC is not refused an address that 15 others claim" 0 own_counter vm1 u$claimants_max addresses_refused
batch_in vm1 "link delete s0" "link delete s$claimants_max"
t_is "no refusal is counted when claims have ended" 0 own_counter vm1 u$claimants_max addresses_refused

rmmod vnicx_test_adapter
