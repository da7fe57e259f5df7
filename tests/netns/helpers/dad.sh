# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Sourced by the tests of link-local addresses: the question whether one is free, as a
# stack asks it, and nearly so. Packets are sent by helpers/craft.c.

# link_locals NAMESPACE DEVICE: those that it has by a question
link_locals() {
	ip -n "$1" -d -j link show dev "$2" |
		jq -r '[.[0].linkinfo.info_data.leases[]?.address | select(startswith("fe80"))] | join(" ")'
}

# A question is for fe80::HIGH:LOW. These make it another one: mid, four digits in front of
# HIGH; scope, of the group that it goes to; more, words of an option; hop_limit, code and
# sum, which make it unsound.

# sum6 HIGH LOW: its checksum
sum6() {
	local high=$((16#$1)) low=$((16#$2)) words=${mid-}${more-} sum
	# the pseudo header: ff02::1:ffHH:LOW, 24 bytes of ICMPv6; its type; the address
	sum=$((0xff${scope-02} + 1 + (0xff00 | high & 0xff) + low + 24 + 58 + 0x87${code-00} + 0xfe80 + high + low))
	[ -z "${more-}" ] || sum=$((sum + ${#more} / 2))
	while [ -n "$words" ]; do
		sum=$((sum + 16#${words:0:4}))
		words=${words:4}
	done
	while ((sum >> 16)); do
		sum=$(((sum & 0xffff) + (sum >> 16)))
	done
	printf '%04x' $((~sum & 0xffff))
}

# question HIGH LOW [WORD...]: its words, with others, like tags, in front of its EtherType
question() {
	local high low length=18
	high=$(printf '%04x' $((16#$1)))
	low=$(printf '%04x' $((16#$2)))
	[ -z "${more-}" ] || length=$(printf '%02x' $((24 + ${#more} / 2)))
	echo "to 33:33:ff:${high:2}:${low:0:2}:${low:2} ${*:3} type 86dd hex 6000000000${length}3a${hop_limit-ff} pad 16" \
		"hex ff${scope-02}00000000000000000001ff${high:2}$low hex 87${code-00}${sum-$(sum6 "$1" "$2")}00000000" \
		"hex fe80 pad 8 hex ${mid-0000}$high$low${more:+ hex $more}"
}

# asks NAMESPACE/DEVICE HIGH LOW [WORD...]: the device asks, and other stacks hear it
asks() {
	# shellcheck disable=SC2046 # they are words
	craft -e "${heard-host/eth0 lan/eth0}" "$1" $(question "${@:2}") >/dev/null
}
