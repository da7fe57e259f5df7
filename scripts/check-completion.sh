#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The words that bash offers after "ip link ... type vnicx".
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=../tools/ip/completion/vnicx
. "$top/tools/ip/completion/vnicx"

# offers WORDS ANSWER: the last of the words, which "" ends, is being typed
offers() {
	local before
	read -ra COMP_WORDS <<<"$1"
	COMP_WORDS=("${COMP_WORDS[@]%\"\"}")
	COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
	before=${COMP_WORDS[COMP_CWORD - 1]}
	_vnicx_ip ip "${COMP_WORDS[COMP_CWORD]}" "$before"
	[ "${COMPREPLY[*]}" = "$2" ] || die "after $1 it offers '${COMPREPLY[*]}', not '$2'"
}

offers 'ip link add type vn""' 'vnicx vnicxtap'
offers 'ip link help vnicxt""' 'vnicxtap'
offers 'ip addr add vn""' ''
for kind in vnicx vnicxtap; do
	offers "ip link add link eth0 type $kind mo\"\"" 'mode'
	offers "ip -d li set v0 type $kind mode \"\"" 'bridge vepa private passthru source'
	offers "ip link set v0 type $kind mode source \"\"" \
		"nopromisc nodst macaddr host bcqueuelen neigh_suppress announce flood trust spoofchk state max-groups max_tx_rate burst\
 max_rx_rate storm class restricted raguard dhcpguard dhcp-block ipguard ipguard-in dhcp-trust max-leases allowed-ips clean-traffic vlan trunk pvlan isolated mirror bpf"
	offers "ip link set v0 type $kind host o\"\"" 'on off'
	offers "ip link set v0 type $kind ne\"\"" 'neigh_suppress'
	offers "ip link set v0 type $kind neigh_suppress o\"\"" 'on off'
	offers "ip link set v0 type $kind announce \"\"" 'on off'
	offers "ip link set v0 type $kind macaddr \"\"" 'add del set flush'
	offers "ip link set v0 type $kind bcqueuelen \"\"" ''
	offers "ip link set v0 type $kind flood \"\"" 'on off'
	offers "ip link set v0 type $kind max_tx_rate \"\"" 'off'
	offers "ip link set v0 type $kind bpf \"\"" 'tx rx'
	offers "ip link set v0 type $kind storm 5 cla\"\"" 'class'
	offers "ip link set v0 type $kind dhcp-block \"\"" 'on off'
	offers "ip link set v0 type $kind ipguard \"\"" 'off static dhcp'
	offers "ip link set v0 type $kind allowed-ips \"\"" 'add del set flush'
	offers "ip link set v0 type $kind vlan 10 q\"\"" 'qos'
	offers "ip link set v0 type $kind vlan 10 proto \"\"" '802.1Q 802.1ad'
	offers "ip link set v0 type $kind trunk 10 na\"\"" 'native'
	offers "ip link set v0 type $kind pvlan \"\"" 'isolated community promiscuous'
done

# shellcheck source=../tools/vnicx/completion/vnicx
. "$top/tools/vnicx/completion/vnicx"
_vnicx_lower() {
	echo eth0
}
_vnicx_upper() {
	echo v0
}

# tool_offers WORDS ANSWER: likewise, of the program vnicx
tool_offers() {
	read -ra COMP_WORDS <<<"$1"
	COMP_WORDS=("${COMP_WORDS[@]%\"\"}")
	COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
	_vnicx
	[ "${COMPREPLY[*]}" = "$2" ] || die "after $1 it offers '${COMPREPLY[*]}', not '$2'"
}

tool_offers 'vnicx s""' 'show stats'
tool_offers 'vnicx show ""' '-j --json eth0'
tool_offers 'vnicx top --c""' '--count'
tool_offers 'vnicx explain v""' 'vlan v0'
tool_offers 'vnicx help ""' ''
