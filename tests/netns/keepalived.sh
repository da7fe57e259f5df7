#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kernels: uml
# timeout: 120
#
# keepalived with use_vmac: two routers have one address, on two vNICs, or on a
# vNIC and on the LAN. They advertise ten times a second (VRRP 3), so that a
# failover takes the protocol less than half a second.
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"
# shellcheck source=helpers/routers.sh
. "${0%/*}/helpers/routers.sh"

work=$(mktemp -d)
declare -A daemon=()

routers_setup

# start NAMESPACE DEVICE PRIORITY: a router
start() {
	# The other answers for the address by its own interface, too, if it may.
	inside "$1" sh -c "echo 1 >/proc/sys/net/ipv4/conf/all/arp_ignore"
	cat >"$work/$1.conf" <<-END
		global_defs {
			vrrp_version 3
			vrrp_garp_master_refresh 0
		}
		vrrp_instance router {
			state BACKUP
			interface $2
			use_vmac vr
			virtual_router_id 51
			priority $3
			advert_int 0.1
			virtual_ipaddress {
				$address/24
			}
		}
	END
	# Not by a function, whose process it would be
	ip netns exec "$1" keepalived --dont-fork --log-console --vrrp --use-file="$work/$1.conf" \
		--pid="$work/$1.pid" --vrrp_pid="$work/$1.vrrp" >"$work/$1.log" 2>&1 &
	daemon[$1]=$!
}

stop() {
	kill "${daemon[$1]}"
	wait "${daemon[$1]}" || :
}

# is_master NAMESPACE: only it has the address
is_master() {
	local where has
	for where in lan c1 c2; do
		has=no
		[ "$(ip -n "$where" -o address show to "$address")" = "" ] || has=yes
		[ "$where" != "$1" ] || [ $has = yes ] || return 1
		[ "$where" = "$1" ] || [ $has = no ] || return 1
	done
}

# master NAMESPACE STEP CLIENT...: is the master, and they reach it
master() {
	local master=$1 step=$2 client
	shift 2
	t "the router in $master is the master, $step" until_ok 20 is_master "$master"
	for client; do
		ip -n "$client" neighbour flush all
		t "$client reaches the router in $master, $step" until_ok 5 pings "$client" "$address"
	done
	t "frames to the router's address reach $master, $step" until_ok 5 \
		is_now "$master/vr" frames -e "$master/vr" c3/v3 "$virtual"
}

start c1 v1 100
master c1 "alone" c3 host lan
start lan eth0 200
master lan "with the backup in c1" c3 host c1
stop lan
master c1 "after the LAN's has gone" c3 host lan
start lan eth0 200
master lan "after the LAN's has come back" c3 host c1

start c2 v2 150
stop lan
master c2 "before c1 and without the LAN" c3 host lan c1
ip -n c2 link set v2 down
master c1 "with c2 cut off" c3 host lan
ip -n c2 link set v2 up
ip -n c2 address replace 192.0.2.12/24 dev v2
master c2 "with c2 back" c3 host lan c1

for name in c1 c2; do
	stop "$name"
done
rm -r "$work"
