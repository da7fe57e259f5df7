#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kernels: uml 6.1
#
# The same frames among macvlans and among vNICs of the same modes, with a wire
# that sends nothing back and with one that does: they arrive at the same stacks,
# as many times, but for what is listed here with its reason.
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"
# shellcheck source=helpers/compare.sh
. "${0%/*}/helpers/compare.sh"

# Differences that have nothing to do with the host
differs_always() {
	local own="a frame to one's own address goes nowhere"
	differs "$own" "-@" {absorbs,reflects}:b1\>b1
	differs "$own" "-lan" absorbs:{e1\>e1,p1\>p1,s1\>s1}
	differs "$own" "-lan -@" reflects:{e1\>e1,p1\>p1}
	differs "$own" "-host -lan" reflects:s1\>s1
	differs "private and other vNICs are apart when the wire sends unicast back" "-@" \
		{reflects:,absorbs:lan:}[bes]1\>p[12] reflects:p1\>{b?,e?,p2} absorbs:lan:p1\>[bep]?
	differs "the host hears private's broadcasts from a wire that sends them back" \
		"+host" {reflects:,absorbs:lan:}p1\>all
	differs "private hears its own frames to groups that it joined" "+host -p1" \
		{reflects:,absorbs:lan:}p1\>*joined
	differs "source hears listed addresses only, not itself" "+host -s1" \
		{reflects:,absorbs:lan:}s1\>{all,*joined}
	differs "the host hears broadcasts from the wire beside passthru" "+host" \
		passthru-{reflects:x,reflects:host,absorbs:lan:host}\>{all,joined}
	differs "passthru hears only groups that it joined" "+host -x" \
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
	differs "bridge hears broadcasts of another station with its address" "${older# }" \
		{reflects,absorbs:lan}:b1\>all
	differs "bridge hears multicast of another station with its address" \
		"${older_joined# }" {reflects,absorbs:lan}:b1\>joined
fi
nothing_else

compare "host on"
differs_always
differs "bridge reaches the host in memory" "+@ -lan" absorbs:b1\>host
differs "bridge reaches the host in memory though the wire sends back" "-lan" reflects:b1\>host
differs "the host reaches bridge in memory" "-lan +@" absorbs:host\>b?
differs "the host reaches bridge in memory though the wire sends back" "-lan" reflects:host\>b?
differs "the host hears bridge's broadcasts and multicast" "+host" absorbs:b1\>{all,*joined}
differs "the host hears bridge's broadcasts again from a wire that sends back" "+host$older" reflects:b1\>all
differs "the host hears bridge's multicast again from a wire that sends back" \
	"+host$older_joined" reflects:b1\>joined
differs "the host hears multicast that nobody joined again from a wire that sends back" \
	"+host" reflects:b1\>unjoined
differs "bridge hears the host's broadcasts" "+b1 +b2" absorbs:host\>all
differs "bridge hears the host's multicast" "+b2" absorbs:host\>joined
differs "bridge hears no broadcast from the wire with the host's address" "-b1 -b2" \
	absorbs:lan:host\>all
differs "bridge hears no multicast from the wire with the host's address" "-b2" absorbs:lan:host\>joined
if [ -n "$older" ]; then
	differs "bridge hears broadcasts of another station with its address" "${older# }" absorbs:lan:b1\>all
	differs "bridge hears multicast of another station with its address" \
		"${older_joined# }" absorbs:lan:b1\>joined
fi
nothing_else
