#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# kernels: uml 6.1
#
# A vNIC keeps what it was given when it, its lower device or both move to another
# namespace: addresses, groups, modes, and what sockets and devices on top want.
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"
# shellcheck source=helpers/claims.sh
. "${0%/*}/helpers/claims.sh"

address=02:00:00:00:00:51 group=01:00:5e:00:00:51
other=01:00:5e:00:00:52 unknown=02:00:00:00:00:53
# The first that claims takes
claimed_group=01:00:5e:7f:00:00 claimed_address=02:c1:a1:00:00:00

# v2_in NAMESPACE: v2 is there now, up
v2_in() {
	v2=$1/v2
	up "$1" v2 >/dev/null
}

# linked: the lower device's carrier has come to v1, which sends
linked() {
	is_now 1 inside vm1 cat /sys/class/net/v1/carrier
}

# moved_adapter NAMESPACE: eth0 is there now, up
moved_adapter() {
	ip -n "$adapter_in" link set eth0 netns "$1"
	adapter_in=$1
	up "$1" eth0 >/dev/null
	until_ok 10 linked
}

# fdb ACTION ADDRESS: of v2
fdb() {
	bridge -n "${v2%/*}" fdb "$1" "$2" dev v2
}

# entries ADDRESS: how many of them are shown
entries() {
	fdb_shown=$(bridge -n "${v2%/*}" fdb show dev v2)
	grep -c "^$1 self permanent" <<<"$fdb_shown" || :
}

# filtered ADDRESS: in the lower device's filter?
filtered() {
	bridge -n "$adapter_in" fdb show dev eth0 | grep -c "^$1 " || :
}

# promiscuity: of the lower device; one is for the addresses that it cannot filter
promiscuity() {
	local line
	line=$(ip -n "$adapter_in" -d -o link show dev eth0)
	[[ $line =~ promiscuity\ ([0-9]+) ]]
	echo "${BASH_REMATCH[1]}"
}

# keeps WHEN: all that v2 was given
keeps() {
	local outside="$adapter_in/eth0 lan/eth0"
	reaches "$1, a vNIC receives its further address" "$v2" vm1/v1 $address
	reaches "$1, a vNIC receives the group that was added" "$outside $v2" vm1/v1 $group
	reaches "$1, a vNIC receives no other group" "$outside" vm1/v1 $other
	t_is "$1, a vNIC's further address is shown" 1 entries $address
	t_is "$1, a vNIC's group is shown" 1 entries $group
	t "$1, the lower device's filter has the address" until_ok 5 is_now 1 filtered $address
	t "$1, the lower device's filter has the group" until_ok 5 is_now 1 filtered $group
}

no_ipv6
lan_setup
adapter_in=host
ns vm1 vm2 vm3 away
vnic v1 vm1 trust on
ip -n host link add link eth0 name v2 netns vm2 type vnicx trust on
v2_in vm2
fdb add $address
fdb add $group
keeps "before any move"

ip -n vm2 link set v2 netns vm3
v2_in vm3
keeps "after the vNIC's move"
t_fails "a group that moved along cannot be added twice" "File exists" fdb add $group
t "a group that moved along is deleted" fdb del $group
reaches "a group that was deleted is not received" "host/eth0 lan/eth0" vm1/v1 $group
t "a group that was deleted is added again" fdb add $group

# A socket joins what was added, and added is what a socket joined.
fdb add $claimed_group
ip -n vm3 link set v2 netns vm2
v2_in vm2
claims vm2 v2 1 1
t "a group that a socket joined, too, is deleted" fdb del $claimed_group
reaches "the socket's group is still received" "host/eth0 lan/eth0 $v2" vm1/v1 $claimed_group
t "the lower device's filter has a socket's address" until_ok 5 is_now 1 filtered $claimed_address

moved_adapter away
keeps "after the lower device's move"
reaches "after the lower device's move, a socket's group is received" \
	"away/eth0 lan/eth0 $v2" vm1/v1 $claimed_group
reaches "after the lower device's move, a socket's address is received" "$v2" vm1/v1 $claimed_address
t "after the lower device's move, its filter has the socket's address" \
	until_ok 5 is_now 1 filtered $claimed_address
release
reaches "a group that a socket left is not received" "away/eth0 lan/eth0" vm1/v1 $claimed_group

ip -n vm2 link set v2 netns vm3
moved_adapter host
v2_in vm3
keeps "after the moves of both"

batch_in vm3 "link set v2 allmulticast on" "link set v2 promisc on"
ip -n vm3 link set v2 netns vm2
v2_in vm2
reaches "a vNIC that takes every group receives an unknown one after its move" \
	"host/eth0 lan/eth0 $v2" vm1/v1 $other
reaches "a promiscuous vNIC receives an unknown address after its move" "host/eth0 $v2" lan/eth0 $unknown
moved_adapter away
reaches "a vNIC that takes every group receives an unknown one after its lower device's move" \
	"away/eth0 lan/eth0 $v2" vm1/v1 $other
reaches "a promiscuous vNIC receives an unknown address after its lower device's move" \
	"away/eth0 $v2" lan/eth0 $unknown
t "a lower device that moved is promiscuous for its vNIC" until_ok 5 is_now 2 promiscuity
batch_in vm2 "link set v2 allmulticast off" "link set v2 promisc off"
t "a lower device that moved is promiscuous no longer than its vNIC" until_ok 5 is_now 1 promiscuity
t "an entry that moved is flushed with the others" bridge -n vm2 fdb flush dev v2
t_is "after a flush, no address is left" 0 entries $address
t_is "after a flush, no group is left" 0 entries $group

# A dummy, as some cards, is changed under a lock of its own. The core holds it
# while it tells of the device's move.
low_promiscuity() {
	ip -n "$1" -d -o link show low | sed -nE 's/.* promiscuity ([0-9]+).*/\1/p'
}

batch_in host "link add low type dummy" "link set low up" "link add link low name p1 netns vm3 type vnicx"
ip -n vm3 link set p1 up
# Those without a filter for addresses are promiscuous anyway.
before=$(low_promiscuity host)
ip -n vm3 link set p1 promisc on
t_is "a tenant's vNIC makes no lower device promiscuous" "$before" low_promiscuity host
ip -n host link set low netns vm3
t "a lower device that moves to its vNIC's user is promiscuous for it" \
	until_ok 10 is_now $((before + 1)) low_promiscuity vm3
ip -n vm3 link set low netns host
t "a lower device that leaves its vNIC's user is promiscuous no longer" \
	until_ok 10 is_now "$before" low_promiscuity host
