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
cat "${suites[@]}"
! grep -q '^ *not ok ' "${suites[@]}"
