#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kernels: uml 6.12
#
# insmod parameters that make no sense: the module does not load, the log says
# why, and nothing is left behind.
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"

# refused DESCRIPTION REGEX PARAMETER...
refused() {
	local what=$1 regex=$2
	shift 2
	t_fails "$what is refused" "$regex" load "$@"
	[ ! -e /sys/module/vnicx ] || t "$what: the module is not loaded" rmmod vnicx
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

refused "a negative number of vNICs" "vnicx: count=-1: $range" lower=eth0 count=-1
refused "a number of 0 vNICs" "vnicx: count=0: $range" lower=eth0 count=0
refused "a number of vNICs above 16384" "vnicx: count=16385: $range" lower=eth0 count=16385
refused "a number that an integer cannot hold" "vnicx: .*99999999999.*invalid for parameter .count" \
	lower=eth0 count=99999999999
refused "a count that is not a number" "vnicx: .*four.* invalid for parameter .count" lower=eth0 count=four
refused "a list of two numbers for one lower device" "vnicx: count= has 2 values for 1 lower device" \
	lower=eth0 count=1,1
refused "a list of two numbers for three lower devices" "vnicx: count= has 2 values for 3 lower devices" \
	lower=eth0,later,later2 count=1,1
refused "a number without a lower device" "vnicx: count=4: needs lower=" count=4

refused "a lower device's name that is too long" "vnicx: lower=$too_long: not a device name" \
	"lower=$too_long"
refused "a lower device's name with a slash" "vnicx: lower=a/b: not a device name" lower=a/b
refused "an empty name of a lower device" "vnicx: lower=: not a device name" lower=
refused "an empty name among lower devices" "vnicx: lower=: not a device name" lower=eth0,,later
refused "a lower device given twice" "vnicx: lower=eth0: given twice" lower=eth0,later,eth0
refused "a list of 33 lower devices" "lower: can only take 32 arguments" \
	"lower=$(seq -s, 33)"
refused "the loopback device" "vnicx: lower=lo: cannot create.* lower device lo is a loopback device" \
	lower=lo
refused "a port of a bridge behind a free lower device" \
	"vnicx: lower=eth1: cannot create vNIC 1 of 2: lower device eth1 is a port of bridge .-EBUSY" \
	lower=eth0,eth1 count=2

refused "one name for several vNICs" "vnicx: name=port: needs a %d" lower=eth0 count=2 name=port
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
t_is "the log says ten times why ten attempts failed over a port of a bridge" 10 ten_attempts

# Work that loading puts off must not be done when the module has gone.
insmod "$VNICX_STAGE/modules/vnicx_test_kind.ko" kind=vnicx
for attempt in first second third; do
	refused "a $attempt attempt to load while another module has the kind" \
		"File exists|Device or resource busy" \
		lower=eth0 count=4
done
rmmod vnicx_test_kind
t_is "no vNIC appears after loading has failed" "" ip -o link show type vnicx

t "a bridge can have the lower device after loading has failed" batch "link set eth0 master bridge"
insmod "$VNICX_STAGE/modules/vnicx.ko"
t "the module loads without parameters" [ -e /sys/module/vnicx ]
