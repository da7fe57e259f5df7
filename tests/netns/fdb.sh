#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Further addresses of a vNIC: added, shown, told of and taken away with the
# bridge command. See fdb-vlan.sh for those in one VLAN.
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"
# shellcheck source=helpers/entries.sh
. "${0%/*}/helpers/entries.sh"

further=02:00:00:00:00:51 further2=02:00:00:00:00:52
group=01:00:5e:00:00:51

no_ipv6
lan_setup
ns vm1 vm2
vnic v1 vm1
vnic v2 vm2

t "a vNIC is given a further address" fdb 1 add $further
t_is "which is shown" "self permanent" has 1 $further
t_is "and in the adapter's filter" 1 filters $further
reaches "it is received from a vNIC" vm1/v1 vm2/v2 $further
reaches "and from the wire" vm1/v1 lan/eth0 $further
t "adding it in place of itself is no mistake" fdb 1 replace $further
t "nor is appending it" fdb 1 append $further
t_is "it is there once all the same" "self permanent" has 1 $further

ip -n vm1 link set v1 down
reaches "it is not received while the vNIC is down" lan/eth0 vm2/v2 $further
t_is "the adapter's filter is without it" 0 filters $further
t_is "but it is kept" "self permanent" has 1 $further
t_fails "for this vNIC" "address is in use by vNIC v1" fdb 2 add $further
ip -n vm1 link set v1 up
reaches "and received again" vm1/v1 vm2/v2 $further
t_is "with the adapter's help" 1 filters $further

t "it is taken away" fdb 1 del $further
reaches "and is nobody's" lan/eth0 vm2/v2 $further
t_is "the adapter knows" 0 filters $further

reaches "a group is not received" "host/eth0 lan/eth0" vm2/v2 $group
t "until it is added" fdb 1 add $group
reaches "then it is" "host/eth0 lan/eth0 vm1/v1" vm2/v2 $group
t_is "and shown once" "self permanent" has 1 $group
t "it is taken away" fdb 1 del $group
reaches "and not received" "host/eth0 lan/eth0" vm2/v2 $group

# What a device upon the vNIC makes it receive is not the bridge command's.
ip -n vm1 link add link v1 name upper address 02:00:00:00:00:61 type macvlan mode bridge
ip -n vm1 link set upper up
t "all is flushed" fdb 1 flush
t_fails "an upper device's address cannot be deleted" "no such entry was added" \
	fdb 1 del 02:00:00:00:00:61
reaches "and is still received" vm1/upper vm2/v2 02:00:00:00:00:61

# many ACTION NUMBER...
many() {
	local action=$1 n
	shift
	for n; do
		printf 'fdb %s 02:00:00:01:%02x:%02x dev v1\n' "$action" $((n / 256)) $((n % 256))
	done | bridge -n vm1 -batch -
}
t "a vNIC has many addresses" many add {0..255}
t_is "more than one message holds" 256 bash -c "bridge -n vm1 fdb show dev v1 | grep -c ^02:00:00:01"

t "and they are flushed" fdb 1 flush

# told COMMAND...: what is told of the entries while the command runs
told() {
	local watcher
	bridge -n vm1 monitor fdb >>/tmp/told 2>&1 &
	watcher=$!
	# it listens once something was heard
	until_ok 5 eval "fdb 1 replace $group; [ -s /tmp/told ]" || :
	fdb 1 del $group
	nap
	: >/tmp/told
	"$@"
	nap
	kill "$watcher"
	wait "$watcher" || :
	cat /tmp/told
	rm /tmp/told
}
t_is "what is added is told" "$further dev v1 vlan 7 self permanent" told fdb 1 add $further vlan 7
t_is "what is deleted, too" "Deleted $further dev v1 vlan 7 self permanent" \
	told fdb 1 del $further vlan 7
fdb 1 add $further
fdb 1 add $further2 vlan 7
t_is "and each that is flushed" "Deleted $further dev v1 self permanent
Deleted $further2 dev v1 vlan 7 self permanent" told fdb 1 flush

t "an address" fdb 1 add $further
ip -n vm1 link delete v1
t "is free when its vNIC is gone" fdb 2 add $further
