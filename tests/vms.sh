#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Two virtual machines and a container, each on a vNIC of one lower device, with a
# LAN behind it that has a DHCP server and a router: leases, traffic among all
# of them and with the host and the LAN, and none of the machines' own on the
# lower device. QEMU itself serves the first machine, vhost-net the second, with two queues.
# timeout: 600
# shellcheck source=netns/lib.sh
. "$VNICX_STAGE/tests/netns/lib.sh"
# shellcheck source=guest/show.sh
. "$VNICX_STAGE/tests/guest/show.sh"
# shellcheck source=guest/machine.sh
. "$VNICX_STAGE/tests/guest/machine.sh"

# who takes part, and by which device
declare -A device=([lan]=lan0 [host]=eth0 [box]=v3 [vm1]=eth0 [vm2]=eth0)
declare -A address global local_address mac
names=(lan host box vm1 vm2)
declare -A queues=([vm1]=1 [vm2]=2)
rows=()

# at NAME COMMAND...
at() {
	local name=$1
	shift
	case $name in
	host) "$@" ;;
	vm?) machine "$name" "${*@Q}" ;;
	*) inside "$name" "$@" ;;
	esac
}

# A veth is the lower device; behind it are a server for DHCP and a router.
network() {
	ns lan
	ip link add eth0 type veth peer name lan0 netns lan
	ip -n lan address add 192.0.2.1/24 dev lan0
	ip -n lan address add 2001:db8::1/64 dev lan0 nodad
	ip -n lan link set lan0 up
	inside lan sysctl -qw net.ipv6.conf.all.forwarding=1
	ip link set eth0 up
	inside lan dnsmasq --conf-file=/dev/null --port=0 --interface=lan0 --bind-interfaces \
		--user=root --pid-file=/tmp/dnsmasq.pid --leasefile-ro --log-facility=/tmp/dnsmasq.log \
		--dhcp-authoritative --dhcp-range=192.0.2.100,192.0.2.200,255.255.255.0,1h \
		--enable-ra --dhcp-range=2001:db8::,ra-only,64,1h
}

# Each on a vNIC of the kind it needs.
vnics() {
	ns box
	ip link add link eth0 name v3 netns box type vnicx
	ip -n box link set v3 up
	local n
	for n in 1 2; do
		ip link add link eth0 name "v$n" type vnicxtap
		ip link set "v$n" up
	done
}

lease() {
	at "$1" "${dhcp_client[@]}" -i "${device[$1]}" -s "$(lease_script "$1")"
}

# A machine has its own file system.
lease_script() {
	case $1 in
	vm?) echo /tests/guest/lease.sh ;;
	*) echo "$VNICX_STAGE/tests/guest/lease.sh" ;;
	esac
}

# address_of NAME FAMILY SCOPE
address_of() {
	at "$1" ip -"$2" -j address show dev "${device[$1]}" scope "$3" -tentative |
		jq -re '[.[].addr_info[]? | select(.local)][0].local'
}

learn() {
	local name=$1
	address[$name]=$(address_of "$name" 4 global)
	until_ok 20 address_of "$name" 6 link >/dev/null
	until_ok 20 address_of "$name" 6 global >/dev/null
	local_address[$name]=$(address_of "$name" 6 link)
	global[$name]=$(address_of "$name" 6 global)
	mac[$name]=$(at "$name" cat "/sys/class/net/${device[$name]}/address")
	tell "$(printf '%-5s %-5s %s  %-14s %-34s %s' "$name" "${device[$name]}" "${mac[$name]}" \
		"${address[$name]}" "${global[$name]}" "${local_address[$name]}")"
}

# pings FROM TO: by IPv4, by IPv6 beyond and on the link; an answer may be late, with
# so many machines on one processor
pings() {
	at "$1" ping -n -q -c 2 -i 0.2 -W 10 "${address[$2]}" &&
		at "$1" ping -n -q -c 2 -i 0.2 -W 10 "${global[$2]}" &&
		at "$1" ping -n -q -c 2 -i 0.2 -W 10 "${local_address[$2]}%${device[$1]}" && return
	# where did it go?
	local name
	for name in "$1" "$2"; do
		at "$name" sh -c "echo $name; ip -s neigh show; ip -s link show dev ${device[$name]}
			grep -v ' 0$' /proc/net/snmp6"
	done
	ip -s link show type vnicxtap
	return 1
}

counters() {
	local file
	for file in /sys/class/net/eth0/statistics/tx_{packets,bytes}; do
		echo "${file##*/} $(<"$file")"
	done
}

# throughput FROM ADDRESS-OF-TO TO: in Mbit/s
throughput() {
	local out
	at "$3" iperf3 -s -1 -D >/dev/null
	until_ok 10 listening at "$3"
	out=$(at "$1" iperf3 -J -t 1 -c "$2")
	jq -re '.end.sum_received.bits_per_second / 1e6 | floor' <<<"$out"
}

# stream FROM TO ADDRESS-OF-TO SEGMENTATION: one row of the table
stream() {
	local before after rate family=IPv4
	[[ $3 != *:* ]] || family=IPv6
	at "$1" ethtool -K eth0 tso "$4" >/dev/null
	t "the lower device is quiet before TCP from $1 to $2 by $family, tso $4" until_ok 30 still
	before=$(counters)
	rate=$(throughput "$1" "$3" "$2")
	after=$(counters)
	t "TCP from $1 to $2 by $family, tso $4, flows" test "$rate" -gt 0
	t "TCP from $1 to $2 by $family, tso $4, passes the lower device by" \
		diff <(echo "$before") <(echo "$after")
	rows+=("$(printf '%-5s %-5s %-5s %-4s %8s Mbit/s   %s -> %s' "$1" "$2" "$family" "$4" "$rate" \
		"$(awk '/packets/ { print $2 }' <<<"$before")" "$(awk '/packets/ { print $2 }' <<<"$after")")")
}

# joins NAME: listens to a group of IPv4 and to one of IPv6
joins() {
	machine "$1" "socat -u UDP4-RECV:5000,ip-add-membership=239.1.2.3:eth0 CREATE:/tmp/heard4 >/dev/null 2>&1 &
		socat -u UDP6-RECV:5001,ipv6-join-group=[ff02::123]:eth0 CREATE:/tmp/heard6 >/dev/null 2>&1 &"
	until_ok 10 joined "$1" 239.1.2.3
	until_ok 10 joined "$1" ff02::123
}

joined() {
	at "$1" ip maddress show dev eth0 | grep -q "$2"
}

# heard FROM TO: a datagram to each of the groups, until both have arrived
heard() {
	at "$1" bash -c "echo '4 of $1' | socat -u - UDP4-DATAGRAM:239.1.2.3:5000,ip-multicast-if=${address[$1]}
		echo '6 of $1' | socat -u - UDP6-DATAGRAM:[ff02::123%${device[$1]}]:5001"
	at "$2" grep -q "4 of $1" /tmp/heard4 &&
		at "$2" grep -q "6 of $1" /tmp/heard6
}

# by_vhost NAME: a thread of vhost-net has woken many times for the machine; QEMU
# would go on without it
by_vhost() {
	local task
	for task in "/proc/${machine_pid[$1]}"/task/*; do
		if [[ $(<"$task/comm") = vhost-* ]]; then
			awk '/^voluntary_ctxt_switches/ && $2 > 100 { found = 1 } END { exit !found }' "$task/status" &&
				return
		fi
	done
	return 1
}

tell "one lower device with a LAN, two virtual machines, a container"
network
vnics
tell "booting the machines, each by the character device of its vNIC"
start_machine vm1 v1 "${queues[vm1]}"
start_machine vm2 v2 "${queues[vm2]}" vhost=on
for name in vm1 vm2; do
	release=$(await_machine "$name") || {
		tell "$name does not speak: $release"
		exit 1
	}
	tell "$name runs Linux $release"
	t "$name sets its network device up" machine "$name" "ip link set eth0 up"
	t_is "$name has the queues that it was given" \
		"${queues[$name]}" machine "$name" "ls -d /sys/class/net/eth0/queues/tx-* | wc -l"
done
for name in host box vm1 vm2; do
	t "$name has a lease" lease "$name"
done
for name in "${names[@]}"; do
	learn "$name"
done
t "every address differs" test "$(printf '%s\n' "${address[@]}" | sort -u | wc -l)" = "${#names[@]}"
for from in "${names[@]}"; do
	for to in "${names[@]}"; do
		[[ $from$to != *vm* || $from = "$to" ]] || t "$from reaches $to by IPv4 and IPv6" pings "$from" "$to"
	done
done
for name in vm1 vm2; do
	t "$name joins groups" joins "$name"
	for from in "${names[@]}"; do
		[ "$from" = "$name" ] || t "$name hears its groups from $from" until_ok 10 heard "$from" "$name"
	done
done
for tso in on off; do
	stream vm1 vm2 "${address[vm2]}" "$tso"
	stream vm2 vm1 "${address[vm1]}" "$tso"
done
stream vm1 vm2 "${global[vm2]}" on
stream vm2 vm1 "${global[vm1]}" on
t "frames of vm2 go by vhost-net" by_vhost vm2
tell "$(printf '%-5s %-5s %-5s %-4s %15s   %s' from to by tso TCP "frames that the lower device sent")"
for row in "${rows[@]}"; do
	tell "$row"
done
stop_machines
