# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# For scripts in a guest whose firmware enforces Secure Boot: the modules and the key are where DKMS has them.
# shellcheck source-path=SCRIPTDIR source=../netns/lib.sh
. "${VNICX_STAGE:?}/tests/netns/lib.sh"
# shellcheck source=../docs.sh
. "$VNICX_STAGE/tests/docs.sh"

# shellcheck disable=SC2034 # of the scripts
unsigned=$VNICX_STAGE/bin/unsigned/vnicx.ko
own=/lib/modules/$(uname -r)/updates/dkms
mkdir -p "$own" /var/lib/dkms
cp "$VNICX_STAGE"/modules/vnicx*.ko "$own/"
cp "$VNICX_STAGE/bin/dkms/mok.pub" /var/lib/dkms/
depmod
insmod "$VNICX_STAGE/modules/efivarfs.ko"
mount -t efivarfs efivarfs /sys/firmware/efi/efivars
trap 'umount /sys/firmware/efi/efivars; rm -r "$own" /var/lib/dkms' EXIT

in_log() {
	dmesg | grep -F -e "$1"
}
