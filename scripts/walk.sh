#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Draws docs/walk.svg from docs/walk.dot, with Debian's graphviz. The comments that
# name its version go, so that the picture changes only with its text.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

bash "$top/scripts/packages.sh" picture
dot -Tsvg "$top/docs/walk.dot" | sed '/^<!-- Generated/d; /^ -->$/d' >"$top/docs/walk.svg"
