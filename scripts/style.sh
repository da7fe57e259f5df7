# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154 # lib.sh comes before it
#
# Sourced by check-static.sh and the pre-commit script: the checkers of style and
# spelling, and what they must not take for a mistake.

# Programs of the tests, for userspace. They have none of the kernel's types and
# macros, and write netlink attributes as strings, one each.
# shellcheck disable=SC2034 # read by the scripts that source this file
programs='^tests/(netns/helpers|traffic|fuzz|bench/plugin)/'

# Headers of tracepoints, whose layout is that of the kernel's own
# shellcheck disable=SC2034
tracepoints='/trace\.h$'

# Tables whose lines are macros: each names a member of a structure several times.
# shellcheck disable=SC2034
tables='^vnic/nl/option\.c$'

# Headers of the unit tests whose macros are lists of bytes
# shellcheck disable=SC2034
bytes='/packets\.h$'

declare -A style_ignores=(
	[kernel]="FILE_PATH_CHANGES"
	[tracepoint]="FILE_PATH_CHANGES,OPEN_ENDED_LINE,PARENTHESIS_ALIGNMENT"
	[table]="FILE_PATH_CHANGES,MACRO_ARG_REUSE"
	[bytes]="FILE_PATH_CHANGES,COMPLEX_MACRO,MACRO_ARG_REUSE"
	[program]="FILE_PATH_CHANGES,PREFER_KERNEL_TYPES,ARRAY_SIZE,PREFER_DEFINED_ATTRIBUTE_MACRO,STRING_FRAGMENTS,MACRO_ARG_REUSE,EMBEDDED_FUNCTION_NAME"
)

# style kernel|tracepoint|table|program --file FILE...: or a patch on standard input. MAINTAINERS
# names folders, so a new file (FILE_PATH_CHANGES) does not change it.
style() {
	local checkpatch
	checkpatch=$(bash "$top/scripts/kernels.sh" source)/scripts/checkpatch.pl
	perl "$checkpatch" --strict --no-tree --quiet --no-summary --show-types --ignore "${style_ignores[$1]}" "${@:2}"
}

# spelling FILE...: codespell takes roff, neighbour discovery, the plural of static
# and a pattern for mistakes.
spelling() {
	codespell -L bu,nd,te,statics,nknown,inout -S '*/bench/results.*,*.o,*.ko,*.so,*.mod*,COPYING' "$@"
}
