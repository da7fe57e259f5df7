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
# of docs.sh: leases take their time, most of all those of a virtual machine in a guest that QEMU emulates
# shellcheck disable=SC2034
patience=120 looks='ip -4|ping|vnicx|networkctl --no-legend|nmcli -g|lxc-attach|podman exec|docker exec'

# is_installed NAME: that package, which dpkg may know without having it
is_installed() {
	[ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

dkms_has_it() {
	shows "$(uname -r), x86_64: installed" dkms status vnicx
}
