#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kernels: uml 6.1
#
# `ip -d link show` shows all that is needed to make a vNIC like another.
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"

a=02:00:00:00:00:0a b=02:00:00:00:00:0b

# The words that make a vNIC, out of what is shown of one; "unavailable" is what
# a kernel without the hook says of the host.
words='def word: if . then "on" else "off" end;
def list: map("\(.first)-\(.last)") | join(",");
"index \(.ifindex) address \(.address) mtu \(.mtu) type vnicx" + (.linkinfo.info_data |
	" mode \(.mode) bcqueuelen \(.bcqueuelen) flood \(.flood | word) trust \(.trust) spoofchk \(.spoofchk)" +
	" state \(.state) max-groups \(.max_groups)" +
	(if .max_tx_rate then " max_tx_rate \(.max_tx_rate)bit" else "" end) +
	(if .burst then " burst \(.burst)" else "" end) +
	(if .max_rx_rate then " max_rx_rate \(.max_rx_rate)bit" else "" end) +
	(if .storm then " storm \(.storm)" else "" end) +
	(if .class then " class \(.class)" else "" end) +
	(if .mirror then " mirror \(.mirror)" else "" end) +
	(if .mirror_vlan then " vlan \(.mirror_vlan)" else "" end) +
	(if .mirror then " \(.mirror_way)" else "" end) +
	" restricted \(.restricted | word) raguard \(.raguard | word) dhcpguard \(.dhcpguard | word)" +
	" dhcp-block \(.dhcp_block | word)" +
	" ipguard \(.ipguard) ipguard-in \(.ipguard_in | word)" +
	(if .allowed_ips then " allowed-ips \(.allowed_ips | join(" "))" else "" end) +
	(if .host == "unavailable" then "" else " host \(.host)" end) +
	" neigh_suppress \(.neigh_suppress | word) announce \(.announce | word)" +
	(if .trunk then " trunk \(.trunk | list) native \(.native)"
		elif .pvlan then " pvlan \(.pvlan) \(.primary) \(.secondary | list)"
		elif .vlan == null then " vlan off"
		else " vlan \(.vlan) qos \(.qos) proto \(.proto)" end) +
	" isolated \(.isolated | word)" +
	(if .nodst then " nodst" else "" end) + (if .nopromisc then " nopromisc" else "" end) +
	(if .mode == "source" then " macaddr set " + (.macaddr_data | join(" ")) else "" end))'

# survives DESCRIPTION JQ-EXPRESSION OPTION...: a vNIC made with these options
# shows this, and what it shows makes the same again when it is deleted
names=() expressions=() shown=()
survives() {
	names+=("$1")
	expressions+=("$2")
	ip link add link eth0 name v0 type vnicx "${@:3}"
	shown+=("$(ip -d -j link show v0)")
	ip link delete v0
}

# made_again: the vNICs of survives, all of them looked at by one jq, which is slow
# to start
made_again() {
	local i filter='' is_so from_it again
	for ((i = 0; i < ${#names[@]}; i++)); do
		filter+=", (.[$i][0] | (.linkinfo.info_data | ${expressions[i]}), ($words))"
	done
	i=0
	while read -r is_so && read -r from_it; do
		t "${names[i]} is shown as asked for" matches true "$is_so"
		again=$(printf '%s\n' "link add link eth0 name v0 $from_it" "link show v0" |
			ip -d -j -batch - 2>&1 | sed '/^Warning: /d' || :)
		t_is "${names[i]} can be made again from what is shown" "${shown[i]}" echo "$again"
		[ ! -e /sys/class/net/v0 ] || ip link delete v0
		i=$((i + 1))
	done < <(printf '%s\n' "${shown[@]}" | jq -s -r "${filter#, }")
	t_is "every vNIC is compared" "${#names[@]}" echo "$i"
}

batch "link add eth0 address 02:00:00:00:00:e0 type dummy" "link set eth0 up" "link add eth1 type dummy"

survives "a vNIC without options" \
	'[.mode, .host, .bcqueuelen, .usedbcqueuelen, .flood] == ["bridge", "on", 1000, 1000, false]'
survives "a vNIC in vepa mode" '.mode == "vepa"' mode vepa
survives "a vNIC in private mode" '.mode == "private"' mode private
survives "a vNIC in passthru mode" '.mode == "passthru" and (.nopromisc | not)' mode passthru
survives "a vNIC in passthru mode with nopromisc" '.nopromisc' mode passthru nopromisc
survives "a vNIC in source mode without a list" '.macaddr_data == []' mode source
survives "a vNIC in source mode with a list" ".macaddr_data == [\"$b\", \"$a\"]" mode source macaddr set $b $a
survives "a vNIC in source mode with nodst" '.nodst' mode source nodst macaddr set $a
survives "an access vNIC" '[.vlan, .qos, .proto] == [10, 0, "802.1Q"]' vlan 10
survives "an access vNIC with a priority" '[.vlan, .qos, .proto] == [4094, 7, "802.1Q"]' vlan 4094 qos 7
survives "an access vNIC of 802.1ad" '[.vlan, .qos, .proto] == [1, "keep", "802.1ad"]' \
	vlan 1 proto 802.1ad qos keep
survives "a trunk without native VLAN" '[.trunk, .native] == [[{"first": 10, "last": 10}, {"first": 20, "last": 30}], "none"]' trunk 20-30,10,21
survives "a trunk with a native VLAN" '[.trunk, .native] == [[{"first": 5, "last": 5}, {"first": 10, "last": 11}], 5]' trunk 10-11 native 5
survives "a trunk with untagged frames" '[.trunk, .native] == [[{"first": 1, "last": 4094}], "untagged"]' trunk 1-4094 native untagged
survives "an isolated port of a private VLAN" '[.pvlan, .primary, .secondary] == ["isolated", 100, [{"first": 101, "last": 101}]]' \
	pvlan isolated 100 101
survives "a community port of a private VLAN" '[.pvlan, .primary, .secondary] == ["community", 100, [{"first": 99, "last": 99}]]' \
	pvlan community 100 99
survives "a promiscuous port of a private VLAN" \
	'[.pvlan, .primary, .secondary] == ["promiscuous", 100, [{"first": 99, "last": 99}, {"first": 101, "last": 103}]]' pvlan promiscuous 100 101-103,99
survives "an isolated vNIC" '[.isolated, .vlan] == [true, null]' isolated on
survives "a vNIC with the host off" '.host == "off"' host off
survives "a vNIC with neigh_suppress on" '.neigh_suppress' neigh_suppress on
survives "a vNIC with announce on" '.announce' announce on
survives "a vNIC with a queue of 5" '.bcqueuelen == 5 and .usedbcqueuelen == 5' bcqueuelen 5
survives "a vNIC with a queue of 0" '.bcqueuelen == 0' bcqueuelen 0
survives "a vNIC with a queue of 5000" '.bcqueuelen == 5000' bcqueuelen 5000
survives "a vNIC with flood on" '.flood' flood on
survives "a vNIC with trust off" '.trust == "off" and .trusted == false' trust off
survives "a vNIC with trust auto" '.trust == "auto" and .trusted' trust auto
survives "a vNIC with spoofchk on" '.spoofchk == "on" and .spoofchecked' spoofchk on
survives "a vNIC with spoofchk auto" '.spoofchk == "auto" and .spoofchecked == false' spoofchk auto
survives "a vNIC with state enable" '.state == "enable"' state enable
survives "a vNIC with state disable" '.state == "disable"' state disable
survives "a vNIC with max-groups 7" '.max_groups == 7' max-groups 7
survives "a vNIC with max-groups auto" '.max_groups == "auto"' max-groups auto
survives "a vNIC with a rate" '.max_tx_rate == 100000000 and .burst == null' max_tx_rate 100mbit
survives "a vNIC with a rate and a burst" '.max_tx_rate == 8000 and .burst == 65536' max_tx_rate 8kbit burst 64k
survives "a vNIC with the highest rates" '.max_tx_rate == 4294967295000 and .max_rx_rate == .max_tx_rate' \
	max_tx_rate 4294967295kbit max_rx_rate 4294967295kbit
survives "a vNIC with a rate for broadcasts" '.storm == 4294967295' storm 4294967295
survives "a vNIC with a class" '.class == "1:ffff"' class 1:ffff
survives "a vNIC with every guard" \
	'[.restricted, .raguard, .dhcpguard, .dhcp_block, .ipguard, .ipguard_in] == [true, true, true, true, "static", true]' \
	restricted on raguard on dhcpguard on dhcp-block on ipguard static ipguard-in on allowed-ips 192.0.2.1 fe80::/10
survives "a vNIC with a mirror" '.mirror == "eth1" and .mirror_way == "both" and .mirror_vlan == null' mirror eth1
survives "a vNIC with a mirror in a VLAN" '.mirror == "eth0" and .mirror_way == "rx" and .mirror_vlan == 4094' \
	mirror eth0 vlan 4094 rx
survives "a vNIC with every option" \
	".mode == \"source\" and .nodst and .host == \"off\" and .bcqueuelen == 5 and .macaddr_data == [\"$a\", \"$b\"]" \
	mode source nodst macaddr set $a $b host off bcqueuelen 5

ip link add link eth0 name v0 address 02:00:00:00:00:01 mtu 1400 type vnicx
ip link set v0 type vnicx mode source nodst on host off bcqueuelen 7 macaddr add $b
names+=("a vNIC whose options were changed")
expressions+=(".mode == \"source\" and .nodst and .host == \"off\" and .bcqueuelen == 7 and .macaddr_data == [\"$b\"]")
shown+=("$(ip -d -j link show v0)")
ip link delete v0
made_again

mapfile -t many < <(printf '2001:db8::1:%x\n' {0..255})
ip link add link eth0 name v0 type vnicx
for n in 0 32 64 96 128 160 192 224; do
	echo "link set v0 type vnicx allowed-ips add ${many[*]:n:32}"
done | ip -batch -
t "a list of 256 IP addresses is shown" shows "allowed-ips ${many[*]} " ip -d -o link show v0
t_fails "a list of 256 IP addresses takes no more" "allowed-ips has 256 already, at most 256" \
	ip link set v0 type vnicx allowed-ips add 192.0.2.1
t "programs of the C library see a vNIC with a list of 256 IP addresses" shows "v0" ifaddrs
t_is "a program with little room is told that the list of 256 IP addresses is missing" v0 truncated
t_is "ip, which has room, is told that nothing is missing of a list of 256 IP addresses" null \
	eval "ip -d -j link show v0 | jq '.[0].linkinfo.info_data.truncated'"
ip link set v0 type vnicx allowed-ips flush
t_is "a program with little room is told that nothing is missing of a vNIC without lists" "" truncated
ip link delete v0

# 256 addresses are more than ip can send at once, and must all be shown.
mapfile -t many < <(printf '02:00:00:00:01:%02x\n' {0..255})
ip link add link eth0 name v0 type vnicx mode source
for n in 0 50 100 150 200 250; do
	echo "link set v0 type vnicx macaddr add ${many[*]:n:50}"
done | ip -batch -
t "a list of 256 sources is shown" shows " macaddr set ${many[*]} " ip -d -o link show v0
t "a list of 256 sources is shown among all devices" \
	shows " macaddr set ${many[0]} *${many[255]} " ip -d -o link show
t "programs of the C library see a vNIC with a list of 256 sources" shows "v0" ifaddrs
