#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# kernels: uml 6.1
#
# What a user does in a loop, maybe in namespaces of his own, does not fill the
# kernel's log.
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"

log_lines() {
	dmesg | grep -c "stays above" || :
}

no_ipv6
ns host
# A vNIC's MTU cannot be as small as an adapter's may be.
made=("link add d0 type dummy") changed=()
for ((n = 0; n < 10; n++)); do
	made+=("link add link d0 name m$n type vnicx")
done
for ((n = 0; n < 40; n++)); do
	changed+=("link set d0 mtu 60" "link set d0 mtu 1500")
done
batch_in host "${made[@]}"
before=$(log_lines) start=$SECONDS
batch_in host "${changed[@]}"
t "the log says that an MTU cannot follow" [ "$(log_lines)" -gt "$before" ]
# 400 MTUs could not follow. The kernel's limit: 10 lines in 5 seconds
t "the log has few lines about MTUs that cannot follow" \
	[ $(($(log_lines) - before)) -le $((10 * ((SECONDS - start) / 5 + 2))) ]
