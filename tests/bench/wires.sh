# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154 # the row's kinds
#
# For the rows with lower devices that have a wire: a veth each, whose other end is w in
# the namespace KIND-w, with 198.18.0.1. The devices over them have 198.18.0.42.

# wired KIND: a lower device KIND-in and its wire
wired() {
	local kind=$1
	spaces "$kind-w"
	batch "link add $kind-in type veth peer name w netns $kind-w" "link set $kind-in up"
	batch_in "$kind-w" "link set w up" "address add 198.18.0.1/24 dev w"
}

# over KIND LOWER NAME: a device in KIND-b over that lower device
over() {
	local kind=$1 b=$1-b bridge options
	case $kind in
	veth+bridge | bridge+*)
		bridge=bridge$((bridges++))
		# shellcheck disable=SC2034 # read in uplink.sh
		bridge_of["$kind-$3"]=$bridge
		batch "link add $bridge type bridge mcast_snooping 0" "link set $bridge up" \
			"link add $3 netns $b type veth peer name $bridge-a" \
			"link set $bridge-a master $bridge up" "link set $2 master $bridge"
		;;
	veth+ovs)
		batch "link add $3 netns $b type veth peer name port-ovs-$3" "link set port-ovs-$3 up"
		ovs ovs-vsctl add-br "ovs-$3" -- add-port "ovs-$3" "$2" -- add-port "ovs-$3" "port-ovs-$3" 2>/dev/null
		;;
	*)
		options=$(mode "${kind%%+*}")
		batch "link add link $2 name $3 netns $b type ${kind%%+*} $options"
		;;
	esac
	ip -n "$b" link set "$3" up
}

# stations NAME: for each contestant a namespace KIND-b on a wire; in NAME-b, the lower
# device itself
stations() {
	local kind
	spaces "$1-b"
	wired "$1"
	ip link set "$1-in" netns "$1-b"
	batch_in "$1-b" "link set $1-in up" "address add 198.18.0.42/24 dev $1-in"
	for kind in "${kinds[@]}"; do
		spaces "$kind-b"
		wired "$kind"
		over "$kind" "$kind-in" in
		ip -n "$kind-b" address add 198.18.0.42/24 dev in
	done
}
