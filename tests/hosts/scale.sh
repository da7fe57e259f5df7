#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# How one host bears a segment of many addresses: h2 is all other hosts, and has MACS entries
# (20,000) of its bridge advertised. Prints how long it takes and what it costs. By name only.
# timeout: 900
# shellcheck source=fabric.sh
. "${0%/*}/fabric.sh"

macs=${MACS:-20000}

# entries add|del: all of them, by one program
entries() {
	awk -v n="$macs" -v what="$1" 'BEGIN {
		for (i = 0; i < n; i++)
			printf "fdb %s 02:01:00:%02x:%02x:%02x dev p100 master%s\n", what, i / 65536, i / 256 % 256, i % 256,
				what == "add" ? " static" : ""
	}' | bridge -n h2 -batch -
}

known() {
	fdb h1 100 | grep -c '^02:01:' || :
}

memory() {
	local pid
	pid=$(<"/run/frr/$1/$2.pid")
	awk '/^VmRSS/ { print int($2 / 1024) }' "/proc/$pid/status"
}

cpu() {
	local pid
	pid=$(<"/run/frr/$1/$2.pid")
	awk '{ print $14 + $15 }' "/proc/$pid/stat"
}

# costs EVENT SECONDS
costs() {
	tell "$1: $2 s; MiB of h1's zebra and bgpd: $(memory h1 zebra) $(memory h1 bgpd), of h2's: $(memory h2 zebra)" \
		"$(memory h2 bgpd); slab: $(awk '/^Slab/ { print int($2 / 1024) }' /proc/meminfo) MiB; 1/100 s of CPU: $(cpu h1 zebra) $(cpu h1 bgpd) $(cpu h2 zebra) $(cpu h2 bgpd)"
}

hosts=(h1 h2)
evpn
t "h1 floods to h2" until_ok 30 floods h1 100 h2
costs "at rest" 0
start=$SECONDS
entries add
tell "h2's bridge has its entries after $((SECONDS - start)) s"
t "h1 learns $macs addresses by EVPN" until_ok 600 is_now "$macs" known
costs "$macs addresses learned" $((SECONDS - start))
start=$SECONDS
entries del
t "h1 forgets $macs addresses" until_ok 600 is_now 0 known
costs "$macs addresses withdrawn" $((SECONDS - start))
