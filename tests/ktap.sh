#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# One result of each kind and no end, for scripts/check-ktap.sh: a document that
# other parsers must read as ours does.
# shellcheck source=netns/lib.sh
. "$VNICX_STAGE/tests/netns/lib.sh"

t "what succeeds" true
t "a #1 in a title, and stars * ?" true
t_fails "what shall fail, and does not" "no" true
t_is "a number" 2 echo 3
skip "what cannot be tried" "this kernel has none"
false
