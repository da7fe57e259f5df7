#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kernels: uml 6.1
#
# A vNIC's MTU is never above that of its lower device, whatever that is: a dummy
# can have none, and one beyond what a frame can be long.
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"

mtus() {
	attribute v1 mtu
	attribute n1 mtu
}

lines() {
	printf '%s\n' "$@"
}

batch "link add eth0 type dummy" "link set eth0 up" "link add link eth0 name v1 type vnicx" \
	"link add link v1 name n1 type vnicx" "link set v1 up" "link set n1 up"

for mtu in 1400 68 67 60 1 0; do
	ip link set eth0 mtu "$mtu"
	t_is "vNICs follow to an MTU of $mtu" "$(lines "$mtu" "$mtu")" mtus
done
t_fails "a vNIC over an MTU of 0 cannot have 1500" "Invalid argument" ip link set v1 mtu 1500
t "a vNIC can be created over an MTU of 0" ip link add link eth0 name v2 type vnicx
t_is "a vNIC that is created over an MTU of 0 has it" 0 attribute v2 mtu
ip link set eth0 mtu 1500
t_is "vNICs stay at an MTU of 0 when the lower device's is raised" "$(lines 0 0)" mtus
t "vNICs can have an MTU of 1500 when the lower device's is raised" \
	batch "link set v1 mtu 1500" "link set n1 mtu 1500"
t_fails "a vNIC over an MTU of 1500 cannot have 1501" "mtu greater than device maximum" ip link set v1 mtu 1501

ip link set eth0 mtu 2147483647
t "a vNIC over an MTU of 2147483647 can have 65535" ip link set v1 mtu 65535
t_fails "a vNIC over an MTU of 2147483647 cannot have 65536" \
	"mtu greater than device maximum" ip link set v1 mtu 65536
t "a vNIC can be created over an MTU of 2147483647" ip link add link eth0 name v3 type vnicx
t_is "a vNIC that is created over an MTU of 2147483647 has 65535" 65535 attribute v3 mtu
ip link set eth0 mtu 1400
t_is "a vNIC follows its lower device from 2147483647 to 1400" 1400 attribute v3 mtu
