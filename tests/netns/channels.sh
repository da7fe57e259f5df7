#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kernels: uml uml-smp 6.1
#
# Queues: as many as a vNIC was made with, fewer at run time. XPS chooses the one
# that a frame leaves by, in which it is then received, and RPS finds it there.
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"

# channels NAMESPACE DEVICE: "RX TX of RX TX"
channels() {
	inside "$1" ethtool -l "$2" |
		awk '$1 ~ /^[RT]X:$/ { n[++i] = $2 } END { print n[3], n[4], "of", n[1], n[2] }'
}

set_channels() {
	inside vm1 ethtool -L v1 "$@"
}

# setting NAMESPACE DEVICE QUEUE NAME VALUE: of a queue
setting() {
	# shellcheck disable=SC2016 # the shell inside expands them
	inside "$1" bash -c 'echo "$4" >"/sys/class/net/$1/queues/$2/$3"' "$@"
}

# elsewhere: packets that other processors than the first took up their stack. Not every
# kernel counts who brought them there: with PREEMPT_RT, a thread fetches what RPS sends.
elsewhere() {
	local sum=0 field
	while read -ra field; do
		[ "$((16#${field[12]}))" -eq 0 ] || sum=$((sum + 16#${field[0]}))
	done </proc/net/softnet_stat
	echo "$sum"
}

# takes LEAST MOST COMMAND...: for the command, other processors take as many; others
# than the test may cause a few
takes() {
	local least=$1 most=$2 before count
	shift 2
	before=$(elsewhere)
	"$@"
	count=$(($(elsewhere) - before))
	echo "$count"
	[ "$count" -ge "$least" ] && [ "$count" -le "$most" ]
}

# twenty: pings, from the processor that chooses v1's third queue. The replies are sent,
# and so received, where the requests were.
twenty() {
	inside vm1 taskset -c 0 ping -n -q -c 20 -i 0.01 -W 2 "$(ip4 v2)"
}

# fewer_and_more: v2's queues, while it receives in the third; what goes wrong is in
# the kernel's log, which whoever runs this reads
fewer_and_more() {
	local sender
	taskset -c 0 frames -q -n 200000 -t 0806 vm1/v1 "$(mac vm2 v2)" &
	sender=$!
	# shellcheck disable=SC2016 # the shell inside expands them
	inside vm2 bash -c 'for n in {1..15}; do ethtool -L v2 rx 2 && ethtool -L v2 rx 4 || exit; done'
	kill "$sender" 2>/dev/null || :
	wait "$sender" || :
}

no_ipv6
lan_setup
ns vm0 vm1 vm2
vnic v0 vm0
t_is "a vNIC has one queue each way" "1 1 of 1 1" channels vm0 v0
t_fails "a vNIC with one queue cannot have two" "exceed|[Ii]nvalid" inside vm0 ethtool -L v0 tx 2

batch_in host "link add link eth0 name v1 numtxqueues 4 numrxqueues 3 netns vm1 type vnicx spoofchk off" \
	"link add link eth0 name v2 numtxqueues 4 numrxqueues 4 netns vm2 type vnicx"
up vm1 v1 21 >/dev/null
up vm2 v2 22 >/dev/null
vnic_number[v1]=21 vnic_number[v2]=22
t_is "a vNIC has as many queues as it was made with" "3 4 of 3 4" channels vm1 v1
t "a vNIC can use fewer queues than it has" set_channels rx 2 tx 3
t_is "a vNIC uses 2 of 3 RX and 3 of 4 TX queues" "2 3 of 3 4" channels vm1 v1
t_fails "a vNIC cannot use 0 RX queues" "[Nn]o .*channel|[Ii]nvalid" set_channels rx 0
t_fails "a vNIC with 4 TX queues cannot use 5" "exceed|[Ii]nvalid" set_channels tx 5
t_fails "a vNIC has no combined queues" "exceed|[Ii]nvalid" set_channels combined 1
t "vNICs with fewer queues than they have ping each other" pings vm1 "$(ip4 v2)"
t "a vNIC can use all its queues again" set_channels rx 3 tx 4
t "vNICs with all their queues ping each other" pings vm1 "$(ip4 v2)"

# a kernel for one processor has neither
if [ -e /sys/class/net/lo/queues/tx-0/xps_cpus ]; then
	t "XPS takes v1's third queue" setting vm1 v1 tx-2 xps_cpus 1
	t "RPS takes v2's third queue" setting vm2 v2 rx-2 rps_cpus "$(nproc)"
	if [ "$(nproc)" -gt 1 ]; then
		t "a frame is received in the queue in which it was sent" takes 20 54 twenty
		t "RPS takes v2's second queue instead" setting vm2 v2 rx-2 rps_cpus 0
		setting vm2 v2 rx-1 rps_cpus "$(nproc)"
		t "RPS of another queue does not meet the frames" takes 0 14 twenty
	fi
	setting vm2 v2 rx-0 rps_cpus "$(nproc)"
	t "queues go and come while frames arrive" fewer_and_more
	inside vm2 ethtool -L v2 rx 2
	t "a receiver without the sender's queue receives all pings" twenty
fi
