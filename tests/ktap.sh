#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# One result of each kind, titles that emit refuses, and no end, for
# scripts/check-ktap.sh: a document that other parsers must read as ours does.
# shellcheck source=netns/lib.sh
. "$VNICX_STAGE/tests/netns/lib.sh"

t "a command succeeds" true
t "a title has a #1 and stars * ?" true
t_fails "a command that is to fail succeeds" "no" true
t_is "a number is printed" 2 echo 3
skip "a command cannot be tried" "this kernel has none"
t "a command succeeds" true
t "and so does this one" true
t "too short" true
false
