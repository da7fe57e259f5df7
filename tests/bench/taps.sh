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
	local kind=$1
	shift
	batch "link add $kind-low type dummy" "link set $kind-low up" \
		"link add link $kind-low name $kind-a address $from type $kind $*" \
		"link add link $kind-low name $kind-b address $to type $kind $*" \
		"link set $kind-a up" "link set $kind-b up"
	from_path[$kind]=/dev/tap$(<"/sys/class/net/$kind-a/ifindex")
	to_path[$kind]=/dev/tap$(<"/sys/class/net/$kind-b/ifindex")
}

have tun macvtap
over vnicxtap
over macvtap mode bridge
batch "link add bridge0 type bridge mcast_snooping 0" "link set bridge0 up" \
	"tuntap add tun-a mode tap vnet_hdr" "tuntap add tun-b mode tap vnet_hdr" \
	"link set tun-a master bridge0 up" "link set tun-b master bridge0 up"
from_path[tap+bridge]=tun-a
to_path[tap+bridge]=tun-b
