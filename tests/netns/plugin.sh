#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kernels: uml
#
# The plugin for ip: every option, given when a vNIC is made and later, and how
# it is shown.
#
# timeout: 300
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"
# shellcheck source=helpers/plugin.sh
. "${0%/*}/helpers/plugin.sh"

mac1=02:00:00:00:00:01 mac2=02:00:00:00:00:02 mac3=02:00:00:00:00:03

made() {
	does "a vNIC can be made without options" make_vnic v0
	shows "a vNIC without options shows every option" \
		'mode bridge host * bcqueuelen * flood off * holds usedbcqueuelen *' v0
	local mode
	for mode in vepa private source bridge; do
		does "a vNIC can be made in mode $mode" make_vnic v1 mode "$mode"
		says "mode $mode of a new vNIC is shown" "\"$mode\"" v1 .mode
		does "mode $mode can be set at a vNIC" change v0 mode "$mode"
		says "mode $mode of a changed vNIC is shown" "\"$mode\"" v0 .mode
		remove v1
	done
	remove v0
}

flags() {
	does "a vNIC can be made in mode passthru" make_vnic v0 mode passthru
	says "a vNIC in mode passthru is shown without a flag" \
		'["passthru",false,false]' v0 '[.mode, .nopromisc, .nodst]'
	remove v0
	does "a vNIC can be made in mode passthru with nopromisc" make_vnic v0 mode passthru nopromisc
	shows "mode passthru with nopromisc is shown as text" 'mode passthru nopromisc *' v0
	says "mode passthru with nopromisc is shown as JSON" '[true,false]' v0 '[.nopromisc, .nodst]'
	does "nopromisc can be cleared" change v0 nopromisc off
	says "nopromisc is shown as cleared" false v0 .nopromisc
	does "nopromisc can be set by flag" change v0 flag nopromisc
	says "nopromisc is shown as set by flag" true v0 .nopromisc
	does "all flags can be cleared by flag null" change v0 flag null
	says "nopromisc is shown as cleared by flag null" false v0 .nopromisc
	remove v0
	does "a vNIC can be made in mode source with nodst" make_vnic v0 mode source nodst on
	shows "mode source with nodst is shown" 'mode source nodst *' v0
	does "a queue length can be set beside a flag" change v0 bcqueuelen 7
	says "nodst stays when a queue length is set" '[true,7]' v0 '[.nodst, .bcqueuelen]'
	remove v0
}

sources() {
	does "a vNIC can be made with a list of two sources" \
		make_vnic v0 mode source macaddr set $mac1 $mac2 bcqueuelen 50
	shows "a list of two sources is shown as text" "mode source * bcqueuelen 50 * macaddr set *$mac1* holds *" v0
	says "a list of two sources is shown as JSON" \
		"[2,[\"$mac1\",\"$mac2\"]]" v0 '[.macaddr_count, (.macaddr_data | sort)]'
	does "a source can be added" change v0 macaddr add $mac3
	says "an added source is shown" \
		"[3,true]" v0 "[.macaddr_count, (.macaddr_data | contains([\"$mac3\"]))]"
	does "two sources can be deleted" change v0 macaddr del $mac3 $mac1
	says "two deleted sources are not shown" "[1,[\"$mac2\"]]" v0 '[.macaddr_count, .macaddr_data]'
	does "a list of sources can be replaced" change v0 macaddr set $mac1
	says "the replaced list of sources is shown" "[\"$mac1\"]" v0 .macaddr_data
	does "a list of sources can be replaced by an empty one" change v0 macaddr set
	says "an empty list of sources is shown as JSON" '[0,[]]' v0 '[.macaddr_count, .macaddr_data]'
	local many
	read -ra many < <(macs 1 140)
	does "70 sources can be added" change v0 macaddr add "${many[@]:0:70}"
	does "70 sources can be added to 70" change v0 macaddr add "${many[@]:70}"
	says "140 sources are shown" '[140,140]' v0 '[.macaddr_count, (.macaddr_data | unique | length)]'
	does "a list of sources can be flushed" change v0 macaddr flush
	shows "a flushed list of sources is shown as text" 'mode source * macaddr set holds *' v0
	remove v0
}

switch_wide() {
	does "a queue length can be given in hexadecimal" make_vnic v0 bcqueuelen 0x64
	says "a queue length is shown beside the one in use" \
		'[100,"number"]' v0 '[.bcqueuelen, (.usedbcqueuelen | type)]'
	if [ "$(attributes v0 .host)" = '"unavailable"' ]; then
		skip "$version: the host can be put on the switch" "this kernel has no egress hook"
	else
		does "the host can be taken off the switch" change v0 host off
		shows "the host is shown off" "mode bridge host off *" v0
		does "the host can be put on the switch" change v0 host on
		says "the host is shown on" '"on"' v0 .host
	fi
	remove v0
}

flooding() {
	does "a vNIC can be made with flood on" make_vnic v0 flood on
	says "flood on is shown" true v0 .flood
	does "flood off can be set" change v0 flood off
	says "flood off is shown" false v0 .flood
	does "flood on can be set" change v0 flood on
	shows "flood on is shown as text" '* flood on*' v0
	remove v0
}

guards() {
	local all='[.restricted, .raguard, .dhcpguard, .dhcp_block, .ipguard_in]'
	does "a vNIC can be made with guards on" \
		make_vnic v0 restricted on raguard on dhcpguard on dhcp-block on ipguard-in on
	says "guards that are on are shown" '[true,true,true,true,true]' v0 "$all"
	does "some guards can be set off" change v0 raguard off dhcp-block off
	says "guards that are off are shown" '[true,false,true,false,true]' v0 "$all"
	remove v0
	does "a vNIC can be made with a list of IP addresses" \
		make_vnic v0 ipguard static allowed-ips set 192.0.2.1,2001:db8::/64 fe80::1
	says "ipguard static is shown" '"static"' v0 .ipguard
	says "a list of IP addresses is shown" '["192.0.2.1","2001:db8::/64","fe80::1"]' v0 .allowed_ips
	shows "a list of IP addresses is shown as text" '*ipguard static *allowed-ips 192.0.2.1 2001:db8::/64 fe80::1 holds *' v0
	does "IP addresses can be added" change v0 allowed-ips add 10.0.0.0/8
	does "IP addresses can be deleted" change v0 allowed-ips del fe80::1 2001:db8::/64
	says "a changed list of IP addresses is shown" '["10.0.0.0/8","192.0.2.1"]' v0 .allowed_ips
	does "a list of IP addresses can be replaced without a verb" change v0 allowed-ips ::/0
	says "a replaced list of IP addresses is shown" '["::/0"]' v0 .allowed_ips
	does "a list of IP addresses can be emptied" change v0 allowed-ips flush
	says "an empty list of IP addresses is not shown" 'null' v0 .allowed_ips
	remove v0
}

clean() {
	local all='[.trust, .spoofchk, .restricted, .raguard, .dhcpguard, .ipguard]'
	does "a vNIC can be made with clean-traffic" make_vnic v0 clean-traffic
	says "clean-traffic is shown as the options that it is" '["off","on",true,true,true,"dhcp"]' v0 "$all"
	remove v0
	does "an option beside clean-traffic can be given behind it" make_vnic v0 clean-traffic ipguard static raguard off
	says "options behind clean-traffic override it" '["off","on",true,false,true,"static"]' v0 "$all"
	does "clean-traffic can be set at a vNIC with an option before it" change v0 dhcpguard off clean-traffic
	says "an option before clean-traffic overrides it" '["off","on",true,true,false,"dhcp"]' v0 "$all"
	remove v0
	refuses "an option given twice beside clean-traffic is refused" '"raguard" is given twice' \
		make_vnic v0 clean-traffic raguard on raguard off
}

# The options that are shown make the same device again.
made_again() {
	local words shown
	does "a vNIC can be made with every option" \
		make_vnic v0 mode source nodst bcqueuelen 300 macaddr set $mac1 $mac2
	shown=$(attributes v0 -S .)
	read -ra words < <(attributes v0 -r '"mode \(.mode) bcqueuelen \(.bcqueuelen)" +
		if .nodst then " nodst" else "" end +
		if .host == "unavailable" then "" else " host \(.host)" end +
		" macaddr set \(.macaddr_data | join(" "))"')
	remove v0
	does "a vNIC can be made again from what was shown" make_vnic v0 "${words[@]}"
	t_is "$version: a vNIC that was made again shows the same" "$shown" attributes v0 -S .
	remove v0
}

# A plugin may be older than the module, and a kernel without the hook.
unusual() {
	does "a host that cannot be a port, and a mode of the future, are shown" \
		matches '*vnicx mode 9 holds host unavailable *' \
		of_vnic "$(nla 1 "$(little32 9)")$(nla 5 "$(nla 1 02)")"
}

# The other type has the same options.
tap() {
	does "a vnicxtap can be made with options" \
		"$ip" link add link eth0 name v0 type vnicxtap mode vepa bcqueuelen 5
	shows "a vnicxtap shows its options as text" '*mode vepa *bcqueuelen 5 *' v0
	does "a vnicxtap's mode can be changed" "$ip" link set v0 type vnicxtap mode private
	says "a vnicxtap shows its changed mode as JSON" '"private"' v0 .mode
	does "ip link help vnicxtap tells the options" matches 'Usage: * vnicxtap *' "$ip" link help vnicxtap
	remove v0
}

ip link add eth0 type veth peer name wire
ip link set eth0 up
for_each_ip made flags sources switch_wide flooding guards clean made_again unusual tap
