#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kernels: uml
#
# Each line of the recipes in docs/policies.md, and what the recipes promise.
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"

# recipe_lines: those of the section that are commands
recipe_lines() {
	sed -n '/^## Recipes/,$s/^    //p' "$VNICX_STAGE/docs/policies.md"
}

# runs LINE
runs() {
	local line
	read -ra line <<<"$1"
	"${line[@]}"
}

cannot_ping() {
	! pings "$@"
}

batch "link add eth0 type veth peer name wire" "link set wire up" "link set eth0 up" "address add 192.0.2.1/24 dev eth0"
nr=0
while read -r line; do
	t "the recipe's line is accepted: $line" runs "$line"
	nr=$((nr + 1))
done < <(recipe_lines)
t "the recipes have lines" [ "$nr" -gt 30 ]

t "the container host's container reaches the host" until_ok 5 pings web 192.0.2.1
t "the container host's containers do not reach each other" cannot_ping web 192.0.2.22
t "the virtual machine's vNIC is checked" shows " ipguard static * spoofchecked on " ip -d -o link show vm-a
t "the lab's hosts reach each other by the router" until_ok 5 pings h1 198.51.100.130
# Each packet is on its way twice, before and behind the router.
copied() {
	local before
	before=$(attribute tap0 statistics/rx_packets)
	inside h1 ping -n -q -c 10 -i 0.1 198.51.100.130
	[ $(($(attribute tap0 statistics/rx_packets) - before)) -ge 40 ]
}
t "the lab's mirror gets copies of all that the router sends and receives" copied
