#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kernels: uml uml-smp
#
# Devices are opened, closed, detached, deleted and moved, rings resized, what
# watches put on and taken off, while frames pass. Faults show in the
# kernel's log, which the runner reads.
# also: 6.12-rt
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"
# shellcheck source=helpers/taps.sh
. "${0%/*}/helpers/taps.sh"
# shellcheck source=helpers/churning.sh
. "${0%/*}/helpers/churning.sh"

# times N WORD...: all of them, N times, in words
times() {
	local n=$1
	shift
	for ((; n > 0; n--)); do
		words+=("$@")
	done
}

all=ff:ff:ff:ff:ff:ff
make_b="link add link eth0 name tb address $B up type vnicxtap"
filters=$(mktemp)

no_ipv6
ip netns attach init "$$"
ns vm elsewhere
batch "link add eth0 address 02:00:00:00:00:e0 type veth peer name wire" \
	"link set wire addrgenmode none" "link set eth0 addrgenmode none" \
	"link set wire up" "link set eth0 up" "$make_b" \
	"link add link eth0 name ta address $A up type vnicxtap" \
	"link add link eth0 name v1 netns vm type vnicx"
batch_in vm "link set v1 addrgenmode none" "link set v1 up"
# nobody is to look for a module while there is none
modprobe=$(cat /proc/sys/kernel/modprobe)
echo >/proc/sys/kernel/modprobe
printf '%s\n' "qdisc add dev ta clsact" "filter add dev ta ingress matchall action drop" \
	"qdisc delete dev ta clsact" "qdisc add dev tb clsact" "qdisc delete dev tb clsact" >"$filters"

words=() && times 300 send a $B $A 88b5 60
again tap open a ta "${words[@]}"
words=() && times 100 send b $all $B 88b5 60
again tap open b tb "${words[@]}"
words=() && times 50 tcp a $B $A 60000 1448
again tap open a ta "${words[@]}"
again frames -q -n 2000 -l 60 vm/v1 $B
again frames -q -n 500 -l 60 vm/v1 $all
words=() && times 10 recv a drain a ioctl a TUNSETOFFLOAD 0 drain a ioctl a TUNSETOFFLOAD 7
again tap open a ta "${words[@]}"
words=() && times 5 drain b drain c ioctl b TUNSETQUEUE 0x400 drain c ioctl b TUNSETQUEUE 0x200
again tap open b tb open c tb "${words[@]}" close b "${words[@]//b/c}"
again timeout 0.3 tcpdump -Z root -i tb -w /dev/null
again tc -force -batch "$filters"

churn init "$make_b" "link set tb txqueuelen 3" "link delete tb"
churn init "link set ta txqueuelen 3" "link set tb down" "link set ta txqueuelen 500" \
	"link set tb netns elsewhere"
churn elsewhere "link set tb up" "link set tb netns init"
for _ in {1..80}; do
	nap
done
# made anew how often, and how much passed; now and then there is none to ask
there_was_much() {
	test "$(attribute tb ifindex)" -gt 10 -a "$(attribute ta statistics/tx_packets)" -gt 300 -a \
		"$(attribute ta statistics/rx_packets)" -gt 100
}
t "taps were made ten times and passed hundreds of frames" until_ok 60 there_was_much
# shellcheck disable=SC2086 # lists of words
end $churn $traffic

ip -n elsewhere link delete tb 2>/dev/null || :
ip link delete tb 2>/dev/null || :
batch "$make_b" "link set ta txqueuelen 500"
tc qdisc delete dev ta clsact 2>/dev/null || :
taps_in=init
taps "two taps reach each other when the churn has ended" "0, 0, 70, 60 to $B 88b5, 70, 60 to $all 88b5" \
	open a ta open b tb send a $B $A 88b5 60 recv b send b $all $B 88b5 60 recv a
taps "a container reaches a tap when the churn has ended" "0, 0, 60 to $B 88b5" \
	open b tb run "frames -q -l 60 vm/v1 $B" recv b
batch "link delete ta" "link delete tb"
t_is "no character device is left" "" ls /sys/class/vnicxtap
# what a reader had open is closed a moment later, on another processor
t "vnicx_tap can be removed when the churn has ended" until_ok 10 rmmod vnicx_tap
echo "$modprobe" >/proc/sys/kernel/modprobe
