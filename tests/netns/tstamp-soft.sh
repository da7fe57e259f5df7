#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Timestamps of vNICs over an adapter that takes none in hardware.
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
t_is "a vNIC's abilities are its adapter's" "$expected" abilities v0
t_is "also in another namespace" "$expected" inside far bash -c "ethtool -T v1 | sed 1d"
t "there is no clock" shows "PTP Hardware Clock: none" ethtool -T v0
t_fails "and nothing to show" "not supported" hwtstamp v0
t_fails "or to set" "not supported" hwtstamp v0 1 1
