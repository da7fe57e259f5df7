# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154,SC2034 # F and the ends: traffic.sh and topology.sh
#
# The events in mid-stream. Each leaves everything as it was, because it happens
# twice: to datagrams, then to streams.

# The device over the lower device that the near end's traffic passes, and where it is
near_vnic() {
	case ${F[path]} in
	tap | taps) echo "host ta vnicxtap" ;;
	xsk | xsks) echo "a xa vnicx" ;;
	*) echo "$near_ns v1 vnicx" ;;
	esac
}

# down_up NAMESPACE DEVICE
down_up() {
	ip -n "$1" link set "$2" down
	nap
	ip -n "$1" link set "$2" up
}

# away_and_back NAMESPACE DEVICE
away_and_back() {
	ip -n "$1" link set "$2" netns x
	ip -n x link set "$2" netns "$1"
	at "$1" "link set $2 up"
}

# uses NUMBER: the bond transmits by that port
uses() {
	is_now "s$1" inside host cat /sys/class/net/eth0/bonding/active_slave
}

# The bond has the other port some time after one is lost.
fail_over() {
	local lost=$(($1 - 1))
	local ports=lan
	[ "${F[path]}" != overlay ] || ports=host
	printf '%s\n' "link set p$((1 - lost)) up" "link set p$lost down" | ip -n $ports -batch -
	until_ok 10 uses $((1 - lost))
	nap
}

# The near end's address, of the vNIC and, behind a reader, of the stack. Its peers
# are told, and not only made to ask: an answer from the old address may still be on
# its way, and ARP believes the first. A peer keeps what it was told for a second
# (locktime).
change_address() {
	local where dev mac=02:00:00:00:0a:0$1 peer=$far_ns peer_dev=$far_dev
	read -r where dev _ <<<"$(near_vnic)"
	ip -n "$where" link set "$dev" address "$mac"
	[[ $dev != ta && $dev != xa ]] || ip -n a link set tun0 address "$mac"
	[ "${F[path]}" != bridge ] || ip -n a link set br0 address "$mac"
	if [ "${F[path]}" = router ]; then
		peer=r peer_dev=$router_dev
	fi
	ip -n "$peer" neigh flush dev "$peer_dev"
	ip -n "$peer" neigh replace 192.0.2.11 lladdr "$mac" nud reachable dev "$peer_dev"
}

# option WORD...: of the near vNIC
option() {
	local where dev type
	read -r where dev type <<<"$(near_vnic)"
	ip -n "$where" link set "$dev" type "$type" "$@"
}

promiscuous() {
	local where dev to
	read -r where dev _ <<<"$(near_vnic)"
	for to in on off; do
		ip -n "$where" link set "$dev" promisc $to
		[ "${F[mode]}" = passthru ] || ip -n c link set v3 promisc $to
		nap
	done
}

# lower_leg NAMESPACE DEVICE UPON: with the VLAN devices upon it or upon its bridge, which
# follow by themselves. But only the outer one of two tags has room beside the MTU.
lower_leg() {
	ip -n "$1" link set "$2" mtu 1500
	[ "${F[vlan]}" != qinq ] || printf 'link set %s mtu 1496\n' "$3.q" "$3.s" | ip -n "$1" -batch -
}

lower_mtu() {
	[ "${F[mtu]}" = change ] || return 0
	lower_leg "$near_ns" "$near_port" "${near_dev%.q}"
	if [ "${F[path]}" = router ]; then
		ip -n "$far_ns" link set "$far_port" mtu $((1500 - tag_room))
	else
		lower_leg "$far_ns" "$far_port" "${far_dev%.q}"
	fi
	case ${F[path]} in
	tap) ip -n host link set ta mtu 1500 ;;
	taps) printf 'link set %s mtu 1500\n' ta tb | ip -n host -batch - ;;
	router)
		lower_leg r v2 v2
		ip -n r link set w0 mtu $((1500 - tag_room))
		;;
	esac
}

# happen NUMBER: the event, for the first or the second time
happen() {
	local where dev
	read -r where dev _ <<<"$(near_vnic)"
	batch=()
	[ "$1" -ne 1 ] || lower_mtu
	case ${F[event]} in
	adapter-down) down_up host eth0 ;;
	vnic-down) down_up "$where" "$dev" ;;
	move-vnic) away_and_back "$where" "$dev" ;;
	move-adapter) away_and_back host eth0 ;;
	failover) fail_over "$1" ;;
	address) change_address "$1" ;;
	delete)
		ip -n host link add link eth0 name v5 type vnicx
		ip -n host link set v5 up
		ip -n host link delete v5
		;;
	resize)
		ip -n host link set ta txqueuelen 30
		nap
		ip -n host link set ta txqueuelen 1000
		;;
	host)
		option host off
		nap
		option host on
		;;
	mode)
		option mode vepa
		nap
		option mode bridge
		;;
	promisc) promiscuous ;;
	esac
	if [ "${F[event]}/${F[path]}" = move-vnic/bridge ]; then
		at a "link set v1 master br0"
	fi
	case ${F[event]} in
	adapter-down | vnic-down | move-* | address) all_addresses ;;
	esac
	apply
	# others end none
	case ${F[event]} in
	move-vnic | address) near_leases ;;
	esac
}
