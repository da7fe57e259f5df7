#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The firmware does not know the key that the modules are signed with.
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"

t_fails "modprobe says that the module's key is not known" \
	"^modprobe: ERROR: could not insert 'vnicx': Key was rejected by service$" modprobe vnicx
t "the kernel's log says that the module's key is not known" in_log "Loading of module with unavailable key is rejected"
t_fails "insmod says that a module without a signature is refused" "Key was rejected by service" insmod "$unsigned"
t "the kernel's log says that a module without a signature is refused" in_log "Loading of unsigned module is rejected"
recipe install.md "Enroll the key"
