#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The tracepoints tell what the switch decided, and why.
# kernels: 6.1 6.12
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"

everyone=ff:ff:ff:ff:ff:ff
no_ipv6
lan_with vm1 vm2
up host eth0 2 >/dev/null
v1=${vnic_mac[v1]} v2=${vnic_mac[v2]} host=$(mac host eth0)

trace=/sys/kernel/tracing
[ -e $trace/trace ] || mount -t tracefs tracefs $trace
echo 1 >$trace/events/vnicx/enable

# traced FRAME-ARGUMENT... -- WORD...: sending the frames traces an event that has
# each of the words, in this order
traced() {
	local arguments=() pattern
	while [ "$1" != -- ]; do
		arguments+=("$1")
		shift
	done
	shift
	pattern=$(printf '%s.*' "$@")
	echo >$trace/trace
	frames "${arguments[@]}" >/dev/null
	grep -q "$pattern" $trace/trace || {
		cat $trace/trace
		return 1
	}
}

t "a frame from v1 to v2 is traced as one for port v2" \
	traced vm1/v1 "$v2" -- vnicx_forward: "in=v1(vnic)" out=v2 class=unicast decision=port reason=0 "$v1 > $v2"
t "a frame to the host is traced as one for port eth0" \
	traced vm1/v1 "$host" -- "in=v1(vnic)" out=eth0 class=unicast decision=port
t "a frame of the host to v1 is traced as one for port v1" \
	traced host/eth0 "$v1" -- "in=eth0(host)" out=v1 class=unicast decision=port
t "a frame from v1 to a station of the LAN is traced as one that goes on" \
	traced vm1/v1 02:00:00:00:00:99 -- "in=v1(vnic)" "out=-" class=unicast decision=on
t "a frame from the wire to v2 is traced as one for port v2" \
	traced lan/eth0 "$v2" -- "in=eth0(wire)" out=v2 class=unicast decision=port
t "a broadcast from v1 is traced as a flood" \
	traced vm1/v1 $everyone -- "in=v1(vnic)" "out=-" class=broadcast decision=flood
t "a broadcast from the wire is traced as a flood" \
	traced lan/eth0 $everyone -- "in=eth0(wire)" "out=-" class=broadcast decision=flood
t "a frame from v1 to its own address is traced as dropped, OTHERHOST" \
	traced vm1/v1 "$v1" -- "in=v1(vnic)" out=v1 class=unicast decision=drop reason=[1-9]
t "a PAUSE frame from v1 is traced as dropped, UNHANDLED_PROTO" \
	traced -t 8808 vm1/v1 01:80:c2:00:00:01 -- "in=v1(vnic)" class=mac-control decision=drop reason=[1-9]
t "a frame in VLAN 5 is traced with it" \
	traced -v 5 vm1/v1 "$v2" -- "in=v1(vnic)" vid=5

# While one of these is on, frames to the wire take the core's transmit path.
for event in net_dev_queue net_dev_start_xmit net_dev_xmit; do
	echo 1 >$trace/events/net/$event/enable
	t "the kernel's $event is traced for a frame from v1 to the wire" \
		traced vm1/v1 02:00:00:00:00:99 -- "$event: dev=eth0"
	echo 0 >$trace/events/net/$event/enable
done

# More receivers than are copied to at once
for i in {3..20}; do
	vnic "v$i" vm2
done
t "a broadcast to 20 vNICs is traced in the queue of the flood worker" \
	traced vm1/v1 $everyone -- vnicx_flood_queue: "in=v1(vnic)" class=broadcast verdict=queued reason=0

echo 0 >$trace/events/vnicx/enable
echo >$trace/trace
frames vm1/v1 "$v2" >/dev/null
t_fails "tracepoints that are off trace nothing" "" grep vnicx_ $trace/trace

# An XDP program that aborts is traced by the kernel's own tracepoint.
fs=/tmp/trace-programs
mkdir -p $fs
mount -t bpf bpf $fs
xdp-pin $fs/abort return 0
ip -n vm2 link set v2 xdpdrv pinned $fs/abort
echo 1 >$trace/events/xdp/xdp_exception/enable
t "a frame that an XDP program aborts is traced as its exception" traced vm1/v1 "$v2" -- xdp_exception: action=ABORTED
echo 0 >$trace/events/xdp/xdp_exception/enable
ip -n vm2 link set v2 xdpdrv off
umount $fs
