#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The kernel's log leaves by a vNIC (netconsole), and by devices upon one.
# also: 6.12-rt
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"

target=/sys/kernel/config/netconsole/vnicx

# The wire is a file, because a virtual cable (veth) refuses netpoll.
no_ipv6
ns host
modprobe -qa tun netconsole || :
inside host socat -u TUN,tun-type=tap,tun-name=eth0,iff-no-pi,iff-up CREATE:/tmp/wire 2>/dev/null &
until_ok 5 inside host test -e /sys/class/net/eth0
vnic v0 host
lan=02:00:00:00:00:99
v0=${vnic_mac[v0]}
mountpoint -q /sys/kernel/config || mount -t configfs configfs /sys/kernel/config

# In the namespace of the device, but with the files of this one.
in_host() {
	nsenter --net=/run/netns/host "$@"
}

# logs_to DEVICE ADDRESS: what the kernel logs from here on leaves by the device
logs_to() {
	mkdir $target
	echo "$1" >$target/dev_name
	echo "$2" >$target/local_ip
	echo 192.0.2.1 >$target/remote_ip
	echo "$lan" >$target/remote_mac
	in_host bash -c "echo 1 >$target/enabled"
}

logs_no_more() {
	[ "$(<$target/enabled)" != 1 ] || echo 0 >$target/enabled
	rmdir $target
}

# on_wire HEADER WORD: a frame with this header, in hexadecimal, and this word
on_wire() {
	local word
	word=$(printf '%s' "$2" | xxd -p)
	xxd -p /tmp/wire | tr -d '\n' | grep -q "$1[0-9a-f]*$word"
}

# arrives SOURCE TYPE WORD: a line of the log, at the wire's other end
arrives() {
	echo "<2>vnicx-test: $3" >/dev/kmsg
	until_ok 5 on_wire "${lan//:/}${1//:/}$2" "vnicx-test: $3"
}

# Each policy, and its end. An isolated vNIC's frames by netpoll go to the wire, where others' do.
policies="state disable|state auto
max_tx_rate 1gbit|max_tx_rate off
max_rx_rate 1gbit|max_rx_rate off
storm 9|storm off
class 1:2|class off
restricted on|restricted off
raguard on|raguard off
dhcpguard on|dhcpguard off
dhcp-block on|dhcp-block off
ipguard static|ipguard off
ipguard-in on|ipguard-in off
vlan 10|vlan off
trunk 10,20|vlan off
pvlan isolated 10 11|vlan off
mirror d0|mirror off
bpf tx pinned /tmp/netpoll/pass|bpf tx off
bpf rx pinned /tmp/netpoll/pass|bpf rx off
spoofchk on|spoofchk auto"

# refused: the numbers of the policies that are refused beside netpoll
refused() {
	sed 's/|.*//; s/^/link set v0 type vnicx /' <<<"$policies" | { ip -n host -force -batch - 2>&1 || :; } |
		awk '/: v0 sends by netpoll, past any policy/ { is = 1 } /^Command failed/ && is { sub(/.*:/, ""); print; is = 0 }' |
		paste -sd ' '
}

# begins: the policies beside which netpoll begins
begins() {
	local words end
	while IFS='|' read -r words end; do
		# shellcheck disable=SC2086 # words
		ip link set v0 type vnicx $words
		echo 1 >$target/enabled || :
		[ "$(<$target/enabled)" = 0 ] || echo "$words"
		# shellcheck disable=SC2086
		ip link set v0 type vnicx $end
	done <<<"$policies" 2>/dev/null
}

chatter() {
	local i
	for i in {1..200}; do
		echo "<2>vnicx-test: $i"
	done >/dev/kmsg
}

# as much as there is
devkmsg=$(</proc/sys/kernel/printk_devkmsg)
echo on >/proc/sys/kernel/printk_devkmsg

t "the log leaves by a vNIC" logs_to v0 "$(ip4 v0)"
ip -n host link add d0 type dummy
mkdir /tmp/netpoll
mount -t bpf bpf /tmp/netpoll
bpf-pin /tmp/netpoll/pass return 0
t_is "a vNIC that sends by netpoll is refused each of 18 policies" "$(seq -s ' ' 18)" refused
t "a vNIC that sends by netpoll has no mirror and no program to end" \
	ip -n host link set v0 type vnicx mirror off bpf tx off bpf rx off
sent=$(counter host v0 tx_packets)
t "the first line arrives on the wire" arrives "$v0" 0800 first
t "the vNIC counts a line as transmitted" test "$(counter host v0 tx_packets)" -gt "$sent"
t "many lines at once are taken" chatter
t "the last of many lines arrives" until_ok 5 on_wire "" "vnicx-test: 200"
ip -n host link set eth0 down
t "a line for a lower device that is down is lost without harm" \
	bash -c 'echo "<2>vnicx-test: lost" >/dev/kmsg'
ip -n host link set eth0 up
t "a line arrives when the lower device is up again" arrives "$v0" 0800 second
t "a target on a vNIC can be removed" logs_no_more

ip -n host link add link v0 name v0.10 type vlan id 10
ip -n host link set v0.10 up
ip -n host address add 198.51.100.1/24 dev v0.10
t "the log leaves by a VLAN device upon a vNIC" logs_to v0.10 198.51.100.1
t "a line by a VLAN device arrives tagged" arrives "$v0" 8100000a0800 tagged
t "a target on a VLAN device can be removed" logs_no_more

ip -n host link set v0 type vnicx spoofchk on
logs_to v0 "$(ip4 v0)" 2>/dev/null || :
ip -n host link set v0 type vnicx spoofchk auto
t_is "a vNIC begins to send by netpoll beside none of 18 policies" "" \
	in_host bash -c "$(declare -f begins); policies='$policies' target=$target; begins"
ip -n host link set v0 type vnicx spoofchk on
t_is "a vNIC that is checked sends nothing by netpoll" 0 cat $target/enabled
logs_no_more
ip -n host link set v0 type vnicx spoofchk auto
t "the log leaves by a vNIC once more" logs_to v0 "$(ip4 v0)"
ip -n host link delete v0
t "a line is lost without harm when the vNIC is deleted" bash -c 'echo "<2>vnicx-test: nowhere" >/dev/kmsg'
t_is "a target whose vNIC is deleted is off" 0 cat $target/enabled
t "a target whose vNIC is deleted can be removed" logs_no_more

vnic v1 host
t "the log leaves by another vNIC" logs_to v1 "$(ip4 v1)"
ip -n host link delete eth0
t "a line is lost without harm when the lower device is deleted" \
	bash -c 'echo "<2>vnicx-test: nowhere" >/dev/kmsg'
t "a target whose lower device is deleted can be removed" logs_no_more
umount /tmp/netpoll
echo "$devkmsg" >/proc/sys/kernel/printk_devkmsg
