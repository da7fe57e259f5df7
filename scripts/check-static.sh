#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What can be said of the source without running it: style, sparse, warnings of
# two compilers, the scripts' own checker, the direction of includes, spelling; and
# what its tools do: installation, results, what is fetched.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=style.sh
. "$top/scripts/style.sh"

# c_files FOLDER...: their C files, without those that modpost writes
c_files() {
	find "$@" -name '*.[ch]' -not -name '*.mod.c' | sort
}

shell_scripts() {
	local file
	find .ci scripts tests -type f | sort | while read -r file; do
		case $file in
		*.sh) echo "$file" ;;
		*) [[ $(head -c 12 "$file" | tr -d '\0') != '#!/bin/bash'* ]] || echo "$file" ;;
		esac
	done
}

kernel_doc() {
	python3 "$(bash "$top/scripts/kernels.sh" source)/scripts/kernel-doc" -none -Wall -Werror "$@"
}

shellcheck_all() {
	mapfile -t files < <(shell_scripts)
	shellcheck -x -P SCRIPTDIR "${files[@]}"
}

# A check of includes that cannot turn red is none.
includes_turn_red() {
	local folder line
	copy=$(mktemp -d)
	trap 'rm -rf "$copy"' EXIT
	while read -r folder line; do
		rm -rf "${copy:?}"/*
		cp -r "$top"/{include,switch,vnic} "$copy"
		mkdir -p "$copy/$folder"
		echo "#include $line" >"$copy/$folder/wrong.h"
		if bash "$top/scripts/check-includes.sh" "$copy"; then
			echo "$folder may include $line"
			exit 1
		fi
	done <<-'END'
		switch "../vnic/vnic.h"
		switch <net/rtnetlink.h>
		switch <linux/ethtool.h>
		switch <linux/moduleparam.h>
		include/vnicx "../../switch/internal.h"
		include/uapi/linux <vnicx/port.h>
	END
}

build() {
	bash "$top/scripts/build.sh" "$@" >/dev/null
}

# What reads the source and does no more
look() {
	local files
	mapfile -t files < <(c_files include switch vnic tests | grep -vE "$programs")
	ktap_check "kernel style (checkpatch --strict)" style kernel --file "${files[@]}"
	mapfile -t files < <(c_files tests | grep -E "$programs")
	ktap_check "style of the tests' programs" style program --file "${files[@]}"
	ktap_check "shellcheck" shellcheck_all
	ktap_check "spelling (codespell)" spelling ./*.md .ci Kbuild Makefile docs include scripts \
		switch tests tools vnic
	ktap_check "manual pages (mandoc)" mandoc -Tlint -W warning docs/man/*.[0-9]
	mapfile -t files < <(c_files include switch vnic)
	ktap_check "comments that kernel-doc reads" kernel_doc "${files[@]}"
	ktap_check "includes point one way" bash scripts/check-includes.sh
}

# What tries the tools, and compiles
try() {
	local kernel
	ktap_check "what bash completes" bash scripts/check-completion.sh
	ktap_check "includes that do not are found" includes_turn_red
	ktap_check "kunit.py reads the documents of check.sh as they are meant" bash scripts/check-ktap.sh
	ktap_check "Debian's kernels are unpacked whole" bash scripts/check-stock.sh
	ktap_check "make install and uninstall" bash scripts/check-install.sh
	ktap_check "the demonstration fetches one kernel and no source" bash scripts/check-demo.sh
	for kernel in 6.1 6.12 uml; do
		ktap_check "gcc W=1 for $kernel" build "$kernel"
	done
	ktap_check "clang W=1 for 6.12" build 6.12 clang \
		CC="$top/scripts/clang-with-gcc-headers.sh" OBJECT_FILES_NON_STANDARD=y
	ktap_check "sparse for 6.12" build --sparse 6.12
	# Debian's sparse does not know the keyword, newer kernels refuse it for that
	ktap_check "sparse for uml" build --sparse uml CF=-D__typeof_unqual__=__typeof__
}

main() {
	cd "$top"
	ktap_begin
	look
	[ "${1:-}" = source ] || try
	echo "1..$ktap_number"
}

main "$@"
