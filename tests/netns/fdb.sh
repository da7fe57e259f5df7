#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kernels: uml 6.1
#
# Further addresses of a vNIC: added, shown, told of and taken away with the
# bridge command. See fdb-vlan.sh for those in one VLAN.
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"
# shellcheck source=helpers/entries.sh
. "${0%/*}/helpers/entries.sh"

further=02:00:00:00:00:51 further2=02:00:00:00:00:52
group=01:00:5e:00:00:51 other_group=01:00:5e:00:00:52

no_ipv6
lan_setup
ns vm1 vm2
vnic v1 vm1 trust on
vnic v2 vm2

t "a vNIC is given a further address" fdb 1 add $further
t_is "a further address is shown once" "self permanent" has 1 $further
t_is "the lower device's filter has a further address" 1 filters $further
reaches "a further address is received from a vNIC" vm1/v1 vm2/v2 $further
reaches "a further address is received from the wire" vm1/v1 lan/eth0 $further
t "a further address can replace itself" fdb 1 replace $further
t "a further address can be appended to itself" fdb 1 append $further
t_is "a further address is shown once when it was appended" "self permanent" has 1 $further

ip -n vm1 link set v1 down
reaches "a further address is not received while the vNIC is down" lan/eth0 vm2/v2 $further
t_is "the lower device's filter lacks a further address while the vNIC is down" 0 filters $further
t_is "a further address is shown while the vNIC is down" "self permanent" has 1 $further
t_fails "a further address is refused to another vNIC while its own is down" \
	"address is in use by vNIC v1" fdb 2 add $further
ip -n vm1 link set v1 up
reaches "a further address is received when the vNIC is up again" vm1/v1 vm2/v2 $further
t_is "the lower device's filter has a further address when the vNIC is up again" 1 filters $further

t "a further address is deleted" fdb 1 del $further
reaches "a deleted address is received by no vNIC" lan/eth0 vm2/v2 $further
t_is "the lower device's filter lacks a deleted address" 0 filters $further

reaches "a group that was not added is not received" "host/eth0 lan/eth0" vm2/v2 $group
t "a group is added" fdb 1 add $group
reaches "a group that was added is received" "host/eth0 lan/eth0 vm1/v1" vm2/v2 $group
t_is "a group that was added is shown once" "self permanent" has 1 $group
t "a group is deleted" fdb 1 del $group
reaches "a deleted group is not received" "host/eth0 lan/eth0" vm2/v2 $group

# An address that a device upon the vNIC makes it receive is not the bridge command's.
ip -n vm1 link add link v1 name upper address 02:00:00:00:00:61 type macvlan mode bridge
ip -n vm1 link set upper up
t "a vNIC without entries is flushed" fdb 1 flush
t_fails "an upper device's address cannot be deleted" "no such entry was added" \
	fdb 1 del 02:00:00:00:00:61
reaches "an upper device's address is received after the flush" vm1/upper vm2/v2 02:00:00:00:00:61

# many ACTION NUMBER...
many() {
	local action=$1 n
	shift
	for n; do
		printf 'fdb %s 02:00:00:01:%02x:%02x dev v1\n' "$action" $((n / 256)) $((n % 256))
	done | bridge -n vm1 -batch -
}
t "a vNIC is given 256 addresses" many add {0..255}
t_is "256 addresses are shown" 256 bash -c "bridge -n vm1 fdb show dev v1 | grep -c ^02:00:00:01"

t "256 addresses are flushed" fdb 1 flush

# told COMMAND...: what is told of the entries while the command runs, between what is told of
# two that frame it
told() {
	local watcher
	bridge -n vm1 monitor fdb >/tmp/told 2>&1 &
	watcher=$!
	# it listens once something was heard
	until_ok 5 eval "fdb 1 replace $group; [ -s /tmp/told ]" || :
	fdb 1 del $group
	"$@"
	fdb 1 add $other_group
	until_ok 5 grep -q $other_group /tmp/told
	kill "$watcher"
	wait "$watcher" || :
	fdb 1 del $other_group
	sed "1,/^Deleted $group /d; /^$other_group /d" /tmp/told
	rm /tmp/told
}
t_is "an added entry is announced to listeners" \
	"$further dev v1 vlan 7 self permanent" told fdb 1 add $further vlan 7
t_is "a deleted entry is announced to listeners" "Deleted $further dev v1 vlan 7 self permanent" \
	told fdb 1 del $further vlan 7
fdb 1 add $further
fdb 1 add $further2 vlan 7
t_is "each flushed entry is announced to listeners" "Deleted $further dev v1 self permanent
Deleted $further2 dev v1 vlan 7 self permanent" told fdb 1 flush

t "a vNIC is given an address before it is deleted" fdb 1 add $further
ip -n vm1 link delete v1
t "the address of a deleted vNIC is free" fdb 2 add $further
