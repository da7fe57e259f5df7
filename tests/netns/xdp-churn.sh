#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kernels: uml uml-smp
#
# XDP programs come and go while frames do, and redirect crosswise. Faults show in the
# kernel's log, which the runner reads.
#
# Two processors have it on uml-smp alone. The kernels in QEMU patch the code by which
# programs are called (bpf_dispatcher_xdp_func()) whenever one comes or goes, and once
# the emulator had another processor run the breakpoint that was there meanwhile, when
# it was gone: "Oops: int3".
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"
# shellcheck source=helpers/xdp.sh
. "${0%/*}/helpers/xdp.sh"
# shellcheck source=helpers/churning.sh
. "${0%/*}/helpers/churning.sh"

ip -n c3 link set v3 netns c2
ip -n c2 link set v3 up
v2=$(inside c2 cat /sys/class/net/v2/ifindex) v3=$(inside c2 cat /sys/class/net/v3/ifindex)
xdp-pin $fs/by-v2 forward "$v2" "$LAN" "$V2" 0x88b5
xdp-pin $fs/by-v3 forward "$v3" "$LAN" "$V3" 0x88b5
xdp-pin $fs/back reflect 0x88b5
ip -n c2 link set v3 xdpdrv pinned $fs/by-v2

again frames -n 2000 c1/v1 "$V2"
again frames -n 2000 host/eth0 "$V3"
again frames -n 500 lan/eth0 $ALL
churn c2 "link set v2 xdpdrv pinned $fs/by-v3" "link set v2 xdpdrv pinned $fs/back" "link set v2 xdpdrv off" \
	"link set v2 xdp pinned $fs/pass" "link set v2 xdp off" "link set v2 xdpgeneric pinned $fs/back" \
	"link set v2 xdpgeneric off"
churn c2 "link set v2 down" "link set v2 up" "link set v3 down" "link set v3 up"
churn host "link add link eth0 name g netns c2 type vnicx"
churn c2 "link set g xdp pinned $fs/pass" "link set g up" "link delete g"
# sum VNIC NAME...: of its counters
sum() {
	local vnic=$1 name sum=0
	shift
	for name; do
		sum=$((sum + $(own_counter c2 "$vnic" "$name")))
	done
	echo "$sum"
}
decide() {
	if [ "$(sum v2 xdp_redirect xdp_tx)" -eq 0 ] || [ "$(sum v3 xdp_redirect)" -eq 0 ]; then
		inside c2 ethtool -S v2
		inside c2 ethtool -S v3
		return 1
	fi
}
for _ in {1..60}; do
	nap
done
t "programs decide on frames while they come and go" until_ok 60 decide
# shellcheck disable=SC2086 # lists of processes
end $churn $traffic
ip -n c2 -force link set v2 xdpdrv off
ip -n c2 -force link set v3 xdpdrv off
ip -n c2 -force link set v2 xdpgeneric off
batch_in c2 "link set v2 up" "link set v3 up"
reaches "frames reach a vNIC after all programs have gone" c2/v2 -n 20 c1/v1 "$V2"
umount $fs
