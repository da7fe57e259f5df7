#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The same frames among macvlans and among vNICs of the same modes, with a wire
# that sends nothing back and with one that does: they arrive at the same stacks,
# as many times, but for what is listed here with its reason.
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"
# shellcheck source=helpers/compare.sh
. "${0%/*}/helpers/compare.sh"

# What has nothing to do with the host
differs_always() {
	local own="a frame to one's own address goes nowhere"
	differs "$own" "-@" {absorbs,reflects}:b1\>b1
	differs "$own" "-lan" absorbs:{e1\>e1,p1\>p1,s1\>s1}
	differs "$own" "-lan -@" reflects:{e1\>e1,p1\>p1}
	differs "$own" "-host -lan" reflects:s1\>s1
	differs "private and other vNICs are apart also when the wire sends unicast back" "-@" \
		{reflects:,absorbs:lan:}[bes]1\>p[12] reflects:p1\>{b?,e?,p2} absorbs:lan:p1\>[bep]?
	differs "the host hears what private sends to all, as it does when it is sent to the host" \
		"+host" {reflects:,absorbs:lan:}p1\>all
	differs "and its sender hears the groups that it joined" "+host -p1" \
		{reflects:,absorbs:lan:}p1\>*joined
	differs "source hears only what is listed, not itself" "+host -s1" \
		{reflects:,absorbs:lan:}s1\>{all,*joined}
	differs "the host hears what it did not send by passthru" "+host" \
		passthru-{reflects:x,reflects:host,absorbs:lan:host}\>{all,joined}
	differs "and passthru the groups that it joined" "+host -x" \
		passthru-{reflects:x,reflects:host,absorbs:lan:host}\>unjoined
}

no_ipv6
lan_setup
ns vm
inside vm bash -c "echo 1000 >/proc/sys/net/ipv4/igmp_max_memberships"
ip -n host link set eth0 address "${address[host]}"
ip -n lan link set eth0 address "${address[lan]}"
ask_macvlan

# Older macvlans kept what came from the address of one in bridge mode from all of
# those. A second virtual router on the wire has that address, too.
older='' older_joined=''
[[ ${macvlan[absorbs:lan:b1>all]} = *vm/b1* ]] || older=" +b1 +b2" older_joined=" +b2"

compare "host off"
differs_always
if [ -n "$older" ]; then
	differs "bridge hears another station of its address" "${older# }" \
		{reflects,absorbs:lan}:b1\>all
	differs "by groups, too" "${older_joined# }" {reflects,absorbs:lan}:b1\>joined
fi
nothing_else

compare "host on"
differs_always
differs "bridge reaches the host in memory" "+@ -lan" absorbs:b1\>host
differs "also if the wire would bring it" "-lan" reflects:b1\>host
differs "the host reaches bridge in memory" "-lan +@" absorbs:host\>b?
differs "also if the wire would bring it" "-lan" reflects:host\>b?
differs "the host hears what bridge sends to many" "+host" absorbs:b1\>{all,*joined}
differs "and again from a wire that sends it back, as bridge does" "+host$older" reflects:b1\>all
differs "likewise for a group" "+host$older_joined" reflects:b1\>joined
differs "whether joined or not" "+host" reflects:b1\>unjoined
differs "bridge hears what the host sends to all" "+b1 +b2" absorbs:host\>all
differs "and to a group" "+b2" absorbs:host\>joined
differs "and not again from the wire, as the host's address is nobody else's" "-b1 -b2" \
	absorbs:lan:host\>all
differs "nor for a group" "-b2" absorbs:lan:host\>joined
if [ -n "$older" ]; then
	differs "bridge hears another station of its address" "${older# }" absorbs:lan:b1\>all
	differs "by groups, too" "${older_joined# }" absorbs:lan:b1\>joined
fi
nothing_else
