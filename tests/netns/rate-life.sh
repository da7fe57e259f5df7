#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kernels: uml
#
# A rate holds whatever happens to the vNIC, other options do not touch its debts, and what
# is refused changes nothing.
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"

no_ipv6
lan_setup
ns c1 c2 c3
silence host c1 c3
# At 8 kbit/s, a frame of 9014 bytes is a debt of nine seconds.
ip -n host link set eth0 mtu 9000
ip -n lan link set eth0 mtu 9000
vnic v1 c1
vnic v2 c2
V2=${vnic_mac[v2]}

set_v1() {
	ip -n "$where" link set v1 type vnicx "$@"
}
set_v2() {
	ip -n c2 link set v2 type vnicx "$@"
}
where=c1

# owes WHAT: v1's next frame is dropped for its rate
owes() {
	local before
	before=$(own_counter "$where" v1 tx_rate)
	frames -q "$where/v1" "$V2" >/dev/null
	t_is "$1" $((before + 1)) own_counter "$where" v1 tx_rate
}

set_v1 max_tx_rate 8kbit burst 60000
t "rates are shown as they were given" shows " max_tx_rate 8kbit burst 60000 " ip -n c1 -d -o link show v1
# One frame passes at once, however long, and the next one when that is earned.
reaches "the first frame passes at the lowest rate" c2/v2 -l 9014 c1/v1 "$V2"
owes "a frame behind a long one is dropped at the lowest rate"
for _ in 1 2 3; do
	frames -q -l 9014 c1/v1 "$V2" >/dev/null
done
t_is "frames above the rate are among the dropped ones" "$(own_counter c1 v1 tx_rate)" counter c1 v1 tx_dropped

owes_after() {
	local what=$1
	shift
	set_v1 max_tx_rate off
	set_v1 max_tx_rate 8kbit
	frames -l 9014 -e c2/v2 "$where/v1" "$V2" >/dev/null
	"$@"
	owes "a vNIC owes the same after $what"
}
other_options() {
	set_v1 storm 100 max_rx_rate 1gbit class 1:1 bcqueuelen 7 flood on
	set_v1 storm off max_rx_rate off class off
}
down_up() {
	ip -n "$where" link set v1 down
	ip -n "$where" link set v1 up
}
rename() {
	ip -n c1 link set v1 down
	ip -n c1 link set v1 name w1
	ip -n c1 link set w1 name v1 up
}
address() {
	ip -n "$where" link set v1 address 02:00:00:00:00:77
}
move() {
	ip -n c1 link set v1 netns c3
	where=c3
	ip -n c3 link set v1 up
}
move_lower() {
	ip -n host link set eth0 netns c3
	ip -n c3 link set eth0 netns host
	ip -n host link set eth0 up
}
owes_after "other options" other_options
owes_after "down and up" down_up
owes_after "another name" rename
owes_after "another address" address
owes_after "a move to another namespace" move
owes_after "moves of the lower device" move_lower

set_v1 max_tx_rate 100mbit
reaches "a higher rate begins without debts" c2/v2 "$where/v1" "$V2"
t "a rate without a burst has no old one" eval "! shows burst ip -n $where -d -o link show v1"
t "a burst can change alone" eval "set_v1 burst 64k; shows ' max_tx_rate 100mbit burst 65536 ' ip -n $where -d -o link show v1"
set_v1 max_tx_rate off
t "a vNIC without a rate shows none" eval "! shows max_tx_rate ip -n $where -d -o link show v1"

dropped=$(counter "$where" v1 tx_dropped)
# A frame that the receiver may not have is dropped there, whoever sends it.
set_v2 max_rx_rate 8kbit
reaches "the first frame is received at the lowest rate" c2/v2 -l 9014 lan/eth0 "$V2"
over() {
	local before
	before=$(own_counter c2 v2 rx_rate)
	frames -q "$2" "$3" >/dev/null
	t "$1 is dropped above the receiver's rate" until_ok 5 is_now $((before + 1)) own_counter c2 v2 rx_rate
}
over "a frame from the wire" lan/eth0 "$V2"
over "a frame from the host" host/eth0 "$V2"
over "a frame from a vNIC" "$where/v1" "$V2"
over "a broadcast" "$where/v1" ff:ff:ff:ff:ff:ff
t_is "frames above the receiver's rate are no sender's drops" "$dropped" counter "$where" v1 tx_dropped
set_v2 max_rx_rate off

# refused WHAT REGEX OPTION...: and nothing changes
set_v1 max_tx_rate 1mbit burst 5000 storm 5
refused() {
	local before what=$1 regex=$2
	shift 2
	before=$(ip -n "$where" -d -o link show v1)
	t_fails "$what is refused" "$regex" set_v1 "$@"
	t_is "$what changes nothing" "$before" ip -n "$where" -d -o link show v1
}
refused "a rate below 8 kbit/s" "rate below 8 kbit" storm 7 max_tx_rate 7kbit
refused "a rate of one bit" "rate below 8 kbit" storm 7 max_tx_rate 1bit
refused "a rate of 0, which is none to the kernel," "rate below 8 kbit" storm 7 max_tx_rate 0mbit
refused "a rate of reception below 8 kbit/s" "rate below 8 kbit" storm 7 max_rx_rate 7kbit
refused "a burst for no rate" "burst without a rate" storm 7 max_tx_rate off burst 7000
refused "a rate without a unit" '"100" after "max_tx_rate" has no unit: say 100mbit' max_tx_rate 100
refused "a rate in bytes" 'must be a rate, like 100mbit, or "off", not "100mbps"' max_tx_rate 100mbps
refused "a rate of reception that is no number" 'must be a rate, like 100mbit, or "off", not "fast"' max_rx_rate fast
refused "a negative rate" 'must be a rate, like 100mbit, or "off", not "-1mbit"' max_tx_rate -1mbit
refused "a rate above 4 Tbit/s" 'argument of "max_tx_rate" is too large: "5tbit"' max_tx_rate 5tbit
refused "a burst that is no size" 'must be a size in bytes, like 64k, not "all"' burst all
refused "a burst of 0" 'must be a size in bytes, like 64k, not "0"' max_tx_rate 1mbit burst 0
refused "a rate without its value" '"max_tx_rate".*missing' max_tx_rate
t_fails "a new vNIC with a burst for no rate is refused" "burst without a rate" \
	ip -n host link add link eth0 name v9 type vnicx burst 5000
for rate in 8kbit 100kbit 1500kbit 2mbit 1gbit 4tbit; do
	set_v1 max_tx_rate "$rate"
	t "a rate of $rate is shown so" shows " max_tx_rate ${rate/4tbit/4000gbit} " ip -n "$where" -d -o link show v1
done
set_v1 max_tx_rate 1.5gbit
t_is "in JSON, a rate is in bits a second" 1500000000 \
	eval "ip -n $where -d -j link show v1 | jq '.[0].linkinfo.info_data.max_tx_rate'"
