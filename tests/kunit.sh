#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Loads the unit tests, which run as they load, and prints every suite's result.
set -euo pipefail
# shellcheck source=guest/modules.sh
. "$VNICX_STAGE/tests/guest/modules.sh"

load_module vnicx_kunit

shopt -s nullglob
suites=(/sys/kernel/debug/kunit/*/results)
if [ "${#suites[@]}" -eq 0 ]; then
	echo "# no suite ran"
	exit 1
fi
# Each is a document with one result, and becomes one result of this one.
echo "1..${#suites[@]}"
for i in "${!suites[@]}"; do
	sed -E -e '/^(KTAP version 1|1\.\.1)$/d' -e "s/^((not )?ok) 1 /\\1 $((i + 1)) /" "${suites[i]}"
done
! grep -q '^ *not ok ' "${suites[@]}"
