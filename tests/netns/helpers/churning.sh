# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# For the tests that do everything at once: what runs in the background until
# it is ended.

traffic=''
churn=''

# talk COMMAND...: traffic, in the background
talk() {
	"$@" >/dev/null 2>&1 &
	traffic+=" $!"
}

# churn NAMESPACE COMMAND-OF-IP...: in the background
churn() {
	repeat "$@" >/dev/null 2>&1 &
	churn+=" $!"
}

# end PROCESS...: also what they started, which may be about to change a device
end() {
	kill "$@" 2>/dev/null || :
	wait "$@" 2>/dev/null || :
	until_ok 30 none_runs
}

# none_runs: neither ip nor bridge
none_runs() {
	local file name
	for file in /proc/[0-9]*/comm; do
		read -r name 2>/dev/null <"$file" || continue
		if [ "$name" = ip ] || [ "$name" = bridge ]; then
			echo "still running: ${file%/comm}"
			return 1
		fi
	done
}

# again COMMAND...: traffic, by a command that ends, in the background
again() {
	over_and_over "$@" >/dev/null 2>&1 &
	traffic+=" $!"
}

# over_and_over COMMAND...: until it is killed
over_and_over() {
	local running=''
	# one that waits for the kernel's lock is not done when it is killed
	trap 'kill $running; wait; exit' TERM
	while :; do
		"$@" &
		running=$!
		wait "$running" || :
	done
}

# repeat NAMESPACE COMMAND-OF-IP...: until it is killed. Many fail, because
# another one just deleted or moved the vNIC.
repeat() {
	local where=$1 batch
	shift
	batch=$(mktemp)
	for _ in {1..20}; do
		printf '%s\n' "$@"
	done >"$batch"
	over_and_over ip -n "$where" -force -batch "$batch"
}
