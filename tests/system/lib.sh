# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# For scripts in a guest that systemd has booted, with vnicx' packages.
# shellcheck source-path=SCRIPTDIR source=../netns/lib.sh
. "${VNICX_STAGE:?}/tests/netns/lib.sh"
# shellcheck source=../docs.sh
. "$VNICX_STAGE/tests/docs.sh"
# ip finds the plugin that is installed
unset IP_LIB_DIR
# shellcheck disable=SC2034 # of docs.sh: leases take their time
looks='ip -4|ping|vnicx|networkctl --no-legend|nmcli -g|lxc-attach|podman exec'
