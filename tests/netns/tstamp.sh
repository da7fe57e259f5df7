#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kernels: 6.1 6.12
# net: lan
#
# A vNIC's timestamps are its lower device's, whose clock only the initial namespace
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
t_is "a vNIC shows its lower device's timestamping" "$expected" abilities h0
t_is "a vNIC in another namespace shows its lower device's timestamping" \
	"$expected" inside far bash -c "ethtool -T h1 | sed 1d"
clock=$(basename /sys/class/net/$adapter/device/ptp/ptp*)
t "a vNIC shows its lower device's clock" shows "PTP Hardware Clock: ${clock#ptp}" ethtool -T h0
t_is "no frame is timestamped at first" "0 0" hwtstamp h0
t_is "a vNIC in the initial namespace can have all frames timestamped" "1 1" hwtstamp h0 1 1
t_is "the lower device timestamps when a vNIC had it so" "1 1" hwtstamp $adapter
t_is "a vNIC in another namespace shows that all frames are timestamped" "1 1" inside far hwtstamp h1
t_fails "a vNIC in another namespace cannot switch timestamps off" "not supported" inside far hwtstamp h1 0 0
t_is "the lower device timestamps after a refused setting" "1 1" hwtstamp $adapter
t_is "a vNIC in the initial namespace can switch timestamps off" "0 0" hwtstamp h0 0 0
t_fails "the lower device refuses a setting that it lacks by a vNIC" "." hwtstamp h0 99 99
