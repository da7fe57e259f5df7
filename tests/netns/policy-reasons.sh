#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The core's drop reason for each frame that a policy drops, as skb:kfree_skb tells it,
# beside the policy's own counter. A frame in a VLAN that its receiver is not in (rx_vlan) is
# not dropped there: it goes on as one to an unknown address.
# kernels: uml
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"
# shellcheck source=helpers/policies.sh
. "${0%/*}/helpers/policies.sh"

trace=/sys/kernel/tracing

# reasoned COUNTER REASON FROM WORD...: v1 counts it, and vnicx frees it for that reason
reasoned() {
	local out
	echo >$trace/trace
	out=$(craft -w c1/v1 "${@:3}")
	matches "*, $1 [1-9]*" "$out"
	grep -q "location=vnicx_policy_.* reason: $2$" $trace/trace || {
		cat $trace/trace
		return 1
	}
}

# nine WORD...: frames of which a second has about one
nine() {
	local i
	for ((i = 0; i < 9; i++)); do
		[ "$i" -eq 0 ] || echo ,
		echo "$*"
	done
}

no_ipv6
lan_setup
ns c1 c2
silence c1 c2
mount_programs
vnic v1 c1 allowed-ips $A,$L6
vnic v2 c2
vnic i2 c2 isolated on
V1=${vnic_mac[v1]} V2=${vnic_mac[v2]} I2=${vnic_mac[i2]}
[ -e $trace/trace ] || mount -t tracefs tracefs $trace
echo 1 >$trace/events/skb/kfree_skb/enable

# policy, its end, counter, reason, sender, frame
while IFS='|' read -r words end counter reason from frame; do
	# shellcheck disable=SC2086 # words
	ip -n c1 link set v1 type vnicx $words
	case $counter in
	*rate | tx_storm) frame=$(nine "$frame") ;;
	# A socket that knows the device's state sends nothing.
	tx_disabled) from="-z $from" ;;
	esac
	# shellcheck disable=SC2086
	t "a frame that counts as $counter is dropped for $reason" reasoned "$counter" "$reason" $from $frame
	# shellcheck disable=SC2086
	ip -n c1 link set v1 type vnicx $end
done <<-END
	spoofchk on|spoofchk auto|tx_spoofed|TAP_TXFILTER|c1/v1|type 88b5 pad 46 from $OTHER
	spoofchk on|spoofchk auto|tx_undetermined|HDR_TRUNC|c1/v1|type 800 pad 19
	restricted on|restricted off|tx_restricted|TAP_TXFILTER|c1/v1|type 88cc pad 46
	raguard on|raguard off|tx_guarded_ra|TAP_TXFILTER|c1/v1|ip6 $L6 $M6 58 icmp 134 pad 8
	dhcpguard on|dhcpguard off|tx_guarded_dhcp|TAP_TXFILTER|c1/v1|ip4 $A 255.255.255.255 17 udp 68 bootp 2 $OTHER
	ipguard static|ipguard off|tx_ip_spoofed|IP_RPFILTER|c1/v1|to $V2 ip4 192.0.2.99 $B 6 pad 40
	isolated on|isolated off|tx_isolated|TAP_FILTER|c1/v1|to $I2 ip4 $A $B 253 pad 26
	bpf tx pinned $fs/not-to-77|bpf tx off|tx_bpf|SOCKET_FILTER|c1/v1|to $V2 ip4 $A 77.0.0.1 253 pad 26
	vlan 10|vlan off|tx_vlan|OTHERHOST|c1/v1|tag 20 ip4 $A $B 253 pad 26
	state disable|state auto|tx_disabled|DEV_READY|c1/v1|to $V2 ip4 $A $B 253 pad 26
	max_tx_rate 8kbit|max_tx_rate off|tx_rate|QDISC_DROP|c1/v1|to $V2 ip4 $A $B 253 pad 980
	storm 1|storm off|tx_storm|QDISC_DROP|c1/v1|ip4 $A $B 253 pad 26
	max_rx_rate 8kbit|max_rx_rate off|rx_rate|QDISC_DROP|c2/v2|to $V1 ip4 $B $A 253 pad 980
	ipguard-in on|ipguard-in off|rx_ip|TAP_FILTER|c2/v2|to $V1 ip4 $B 192.0.2.99 253 pad 26
	bpf rx pinned $fs/not-to-77|bpf rx off|rx_bpf|SOCKET_FILTER|c2/v2|to $V1 ip4 $B 77.0.0.1 253 pad 26
END
echo 0 >$trace/events/skb/kfree_skb/enable
umount $fs
