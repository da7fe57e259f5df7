#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kernels: uml
#
# The generic netlink family, read by the kernel's own tool (tools/net/ynl) with the
# description in docs/netlink: switches, their ports in all namespaces, and who sees
# which of them.
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"
# shellcheck source=helpers/container.sh
. "${0%/*}/helpers/container.sh"

bin=$VNICX_STAGE/bin

ynl() {
	python3 "$bin/pyynl/cli.py" --spec "$bin/vnicx.yaml" --no-schema --output-json "$@"
}

# port ADDRESS FILTER: a value of the port with that address, when all ports were last read
port() {
	jq -c --arg address "$1" ".[] | select(.address == \$address) | $2" /tmp/ports
}
read_ports() {
	ynl --dump port-get >/tmp/ports
}

# in_guest OPTION...: ynl, as root of the container
in_guest() {
	guest python3 "$bin/pyynl/cli.py" --spec "$bin/vnicx.yaml" --no-schema --output-json "$@"
}

# without CAPABILITY OPTION...: ynl, as root of the machine that lacks it
without() {
	setpriv --bounding-set "-$1" --inh-caps "-$1" python3 "$bin/pyynl/cli.py" \
		--spec "$bin/vnicx.yaml" --no-schema --output-json "${@:2}"
}

M0=02:00:00:00:00:01 M1=02:00:00:00:00:02 M2=02:00:00:00:00:03
start_container
batch "link add eth0 index 77 type dummy" "link set eth0 up" "netns add blue" "netns set blue 5" \
	"link add link eth0 name v0 up address $M0 type vnicx vlan 5 max_tx_rate 80mbit" \
	"link add link eth0 name v1 netns guest address $M1 type vnicx mode vepa" \
	"link add link eth0 name v2 netns blue index 42 address $M2 type vnicx isolated on"

switch() {
	ynl --do switch-get --json '{"ifindex": 77}' |
		jq -c '[.name, .host, ."neigh-suppress", .ports, ."queue-len", ."queue-pending", .addresses, .announce, .announced]'
}
batch "link set v0 type vnicx host off neigh_suppress on announce on bcqueuelen 500"
t_is "ynl shows a switch with its options, three vNICs and four addresses" \
	'["eth0",0,1,3,1000,0,4,1,0]' switch

read_ports
kinds() {
	ynl --dump port-get --json '{"lower": 77}' | jq -r '[.[].type] | join(" ")'
}
t_is "ynl shows the wire, the host and three vNICs of a switch" "wire host vnic vnic vnic" kinds
t_is "a vNIC beside its lower device has a name and no namespace" '["v0",null,77,null,["up"]]' \
	port $M0 '[.name, .nsid, .lower, ."lower-nsid", .flags]'
t_is "a vNIC in another namespace has that one's number, its index and its name there" \
	'["v2",5,42,["tenant"]]' port $M2 '[.name, .nsid, .ifindex, .flags]'
t_is "a vNIC in a namespace without a number has -1" -1 port $M1 .nsid
t_is "ynl shows a vNIC's policy: VLAN 5, 80 Mbit/s" '[1,5,80000]' \
	port $M0 '.options | [.vlan.kind, .vlan.vid, ."max-tx-rate"]'
t_is "ynl shows a vNIC's mode: vepa" 1 port $M1 .options.mode
t_is "ynl shows an isolated vNIC" 1 port $M2 .options.isolated

causes() {
	diff <(ynl --do port-get --json "{\"ifindex\": $(attribute v0 ifindex)}" |
		jq -r '.causes | keys[]' | tr - _ | sort) \
		<(ethtool -S v0 | awk -F '[ :]+' '/^ .*:/ && $2 !~ /flood_|^rx_(overflow|backlog)$|_refused$|^x(dp|sk)_/ || /dhcp_refused/ { print $2 }' | sort)
}
t_is "ynl shows the frames that wait for a vNIC, and those that found its queue full" '[0,0]' \
	port $M2 '[."rx-backlog", .counters."rx-overflow"]'
t "ynl has each cause of drops that ethtool -S has" causes
ip -n guest link set v1 up
craft guest/v1 from 02:00:00:00:00:99 type 0800 pad 46 >/dev/null
batch_in blue "link set v2 type vnicx ipguard static allowed-ips $(seq -s , -f '198.51.100.%g' 1 2 120)" \
	"link set v2 type vnicx allowed-ips add $(seq -s , -f '198.51.100.%g' 121 2 160)"
read_ports
t_is "a frame that spoofchk drops is counted by that cause" 1 port $M1 '.causes["tx-spoofed"]'
allowed() {
	ynl "$@" 2>/dev/null | jq -c 'if type == "array" then .[] else . end | select(.ifindex == 42) |
		.options.allowed.entry | length'
}
t_is "a dump by small buffers has a list of 80 addresses" 80 allowed --dbg-small-recv --dump port-get

# Callers see different ports
addresses() {
	jq -r '[.[] | .address // .type] | sort | join(" ")'
}
in_guest --dump port-get >/tmp/seen
t_is "the machine's administrator sees all ports" "$M0 $M1 $M2 host wire" eval "addresses </tmp/ports"
t_is "a tenant sees its own vNIC alone" "$M1" eval "addresses </tmp/seen"
t_is "a tenant sees no switch" '[]' in_guest --dump switch-get
t_is "a tenant sees of its vNIC what rtnetlink shows, and not its number on the switch" \
	'[1,null,77,0,"v1"]' \
	jq -c '.[0] | [.options.mode, .id, .lower, ."lower-nsid", .name]' /tmp/seen
t_fails "a user without CAP_NET_ADMIN sees no ports" "Operation not permitted" \
	without net_admin --dump port-get
guest ip link add eth0 index 78 type dummy
guest ip link add link eth0 name g0 address 02:00:00:00:00:0a type vnicx
guest ip link add link eth0 name g1 address 02:00:00:00:00:0b type vnicx
ip -n guest link set g1 netns blue
in_guest --dump port-get >/tmp/seen
t_is "a tenant sees the ports of its own switch" \
	"$M1 02:00:00:00:00:0a 02:00:00:00:00:0b host wire" eval "addresses </tmp/seen"
unnamed() {
	jq -c '.[] | select(.address == "02:00:00:00:00:0b") | [.name, .nsid != null]' /tmp/seen
}
t_is "a vNIC in a namespace that is not the tenant's to administer has no name for it" \
	'[null,true]' unnamed
t_is "the machine's administrator does not see other namespaces' switches" 1 \
	eval 'ynl --dump switch-get | jq length'

# Explanations, of which tests/netns/explain.sh has all
explain() {
	ynl --do explain --json "{\"lower\": 77, \"id\": 2, \"dest\": \"$1\"}" |
		jq -c '[.class, .vlan, .decision, .reason, .owner, .receivers, .unasked, .to]'
}
t_is "ynl explains a frame from VLAN 5 to a vNIC in mode vepa" \
	'["unicast",5,"on","mode",3,1,["tx"],[0]]' explain $M1
t_is "ynl explains a frame of a vNIC to an unknown address" \
	'["unicast",5,"on","unknown",null,1,["tx"],[0]]' explain 02:00:00:00:00:99

# Refusals
t_fails "ynl is told that an explanation lacks the address" "no vNIC or no destination address is given" \
	ynl --do explain --json '{"lower": 77, "id": 2}'
t_fails "ynl is told that the wire's frames are not explained" "no vNIC of this switch has this number" \
	ynl --do explain --json "{\"lower\": 77, \"id\": 0, \"dest\": \"$M1\"}"
t_fails "a user without CAP_NET_ADMIN gets no explanation" "Operation not permitted" \
	without net_admin --do explain --json "{\"lower\": 77, \"id\": 2, \"dest\": \"$M1\"}"
t_fails "a tenant gets no explanation from another namespace's switch" "device does not exist" \
	in_guest --do explain --json "{\"lower\": 77, \"id\": 3, \"dest\": \"$M0\"}"
t_fails "ynl is told that a lower device does not exist" "no lower device of vNICs has this index here" \
	ynl --dump port-get --json '{"lower": 999}'
end_container
