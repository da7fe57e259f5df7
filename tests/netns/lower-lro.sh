#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kernels: uml 6.1
#
# LRO merges frames so that nobody can forward them. The first vNIC switches it off
# at the lower device, as a bridge does; after that, no tenant changes anything there.
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"

# lro DEVICE: whether it has it
lro() {
	local word
	read -r _ word _ < <(inside host ethtool -k "$1" | grep large-receive-offload)
	echo "$word"
}

# features: all of the lower device's
features() {
	inside host ethtool -k bond
}

# tenant_does WHAT COMMAND...: and the lower device is as before
tenant_does() {
	local what=$1 before
	shift
	before=$(features)
	t "a tenant $what" "$@"
	t_is "the lower device's features stay when a tenant $what" "$before" features
}

no_ipv6
ns host vm
batch_in host "link add bond type bond" "link set bond up"
t_is "a bond has LRO" on lro bond
t_fails "a vNIC with the lower device's address is refused" "address is that of the lower device bond" \
	ip -n host link add link bond name v1 address "$(mac host bond)" type vnicx
t_is "a refused vNIC leaves LRO on" on lro bond
ip -n host link add link bond name v1 netns vm type vnicx
t_is "a vNIC switches LRO off" off lro bond
tenant_does "switches GRO on" inside vm ethtool -K v1 gro on
tenant_does "switches GRO off" inside vm ethtool -K v1 gro off
tenant_does "forwards packets" inside vm sysctl -qw net.ipv4.ip_forward=1
tenant_does "makes the vNIC a port of a bridge" batch_in vm "link add bridge type bridge" "link set v1 master bridge"
tenant_does "takes the vNIC out of a bridge" ip -n vm link set v1 nomaster
tenant_does "makes a macvlan over the vNIC" ip -n vm link add link v1 name m1 type macvlan
inside host ethtool -K bond lro on >/dev/null || :
t_is "the administrator cannot switch LRO on while there is a vNIC" off lro bond
ip -n vm link delete v1
inside host ethtool -K bond lro off >/dev/null
inside host ethtool -K bond lro on
t_is "the administrator can switch LRO on when the last vNIC is gone" on lro bond
