# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034 # read by the rows
#
# For the rows with taps: two of each kind, ready to be opened.

# a vNIC with a character device sends from its own address, unless it may spoof
from=02:00:00:00:00:99 to=02:00:00:00:00:0b
contestants vnicxtap macvtap tap+bridge
declare -A from_path to_path

# over KIND OPTION...: two of a kind with character devices
over() {
	local kind=$1 type=${1%%+*} name=${1/vnicxtap+/v-}
	shift
	batch "link add $name-low type dummy" "link set $name-low up" \
		"link add link $name-low name $name-a address $from type $type $*" \
		"link add link $name-low name $name-b address $to type $type $*" \
		"link set $name-a up" "link set $name-b up"
	from_path[$kind]=/dev/tap$(<"/sys/class/net/$name-a/ifindex")
	to_path[$kind]=/dev/tap$(<"/sys/class/net/$name-b/ifindex")
}

# bridged KIND: two taps and a bridge, whose names have a number
bridged() {
	local n=$((bridges++))
	batch "link add bridge$n type bridge mcast_snooping 0" "link set bridge$n up" \
		"tuntap add bridge$n-a mode tap vnet_hdr" "tuntap add bridge$n-b mode tap vnet_hdr" \
		"link set bridge$n-a master bridge$n up" "link set bridge$n-b master bridge$n up"
	from_path[$1]=bridge$n-a
	to_path[$1]=bridge$n-b
	bridge_of[$1]=bridge$n
}

have tun macvtap
over vnicxtap
over macvtap mode bridge
bridged tap+bridge
