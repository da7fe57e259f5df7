#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Traffic that is verified, case by case: the cases are in the variable traffic_cases,
# one a line, see traffic/factors. docs/testing.md describes it.
# shellcheck source=netns/lib.sh
. "$VNICX_STAGE/tests/netns/lib.sh"
# shellcheck source=traffic/topology.sh
. "$VNICX_STAGE/tests/traffic/topology.sh"
# shellcheck source=traffic/wire.sh
. "$VNICX_STAGE/tests/traffic/wire.sh"
# shellcheck source=traffic/conditions.sh
. "$VNICX_STAGE/tests/traffic/conditions.sh"
# shellcheck source=traffic/events.sh
. "$VNICX_STAGE/tests/traffic/events.sh"
# shellcheck source=splats.sh
. "$VNICX_STAGE/tests/splats.sh"

declare -A F=() known=() default=()
lan_mac=02:00:00:00:00:01

read_factors() {
	local kind name levels
	while read -r kind name levels; do
		[ "$kind" = factor ] || continue
		known[$name]=" $levels "
		default[$name]=${levels%% *}
	done <"$VNICX_STAGE/tests/traffic/factors"
	known[seed]='' default[seed]=1
}

# parse CASE: into F
parse() {
	local word name
	for name in "${!default[@]}"; do
		F[$name]=${default[$name]}
	done
	for word in $1; do
		name=${word%%=*}
		if [ -z "${default[$name]:-}" ]; then
			echo "no such factor: $name"
			return 1
		elif [ "$name" != seed ] && [[ ${known[$name]} != *" ${word#*=} "* ]]; then
			echo "$name has no ${word#*=}, but:${known[$name]}"
			return 1
		fi
		F[$name]=${word#*=}
	done
}

# Prints the kinds of traffic that the path does not have.
left_out() {
	[ "${F[path]}" != router ] || printf 'raw multicast neighbours '
	# no SCTP packet is shorter than 512 bytes
	# a doubled super-frame makes the kernel's SCTP abort: both share their fragments
	[[ $near_mtu -ge 1280 && ${F[netem]} != duplicate ]] || printf 'sctp '
}

# Whether a queueing discipline may be emptied by another processor than the sender's,
# so that one frame overtakes another
queued_on_many() {
	[[ ${F[netem]} != none && ${F[netem]} != drop ]] && [ "$(nproc)" -gt 1 ]
}

# Whether a double may overtake: netem's clone has no socket, so GRO, which may not merge
# frames of two sockets (gro_list_prepare()), holds it apart from the other frames of its
# flow, and delivers the two rows in either order. veth, too, leaves the sender's socket.
doubles_overtake() {
	[ "${F[netem]}" = duplicate ] && [[ "${F[near]} ${F[far]}" =~ fraglist|udp-gro ]]
}

# The arguments of the program, one a line
arguments() {
	local near_most=$near_mtu far_most=$far_mtu near6=- far6=- prefix4=192.0.2 prefix6=2001:db8
	if [ "${F[mtu]}" = change ]; then
		near_most=1500 far_most=1500
	fi
	near_most=$((near_most - tag_room)) far_most=$((far_most - tag_room))
	if [ "${F[path]}" = router ]; then
		prefix4=198.51.100 prefix6=2001:db8:1
		far_most=$near_most
	fi
	if [ "$with_ip6" = yes ]; then
		near6=2001:db8::11 far6=$prefix6::12
	fi
	printf '%s\n' -r host/eth0 -r lan/eth0 -r "$near_ns/$near_port" -r "$far_ns/$far_port"
	[ "${F[path]}" != router ] || printf '%s\n' -r r/v2 -r r/w0
	[ "${F[path]}" != nested ] || printf '%s\n' -r host/m0
	[ "${F[path]}" != overlay ] || printf '%s\n' -r host/br0 -r lan/br0
	printf '%s\n' -s "${F[seed]}" -x "$(left_out)"
	[[ ${F[netem]} != loss && ${F[netem]} != drop ]] || printf '%s\n' -l
	[[ ${F[netem]} != duplicate && ${F[event]} != mode ]] || printf '%s\n' -d
	if [ "${F[netem]}" = reorder ] || doubles_overtake || queued_on_many || [ "${F[event]}" != none ] || [ "${F[mtu]}" = change ]; then
		printf '%s\n' -o
	fi
	[[ ${F[event]} = none && ${F[mtu]} != change ]] || printf '%s\n' -e
	# who is promiscuous hears groups, too
	if [ "${F[mode]}" != passthru ]; then
		printf '%s\n' "$([ "${F[event]}" = promisc ] && echo -u || echo -w)" c/v3
	fi
	# nothing of it reaches the wire
	[[ ${F[mode]}/${F[event]} != bridge/none || $far_ns = lan || ${F[path]} = overlay ]] || printf '%s\n' -u lan/eth0
	echo "$near_ns/$near_dev,192.0.2.11,$near6,$near_most"
	echo "$far_ns/$far_dev,$prefix4.12,$far6,$far_most"
}

# Runs the program, has the event happen when it asks; prints its faults.
run_traffic() {
	local words line number=0 status=0 in out
	mapfile -t words < <(arguments)
	# it may end during the event: then it has said why
	trap '' PIPE
	traffic "${words[@]}" </tmp/to-traffic >/tmp/from-traffic 2>&1 &
	traffic_pid=$!
	exec {in}>/tmp/to-traffic {out}</tmp/from-traffic
	while read -rt 300 line <&"$out" || {
		# more than 128: not the end, but no word for so long
		[ $? -le 128 ] || kill "$traffic_pid"
		false
	}; do
		case $line in
		event)
			number=$((number + 1))
			happen "$number"
			{ echo over >&"$in"; } 2>/dev/null || :
			;;
		sum*) read -r _ datagrams bytes <<<"$line" ;;
		*) echo "${line#fail }" ;;
		esac
	done
	wait "$traffic_pid" || status=$?
	echo "$datagrams $bytes" >/tmp/volume
	return "$status"
}

# For who looks for the cause: what the ends know of each other, without those in
# whose name the program asks
neighbours() {
	local where
	for where in "$near_ns" "$far_ns"; do
		ip -n "$where" neigh show | sed "/^192.0.2.1[0-9][0-9] \|^2001:db8::77/d; s/^/$where: /"
	done
}

# after_case STATUS
after_case() {
	[ "$1" -eq 0 ] || neighbours
	remove_topology
}

run_case() {
	local datagrams=0 bytes=0
	traffic_pid=
	trap 'after_case $?' EXIT
	make_topology
	run_traffic
}

# Prints forbidden lines of the kernel's log since the last call.
said() {
	local lines
	dmesg --read-clear >/tmp/said
	lines=$(splats </tmp/said)
	[ -z "$lines" ] || printf 'kernel: %s\n' "$lines"
}

verify() {
	local what out status spoken sum
	what="traffic is whole: $1"
	if [ "${F[threaded]}" != "$threaded" ]; then
		threaded=${F[threaded]}
		# what a reader had open is closed a moment later, on another processor
		until_ok 10 unload
		reload "threaded=$threaded"
		load_needs vnicx_tap
		insmod "$VNICX_STAGE/modules/vnicx_tap.ko"
	fi
	echo "0 0" >/tmp/volume
	run_quietly run_case
	spoken=$(said)
	if [ "$status" -eq 0 ] && [ -z "$spoken" ]; then
		emit pass "$what"
	else
		[ -z "$out$spoken" ] || diagnose "$out" "$spoken"
		diagnose "exit status $status" \
			"KERNEL=$VNICX_KERNEL bash scripts/check.sh traffic '$1'"
		emit fail "$what"
	fi
	read -ra sum </tmp/volume
	all_datagrams=$((all_datagrams + sum[0])) all_bytes=$((all_bytes + sum[1]))
}

threaded=0 all_datagrams=0 all_bytes=0
echo 1 >/proc/sys/net/ipv4/conf/all/arp_ignore
echo 1 >/proc/sys/net/ipv6/conf/all/keep_addr_on_down
echo 1 >/proc/sys/net/ipv6/conf/default/keep_addr_on_down
# no addresses of their own: they would talk
echo 1 >/proc/sys/net/ipv6/conf/all/addr_gen_mode
echo 1 >/proc/sys/net/ipv6/conf/default/addr_gen_mode
# of all that is sent before a neighbour answers, the first is not to be dropped
echo $((16 << 20)) >/proc/sys/net/ipv4/neigh/default/unres_qlen_bytes
echo $((16 << 20)) >/proc/sys/net/ipv6/neigh/default/unres_qlen_bytes
[ -e /dev/net/tun ] || modprobe tun
for module in sctp sch_netem act_gact act_mirred cls_matchall sch_ingress; do
	modprobe -q "$module" 2>/dev/null || :
done
read_factors
mkfifo /tmp/to-traffic /tmp/from-traffic /tmp/from-relay
# The module is loaded anew once, for those that want threads.
for wanted in 0 1; do
	while read -r line; do
		[ -n "$line" ] || continue
		parse "$line"
		[ "${F[threaded]}" != "$wanted" ] || verify "$line"
	done <<<"${traffic_cases:?}"
done
echo "# $all_datagrams datagrams and $all_bytes bytes arrived as they were sent"
