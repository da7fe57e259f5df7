#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# vms.sh with two queues for each machine, served by vhost-net.
# timeout: 600
queues=2 option=vhost=on
# shellcheck source=vms.sh
. "${BASH_SOURCE[0]%/*}/vms.sh"
