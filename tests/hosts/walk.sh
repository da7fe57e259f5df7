#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Two tenants' segments over three hosts, by the kernel's VXLAN and FRR's EVPN: who
# reaches whom, that nothing is changed on the way, and what stays in one host's memory.
# timeout: 300
# shellcheck source=fabric.sh
. "${0%/*}/fabric.sh"

# by number: of the address, and of the MAC address
declare -A number=([a1]=11 [a2]=12 [ga]=13 [b1]=21 [gb]=22 [c1]=31 [gc]=32)
declare -A device=([a1]=v0 [a2]=v0 [ga]=tun0 [b1]=v0 [gb]=tun0 [c1]=v0 [gc]=tun0)
names=(a1 a2 ga b1 gb c1 gc)

# answers FROM: asks all others by both families
answers() {
	local to addresses=()
	for to in "${names[@]}"; do
		[ "$to" = "$1" ] || addresses+=("192.0.2.${number[$to]}" "${slaac[$to]}")
	done
	# shellcheck disable=SC2016 # the inner shell's
	inside "$1" bash -c 'for to; do ping -n -q -c 1 -W 5 "$to" >/dev/null || echo "no answer: $to"; done' bash "${addresses[@]}"
}

# has_slaac NAME: keeps the address that it made from the router's prefix
has_slaac() {
	ip -n "$1" -6 -j address show dev "${device[$1]}" scope global -tentative |
		jq -re '[.[].addr_info[]? | select(.local // "" | startswith("2001:db8:1:"))][0].local' >"$work/slaac-$1"
}

# The stacks that get a broadcast of a1: the segment's, with the bridges' own
heard_by="a2/v0 b1/v0 c1/v0 ga/tun0 gb/tun0 gc/tun0 h1/br100 h1/up100 h2/br100 h2/up100 h3/br100 h3/up100"

in_memory() {
	local to
	for to in 192.0.2.12 "${slaac[a2]}" 192.0.2.13; do
		inside a1 ping -n -q -c 20 -i 0.01 -W 5 "$to" || return 1
	done
	stream -n 4000000 a1 a2 192.0.2.12
}

# learned: the routes of every address at each host
learned() {
	local name
	for name in a1 a2 ga; do
		leads h2 100 "$(mac_of "${number[$name]}")" h1 &&
			leads h3 100 "$(mac_of "${number[$name]}")" h1 || return 1
	done
	for name in b1 gb; do
		leads h1 100 "$(mac_of "${number[$name]}")" h2 || return 1
	done
	for name in c1 gc; do
		leads h1 100 "$(mac_of "${number[$name]}")" h3 || return 1
	done
}

# knows_as MAC: what FRR on h3 answers an operator about it
knows_as() {
	asks_by_document h3 "show evpn mac" | awk -v mac="$1" '$1 == mac { print $2, $3 }'
}

has_session() {
	asks_by_document h3 summary | awk '{ print } $1 ~ /[(]198.51.100.1[)]$/ && $10 ~ /^[0-9]+$/ { up = 1 } END { exit !up }'
}

fabric 1500
segment h1 100
segment h2 100
segment_by_document h3
frr_by_document h3
segment h1 200
segment h2 200
start_frr "${hosts[@]}"
station a1 h1 100 11
station a2 h1 100 12
station b1 h2 100 21
station c1 h3 100 31
machine ga h1 100 13
machine gb h2 100 22
machine gc h3 100 32
# Another tenant has the same addresses.
station x1 h1 200 11
station y1 h2 200 21

# Routes of type 3
t "h1 floods segment 100 to h2 and h3" until_ok 30 floods h1 100 h2 h3
t "h2 floods segment 100 to h1 and h3" until_ok 30 floods h2 100 h1 h3
t "h3 floods segment 100 to h1 and h2" until_ok 30 floods h3 100 h1 h2
t "h1 floods segment 200 to h2 alone" until_ok 30 floods h1 200 h2
t "h2 floods segment 200 to h1 alone" until_ok 30 floods h2 200 h1

# A router in c1 announces a prefix to all of the segment.
declare -A slaac=()
ip -n c1 address add 2001:db8:1::31/64 dev v0 nodad
inside c1 sysctl -qw net.ipv6.conf.all.forwarding=1
inside c1 dnsmasq --conf-file=/dev/null --port=0 --interface=v0 --bind-interfaces --user=root \
	--pid-file="$work/dnsmasq.pid" --leasefile-ro --log-facility="$work/dnsmasq.log" \
	--enable-ra --dhcp-range=2001:db8:1::,ra-only,64,1h
slaac[c1]=2001:db8:1::31
for name in "${names[@]}"; do
	[ -z "${slaac[$name]:-}" ] || continue
	t "$name makes an IPv6 address from what the router on h3 announces" until_ok 30 has_slaac "$name"
	slaac[$name]=$(<"$work/slaac-$name")
done
for name in "${names[@]}"; do
	t_is "all others answer $name by IPv4 and IPv6" "" answers "$name"
done
t "the hosts have learned each address by EVPN" until_ok 20 learned
t_is "the page's question for addresses has c1 at h3's own port" "local p100" knows_as "$(mac_of 31)"
t_is "the page's question for addresses has a1 on h1" "remote 198.51.100.1" knows_as "$(mac_of 11)"
t "the page's question for sessions has h3's with h1 established" has_session
reaches "a broadcast of a1 reaches all of its segment on three hosts" "$heard_by" a1/v0 ff:ff:ff:ff:ff:ff
reaches "a frame of a1 for an IPv6 group reaches all of its segment" "$heard_by" a1/v0 33:33:00:00:00:01
reaches "a frame of a1 for c1 reaches c1 alone" c1/v0 a1/v0 "$(mac_of 31)"
reaches "a frame of the other tenant for the same address reaches its own station" y1/v0 x1/v0 "$(mac_of 21)"
stop_machine dnsmasq
t "frames among vNICs of h1 do not pass the bridge's port" until_ok 60 beside_port h1 100 in_memory
t "traffic between vNICs of h1 and h2 is whole" whole a1/v0/11 b1/v0/21 -x neighbours
t "traffic between virtual machines of h2 and h3 is whole" whole gb/tun0/22 gc/tun0/32 -x neighbours

row() {
	tell "$(printf '%-5s %-5s %-9s %-9s %-22s %-24s %s' "$@")"
}

row host VNI "MACs here" elsewhere "flooded to" "bridge's port rx/tx" "VXLAN rx/tx"
for host in "${hosts[@]}"; do
	for vni in 100 200; do
		inside "$host" test -e "/sys/class/net/vxlan$vni" || continue
		here=$(bridge -n "$host" fdb show dev "p$vni" | grep ' master' | grep -vc permanent || :)
		entries=$(fdb "$host" "$vni")
		there=$(grep -vc '^00:00:00' <<<"$entries" || :)
		mapfile -t count < <(inside "$host" cat "/sys/class/net/"{p,vxlan}"$vni/statistics/"{rx,tx}_packets)
		row "$host" "$vni" "$here" "$there" "$(awk '/^00:00:00/ { printf "%s ", $2 }' <<<"$entries")" \
			"${count[0]}/${count[1]}" "${count[2]}/${count[3]}"
	done
done
