# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# For the rows with many devices: beside a pair of a kind, a namespace KIND-c with
# any number of further ones, c1, c2 and so on, in which one tc filter drops what
# all of them receive. ipvlan delivers by IP address, so its devices have one each.

# ip does not close the namespaces that a batch names
ulimit -n 20000

# crowd_ip N: the IP address of cN
crowd_ip() {
	echo "198.19.$(($1 / 250)).$(($1 % 250 + 1))"
}

# crowd KIND FROM TO: makes those of that range, up
crowd() {
	local kind=$1 c=$1-c n options bridge=${bridge_of[$1]:-} ports=()
	options=$(mode "${kind%%+*}")
	if [ ! -e "/run/netns/$c" ]; then
		spaces "$c"
		# the block exists as long as a device uses it
		batch_in "$c" "link add first type dummy"
		tc -n "$c" qdisc add dev first ingress_block 1 clsact
		tc -n "$c" filter add block 1 matchall action drop
	fi
	for ((n = $2; n <= $3; n++)); do
		case $kind in
		veth+bridge | bridge+*)
			echo "link add c$n netns $c type veth peer name $bridge-$n"
			echo "link set $bridge-$n master $bridge up"
			;;
		veth+ovs)
			echo "link add c$n netns $c type veth peer name o$n"
			echo "link set o$n up"
			;;
		*) echo "link add link $kind-low name c$n netns $c type ${kind%%+*} $options" ;;
		esac
	done | ip -batch -
	if [ "$kind" = veth+ovs ]; then
		for ((n = $2; n <= $3; n++)); do
			ports+=(-- add-port ovs0 "o$n")
		done
		ovs ovs-vsctl "${ports[@]}" 2>/dev/null
	fi
	for ((n = $2; n <= $3; n++)); do
		echo "qdisc add dev c$n ingress_block 1 clsact"
	done | tc -n "$c" -batch -
	for ((n = $2; n <= $3; n++)); do
		[ "$kind" != ipvlan ] || echo "address add $(crowd_ip $n)/32 dev c$n"
		echo "link set c$n up"
	done | ip -n "$c" -batch -
	# until the kernel has no more to do about them
	sleep 3
}

# crowd_got KIND: how many frames its crowd dropped
crowd_got() {
	tc -n "$1-c" -s filter show block 1 | awk '$1 == "Sent" { print $4 }'
}

# crowd_sees KIND COMMAND...: what the command prints, and how many copies arrived
crowd_sees() {
	local kind=$1 before value after
	shift
	before=$(crowd_got "$kind")
	value=$("$@")
	after=$(crowd_got "$kind")
	# what is still on its way
	while sleep 0.2 && [ "$(crowd_got "$kind")" -gt "$after" ]; do
		after=$(crowd_got "$kind")
	done
	echo "$value $((after - before))"
}

# crowd_flood KIND MAC FRAMES: sent by x in KIND-a; prints the nanoseconds for each
# frame and how many copies arrived
crowd_flood() {
	crowd_sees "$1" inside "$1-a" flood x "${@:2}"
}

# crowd_acquaint KIND MAC: lets a daemon know what to do with frames from x to that
crowd_acquaint() {
	[ "$1" != veth+ovs ] || crowd_flood "$1" "$2" 1 >/dev/null
}

# crowd_pairs KIND...: a pair of each, whose other end is not of the crowd; and in
# floor-a, a device that drops at once
crowd_pairs() {
	local kind
	if [ ! -e /run/netns/floor-a ]; then
		spaces floor-a
		ip link add x netns floor-a type dummy
		ip -n floor-a link set x up
	fi
	for kind; do
		pair "$kind"
		ip -n "$kind-b" link set x down
	done
}

# crowds FROM TO KIND...: as crowd, for each
crowds() {
	local kind
	for kind in "${@:3}"; do
		crowd "$kind" "$1" "$2"
	done
}
