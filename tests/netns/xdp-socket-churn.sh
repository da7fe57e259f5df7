#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kernels: uml uml-smp
# cpus: 2
#
# Zero-copy AF_XDP sockets are closed, and lose their vNICs, while others send to them.
# Faults show in the kernel's log, which the runner reads.
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"
# shellcheck source=helpers/churning.sh
. "${0%/*}/helpers/churning.sh"

no_ipv6
lan_setup
ns c1 c2
vnic v1 c1
vnic v2 c2
again xsk-pair -x -z -s -p 1 -n 1000 c1/v1 c2/v2
again xsk-pair -z -s -p 1 -n 500 lan/eth0 c1/v1
again xsk-pair -x -z -s -p 1 -n 200 c1/g c2/h
# Links are up longer than down.
shows=("link show" "link show" "link show" "link show" "link show" "link show")
churn c2 "link set v2 down" "link set v2 up" "${shows[@]}"
churn c1 "link set v1 down" "link set v1 up" "${shows[@]}"
churn host "link add link eth0 name g netns c1 up type vnicx" "link add link eth0 name h netns c2 up type vnicx"
churn c1 "link delete g"
churn c2 "link delete h"
redirects() {
	[ "$(own_counter "$1" "$2" xdp_redirect)" -gt 0 ]
}
for _ in {1..40}; do
	nap
done
t "a zero-copy AF_XDP socket receives while links come and go" until_ok 60 redirects c2 v2
t "a zero-copy AF_XDP socket receives from the wire while links come and go" until_ok 60 redirects c1 v1
# shellcheck disable=SC2086 # lists of processes
end $churn $traffic
no_pair() {
	! grep -qs xsk-pair /proc/[0-9]*/comm
}
t "the last socket is closed" until_ok 30 no_pair
batch_in c1 "link set v1 up"
batch_in c2 "link set v2 up"
t_is "a zero-copy AF_XDP socket receives all when the churn has ended" 300 xsk-pair -x -z -n 300 c1/v1 c2/v2

# Sockets stay when their vNIC moves to another namespace, or goes.
held=$(mktemp)
# hold FROM TO: a pair of sockets, until "let_go"
hold() {
	xsk-pair -x -z -k "$@" >"$held" &
	holder=$!
	until_ok 10 test -s "$held"
}
let_go() {
	kill "$holder"
	wait "$holder" || :
	: >"$held"
}
hold c1/v1 c2/v2
ip -n c1 link set v1 netns c2
ip -n c2 link set v1 up
reaches "a vNIC that has moved away from a zero-copy AF_XDP socket transmits by another one" lan/eth0 \
	-z c2/v1 "$(mac lan eth0)"
ip -n c2 link delete v2
ip -n host link add link eth0 name n netns c1 up type vnicx
t_is "a zero-copy AF_XDP socket receives while others have lost their vNIC" 100 xsk-pair -x -z c2/v1 c1/n
let_go
hold c2/v1 c1/n
ip -n host link delete eth0
t_fails "a lower device goes although zero-copy AF_XDP sockets are bound above it" "does not exist" ip -n c1 link show n
let_go
