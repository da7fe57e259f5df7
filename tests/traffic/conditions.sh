# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154 # F and the ends: traffic.sh and topology.sh
#
# The conditions of a case's frames on their way: offloads of the two ends, impairment, a
# switch that reflects, rules.

# features NAMESPACE DEVICE LEVEL [WORD...]
features() {
	local where=$1 dev=$2 words=("${@:4}")
	case $3 in
	none) ;;
	tso) words+=(tso off) ;;
	gso) words+=(tso off gso off) ;;
	gro) words+=(gro on) ;;
	udp-gro) words+=(gro on rx-udp-gro-forwarding on) ;;
	fraglist) words+=(gro on rx-gro-list on) ;;
	big) words+=(gro on) ;;
	*) words+=("$3" off) ;;
	esac
	[ "${#words[@]}" -eq 0 ] || within "$where" ethtool -K "$dev" "${words[@]}" >/dev/null
	[ "$3" != big ] || at "$where" "link set $dev gso_max_size 200000 gro_max_size 200000"
}

offloads() {
	local where words=()
	[ "${F[vlan]}" != inframe ] || words=(txvlan off)
	case ${F[path]}/${F[near]} in
	# what is large is what others send to the tap, or to the vNIC before a socket
	tap/big | taps/big) at host "link set ta gso_max_size 200000 gro_max_size 200000" ;;
	xsk/big | xsks/big) at a "link set xa gso_max_size 200000 gro_max_size 200000" ;;
	*) features "$near_ns" "$near_port" "${F[near]}" "${words[@]}" ;;
	esac
	features "$far_ns" "$far_port" "${F[far]}" "${words[@]}"
	# of the underlay's devices, too
	[ "${F[path]}" != overlay ] || for where in host lan; do
		features $where u0 "${F[far]/big/none}"
	done
}

# impair NAMESPACE DEVICE
impair() {
	local how
	case ${F[netem]} in
	none) return ;;
	loss) how="loss 3%" ;;
	reorder) how="delay 4ms reorder 75% 50%" ;;
	duplicate) how="duplicate 5%" ;;
	delay) how="delay 4ms" ;;
	drop)
		printf '%s\n' "qdisc add dev $2 clsact" \
			"filter add dev $2 ingress matchall action continue random netrand drop 25"
		return
		;;
	esac
	echo "qdisc add dev $2 root netem limit 20000 $how"
}

# A switch that sends back what it gets is what vepa mode needs, unless the far end is on another host.
reflection() {
	[ "${F[path]}" != overlay ] || return 0
	[[ ${F[mode]} = vepa || ${F[event]} = mode ]] || return 0
	[ "${F[netem]}/$far_ns" = drop/lan ] || echo "qdisc add dev eth0 clsact"
	echo "filter add dev eth0 ingress pref 60000 matchall action mirred egress mirror dev eth0"
}

# tc_lines NAMESPACE LINES: of commands, if there are any
tc_lines() {
	[ -z "$2" ] || batch_tc "$1" "$2"
}

traffic_control() {
	tc_lines "$near_ns" "$(impair "$near_ns" "$near_port")"
	[ "$far_ns" = lan ] || tc_lines "$far_ns" "$(impair "$far_ns" "$far_port")"
	tc_lines lan "$(
		[ "$far_ns" != lan ] || impair lan eth0
		reflection
	)"
}

rules() {
	[ "${F[rules]}" = conntrack ] || return 0
	within host nft -f - <<-END
		table inet t {
			chain c {
				type filter hook prerouting priority 0;
				ct state invalid counter
			}
		}
	END
}
