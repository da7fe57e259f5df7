# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# The one list of what a kernel log must not contain. The guest asks it after
# each test, to say which test it was, and the host again for the whole log.

splat_patterns=(
	'WARNING:'
	'BUG:'
	'Oops'
	'Call Trace'
	'[Kk]ernel panic'
	'general protection fault'
	'[Uu]nable to handle'
	'KASAN'
	'UBSAN'
	'ODEBUG'
	'possible circular locking'
	'possible recursive locking'
	'possible irq lock inversion'
	'possible deadlock'
	'inconsistent lock state'
	'bad unlock balance'
	'suspicious RCU usage'
	'non-static key'
	'turning off the locking correctness validator'
	'sleeping function called'
	'scheduling while atomic'
	'refcount_t'
	'unregister_netdevice: waiting'
	'leaked reference'
	'kmemleak: .* new suspected'
	'rcu.*(detected stalls|detected expedited stalls|self-detected stall)'
	'soft lockup'
	'hard LOCKUP'
	'blocked for more than'
	'hung task'
)

# Filters standard input. No grep: starting a program is slow in some guests,
# and most often there is nothing to find.
splats() {
	local IFS='|' line all
	all="${splat_patterns[*]}"
	while IFS= read -r line; do
		[[ ! $line =~ $all ]] || printf '%s\n' "$line"
	done
}
