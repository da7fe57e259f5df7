#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# kernels: uml uml-smp 6.1
#
# A tenant that broadcasts as fast as it can, from many vNICs, keeps nobody else's
# broadcasts out: neighbours and stations on the wire find each other by ARP.
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"

everyone=ff:ff:ff:ff:ff:ff
flooders=() addresses=() crowd=()

# asks NAMESPACE: for all of alice's addresses, at once
asks() {
	# shellcheck disable=SC2016 # the shell in the namespace expands them
	inside "$1" bash -c 'for a; do echo >"/dev/udp/$a/9"; done' asks "${addresses[@]}"
}

# found NAMESPACE DEVICE: how many of alice's addresses it found
found() {
	ip -n "$1" -4 neighbour show dev "$2" | grep -c "lladdr ${vnic_mac[alice]}" || :
}

# finds_all NAME NAMESPACE DEVICE
finds_all() {
	asks "$2" || :
	t "$1 finds all ${#addresses[@]} addresses of alice by ARP" \
		until_ok 20 is_now "${#addresses[@]}" found "$2" "$3"
}

# asks_once NAMESPACE DEVICE: a request that is lost is not repeated
asks_once() {
	inside "$1" bash -c "cd /proc/sys/net/ipv4/neigh/$2 && echo 1 >mcast_solicit &&
		echo 20000 >retrans_time_ms"
}

# flood DEVICE...: of the tenant, in the background
flood() {
	flooder tenant "$@" &
	flooders+=("$!")
}

# overflows_beyond NUMBER: of the tenant's frames
overflows_beyond() {
	[ "$(own_counter tenant t0 flood_overflow)" -gt "$1" ]
}

no_ipv6
lan_setup
ns alice bob tenant crowd
vnic alice alice
vnic bob bob
for n in 101 102 103 104 105 106 107 108 109 110 111 112; do
	addresses+=("192.0.2.$n")
done
batch_in alice "${addresses[@]/#/address add dev alice }"
# More vNICs than are served at once
for ((n = 0; n < 8; n++)); do
	crowd+=("link add link eth0 name t$n netns tenant group 7 type vnicx spoofchk off"
		"link add link eth0 name c$n netns crowd group 7 type vnicx")
done
batch_in host "${crowd[@]}" "address add 192.0.2.2/24 dev eth0"
inside tenant bash -c "echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6"
inside crowd bash -c "echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6"
batch_in tenant "link set group 7 up"
batch_in crowd "link set group 7 up"
asks_once lan eth0
asks_once bob bob
asks_once host eth0

flood t0 t1 t2 t3
flood t4 t5 t6 t7
t "the tenant sends more than there is room for" until_ok 20 overflows_beyond 0

finds_all "a station on the wire" lan eth0
finds_all "a neighbour" bob bob
finds_all "the host" host eth0
t_is "no broadcast of the neighbour found its queue full" 0 own_counter bob bob flood_overflow
t_is "no broadcast of the wire found its queue full" 0 \
	eval "inside host vnicx stats -j eth0 | jq '.[] | select(.port == \"wire\").counters.flood_overflow'"
seen=$(printf 'tenant/t%d ' 0 1 2 3 4 5 6 7)
reaches "the neighbour's broadcasts arrive in order" \
	"alice/alice $(printf 'crowd/c%d ' 0 1 2 3 4 5 6 7)host/eth0 lan/eth0 ${seen% }" \
	bob/bob $everyone -n 20

lost=$(own_counter tenant t0 flood_overflow)
t "the tenant is still sending more than there is room for" \
	until_ok 20 overflows_beyond "$lost"
kill "${flooders[@]}"
wait "${flooders[@]}" 2>/dev/null || :
