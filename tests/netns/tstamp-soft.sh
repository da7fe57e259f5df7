#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kernels: uml 6.1 6.12
#
# Timestamps of vNICs over a lower device that takes none in hardware.
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"

ns far
ip link add soft type veth peer name wire
ip link add link soft name v0 type vnicx
ip link add link soft name v1 netns far type vnicx

abilities() {
	ethtool -T "$1" | sed 1d
}
expected=$(abilities soft)
t_is "a vNIC shows its lower device's timestamping" "$expected" abilities v0
t_is "a vNIC in another namespace shows its lower device's timestamping" \
	"$expected" inside far bash -c "ethtool -T v1 | sed 1d"
t "a vNIC over a lower device without a clock shows none" shows "PTP Hardware Clock: none" ethtool -T v0
t_fails "a vNIC over a lower device without timestamps has no setting" "not supported" hwtstamp v0
t_fails "a vNIC over a lower device without timestamps refuses a setting" "not supported" hwtstamp v0 1 1
