#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# insmod parameters that make no sense: the module does not load, the log says
# why, and nothing is left behind.
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"

# refused DESCRIPTION REGEX PARAMETER...
refused() {
	local what=$1 regex=$2
	shift 2
	t_fails "$what" "$regex" load "$@"
	[ ! -e /sys/module/vnicx ] || t "$what: not loaded" rmmod vnicx
}

# Prints what the kernel says meanwhile, and what is there that was not before.
load() {
	local status=0 log before after
	before=$(echo /sys/class/net/*)
	echo "loading with $*" >/dev/kmsg
	insmod "$VNICX_STAGE/modules/vnicx.ko" "$@" || status=$?
	log=$(dmesg)
	after=$(echo /sys/class/net/*)
	[ "$before" = "$after" ] || status=0 log+=$'\n'"left behind: $after"
	echo "${log##*"loading with $*"}"
	return "$status"
}

unload
batch "link add eth0 type dummy" "link add eth1 type dummy" "link add bridge type bridge" \
	"link set eth1 master bridge"
too_long=a-name-too-long1
range="not between 1 and 16384"

refused "a negative number" "vnicx: count=-1: $range" lower=eth0 count=-1
refused "none" "vnicx: count=0: $range" lower=eth0 count=0
refused "too many" "vnicx: count=16385: $range" lower=eth0 count=16385
refused "more than an integer holds" "vnicx: .*99999999999.*invalid for parameter .count" \
	lower=eth0 count=99999999999
refused "what is not a number" "vnicx: .*four.* invalid for parameter .count" lower=eth0 count=four
refused "numbers for more adapters than there are" "vnicx: count= has 2 values for 1 lower device" \
	lower=eth0 count=1,1
refused "for fewer" "vnicx: count= has 2 values for 3 lower devices" \
	lower=eth0,later,later2 count=1,1
refused "a number without an adapter" "vnicx: count=4: needs lower=" count=4

refused "an adapter's name that is too long" "vnicx: lower=$too_long: not a device name" \
	"lower=$too_long"
refused "with a slash" "vnicx: lower=a/b: not a device name" lower=a/b
refused "empty" "vnicx: lower=: not a device name" lower=
refused "among others" "vnicx: lower=: not a device name" lower=eth0,,later
refused "given twice" "vnicx: lower=eth0: given twice" lower=eth0,later,eth0
refused "more adapters than there is room for" "lower: can only take 32 arguments" \
	"lower=$(seq -s, 33)"
refused "the loopback device" "vnicx: lower=lo: cannot create.* lower device lo is a loopback device" \
	lower=lo
refused "an adapter that a bridge has, after one that nobody has" \
	"vnicx: lower=eth1: cannot create vNIC 1 of 2: lower device eth1 is a port of bridge .-EBUSY" \
	lower=eth0,eth1 count=2

refused "one name for several" "vnicx: name=port: needs a %d" lower=eth0 count=2 name=port
refused "a pattern for a string" "vnicx: name=port%s: not a device name or a pattern with one %d" \
	lower=eth0 name=port%s
refused "a pattern with two numbers" "vnicx: name=p%dq%d: not a device name or a pattern" \
	lower=eth0 name=p%dq%d
refused "a pattern that ends in a percent sign" "vnicx: name=p%: not a device name or a pattern" \
	lower=eth0 name=p%
refused "a name that is taken" "vnicx: lower=eth0: cannot create vNIC 1 of 1: .*-EEXIST" \
	lower=eth0 name=eth1
refused "a pattern that is too long" "vnicx: name=a-long-name-ab%d: not a device name or a pattern" \
	lower=eth0 name=a-long-name-ab%d

# Devices that are there are told of when vnicx starts to listen, and looked up later.
ten_attempts() {
	local log attempt
	echo "ten attempts" >/dev/kmsg
	for attempt in {1..10}; do
		insmod "$VNICX_STAGE/modules/vnicx.ko" lower=eth1 2>/dev/null || continue
		echo "attempt $attempt succeeded"
	done
	log=$(dmesg)
	grep -c "vnicx: lower=eth1: cannot create" <<<"${log##*"ten attempts"}"
}
t_is "ten attempts over an adapter that a bridge has: the log says why ten times" 10 ten_attempts

# What loading puts off must not be done when the module has gone.
insmod "$VNICX_STAGE/modules/vnicx_test_kind.ko" kind=vnicx
for attempt in first second third; do
	refused "a $attempt attempt while another module has the kind, the last step of loading" \
		"File exists|Device or resource busy" \
		lower=eth0 count=4
done
rmmod vnicx_test_kind
t_is "no vNIC is made after loading has failed" "" ip -o link show type vnicx

t "the adapter is as free as before" batch "link set eth0 master bridge"
insmod "$VNICX_STAGE/modules/vnicx.ko"
t "and the module loads when nothing is wrong" [ -e /sys/module/vnicx ]
