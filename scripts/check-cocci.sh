#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The kernel's own semantic patches (scripts/coccinelle) for mistakes that a module
# like this one can make: references, locks, iterators, error pointers. Prints what
# they report of the files.
#
#   check-cocci.sh FILE...
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

patches=(
	api/err_cast api/kfree_mismatch api/memdup
	free/ifnullfree free/kfree
	iterators/itnull iterators/list_entry_update iterators/use_after_iter
	locks/call_kern locks/double_lock locks/flags locks/mini_lock
	misc/doubleinit misc/newline_in_nl_msg misc/noderef misc/returnvar misc/struct_size misc/warn
	null/deref_null null/eno null/kmerr
	tests/doublebitand tests/doubletest tests/odd_ptr_err tests/unsigned_lesser_than_zero
)

main() {
	local folder patch options found
	folder=$(bash "$top/scripts/kernels.sh" source)/scripts/coccinelle
	cd "$top"
	found=$(for patch in "${patches[@]}"; do
		read -ra options < <(sed -n 's,^// Options: *,,p' "$folder/$patch.cocci") || :
		# all files at once are more than its stack holds
		printf '%s\n' "$@" | xargs -n 30 spatch -D report --very-quiet "${options[@]}" \
			--cocci-file "$folder/$patch.cocci" -I include -I include/uapi
	done)
	[ -z "$found" ] || {
		printf '%s\n' "$found"
		return 1
	}
}

main "$@"
