#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kernels: uml 6.1
#
# A passthru vNIC has the lower device to itself: its address and all that it receives.
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"

everyone=ff:ff:ff:ff:ff:ff nobody=02:00:00:00:00:99
first=02:00:00:00:00:e0 second=02:00:00:00:00:e1 third=02:00:00:00:00:e2

# promiscuity: how many want the lower device to receive everything
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
vnic x vm mode passthru spoofchk off
lan=$(mac lan eth0)

t_is "a passthru vNIC has the lower device's address" $first mac vm x
t_is "a passthru vNIC makes the lower device promiscuous" 1 promiscuity
reaches "a passthru vNIC receives frames to the lower device's address" vm/x lan/eth0 $first
reaches "a passthru vNIC receives frames to an unknown address" vm/x lan/eth0 $nobody -n 100
reaches "a broadcast from the wire reaches the passthru vNIC and the host" "host/eth0 vm/x" lan/eth0 $everyone
reaches "a passthru vNIC sends to the wire" lan/eth0 vm/x "$lan"
reaches "a passthru vNIC's broadcast reaches the wire only" lan/eth0 vm/x $everyone
reaches "a passthru vNIC sends from any address" lan/eth0 vm/x "$lan" -s $nobody
reaches "the host sends to the wire beside a passthru vNIC" lan/eth0 host/eth0 "$lan"
reaches "the host's broadcast does not reach a passthru vNIC" lan/eth0 host/eth0 $everyone
t "a passthru vNIC pings the wire" pings vm 192.0.2.1
t "TCP from a passthru vNIC is whole" stream vm lan 192.0.2.1
t "TCP to a passthru vNIC is whole" stream lan vm "$(ip4 x)"

t_fails "no vNIC in bridge mode is made beside a passthru vNIC" "x has lower device eth0 to itself" make
t_fails "no second passthru vNIC is made" "x has lower device eth0 to itself" make mode passthru
t_fails "passthru mode cannot be left" "passthru mode can be neither entered nor left" set_it mode bridge
t_fails "the host cannot be put on the switch of a passthru vNIC" "has the lower device to itself" \
	set_it host on
t "a passthru vNIC shows the host off" shows " host off " ip -n vm -d link show x
t_is "refused changes leave the lower device's promiscuity at 1" 1 promiscuity

t "nopromisc can be switched on" set_it nopromisc on
t_is "nopromisc ends the lower device's promiscuity" 0 promiscuity
t "nopromisc can be switched off" set_it nopromisc off
t_is "the lower device is promiscuous without nopromisc" 1 promiscuity
ip -n vm link set x promisc on
t_is "a promiscuous passthru vNIC leaves the lower device's promiscuity at 1" 1 promiscuity
ip -n vm link set x down
t_is "the lower device is not promiscuous while a passthru vNIC is down" 0 promiscuity
reaches "the host receives frames to the lower device's address while a passthru vNIC is down" \
	host/eth0 lan/eth0 $first
t "nopromisc can be switched on while a passthru vNIC is down" set_it nopromisc on
ip -n vm link set x promisc off up
t_is "nopromisc from before holds when a passthru vNIC is up" 0 promiscuity
reaches "a passthru vNIC with nopromisc receives frames to the lower device's address" vm/x lan/eth0 $first

t "a passthru vNIC's address can be changed" ip -n vm link set x address $second
t_is "the lower device's address follows a passthru vNIC's" $second mac host eth0
reaches "a passthru vNIC receives frames to its new address" vm/x lan/eth0 $second
t "the lower device's address can be changed below a passthru vNIC" ip -n host link set eth0 address $third
t_is "a passthru vNIC's address follows the lower device's" $third mac vm x
t_fails "a passthru vNIC's address cannot become a multicast address" \
	"zero or a multicast address" ip -n vm link set x address $everyone
t_is "a refused address leaves those of vNIC and lower device" \
	"$third $third" echo "$(mac vm x) $(mac host eth0)"
ip -n vm link set x address $second
ip -n vm link delete x
t_is "the lower device has its owner's last address when the passthru vNIC is gone" $third mac host eth0
t_is "the lower device is not promiscuous when the passthru vNIC is gone" 0 promiscuity
reaches "the host receives frames to its address when the passthru vNIC is gone" host/eth0 lan/eth0 $third

t "a vNIC in bridge mode can be made when the passthru vNIC is gone" make
t_fails "a passthru vNIC cannot be made beside one in bridge mode" \
	"passthru needs a lower device to itself, eth0 has 1 vNICs" \
	ip -n host link add link eth0 name x type vnicx mode passthru
ip -n host link delete y
t_fails "a passthru vNIC cannot be made with another address than the lower device's" \
	"has the address of its lower device" \
	make_with $nobody
t "a passthru vNIC can be made with the lower device's address" make_with $third
ip -n host link set y up
t_is "a vNIC made with nopromisc leaves the lower device's promiscuity at 0" 0 promiscuity
ip -n host link set eth0 down
ip -n host link delete y
t_is "the lower device keeps its address when a passthru vNIC goes while it is down" $third mac host eth0
