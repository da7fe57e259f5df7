#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kernels: uml
#
# class MAJOR:MINOR puts a vNIC's frames into a class of the lower device's queueing
# discipline, whatever the tenant says, and nowhere else.
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"

no_ipv6
lan_setup
ns c1
silence host
vnic v1 c1
# one in the namespace of the lower device
vnic v2 host

discipline=htb
if ! tc -n host qdisc add dev eth0 root handle 1: htb default 3 2>/dev/null; then
	discipline=prio
	tc -n host qdisc add dev eth0 root handle 1: prio bands 4 priomap 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2
fi
for n in 1 2 3; do
	if [ $discipline = htb ]; then
		tc -n host class add dev eth0 parent 1: classid 1:$n htb rate 1gbit
	fi
	tc -n host qdisc add dev eth0 parent 1:$n handle 1$n: pfifo
done

# classes COMMAND...: how many frames each of the three classes gets by a command
classes() {
	local n out before=() after=()
	for n in 1 2 3; do before[n]=$(in_class $n); done
	"$@" >/dev/null
	for n in 1 2 3; do after[n]=$(in_class $n); done
	echo "$((after[1] - before[1])) $((after[2] - before[2])) $((after[3] - before[3]))"
}
in_class() {
	tc -n host -j -s qdisc show dev eth0 handle "1$1:" | jq '.[] | select(.handle == "1'"$1"':") | .packets'
}
# to_wire NAMESPACE/DEVICE: ten frames
to_wire() {
	frames -n 10 -e "lan/eth0" "$1" "$(mac lan eth0)"
}
set_class() {
	ip -n "$1" link set "$2" type vnicx class "$3"
}

t_is "without a class, a tenant's frames have the default class of $discipline" "0 0 10" classes to_wire c1/v1
set_class c1 v1 1:2
t "the class is shown" shows " class 1:2 " ip -n c1 -d -o link show v1
t_is "a tenant's frames have their vNIC's class of $discipline" "0 10 0" classes to_wire c1/v1
t_is "a flooded frame has its vNIC's class of $discipline" "0 1 0" \
	classes frames -e "host/eth0 host/v2 lan/eth0" c1/v1 ff:ff:ff:ff:ff:ff
t_is "another vNIC's frames have the default class of $discipline" "0 0 10" classes to_wire host/v2
set_class host v2 1:1
t_is "frames of a vNIC beside the lower device have its class of $discipline" "10 0 0" classes to_wire host/v2
ip -n c1 link set v1 down
ip -n c1 link set v1 up
t_is "the class stays after down and up" "0 10 0" classes to_wire c1/v1
ip -n c1 link set v1 netns host name v1
ip -n host link set v1 up
t_is "the class stays after a move to another namespace" "0 10 0" classes to_wire host/v1
set_class host v1 off
t_is "with the class off, frames have the default class of $discipline" "0 0 10" classes to_wire host/v1
t_fails "a class without a colon is refused" 'must be a class, like 1:10, or "off", not "10"' set_class host v1 10
t_fails "a class of 0:0 is refused" 'must be a class, like 1:10, or "off", not "0:0"' set_class host v1 0:0
t_fails "a class above 16 bits is refused" 'must be a class, like 1:10, or "off", not "1:10000"' set_class host v1 1:10000
