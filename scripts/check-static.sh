#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Findings in the source without running it: style, sparse, warnings of
# two compilers, semantic patches, the scripts' own checker, the direction of includes,
# spelling, language. And the tools: installation, results, downloads.
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
	find .ci packaging scripts tests -type f | sort | while read -r file; do
		case $file in
		*.sh) echo "$file" ;;
		*) [[ $(head -c 12 "$file" | tr -d '\0') != '#!/bin/bash'* ]] || echo "$file" ;;
		esac
	done
}

# only_new NAME DEPENDENCIES COMMAND...: runs the command, with the files on standard input as
# further arguments, for those that it has not passed before just as they are. A command that
# takes seconds for each file is worth that; what else its verdict depends on is in the
# dependencies, any words.
only_new() {
	local list files now
	list=$cache/passed/$1-$(digest <<<"$2 ${*:3}")
	mkdir -p "$cache/passed"
	now=$(xargs -d '\n' sha256sum)
	touch "$list"
	mapfile -t files < <(grep -vxFf "$list" <<<"$now" | cut -d ' ' -f 3-)
	[ "${#files[@]}" -eq 0 ] || "${@:3}" "${files[@]}"
	rm -f "$cache/passed/$1-"*
	echo "$now" >"$list"
}

kernel_doc() {
	python3 "$(bash "$top/scripts/kernels.sh" source)/scripts/kernel-doc" -none -Wall -Werror "$@"
}

# documented FOLDER...: functions that other files call have kernel-doc
documented() {
	find "$@" -name '*.c' -not -name '*.mod.c' -exec awk -f "$top/scripts/undocumented.awk" {} +
}

# described [HEADER]: the description of the generic netlink family is one that the
# kernel's tools read, and says what the headers say
described() {
	local schema
	schema=$(bash "$top/scripts/kernels.sh" source)/Documentation/netlink/genetlink.yaml
	python3 scripts/check-spec.py docs/netlink/vnicx.yaml "${1:-include/uapi/linux/vnicx.h}" \
		include/uapi/linux/if_vnicx.h --schema "$schema"
}

# A comparison of the description with the headers that cannot turn red is none.
described_turns_red() {
	local found
	bad=$(mktemp --suffix=.h)
	trap 'rm -f "$bad"' EXIT
	sed '/VNICX_A_PORT_NSID,/d' include/uapi/linux/vnicx.h >"$bad"
	found=$(described "$bad" || :)
	grep -qx 'VNICX_A_PORT_NSID is 7 in the description, None in the headers' <<<"$found"
}

# A file has one subject, and a reader sees all of it.
# short FOLDER...: their files of C and of the shell have at most 400 lines
short() {
	local lines file
	while read -r lines file; do
		[ "$lines" -le 400 ] || [ "$file" = total ] ||
			echo "${file#./}: $lines lines: split it where its subject changes"
	done < <(find "$@" -type f \( -name '*.[ch]' -o -name '*.sh' \) -not -name '*.mod.c' -exec wc -l {} +)
}

# nothing COMMAND...: it prints nothing
nothing() {
	local out
	out=$("$@")
	[ -z "$out" ] || { printf '%s\n' "$out" && exit 1; }
}

# A limit that nothing reaches is none.
short_turns_red() {
	bad=$(mktemp -d)
	trap 'rm -rf "$bad"' EXIT
	seq 400 >"$bad/fits.c"
	seq 401 | tee "$bad/long.sh" "$bad/long.txt" >"$bad/long.h"
	[ "$(short "$bad" | sed 's,.*/,,' | sort)" = "$(printf 'long.%s: 401 lines: split it where its subject changes\n' h sh)" ]
}

# A script is read with those that it names in "shellcheck source=".
shellcheck_all() {
	local sourced
	sourced=$(shell_scripts | xargs grep -ho 'shellcheck source=.*' | sed 's,.*[=/],,' | sort -u | paste -sd '|')
	sourced=$(shell_scripts | grep -E "/($sourced)\$" | xargs sha256sum)
	shell_scripts | only_new shellcheck "$(shellcheck -V) $sourced" shellcheck -x -P SCRIPTDIR
}

# checkpatch KIND FILE...: of style
checkpatch() {
	printf '%s\n' "${@:2}" |
		only_new "style-$1" "$(bash "$top/scripts/kernels.sh" source) ${style_ignores[$1]} $(declare -f style)" \
			style "$1" --file
}

# Mistakes in tests show when they run, under KASAN, lockdep and kmemleak.
cocci() {
	local headers
	headers=$(c_files include switch vnic | grep '\.h$' | xargs sha256sum)
	c_files switch vnic | grep '\.c$' |
		only_new cocci "$(spatch --version) $(bash "$top/scripts/kernels.sh" source) $headers $(<scripts/check-cocci.sh)" \
			bash scripts/check-cocci.sh
}

# counters_told PAGE: the page's STATISTICS have each counter of ethtool -S, and no other
counters_told() {
	local counters
	counters=$(sed -n '/^static const char stat_names/,/^static int vnicx_ethtool_get_sset_count/s/.*"\([a-z_]*\)",$/\1/p' \
		vnic/dev/ethtool.c)
	[ "$(wc -l <<<"$counters")" -gt 20 ] || { echo "few counters: $counters" && exit 1; }
	diff <(sort <<<"$counters") <(sed -n '/^\.SH STATISTICS/,/^\.TE/s/|T{$//p' "$1" | sort)
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
		switch/out "../../switch/fdb.h"
		include/vnicx "../../switch/internal.h"
		include/uapi/linux <vnicx/port.h>
	END
}

# A checker of language that cannot turn red is none.
language_turns_red() {
	local found number
	bad=$(mktemp -d)
	trap 'rm -rf "$bad"' EXIT
	cat >"$bad/a.md" <<-'END'
		The adapter is here. The
		adapter is there. What is sent
		goes out. Is it? Whoever
		may

		    What is code

		`What` is code. Why? What?
	END
	cat >"$bad/b.c" <<-'END'
		/* Who may send this
		 * does at no
		 * time
		 */
		f("What is sent is lost");
		x = What;
	END
	printf '%s\n' '# It puts together' '# frames.' 't "what a test does" true' 'echo Who is it' >"$bad/c.sh"
	found=$(bash scripts/check-language.sh "$bad"/* || :)
	number=$(grep -c . <<<"$found")
	[ "$number" -eq 7 ] || {
		printf '%s\n' "$number findings instead of 7:" "$found"
		exit 1
	}
}

# A search for functions without kernel-doc that cannot turn red is none.
documented_turns_red() {
	local found
	bad=$(mktemp -d)
	trap 'rm -rf "$bad"' EXIT
	cat >"$bad/a.c" <<-'END'
		/**
		 * good() - has it
		 */
		int good(void)
		{
		}

		/* plain */
		int plain(struct foo *p,
			  int n)
		{
		}

		/**
		 * another() - is another function
		 */
		struct foo *
		none(void)
		{
		}

		static int hidden(void)
		{
		}
	END
	found=$(documented "$bad" || :)
	[ "${found//"$bad/"/}" = "$(printf 'a.c:%s() has no kernel-doc\n' '11: plain' '19: none')" ] || {
		printf '%s\n' "found:" "$found"
		exit 1
	}
}

# rendered: documents and manual pages become HTML, among which links lead somewhere
rendered() {
	pages=$(mktemp -d)
	trap 'rm -rf "$pages"' EXIT
	make -s docs HTMLDIR="$pages" 2>&1
	[[ -s $pages/README.html && -s $pages/docs/install.html && -s $pages/docs/man/vnicx.8.html ]]
}

# Checkers of documents that cannot turn red are none.
docs_turn_red() {
	local found
	copy=$(mktemp -d)
	trap 'rm -rf "$copy"' EXIT
	cp -r ./*.md COPYING MAINTAINERS docs packaging scripts switch tests tools vnic "$copy"
	cd "$copy"
	echo '[no](docs/none.md) [no](docs/faq.md#none) [yes](docs/faq.md#questions)' >>README.md
	sed -i 's/address is in use by vNIC NAME/no message says this/' docs/troubleshooting.md
	sed -i 's/^\.BR flood/.BR fload/' docs/man/ip-link-vnicx.8
	found=$(bash scripts/check-docs.sh || :)
	found+=$'\n'$(bash scripts/docs.sh html 2>/dev/null || :)
	[ "$(grep -c . <<<"$found")" -eq 6 ] || {
		printf '%s\n' "found:" "$found"
		exit 1
	}
}

# heeded FOLDER...: functions that until_ok asks have their questions joined
heeded() {
	local files
	mapfile -t files < <(find "$@" -name '*.sh' | sort)
	awk -f "$top/scripts/unheeded.awk" "${files[@]}" "${files[@]}" read=3 "${files[@]}"
}

# A search for questions that nobody heeds that cannot turn red is none.
heeded_turns_red() {
	local found
	bad=$(mktemp -d)
	trap 'rm -rf "$bad"' EXIT
	tr '>' '\t' >"$bad/a.sh" <<-'END'
		#!/bin/bash
		alone() {
		>[ "$1" = 1 ]
		>grep -q a "$1"
		}
		asked() {
		>for n in 1 2; do
		>>is_now "$n" cat "$n"
		>done
		>if [ "$n" = 2 ]; then
		>>called
		>>matches "$n" 2
		>fi
		}
		called() {
		>leads h1 "$1"
		>grep -q a "$1" &&
		>>grep -q b "$1" || return 1
		>leads h2 "$1"
		}
		t "title" until_ok "$seconds" asked 1
	END
	found=$(heeded "$bad")
	[ "$(cut -d : -f 2 <<<"$found")" = $'8\n16' ] || {
		printf '%s\n' "found:" "$found"
		exit 1
	}
}

# Semantic patches that find nothing prove nothing, unless they find these.
cocci_turns_red() {
	local found what
	bad=$(mktemp --suffix=.c)
	trap 'rm -f "$bad"' EXIT
	cat >"$bad" <<-'END'
		int a(struct foo *p) { kfree(p); return p->x; }
		int b(struct foo *p, spinlock_t *l) { spin_lock(l); if (p->x) return -1; spin_unlock(l); return 0; }
		int c(struct ext *extack) { NL_SET_ERR_MSG(extack, "text\n"); return 0; }
		int d(struct list_head *h) { struct foo *q; list_for_each_entry(q, h, n) { f(q); } return q->x; }
		int e(struct foo *p) { p = f(); if (!p) return p->x; return 0; }
	END
	found=$(bash scripts/check-cocci.sh "$bad" || :)
	for what in 'preceded by free' 'preceding lock' 'avoid newline' 'index variable' 'NULL but dereferenced'; do
		grep -q "$what" <<<"$found" || {
			printf '%s\n' "not found: $what" "$found"
			exit 1
		}
	done
}

build() {
	bash "$top/scripts/build.sh" "$@" >/dev/null
}

# Checks that read the source and do no more
look() {
	local files
	mapfile -t files < <(c_files include switch vnic tests | grep -vE "$programs|$tracepoints|$tables|$bytes")
	ktap_check "kernel style (checkpatch --strict)" checkpatch kernel "${files[@]}"
	mapfile -t files < <(c_files switch vnic | grep -E "$tracepoints")
	ktap_check "style of tracepoints" checkpatch tracepoint "${files[@]}"
	mapfile -t files < <(c_files vnic | grep -E "$tables")
	ktap_check "style of tables" checkpatch table "${files[@]}"
	mapfile -t files < <(c_files tests | grep -E "$bytes")
	ktap_check "style of lists of bytes" checkpatch bytes "${files[@]}"
	mapfile -t files < <(c_files tests | grep -E "$programs")
	ktap_check "style of the tests' programs" checkpatch program "${files[@]}"
	ktap_check "files of at most 400 lines" nothing short .ci include packaging scripts switch tests tools vnic
	ktap_check "shellcheck" shellcheck_all
	ktap_check "spelling (codespell)" spelling ./*.md .ci Kbuild Makefile docs include packaging \
		scripts switch tests tools vnic
	ktap_check "manual pages (mandoc)" mandoc -Tlint -W warning docs/man/*.[0-9]
	ktap_check "vnicx(4) has each counter of ethtool -S" counters_told docs/man/vnicx.4
	mapfile -t files < <(c_files include switch vnic)
	ktap_check "comments that kernel-doc reads" kernel_doc "${files[@]}"
	ktap_check "kernel-doc of functions that other files call" documented switch vnic
	ktap_check "questions of functions that until_ok asks are joined" nothing heeded scripts tests
	ktap_check "language (docs/glossary.md)" bash scripts/check-language.sh
	ktap_check "the description of the netlink family (docs/netlink)" described
	ktap_check "links, messages and options in documents" bash scripts/check-docs.sh
	ktap_check "make docs renders the documents, whose links lead somewhere" rendered
	ktap_check "includes point one way" bash scripts/check-includes.sh
}

# Checks that try the tools, and compile
try() {
	local kernel
	ktap_check "what bash completes" bash scripts/check-completion.sh
	ktap_check "mistakes that the kernel's semantic patches know (spatch)" cocci
	ktap_check "the semantic patches find what they are for" cocci_turns_red
	ktap_check "check-language.sh finds words and sentences" language_turns_red
	ktap_check "a description that lies about the headers is found" described_turns_red
	ktap_check "links, messages and options that are not there are found" docs_turn_red
	ktap_check "functions without kernel-doc are found" documented_turns_red
	ktap_check "questions that nobody heeds are found" heeded_turns_red
	ktap_check "includes that do not are found" includes_turn_red
	ktap_check "files that are too long are found" short_turns_red
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
