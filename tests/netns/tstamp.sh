#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kernels: 6.1 6.12
# net: lan
#
# A vNIC's timestamps are its adapter's, whose clock only the initial namespace
# configures.
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"

adapter=eth0
ns far
batch "link add link $adapter name h0 type vnicx" \
	"link add link $adapter name h1 netns far type vnicx" \
	"link set $adapter up" "link set h0 up"

abilities() {
	ethtool -T "$1" | sed 1d
}
expected=$(abilities $adapter)
t_is "a vNIC's abilities are its adapter's" "$expected" abilities h0
t_is "also in another namespace" "$expected" inside far bash -c "ethtool -T h1 | sed 1d"
clock=$(basename /sys/class/net/$adapter/device/ptp/ptp*)
t "the clock is the adapter's" shows "PTP Hardware Clock: ${clock#ptp}" ethtool -T h0
t_is "nothing is timestamped at first" "0 0" hwtstamp h0
t_is "all is, when a vNIC in the initial namespace says so" "1 1" hwtstamp h0 1 1
t_is "by the adapter" "1 1" hwtstamp $adapter
t_is "for every vNIC" "1 1" inside far hwtstamp h1
t_fails "a vNIC elsewhere cannot say so" "not supported" inside far hwtstamp h1 0 0
t_is "and has changed nothing" "1 1" hwtstamp $adapter
t_is "it is said no more" "0 0" hwtstamp h0 0 0
t_fails "what the adapter cannot, it refuses for its vNICs" "." hwtstamp h0 99 99
