#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
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
	does "a vNIC without options" make_vnic v0
	shows "has every one of them" 'mode bridge host * bcqueuelen * usedbcqueuelen * flood off*' v0
	local mode
	for mode in vepa private source bridge; do
		does "mode $mode of a new vNIC" make_vnic v1 mode "$mode"
		says "is shown" "\"$mode\"" v1 .mode
		does "and set from bridge" change v0 mode "$mode"
		says "is shown, too" "\"$mode\"" v0 .mode
		remove v1
	done
	remove v0
}

flags() {
	does "passthru" make_vnic v0 mode passthru
	says "without a flag" '["passthru",false,false]' v0 '[.mode, .nopromisc, .nodst]'
	remove v0
	does "passthru nopromisc" make_vnic v0 mode passthru nopromisc
	shows "is shown" 'mode passthru nopromisc *' v0
	says "and as JSON" '[true,false]' v0 '[.nopromisc, .nodst]'
	does "a flag is cleared" change v0 nopromisc off
	says "is shown" false v0 .nopromisc
	does "and set, in macvlan's other words" change v0 flag nopromisc
	says "is shown" true v0 .nopromisc
	does "all are cleared in these" change v0 flag null
	says "is shown" false v0 .nopromisc
	remove v0
	does "source nodst" make_vnic v0 mode source nodst on
	shows "is shown" 'mode source nodst *' v0
	does "a flag stays when something else is set" change v0 bcqueuelen 7
	says "is shown" '[true,7]' v0 '[.nodst, .bcqueuelen]'
	remove v0
}

sources() {
	does "a list" make_vnic v0 mode source macaddr set $mac1 $mac2 bcqueuelen 50
	shows "is shown" "mode source * bcqueuelen 50 * remotes (2) *$mac1*" v0
	says "and as JSON" "[2,[\"$mac1\",\"$mac2\"]]" v0 '[.macaddr_count, (.macaddr_data | sort)]'
	does "one more" change v0 macaddr add $mac3
	says "is there" "[3,true]" v0 "[.macaddr_count, (.macaddr_data | contains([\"$mac3\"]))]"
	does "two fewer" change v0 macaddr del $mac3 $mac1
	says "are not there" "[1,[\"$mac2\"]]" v0 '[.macaddr_count, .macaddr_data]'
	does "another list" change v0 macaddr set $mac1
	says "takes its place" "[\"$mac1\"]" v0 .macaddr_data
	does "an empty one" change v0 macaddr set
	says "too" '[0,[]]' v0 '[.macaddr_count, .macaddr_data]'
	local many
	read -ra many < <(macs 1 140)
	does "many" change v0 macaddr add "${many[@]:0:70}"
	does "more" change v0 macaddr add "${many[@]:70}"
	says "are all there" '[140,140]' v0 '[.macaddr_count, (.macaddr_data | unique | length)]'
	does "none again" change v0 macaddr flush
	shows "is shown" 'mode source * remotes (0)' v0
	remove v0
}

switch_wide() {
	does "a queue length" make_vnic v0 bcqueuelen 0x64
	says "is shown, with what is used" '[100,"number"]' v0 '[.bcqueuelen, (.usedbcqueuelen | type)]'
	if [ "$(attributes v0 .host)" = '"unavailable"' ]; then
		skip "the host as a port" "this kernel has no egress hook"
	else
		does "the host is no port" change v0 host off
		shows "is shown" "mode bridge host off *" v0
		does "and is one" change v0 host on
		says "is shown" '"on"' v0 .host
	fi
	remove v0
}

flooding() {
	does "a vNIC with flood on" make_vnic v0 flood on
	says "flood on is shown" '"on"' v0 .flood
	does "flood off is set" change v0 flood off
	says "flood off is shown" '"off"' v0 .flood
	does "flood on is set" change v0 flood on
	shows "flood on is shown as text" '* flood on*' v0
	remove v0
}

# What is shown makes the same device again.
made_again() {
	local words shown
	does "a vNIC with everything" make_vnic v0 mode source nodst bcqueuelen 300 macaddr set $mac1 $mac2
	shown=$(attributes v0 -S .)
	read -ra words < <(attributes v0 -r '"mode \(.mode) bcqueuelen \(.bcqueuelen)" +
		if .nodst then " nodst" else "" end +
		if .host == "unavailable" then "" else " host \(.host)" end +
		" macaddr set \(.macaddr_data | join(" "))"')
	remove v0
	does "made again from what was shown" make_vnic v0 "${words[@]}"
	t_is "is the same" "$shown" attributes v0 -S .
	remove v0
}

# A plugin may be older than the module, and a kernel without the hook.
unusual() {
	does "a host that cannot be a port, and a mode of the future, are shown" \
		matches '*vnicx mode 9 host unavailable *' \
		of_vnic "$(nla 1 "$(little32 9)")$(nla 5 02)"
}

# The other type has the same options.
tap() {
	does "a vnicxtap with options" "$ip" link add link eth0 name v0 type vnicxtap mode vepa bcqueuelen 5
	shows "shows them" '*mode vepa *bcqueuelen 5 *' v0
	does "takes others later" "$ip" link set v0 type vnicxtap mode private
	says "and shows them" '"private"' v0 .mode
	does "has a help" matches 'Usage: * vnicxtap *' "$ip" link help vnicxtap
	remove v0
}

ip link add eth0 type veth peer name wire
ip link set eth0 up
for_each_ip made flags sources switch_wide flooding made_again unusual tap
