#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# clang, for headers of a kernel that gcc built: Debian's configuration holds
# options that only gcc knows. The object files are looked at, never loaded.
set -euo pipefail

args=()
for arg; do
	case $arg in
	-fconserve-stack | -mrecord-mcount | -mfunction-return=* | -mindirect-branch* | \
		-ftrivial-auto-var-init=* | -fzero-call-used-regs=* | -mharden-sls=* | \
		-mpreferred-stack-boundary=* | -fno-allow-store-data-races | -fmin-function-alignment=*) ;;
	*) args+=("$arg") ;;
	esac
done
exec clang "${args[@]}" -Wno-unknown-warning-option -Wno-ignored-optimization-argument
