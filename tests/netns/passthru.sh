#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A passthru vNIC has the adapter to itself: its address and all that it receives.
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"

everyone=ff:ff:ff:ff:ff:ff nobody=02:00:00:00:00:99
first=02:00:00:00:00:e0 second=02:00:00:00:00:e1 third=02:00:00:00:00:e2

# promiscuity: how many want the adapter to receive everything
promiscuity() {
	local shown
	shown=$(ip -n host -d -o link show eth0)
	shown=${shown#* promiscuity }
	echo "${shown%% *}"
}

# make OPTION...: another vNIC, y
make() {
	ip -n host link add link eth0 name y type vnicx "$@"
}

# make_with ADDRESS: one of this kind
make_with() {
	ip -n host link add link eth0 name y address "$1" type vnicx mode passthru nopromisc
}

set_it() {
	ip -n vm link set x type vnicx "$@"
}

no_ipv6
lan_setup
ns vm
ip -n host link set eth0 address $first
vnic x vm mode passthru
lan=$(mac lan eth0)

t_is "it has the adapter's address" $first mac vm x
t_is "and makes it receive everything" 1 promiscuity
reaches "it receives what is for that address" vm/x lan/eth0 $first
reaches "and for any other" vm/x lan/eth0 $nobody -n 100
reaches "broadcasts are the host's, too" "host/eth0 vm/x" lan/eth0 $everyone
reaches "it sends to the wire" lan/eth0 vm/x "$lan"
reaches "to all on it" lan/eth0 vm/x $everyone
reaches "from any address" lan/eth0 vm/x "$lan" -s $nobody
reaches "the host can still send" lan/eth0 host/eth0 "$lan"
reaches "but is not on the switch" lan/eth0 host/eth0 $everyone
t "it pings the wire" pings vm 192.0.2.1
t "TCP with the wire is whole" stream vm lan 192.0.2.1
t "in both directions" stream lan vm "$(ip4 x)"

t_fails "no other vNIC is made beside it" "x has lower device eth0 to itself" make
t_fails "of its own kind neither" "x has lower device eth0 to itself" make mode passthru
t_fails "the mode cannot be left" "passthru mode can be neither entered nor left" set_it mode bridge
t_fails "the host cannot be on the switch" "has the lower device to itself" \
	set_it host on
t "and is not, as is shown" shows " host off " ip -n vm -d link show x
t_is "its count stays" 1 promiscuity

t "it can leave the adapter's promiscuity alone" set_it nopromisc on
t_is "from now on" 0 promiscuity
t "and not" set_it nopromisc off
t_is "at once" 1 promiscuity
ip -n vm link set x promisc on
t_is "being promiscuous itself is no more" 1 promiscuity
ip -n vm link set x down
t_is "while it is down, it leaves it alone" 0 promiscuity
reaches "and the host has what is for the adapter" host/eth0 lan/eth0 $first
t "a change while it is down" set_it nopromisc on
ip -n vm link set x promisc off up
t_is "holds when it is up" 0 promiscuity
reaches "and it receives" vm/x lan/eth0 $first

t "its address can be changed" ip -n vm link set x address $second
t_is "with the adapter's" $second mac host eth0
reaches "it is received" vm/x lan/eth0 $second
t "the adapter's can be changed" ip -n host link set eth0 address $third
t_is "with its own" $third mac vm x
t_fails "to a good one only" "zero or a multicast address" ip -n vm link set x address $everyone
t_is "which both have as before" "$third $third" echo "$(mac vm x) $(mac host eth0)"
ip -n vm link set x address $second
ip -n vm link delete x
t_is "the adapter has the address back that its owner gave it last" $third mac host eth0
t_is "nobody needs its promiscuity" 0 promiscuity
reaches "the host has what is for it" host/eth0 lan/eth0 $third

t "others can be made then" make
t_fails "and a passthru cannot" \
	"passthru needs a lower device to itself, eth0 has 1 vNICs" \
	ip -n host link add link eth0 name x type vnicx mode passthru
ip -n host link delete y
t_fails "it takes no address but the adapter's" "has the address of its lower device" \
	make_with $nobody
t "it takes that" make_with $third
ip -n host link set y up
t_is "without promiscuity, if made so" 0 promiscuity
ip -n host link set eth0 down
ip -n host link delete y
t_is "it can go while the adapter is down" $third mac host eth0
