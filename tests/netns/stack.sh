#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kernels: uml 6.1
#
# A vNIC is an Ethernet device like others: bridges, bonds, macvlans and further
# vNICs work upon it, as deep as the kernel permits and never in a circle.
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"

everyone=ff:ff:ff:ff:ff:ff

no_ipv6
lan_setup
ns vm1 vm2 deep
vnic v1 vm1 trust on spoofchk off flood on
vnic v2 vm2
v2=${vnic_mac[v2]} lan=$(mac lan eth0)

# A bridge upon a vNIC, which has "flood on" for it, with a station behind it that has an address of its own
batch_in vm1 "address flush dev v1" "link add bridge type bridge" "link set v1 master bridge" \
	"link add port type veth peer name eth9 address 02:00:00:00:00:09 netns deep" \
	"link set port master bridge up" "link set bridge up"
up deep eth9 9 >/dev/null
station=02:00:00:00:00:09
reaches "a station behind a bridge upon a vNIC reaches another vNIC" vm2/v2 deep/eth9 "$v2"
reaches "a station behind a bridge upon a vNIC reaches the wire" lan/eth0 deep/eth9 "$lan"
reaches "a station behind a bridge upon a vNIC reaches everybody once" \
	"host/eth0 lan/eth0 vm1/bridge vm2/v2" deep/eth9 $everyone
reaches "the wire reaches a station behind a bridge upon a vNIC" "deep/eth9 host/eth0" lan/eth0 $station
reaches "another vNIC reaches a station behind a bridge upon a vNIC" "deep/eth9 lan/eth0" vm2/v2 $station
t "a station behind a bridge upon a vNIC pings another vNIC" pings deep "$(ip4 v2)"
t "TCP from a station behind a bridge upon a vNIC is whole" stream deep vm2 "$(ip4 v2)"
t "TCP to a station behind a bridge upon a vNIC is whole" stream vm2 deep 192.0.2.9
batch_in vm1 "link delete bridge" "link delete port"
t "a vNIC that leaves a bridge is no longer promiscuous" shows "promiscuity 0 " \
	ip -n vm1 -d link show v1

# macvlans upon a vNIC
batch_in vm1 "link add link v1 name m1 address 02:00:00:00:00:31 netns deep type macvlan mode bridge"
up deep m1 31 >/dev/null
t "a macvlan upon a vNIC pings another vNIC" pings deep "$(ip4 v2)"
t "a macvlan upon a vNIC pings the wire" pings deep 192.0.2.1
ip -n deep link delete m1

# A bond of two vNICs, over one lower device
vnic b1 vm1
vnic b2 vm1
batch_in vm1 "address flush dev b1" "address flush dev b2" "link set b1 down" "link set b2 down" \
	"link add bond type bond mode active-backup fail_over_mac active miimon 50" \
	"link set b1 master bond" "link set b2 master bond"
up vm1 bond 41 >/dev/null
t "a bond of vNICs pings another vNIC" until_ok 5 pings vm1 "$(ip4 v2)"
t "a bond of vNICs pings the wire" pings vm1 192.0.2.1
ip -n vm1 link set b1 down
t "a bond of vNICs pings another vNIC when it loses a port" until_ok 5 pings vm1 "$(ip4 v2)"
# who heard of an address less than a second ago ignores its announcement
ip -n lan neighbour flush dev eth0
t "the wire pings a bond of vNICs that lost a port" until_ok 5 pings lan 192.0.2.41
ip -n vm1 link delete bond

# vNICs upon vNICs: each lower device of a switch is a vNIC of the next
batch_in vm1 "link add link v1 name n1 type vnicx" "link set n1 up" \
	"link add link n1 name n2 type vnicx" "link set n2 up" \
	"link add link n2 name n3 netns deep type vnicx"
up deep n3 51 >/dev/null
t "a vNIC upon a vNIC upon a vNIC pings the wire" pings deep 192.0.2.1
t "a vNIC upon a vNIC upon a vNIC pings a vNIC of the lowest switch" pings deep "$(ip4 v2)"
t "TCP from a vNIC upon a vNIC upon a vNIC is whole" stream deep vm2 "$(ip4 v2)"
t "TCP to a vNIC upon a vNIC upon a vNIC is whole" stream vm2 deep 192.0.2.51
n3=$(mac deep n3)
reaches "a broadcast from the highest of three switches reaches every stack once" \
	"host/eth0 lan/eth0 vm1/n1 vm1/n2 vm1/v1 vm2/v2" deep/n3 $everyone
reaches "a broadcast from the wire reaches every stack of three switches once" \
	"deep/n3 host/eth0 vm1/n1 vm1/n2 vm1/v1 vm2/v2" lan/eth0 $everyone
reaches "a frame from the wire to the highest of three switches reaches its vNIC only" deep/n3 lan/eth0 "$n3"
reaches "the host of the highest of three switches reaches its vNIC" deep/n3 vm1/n2 "$n3"

# Depth
deeper() {
	local n
	for n in {4..12}; do
		if ! ip -n vm1 link add link "n$((n - 1))" name "n$n" type vnicx; then
			return 1
		fi
	done
}
ip -n deep link set n3 netns vm1
t_fails "vNICs upon vNICs are refused when they are nested too deep" \
	"lower device n[0-9]* has too many devices below it" deeper
ip -n vm1 link delete n1
t "no nested vNIC is left when the lowest is deleted" \
	matches "" "$(inside vm1 sh -c 'echo /sys/class/net/n[1-9]*' | grep -v '\*' || :)"

# Circles
batch_in vm1 "link add name ring type bridge" "link set ring up" \
	"link add link ring name c1 type vnicx"
t_fails "a bridge does not take the vNIC that is upon it" "busy|loop|Too many" \
	ip -n vm1 link set c1 master ring
t_fails "a bridge does not take a vNIC upon a vNIC that is upon it" "busy|loop|Too many" batch_in vm1 \
	"link add link c1 name c2 type vnicx" "link set c2 master ring"
ip -n vm1 link delete ring
t "vNICs upon a bridge go with it" \
	matches "" "$(inside vm1 sh -c 'echo /sys/class/net/c[12]*' | grep -v '\*' || :)"
