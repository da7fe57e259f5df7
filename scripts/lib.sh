# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Sourced by every script on the host: messages, places, locks, what tests say of
# themselves, and KTAP lines.

# Without this a failure inside $(...) goes on.
shopt -s inherit_errexit

# shellcheck disable=SC2034 # read by the scripts that source this file
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cache=${VNICX_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/vnicx}

# Messages go to stderr, because stdout belongs to results and to values.
say() {
	printf '%s\n' "$*" >&2
}

# notice WORDS...: to who waits. check.sh keeps a job's stderr for its end, and gives jobs
# another descriptor for these.
notice() {
	local to=${VNICX_NOTICES:-2}
	[ -e "/dev/fd/$to" ] || to=2
	printf '%s\n' "$*" >&"$to"
}

die() {
	printf '%s: %s\n' "${0##*/}" "$*" >&2
	exit 1
}

# A path is written on kernel command lines and in make variables, both of
# which split at blanks.
check_paths() {
	case $top$cache in
	*[[:space:]]*) die "paths with blanks do not work: $top, $cache" ;;
	esac
}

# with_lock NAME COMMAND...: one at a time over all runs on this machine. A run that
# waits tells of the other one, and of its log if that one has set lock_log. The
# lock's descriptor is closed in the command, or a daemon it leaves keeps it.
# Not to be called in a condition, where bash forgets errexit.
with_lock() {
	local name=$1 file=$cache/lock/$1 fd
	shift
	mkdir -p "$cache/lock"
	exec {fd}<>"$file"
	if ! flock -w 1 "$fd"; then
		notice "waiting for another run: $name, $(<"$file")"
		flock "$fd"
	fi
	echo "process $$${lock_log:+, log: $lock_log}" >"$file"
	"$@" {fd}>&-
	exec {fd}>&-
}

# slowly WORDS COMMAND...: a notice if the command has not ended after three seconds
slowly() {
	local words=$1 teller status=0
	shift
	{
		sleep 3
		notice "$words"
	} >/dev/null </dev/null &
	teller=$!
	"$@" || status=$?
	kill "$teller" 2>/dev/null || :
	wait "$teller" 2>/dev/null || :
	return "$status"
}

# logged FILE COMMAND...: output to a file, shown only if the command fails.
logged() {
	local log=$1
	shift
	mkdir -p "$(dirname "$log")"
	"$@" >"$log" 2>&1 && return
	tail -n 40 "$log" >&2
	die "failed: $* (whole output in $log)"
}

# short hash of standard input, for names in the cache
digest() {
	sha256sum | cut -c1-12
}

# header SCRIPT WORD: what a test says of that in its head
header() {
	sed -n "/^[^#]/q; s/^# $2: *//p" "$1"
}

# for_kernel SCRIPT KERNEL: a test that says "# kernels: NAME..." in its head is for
# those alone. On 6.12-rt run only those that say "# also: 6.12-rt".
for_kernel() {
	local kernels
	if [ "$2" = 6.12-rt ]; then
		kernels=$(header "$1" also)
		[[ " $kernels " = *" $2 "* ]]
	else
		kernels=$(header "$1" kernels)
		[ -z "$kernels" ] || [[ " $kernels " = *" $2 "* ]]
	fi
}

ktap_number=0

ktap_begin() {
	ktap_number=0
	echo "KTAP version 1"
}

# ktap RESULT DESCRIPTION [DIAGNOSTICS-FILE]; diagnostics precede their result
ktap() {
	ktap_number=$((ktap_number + 1))
	if [ -n "${3:-}" ] && [ -s "$3" ]; then
		head -n 200 "$3" | sed 's/^/# /'
	fi
	echo "$1 $ktap_number $2"
}

# ktap_check DESCRIPTION COMMAND...: the command's output matters on failure only
ktap_check() {
	local what=$1 out status
	shift
	out=$(mktemp)
	# not "|| status=$?", which would switch errexit off in the command
	set +e
	(
		set -e
		"$@"
	) >"$out" 2>&1 </dev/null
	status=$?
	set -e
	if [ "$status" -eq 0 ]; then
		ktap ok "$what"
	else
		ktap "not ok" "$what" "$out"
	fi
	rm -f "$out"
	return 0
}
