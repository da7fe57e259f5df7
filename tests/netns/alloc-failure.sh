#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# kernels: uml uml-smp
#
# Whatever allocation fails, a vNIC is there or is not, is up or is down, has its
# old address or the new one, and the adapter is as it was.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"
