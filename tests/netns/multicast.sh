#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kernels: uml 6.1
#
# A group's frames reach the vNICs that joined it, and its address is in the
# lower device's filter as long as there is one.
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"

# 239.1.2.3 and ff05::123, and their neighbours that nobody joins
v4=01:00:5e:01:02:03 v4_other=01:00:5e:01:02:04
v6=33:33:00:00:01:23 v6_other=33:33:00:00:01:24
# 239.129.2.3 has the same address on Ethernet as 239.1.2.3
outside="host/eth0 lan/eth0"

lan_setup
ns vm1 vm2 vm3 crowd
vnic v1 vm1
vnic v2 vm2 trust on
vnic v3 vm3

# filtered ADDRESS: how many times the lower device's filter was given it, or nothing
filtered() {
	local words
	while read -r -a words; do
		[ "${words[1]-}" != "$1" ] || echo "${words[3]-1}"
	done < <(ip -n host maddress show dev eth0)
}

refuses_some() {
	[ "$(own_counter vm2 v2 groups_refused)" -gt 0 ]
}

reaches "a group without members goes to the wire and the host" "$outside" vm1/v1 $v4
batch_in vm2 "address add 239.1.2.3/32 dev v2 autojoin" "address add ff05::123 dev v2 autojoin"
heed vm2 v2
reaches "a vNIC that joined an IPv4 group receives it" "$outside vm2/v2" vm1/v1 $v4
reaches "a vNIC that joined an IPv6 group receives it" "$outside vm2/v2" vm1/v1 $v6
reaches "a member of an IPv4 group does not receive the one beside it" "$outside" vm1/v1 $v4_other
reaches "a member of an IPv6 group does not receive the one beside it" "$outside" vm1/v1 $v6_other
reaches "a member receives its group from the wire" "host/eth0 vm2/v2" lan/eth0 $v4
reaches "a member does not receive the group beside its own from the wire" "host/eth0" lan/eth0 $v6_other
reaches "a member's own frames do not come back" "$outside" vm2/v2 $v4
t_is "a group with a member is in the lower device's filter" 1 filtered $v4

batch_in vm3 "address add 239.129.2.3/32 dev v3 autojoin"
heed vm3 v3
reaches "members of two groups of one address receive both" "$outside vm2/v2 vm3/v3" vm1/v1 $v4
t_is "the lower device's filter counts both members of one address" 2 filtered $v4
batch_in vm2 "address delete 239.1.2.3/32 dev v2" "address delete ff05::123 dev v2"
heed vm2 v2
reaches "a vNIC that left a group does not receive it" "$outside vm3/v3" vm1/v1 $v4
reaches "a vNIC that left a group does not receive it from the wire" "host/eth0 vm3/v3" lan/eth0 $v4
t_is "a group without members is not in the lower device's filter" "" filtered $v6

ip -n vm3 link set v3 down
t_is "a group is not in the filter while its member is down" "" filtered $v4
ip -n vm3 link set v3 up
t_is "a group is in the filter again when its member is up" 1 filtered $v4
reaches "a member that is up again receives its group" "$outside vm3/v3" vm1/v1 $v4

ip -n vm2 link set v2 allmulticast on
reaches "a vNIC that takes every group receives one that nobody joined" "$outside vm2/v2" vm1/v1 $v6_other
reaches "a vNIC that takes every group receives one from the wire" "host/eth0 vm2/v2" lan/eth0 $v6_other
batch_in vm2 "address add 239.1.2.3/32 dev v2 autojoin" "link set v2 promisc on"
reaches "a promiscuous member that takes every group receives its group once" \
	"$outside vm2/v2 vm3/v3" vm1/v1 $v4
batch_in vm2 "link set v2 allmulticast off"
reaches "a promiscuous vNIC receives a group that nobody joined" "$outside vm2/v2" vm1/v1 $v6_other
batch_in vm2 "link set v2 promisc off"
reaches "a vNIC that is no longer promiscuous receives no group that nobody joined" "$outside" vm1/v1 $v6_other
reaches "a vNIC that is no longer promiscuous receives the group that it joined" \
	"$outside vm2/v2 vm3/v3" vm1/v1 $v4

ip -n vm2 link set v2 type vnicx max-groups 1
t "the groups beyond max-groups are counted as refused" refuses_some
reaches "a group beyond max-groups is not received, nor are all groups instead" "$outside vm3/v3" vm1/v1 $v4
ip -n vm2 link set v2 type vnicx max-groups 20
reaches "a group within a greater max-groups is received" "$outside vm2/v2 vm3/v3" vm1/v1 $v4
t_fails "more groups than the kernel's bound are refused" "max-groups is at most 1024, not 1025" \
	ip -n vm2 link set v2 type vnicx max-groups 1025
ip -n vm2 link set v2 type vnicx max-groups auto

ip -n vm2 link delete v2
t_is "a deleted vNIC leaves the filter" 1 filtered $v4
ip netns delete vm3
t "a vNIC whose namespace is deleted leaves the filter" until_ok 5 is_now "" filtered $v4

# Three members among a hundred vNICs; for a debugging kernel a vNIC is slow work
case $VNICX_KERNEL in
uml*) first=190 members=(191 195 198) ;;
*) first=100 members=(107 150 193) ;;
esac
crowd=() joins=("link set group default up")
for ((n = first; n < 200; n++)); do
	crowd+=("link add link eth0 name c$n netns crowd type vnicx")
done
for n in "${members[@]}"; do
	joins+=("address add 239.1.2.3/32 dev c$n autojoin")
done
silence crowd
batch_in host "${crowd[@]}"
batch_in crowd "${joins[@]}"
heed crowd "${members[@]/#/c}"
receivers=$(printf 'crowd/c%d ' "${members[@]}")
reaches "three members among many vNICs receive a group" \
	"$receivers$outside" vm1/v1 $v4
reaches "three members among many vNICs receive a group from the wire" \
	"${receivers}host/eth0" lan/eth0 $v4 -n 50
t_is "the lower device's filter counts three members" 3 filtered $v4
