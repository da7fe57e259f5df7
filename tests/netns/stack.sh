#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A vNIC is an Ethernet device like others: bridges, bonds, macvlans and further
# vNICs work upon it, as deep as the kernel permits and never in a circle.
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"

everyone=ff:ff:ff:ff:ff:ff

no_ipv6
lan_setup
ns vm1 vm2 deep
vnic v1 vm1 flood on
vnic v2 vm2
v2=${vnic_mac[v2]} lan=$(mac lan eth0)

# A bridge upon a vNIC, which has "flood on" for it, with a station behind it that has an address of its own
batch_in vm1 "address flush dev v1" "link add bridge type bridge" "link set v1 master bridge" \
	"link add port type veth peer name eth9 address 02:00:00:00:00:09 netns deep" \
	"link set port master bridge up" "link set bridge up"
up deep eth9 9 >/dev/null
station=02:00:00:00:00:09
reaches "a station behind a bridge upon a vNIC reaches another vNIC" vm2/v2 deep/eth9 "$v2"
reaches "and the wire" lan/eth0 deep/eth9 "$lan"
reaches "and everybody once" "host/eth0 lan/eth0 vm1/bridge vm2/v2" deep/eth9 $everyone
reaches "it is reached by the wire" "deep/eth9 host/eth0" lan/eth0 $station
reaches "and by another vNIC" "deep/eth9 lan/eth0" vm2/v2 $station
t "it pings the other vNIC" pings deep "$(ip4 v2)"
t "TCP is whole" stream deep vm2 "$(ip4 v2)"
t "in both directions" stream vm2 deep 192.0.2.9
batch_in vm1 "link delete bridge" "link delete port"
t "a vNIC that leaves a bridge is no longer promiscuous" shows "promiscuity 0 " \
	ip -n vm1 -d link show v1

# macvlans upon a vNIC
batch_in vm1 "link add link v1 name m1 address 02:00:00:00:00:31 netns deep type macvlan mode bridge"
up deep m1 31 >/dev/null
t "a macvlan upon a vNIC pings another vNIC" pings deep "$(ip4 v2)"
t "and the wire" pings deep 192.0.2.1
ip -n deep link delete m1

# A bond of two vNICs, over one adapter
vnic b1 vm1
vnic b2 vm1
batch_in vm1 "address flush dev b1" "address flush dev b2" "link set b1 down" "link set b2 down" \
	"link add bond type bond mode active-backup fail_over_mac active miimon 50" \
	"link set b1 master bond" "link set b2 master bond"
up vm1 bond 41 >/dev/null
t "a bond of vNICs pings another vNIC" until_ok 5 pings vm1 "$(ip4 v2)"
t "and the wire" pings vm1 192.0.2.1
ip -n vm1 link set b1 down
t "also when one of them is lost" until_ok 5 pings vm1 "$(ip4 v2)"
# who heard of an address less than a second ago ignores its announcement
ip -n lan neighbour flush dev eth0
t "in both directions" until_ok 5 pings lan 192.0.2.41
ip -n vm1 link delete bond

# vNICs upon vNICs: each adapter of a switch is a vNIC of the next
batch_in vm1 "link add link v1 name n1 type vnicx" "link set n1 up" \
	"link add link n1 name n2 type vnicx" "link set n2 up" \
	"link add link n2 name n3 netns deep type vnicx"
up deep n3 51 >/dev/null
t "a vNIC upon a vNIC upon a vNIC pings the wire" pings deep 192.0.2.1
t "and a vNIC of the lowest switch" pings deep "$(ip4 v2)"
t "TCP is whole" stream deep vm2 "$(ip4 v2)"
t "in both directions" stream vm2 deep 192.0.2.51
n3=$(mac deep n3)
reaches "its broadcast reaches every stack on the way once" \
	"host/eth0 lan/eth0 vm1/n1 vm1/n2 vm1/v1 vm2/v2" deep/n3 $everyone
reaches "and one from the wire" "deep/n3 host/eth0 vm1/n1 vm1/n2 vm1/v1 vm2/v2" lan/eth0 $everyone
reaches "a frame for it reaches it alone" deep/n3 lan/eth0 "$n3"
reaches "of the switches between, each has its host" deep/n3 vm1/n2 "$n3"

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
t_fails "as deep as the kernel permits" "lower device n[0-9]* has too many devices below it" deeper
ip -n vm1 link delete n1
t "nothing of it is left" matches "" "$(inside vm1 sh -c 'echo /sys/class/net/n[1-9]*' | grep -v '\*' || :)"

# Circles
batch_in vm1 "link add name ring type bridge" "link set ring up" \
	"link add link ring name c1 type vnicx"
t_fails "a bridge does not take the vNIC that is upon it" "busy|loop|Too many" \
	ip -n vm1 link set c1 master ring
t_fails "nor one upon that" "busy|loop|Too many" batch_in vm1 \
	"link add link c1 name c2 type vnicx" "link set c2 master ring"
ip -n vm1 link delete ring
t "all go with the bridge" matches "" "$(inside vm1 sh -c 'echo /sys/class/net/c[12]*' | grep -v '\*' || :)"
