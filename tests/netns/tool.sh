#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kernels: uml
#
# The program vnicx: switches, ports, counters and rates, as text and as JSON.
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"
# shellcheck source=helpers/container.sh
. "${0%/*}/helpers/container.sh"

M0=02:00:00:00:00:01 M1=02:00:00:00:00:02 M2=02:00:00:00:00:03
no_ipv6
start_container
silence guest
batch "link add eth0 type dummy" "link set eth0 up" "netns add blue" "netns set blue 5" \
	"link add link eth0 name v0 address $M0 type vnicx vlan 5 max_tx_rate 80mbit" \
	"link add link eth0 name v1 netns guest address $M1 type vnicx mode vepa" \
	"link add link eth0 name v2 netns blue address $M2 type vnicx isolated on ipguard dhcp state disable allowed-ips 192.0.2.7,198.18.0.0/15,2001:db8::7"
ip link set v0 addrgenmode none
ip link set v0 up
ip -n guest link set v1 up

# line NAME: of the text about a port, with single spaces
line() {
	vnicx show eth0 | awk -v name="$1" '$1 == name { $1 = $1; print }'
}
# How many groups depends on the kernel's protocols.
screen() {
	vnicx show eth0 | sed 's/[0-9]* groups/3 groups/'
}
t_is "vnicx show prints what docs/observability.md shows" \
	"eth0: host on, 3 vNICs, 4 addresses, 3 groups, queue 0 of 1000
  wire            -      -                 up
  host            -      -                 up
  v0              -      02:00:00:00:00:01 up       bridge   trusted max_tx_rate vlan-5
  v1              other  02:00:00:00:00:02 up       vepa     spoofchk
  v2              5      02:00:00:00:00:03 disabled bridge   spoofchk isolated ipguard-dhcp" screen
t_is "vnicx shows a vNIC here with its VLAN and its rate" \
	"v0 - $M0 up bridge trusted max_tx_rate vlan-5" line v0
t_is "vnicx shows a vNIC of a disabled state in namespace 5 with its policies" \
	"v2 5 $M2 disabled bridge spoofchk isolated ipguard-dhcp" line v2
links() {
	echo "$(line wire), $(line host)"
}
t_is "vnicx shows the wire and the host" "wire - - up, host - - up" links
shown() {
	vnicx show -j eth0 | jq -c "$1"
}
t_is "vnicx show -j has the switch and its ports" '["eth0","on",3,["wire","host","vnic","vnic","vnic"]]' \
	shown '.[0] | [.name, .host, .vnics, [.ports[].type]]'
t_is "vnicx show -j has a tenant's vNIC: mode vepa, up" '["vepa","up",true,["spoofchk"]]' \
	shown ".[0].ports[] | select(.address == \"$M1\") | [.mode, .state, .tenant, .policy]"
t_is "vnicx show -j has the IP addresses and prefixes that a vNIC may use" '["192.0.2.7","198.18.0.0/15","2001:db8::7"]' \
	shown ".[0].ports[] | select(.address == \"$M2\") | .allowed_ips"
t_is "vnicx show -j has no IP addresses of a vNIC that was given none" '[]' \
	shown ".[0].ports[] | select(.address == \"$M1\") | .allowed_ips"
t_is "vnicx without a command shows all switches" "$(vnicx show)" vnicx

# Counters: three frames from v1, of which one is forged
for from in $M1 $M1 02:00:00:00:00:99; do
	craft guest/v1 from "$from" type 88b5 pad 46 >/dev/null
done
count() {
	vnicx stats -j eth0 | jq -c '.[] | select(.port == "v1") | [.counters.tx_packets, .counters.tx_dropped, .causes.tx_spoofed]'
}
t_is "vnicx stats -j counts two frames, one drop and its cause" '[2,1,1]' count
t_is "vnicx stats has what is not 0 in words" "eth0 v1: tx_packets 2 tx_bytes 120 tx_dropped 1 tx_spoofed 1" \
	eval "vnicx stats | grep ' v1:' | sed 's/rx[^ ]* [0-9]* //g; s/ flood[^ ]* [0-9]*//g'"
counters() {
	vnicx stats -j | jq -r '.[] | select(.port == "v0") | (.causes, .xdp) | keys[]' | sort
}
t_is "vnicx stats has each cause and each counter of XDP that ethtool -S has" \
	"$(ethtool -S v0 | awk -F '[ :]+' '/^ / && $2 !~ /flood_|^rx_(overflow|backlog)$|_refused$/ || /dhcp_refused/ { print $2 }' | sort)" \
	counters

# Rates: v1 sends while top reads
busiest() {
	local out
	vnicx top -j -i 0.3 -n 4 >/tmp/top &
	while kill -0 $! 2>/dev/null; do
		craft guest/v1 from $M1 type 88b5 pad 46 >/dev/null
	done
	wait $!
	out=$(jq -c '.[0] | select(.port == "v1" and .rates.tx_packets > 0) | .lower' /tmp/top | sort -u)
	[ "$out" = '"eth0"' ]
}
t "vnicx top -j has the vNIC that sends before all others" until_ok 20 busiest
t_is "vnicx stats -j has the three counters of the wire, and no others" \
	'["flood_overflow","flood_queued","rx_dropped"]' \
	eval "vnicx stats -j | jq -c '.[] | select(.port == \"wire\") | .counters | keys'"
t_is "vnicx show -j has the frames that wait for each port but the wire" '[null,0,0,0,0]' \
	eval "vnicx show -j eth0 | jq -c '[.[0].ports[].rx_backlog]'"
t_is "vnicx stats -j has the overflows of each port but the wire" '[null,0,0,0,0]' \
	eval "vnicx stats -j eth0 | jq -c '[.[].counters.rx_overflow]'"
t_is "vnicx top has no rates of the wire but drops" "eth0 wire - - - - 0" \
	eval "vnicx top -i 0.1 -n 1 | awk '\$2 == \"wire\" { \$1 = \$1; print }'"
t "vnicx top prints the head that docs/observability.md shows" \
	shows "LOWER           PORT                 RX/s RX Mbit/s      TX/s TX Mbit/s   DROPS/s" \
	vnicx top -i 0.1 -n 1 eth0
t_is "vnicx top prints two tables of five ports with one head each" 12 eval 'vnicx top -i 0.1 -n 2 eth0 | wc -l'

# Callers, and what is refused
tenants() {
	guest vnicx show | awk 'NR > 1 { $1 = $1; print }'
}
t_is "a tenant's vnicx shows its own vNIC alone" "v1 - $M1 up vepa spoofchk" tenants
t_is "a tenant's vnicx says that the switch is elsewhere" "of other namespaces' switches" \
	eval 'guest vnicx show | head -n 1'
t_fails "vnicx says that a capability is missing" "^vnicx: this needs CAP_NET_ADMIN over the network namespace\.$" \
	setpriv --bounding-set -net_admin --inh-caps -net_admin vnicx show
t_fails "vnicx says that a lower device does not exist" "^vnicx: no device nonesuch\.$" vnicx show nonesuch
t_fails "vnicx says that a device is no lower device" \
	"^vnicx: (no lower device of vNICs has this index here|No such device)\.$" vnicx show lo
t_fails "vnicx refuses an unknown command" '^vnicx: no command "frob"' vnicx frob
t_fails "vnicx refuses an interval of 0" '^vnicx: invalid number "0"' vnicx top -i 0
full() {
	timeout 10 vnicx "$@" >/dev/full
}
t_fails "vnicx show -j fails when it cannot write" "^vnicx: cannot write: No space left on device\.$" full show -j
t_fails "vnicx top ends when it cannot write" "^vnicx: cannot write: " full top -i 0.1
t_fails "vnicx refuses a second device" '^vnicx: unexpected argument "b"' vnicx stats a b

# A tenant's name that is a sequence for terminals, and no UTF-8, and such a lower device, which the
# root of a container without a user namespace may move here
ip link add $'d\e[2J' type dummy
ip link add link $'d\e[2J' name v8 type vnicx
ip link add link eth0 name $'v\e[2J\xff' netns guest type vnicx
t_is "vnicx show, stats and top print nothing that moves a cursor" 0 \
	eval "{ vnicx show; vnicx stats; vnicx top -i 0.1 -n 1; } | LC_ALL=C tr -d '[:print:]\\n' | wc -c"
t "vnicx stats has a question mark for each such byte of a lower device's name" \
	shows 'd[?][[]2J v8:' vnicx stats
ip link delete $'d\e[2J'
t "vnicx show has a question mark for each byte of a name that is no ASCII" \
	shows '  v[?][[]2J[?] ' vnicx show eth0
t_is "vnicx show -j is UTF-8 whatever a tenant's name is" '"v\u001b[2J\ufffd"' \
	eval "vnicx show -j eth0 | LC_ALL=C grep -o '\"v.u001b[^\"]*\"'"
end_container
batch "netns delete blue" "link delete eth0"
t_is "vnicx shows nothing when there is no vNIC" "" vnicx show
t_is "vnicx show -j is an empty array when there is no vNIC" "[]" vnicx show -j
unload_modules
t_fails "vnicx says that the module is not loaded" "^vnicx: the module vnicx is not loaded, or too old\.$" vnicx show
