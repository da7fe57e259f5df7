#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 60
#
# The next boot makes the vNICs that docs/deploy.md asked for.
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"

recipe deploy.md "After the next boot"
