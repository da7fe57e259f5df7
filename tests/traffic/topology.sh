# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154,SC2034 # F and the ends: traffic.sh, events.sh, conditions.sh
#
# The devices of a case. In the namespace host a lower device, eth0, whose wire ends in
# lan (wire.sh); the near end in a or with the lower device, the far one in b, or it is the host or the LAN; in c a vNIC
# that has nothing to do with it. With path=overlay, the far end is over the lower device of lan. Commands are collected and run by one program for
# each namespace.

# The device upon a namespace's device for its VLAN, to be put up when that was down
declare -A batch=() upper=()

# at NAMESPACE COMMAND...: of ip, to be run by apply
at() {
	local where=$1
	shift
	batch[$where]+=$(printf '%s\n' "$@")$'\n'
}

apply() {
	local where
	for where in host lan a b c r x; do
		[ -n "${batch[$where]:-}" ] || continue
		ip -n "$where" -batch - <<<"${batch[$where]%$'\n'}"
		batch[$where]=
	done
}

# within NAMESPACE COMMAND...: "ip netns exec" starts more than that
within() {
	local where=$1
	shift
	nsenter --net="/run/netns/$where" "$@"
}

# The longest packets that the two ends send, and what their devices are set to
choose_mtus() {
	case ${F[mtu]} in
	narrow) near_mtu=1300 far_mtu=1500 ;;
	change) near_mtu=9000 far_mtu=9000 ;;
	*) near_mtu=${F[mtu]} far_mtu=${F[mtu]} ;;
	esac
	wire_mtu=$((near_mtu > 1500 ? near_mtu : 1500))
	lan_mtu=$wire_mtu adapter_mtu=$wire_mtu
	case ${F[path]} in
	wire | home) lan_mtu=$far_mtu ;;
	host) adapter_mtu=$far_mtu ;;
	esac
}

# The options of a vNIC's policy, whose bounds no traffic meets
programs=/tmp/programs
# In the name of these the program asks; and the router's other side
others="192.0.2.96/27 192.0.2.128/25 2001:db8::7700/120 198.51.100.0/24 fe80::/10"
declare -A policies=([none]='' [rate]="max_tx_rate 400gbit max_rx_rate 400gbit storm 1000000"
	[guard]="spoofchk on raguard on dhcpguard on dhcp-block on ipguard static ipguard-in on allowed-ips 192.0.2.0/24 \
		198.51.100.0/24 239.0.0.0/8 2001:db8::/32 fe80::/10"
	[access]="vlan 10 qos 3" [trunk]="trunk 10,100 native untagged" [pvlan]="pvlan community 10 11"
	[isolated]="isolated on" [leases]="spoofchk on ipguard dhcp ipguard-in on allowed-ips $others"
	[suppress]="spoofchk on ipguard static neigh_suppress on"
	[mirror]="mirror copies both" [bpf]="bpf tx pinned $programs/pass bpf rx pinned $programs/pass")

# prepare_policy: a mirror's device, or a program that lets frames pass
prepare_policy() {
	local where
	case ${F[policy]} in
	mirror)
		for where in host lan; do
			printf '%s\n' "link add copies type dummy" "link set copies up" | ip -n $where -batch -
		done
		;;
	bpf)
		[ ! -e "$programs/pass" ] || return 0
		mkdir -p "$programs"
		mount -t bpf bpf "$programs"
		bpf-pin "$programs/pass" return 0
		;;
	esac
}

# policy_words: the policy's options. Beside leases, requests for them go to their holder alone, in
# VLANs if the vNIC's policy has these.
policy_words() {
	local words=${policies[${F[policy]}]}
	if [ "${F[policy]}" = leases ]; then
		[ "${F[mode]}" = passthru ] || words+=" neigh_suppress on"
		case ${F[vlan]}/${F[path]} in
		tag/host | inframe/host) ;;
		tag/* | inframe/*) words+=" ${policies[trunk]}" ;;
		esac
	fi
	echo "$words"
}

# holds VNIC: the list that lets nobody else hold its addresses, under suppress
holds() {
	local number=13
	[ "${F[policy]}" = suppress ] || return 0
	case $1/${F[path]} in
	v1/* | ta/* | xa/* | m0/*) number=11 ;;
	v2/router) number=1 ;;
	v2/* | tb/* | xb/*) number=12 ;;
	v4/*) number=14 ;;
	esac
	echo "allowed-ips $others 192.0.2.$number 2001:db8::$number $([ $number != 1 ] || echo 2001:db8:1::/64)"
}

# vnic NAME NAMESPACE MTU [OPTION...]: over eth0, in the namespace host or $lower_ns
vnic() {
	local name=$1 where=$2 mtu=$3
	shift 3
	# shellcheck disable=SC2046,SC2086 # words
	set -- "$@" $(policy_words)
	at "${lower_ns:-host}" "link add link ${lower:-eth0} name $name netns $where mtu $mtu type vnicx mode ${F[mode]} $* $(holds "$name")"
	at "$where" "link set $name up"
}

# leg NAMESPACE DEVICE MTU VARIABLE: the devices of the VLAN upon it; sets the
# variable to the uppermost
leg() {
	local where=$1 dev=$2 mtu=$3
	local -n top_device=$4
	top_device=$dev
	case ${F[vlan]} in
	tag | inframe)
		at "$where" "link add link $dev name $dev.10 type vlan id 10" \
			"link set $dev.10 up"
		upper[$where]="link set $dev.10 up"
		top_device=$dev.10
		;;
	qinq)
		at "$where" "link add link $dev name $dev.s mtu $((mtu - 4)) type vlan id 100 protocol 802.1ad" \
			"link add link $dev.s name $dev.q mtu $((mtu - 4)) type vlan id 10" \
			"link set $dev.s up" "link set $dev.q up"
		upper[$where]="link set $dev.s up"$'\n'"link set $dev.q up"
		top_device=$dev.q
		;;
	esac
}

# addresses NAMESPACE DEVICE PREFIX4 PREFIX6 NUMBER. A lost packet shall not cost
# a fifth of a second.
addresses() {
	[ -z "${upper[$1]:-}" ] || at "$1" "${upper[$1]}"
	at "$1" "address replace $3.$5/24 dev $2" \
		"route replace $3.0/24 dev $2 proto kernel scope link src $3.$5 rto_min 20ms"
	[ "$with_ip6" = no ] || at "$1" "address replace $4::$5/64 dev $2 nodad" \
		"route replace $4::/64 dev $2 proto kernel metric 256 rto_min 20ms"
}

# The addresses of both ends, and the way from one to the other where there is one
all_addresses() {
	addresses "$near_ns" "$near_dev" 192.0.2 2001:db8 11
	if [ "${F[path]}" != router ]; then
		addresses "$far_ns" "$far_dev" 192.0.2 2001:db8 12
		return
	fi
	# who asks for somebody else's packet asks from an address of the link
	[ "$with_ip6" = no ] || at r "address replace fe80::1/64 dev $router_dev nodad" \
		"address replace fe80::1/64 dev w0 nodad"
	addresses r "$router_dev" 192.0.2 2001:db8 1
	addresses r w0 198.51.100 2001:db8:1 1
	addresses b w1 198.51.100 2001:db8:1 12
	at a "route replace default via 192.0.2.1 rto_min 20ms"
	at b "route replace default via 198.51.100.1 rto_min 20ms"
	[ "$with_ip6" = no ] || at a "route replace default via 2001:db8::1 rto_min 20ms"
	[ "$with_ip6" = no ] || at b "route replace default via 2001:db8:1::1 rto_min 20ms"
}

# tap NAME NAMESPACE MTU OFFLOADS: a vNIC with a character device, and behind that a
# device of a stack
tap() {
	at host "link add link eth0 name $1 mtu $3 type vnicxtap mode ${F[mode]} $(policy_words) $(holds "$1")" "link set $1 up"
	relays+=("host/$1" "$2/tun0" "$4")
	at "$2" "link set tun0 mtu $3 up"
}

# xsk NAME NAMESPACE MTU READER: a vNIC with an AF_XDP socket, and behind that a device of a
# stack, whose groups the vNIC does not know
xsk() {
	at host "link add link eth0 name $1 netns $2 mtu $3 type vnicx mode ${F[mode]} trust on $(policy_words) $(holds "$1")"
	at "$2" "link set $1 allmulticast on up"
	relays+=("$2/$1" "$2/tun0" "$4")
	at "$2" "link set tun0 mtu $3 up"
}

# reader_of LEVEL: a reader that takes nothing but whole frames; a socket that copies
reader_of() {
	case $1/${F[path]} in
	tso/xsk* | gso/xsk* | sg/xsk* | tx/xsk*) echo copy ;;
	*/xsk*) echo zero-copy ;;
	tso/* | gso/* | sg/* | tx/*) echo whole ;;
	*) echo offloads ;;
	esac
}

start_relay() {
	local line
	apply_first host
	traffic relay "${relays[@]}" >/tmp/from-relay 2>&1 &
	relay_pid=$!
	read -r line </tmp/from-relay
	[ "$line" = ready ] || {
		echo "the relay: $line"
		return 1
	}
}

apply_first() {
	local line=${batch[$1]}
	batch[$1]=
	ip -n "$1" -batch - <<<"${line%$'\n'}"
}

# The near end's device is near_port (of the vNIC) and near_dev (of the stack); the
# far one's likewise.
near_side() {
	near_ns=a near_port=v1
	# as a virtual machine's vNIC that the host itself uses
	[ "${F[path]}" != home ] || near_ns=host
	case ${F[path]} in
	tap | taps)
		near_port=tun0
		tap ta a "$near_mtu" "$(reader_of "${F[near]}")"
		;;
	xsk | xsks)
		near_port=tun0
		xsk xa a "$near_mtu" "$(reader_of "${F[near]}")"
		;;
	nested)
		vnic m0 host "$wire_mtu"
		lower=m0 vnic v1 a "$near_mtu"
		;;
	*) vnic v1 "$near_ns" "$near_mtu" "$([ "${F[mode]}" != source ] || echo "macaddr set $lan_mac")" ;;
	esac
	if [ "${F[path]}" = bridge ]; then
		at a "link add br0 type bridge mcast_snooping 0" "link set v1 master br0" \
			"link set br0 up"
		leg a br0 "$near_mtu" near_dev
	else
		leg "$near_ns" "$near_port" "$near_mtu" near_dev
	fi
}

far_side() {
	local mtu
	far_ns=b far_port=v2
	case ${F[path]} in
	host) far_ns=host far_port=eth0 ;;
	wire | home) far_ns=lan far_port=eth0 ;;
	taps)
		far_port=tun0
		tap tb b "$far_mtu" "$(reader_of "${F[far]}")"
		;;
	xsks)
		far_port=tun0
		xsk xb b "$far_mtu" "$(reader_of "${F[far]}")"
		;;
	router)
		# no packet of the far end is too long for the router's way to the near one
		mtu=$((far_mtu - tag_room))
		ip link add w0 netns r mtu "$mtu" type veth peer name w1 netns b mtu "$mtu"
		far_port=w1
		vnic v2 r "$far_mtu"
		leg r v2 "$far_mtu" router_dev
		at r "link set w0 up"
		at b "link set w1 up"
		far_dev=w1
		within r sh -c 'echo 1 >/proc/sys/net/ipv4/ip_forward; echo 1 >/proc/sys/net/ipv6/conf/all/forwarding'
		return
		;;
	overlay) lower_ns=lan vnic v2 b "$far_mtu" ;;
	*) vnic v2 b "$far_mtu" ;;
	esac
	leg "$far_ns" "$far_port" "$far_mtu" far_dev
}

# Those who have nothing to do with it: a vNIC elsewhere, and one in the lower device's
# namespace that is in the group and gets the same fragments as the host.
bystanders() {
	[ "${F[mode]}" != passthru ] || return 0
	vnic v3 c "$((adapter_mtu < 1500 ? adapter_mtu : 1500))"
	vnic v4 host "$((adapter_mtu < 1500 ? adapter_mtu : 1500))"
	at host "address add 239.1.2.3/32 dev v4 autojoin" "link set v4 up"
}

# Words of a packet in the case's VLAN
tags() {
	case ${F[vlan]} in
	tag | inframe) echo tag 10 ;;
	qinq) echo type 88a8 hex 0064 tag 10 ;;
	esac
}

# gives NAMESPACE/DEVICE WORD...: a DHCP server's packet for it, from the wire, which for the far
# end of an overlay is the other host. Where the host's VLAN device takes what the wire brings,
# from the host.
gives() {
	local from=(-b -w "$1" lan/eth0)
	case ${F[path]}/$1 in
	overlay/b/*) from=(-w "$1" host/eth0) ;;
	overlay/*) from=(-w "$1" lan/eth0) ;;
	esac
	[[ ${F[path]} != host || ${F[vlan]} = none ]] || from=(-w "$1" host/eth0)
	# shellcheck disable=SC2046 # words
	craft "${from[@]}" $(tags) "${@:2}"
}

# exchange NAMESPACE DEVICE ADDRESS4 ADDRESS6 [PREFIX6]: the vNIC asks for leases by DHCP
# in the case's VLAN, and a server gives them
exchange() {
	local mac own id all=255.255.255.255 address bits
	mac=$(ip -n "$1" -o link show "$2")
	mac=${mac##*link/ether } mac=${mac%% *}
	own=fe80::$(printf '%02x' $((0x${mac:0:2} ^ 2)))${mac:3:2}:${mac:6:2}ff:fe${mac:9:2}:${mac:12:2}${mac:15:2}
	# shellcheck disable=SC2046 # words
	craft -b "$1/$2" $(tags) ip4 0.0.0.0 $all 17 udp 67 dhcp 1 1 77 0.0.0.0 0 "$mac"
	gives "$1/$2" ip4 192.0.2.250 $all 17 udp 68 dhcp 2 5 77 "$3" 3600 "$mac"
	[ "$with_ip6" = yes ] || return 0
	for address in "${@:4}"; do
		id=$((${id:-0} + 1)) bits=128
		[[ $address != *:: ]] || bits=64
		# shellcheck disable=SC2046
		craft -b "$1/$2" $(tags) ip6 "$own" ff02::1:2 17 udp 547 dhcp6 1 $id :: 128 0
		gives "$1/$2" to "$mac" ip6 fe80::99 "$own" 17 udp 546 dhcp6 7 $id "$address" $bits 3600
	done
}

# has_leases NAMESPACE DEVICE ADDRESS4 ADDRESS6 [PREFIX6]: it has them, after it has asked
has_leases() {
	local shown address
	exchange "$@" >/dev/null || return 1
	shown=$(ip -n "$1" -d -o link show "$2")
	for address in "${@:3}"; do
		[[ $with_ip6 = no && $address = *:* ]] || [[ $shown =~ \ leases.*\ ${address}[/\ ] ]] || return 1
	done
}

# near_leases, far_leases: those of the vNICs at both ends, under ipguard dhcp
near_leases() {
	local where dev
	[ "${F[policy]}" = leases ] || return 0
	read -r where dev _ <<<"$(near_vnic)"
	until_ok 10 has_leases "$where" "$dev" 192.0.2.11 2001:db8::11
}

far_leases() {
	[ "${F[policy]}" = leases ] || return 0
	case ${F[path]} in
	host | wire | home) ;;
	taps) until_ok 10 has_leases host tb 192.0.2.12 2001:db8::12 ;;
	xsks) until_ok 10 has_leases b xb 192.0.2.12 2001:db8::12 ;;
	router) until_ok 10 has_leases r v2 192.0.2.1 2001:db8::1 2001:db8:1:: ;;
	*) until_ok 10 has_leases b v2 192.0.2.12 2001:db8::12 ;;
	esac
}

# make_topology: all of it, for the case F
make_topology() {
	local lower=eth0 lower_ns=host
	batch=() upper=() relays=() relay_pid=
	printf 'netns add %s\n' host lan a b c r x | ip -batch -
	choose_mtus
	tag_room=0 with_ip6=yes
	[ "${F[vlan]}" != qinq ] || tag_room=4
	[ $((near_mtu - tag_room)) -ge 1280 ] || with_ip6=no
	adapter
	prepare_policy
	at lan "link set eth0 address $lan_mac"
	near_side
	far_side
	bystanders
	[ "${#relays[@]}" -eq 0 ] || start_relay
	all_addresses
	apply
	offloads
	apply
	traffic_control
	rules
	near_leases
	far_leases
}

remove_topology() {
	local pid
	for pid in $relay_pid $traffic_pid; do
		kill "$pid" 2>/dev/null || :
	done
	printf 'netns delete %s\n' host lan a b c r x | ip -batch -
}
