#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A runner that cannot fail proves nothing: each of these must turn it red. And what
# the runner offers to those who look for a fault: a shell, and gdb.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# red EXPECTED OPTION...: the run fails, and its output says why: a line for each
# line of EXPECTED
red() {
	local expected regex out status=0
	mapfile -t expected <<<"$1"
	shift
	out=$(bash "$top/scripts/vm.sh" --log "$cache/log/runner-$kernel.log" --kernel "$kernel" "$@") || status=$?
	printf '%s\n' "$out"
	[ "$status" -ne 0 ]
	for regex in "${expected[@]}"; do
		grep -q "$regex" <<<"$out"
	done
}

# A shell in a guest reads lines from a pipe.
shell_session() {
	local out
	# shellcheck disable=SC2016 # the guest's shell expands it
	out=$(printf '%s\n' 'echo "$(inside vm1 ping -n -c 1 -W 9 192.0.2.12)"' 'expr 6 + 36' |
		timeout 300 bash "$top/scripts/vm.sh" --shell "$kernel") || return
	printf '%s\n' "$out"
	grep -q ' 1 received' <<<"$out"
	grep -q '^42' <<<"$out"
}

# gdb is attached while the shell waits for its input, and stops the guest where a
# ping comes by.
gdb_session() {
	local work guest input command
	# apart from what has a time limit
	bash "$top/scripts/build.sh" "$kernel" gdb KCFLAGS=-g >/dev/null
	work=$(mktemp -d)
	mkfifo "$work/input"
	timeout 300 bash "$top/scripts/vm.sh" --shell "$kernel" --gdb <"$work/input" >"$work/out" 2>"$work/err" &
	guest=$!
	exec {input}>"$work/input"
	if ! await '^gdb: ' "$work/err"; then
		cat "$work/out" "$work/err"
		kill "$guest"
		return 1
	fi
	read -ra command < <(sed -n 's/^gdb: //p' "$work/err")
	timeout 120 "${command[@]}" -batch -ex 'break vnicx_deliver' -ex 'continue' -ex 'backtrace' \
		-ex 'delete' -ex 'detach' >"$work/gdb" 2>&1 </dev/null &
	if ! await '^Breakpoint 1 at' "$work/gdb"; then
		cat "$work/gdb" "$work/err"
		kill "$guest"
		return 1
	fi
	# gdb says nothing more before it lets the guest go on
	echo 'sleep 2; inside vm1 ping -n -c 1 -W 60 192.0.2.12' >&"$input"
	exec {input}>&-
	wait "$guest" || cat "$work/err"
	wait
	cat "$work/gdb"
	grep -q '^Breakpoint 1, vnicx_deliver\| hit Breakpoint 1, vnicx_deliver' "$work/gdb"
	grep -q 'switch/forward.c:[0-9]' "$work/gdb"
	rm -rf "$work"
}

# await REGEX FILE
await() {
	local tries
	for ((tries = 0; tries < 1200; tries++)); do
		! grep -q "$1" "$2" 2>/dev/null || return 0
		sleep 0.1
	done
	return 1
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
	# with the top of its trace, not only the end of the log
	ktap_check "a guest that panics" \
		red "$(printf '%s\n' "wrote no closing line" "panic - not syncing" "panic+0x" "^# log: .*/runner-")" -c 'echo c >/proc/sysrq-trigger'
	ktap_check "a guest that ends without a word" red "wrote no closing line" -c 'busybox poweroff -f'
	ktap_check "a shell in a guest answers" shell_session
	ktap_check "gdb stops a guest in the module and shows source lines" gdb_session
	[ "$kernel" != 6.1 ] ||
		ktap_check "instructions are counted by function as the guest's clock counts them" bash "$top/scripts/check-profile.sh"
	[ "$kernel" != uml ] ||
		ktap_check "what guests say is what the kept documents are like" bash "$top/scripts/check-ktap.sh" --guests
	echo "1..$ktap_number"
}

main "$@"
