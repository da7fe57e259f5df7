#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A runner that cannot fail proves nothing: each of these must turn it red.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# red EXPECTED OPTION...: the run fails, and its output says why
red() {
	local expected=$1 out status=0
	shift
	out=$(bash "$top/scripts/vm.sh" --log "$cache/log/runner-$kernel.log" --kernel "$kernel" "$@") || status=$?
	printf '%s\n' "$out"
	[ "$status" -ne 0 ] && grep -q "$expected" <<<"$out"
}

main() {
	kernel=${1:-uml}
	ktap_begin
	ktap_check "a failed command" red "exit status 7" -c 'exit 7'
	ktap_check "a complaint of the kernel" red "kernel: .*WARNING: self-test" -c 'echo "WARNING: self-test" >/dev/kmsg'
	ktap_check "a script that hangs" red "no end after 2 s" --script-timeout 2 -c 'sleep 1000'
	ktap_check "a guest that hangs" red "sysrq: Show Blocked State" --timeout 30 -c 'sleep 1000'
	# without its keyboard, a kernel does not answer; User Mode Linux has none
	[[ $kernel = uml* ]] || ktap_check "a guest that does not even answer" red "panic .* NMI: " --timeout 30 \
		-c 'echo i8042 >/sys/bus/platform/drivers/i8042/unbind; sleep 1000'
	ktap_check "a guest that panics" red "wrote no closing line" -c 'echo c >/proc/sysrq-trigger'
	ktap_check "a guest that ends without a word" red "wrote no closing line" -c 'busybox poweroff -f'
	echo "1..$ktap_number"
}

main "$@"
