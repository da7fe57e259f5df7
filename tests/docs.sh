# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Does what a document says. For scripts that source netns/lib.sh.

# sections FILE: its headings of the second level
sections() {
	sed -n 's/^## //p' "$VNICX_STAGE/docs/$1"
}

# blocks FILE SECTION: in the words of docs.awk
blocks() {
	awk -v section="$2" -f "$VNICX_STAGE/tests/docs.awk" "$VNICX_STAGE/docs/$1"
}

# recipe FILE SECTION: writes the section's files and runs its commands, which print what is
# shown, or succeed where nothing is. The words in "within" go before those of a container.
recipe() {
	local section=$2 line word rest file='' command='' shown=''
	while IFS= read -r line <&4; do
		word=${line%% *} rest=${line#* }
		case $word in
		text) echo "$rest" >>"$file" ;;
		shows) shown+=${shown:+$'\n'}$rest ;;
		*)
			does "$section"
			case $word in
			file)
				file=$rest
				t "$section: the file $file is new" new_file "$file"
				;;
			run) command=$rest ;;
			inside) command="${within-} $rest" ;;
			esac
			;;
		esac
	done 4< <(blocks "$1" "$2")
	does "$section"
}

# does WHERE: the caller's command, as its document shows it. A shell of its own runs it; the
# pattern "looks" has commands that do nothing and may have to wait for what is shown, "patience"
# seconds.
does() {
	local title="$1: $command" number seconds=0
	[ -n "$command" ] || return 0
	number=$((${done_so_far[$title]-0} + 1))
	done_so_far[$title]=$number
	[ "$number" -eq 1 ] || title+=", time $number"
	if [ -n "${shown-}" ]; then
		[[ ! $command =~ ^(${looks-^})' ' ]] || seconds=${patience-30}
		t "$title prints what is shown" until_ok "$seconds" prints "$shown" "$command"
	else
		t "$title succeeds" bash -e -c "$command"
	fi
	command='' shown=''
}
declare -A done_so_far=()

new_file() {
	[ ! -e "$1" ] || { echo "$1 was there before" && return 1; }
	: >"$1"
}

# prints TEXT COMMAND: it does, apart from the width of columns; "..." is any text. The command
# fails where the text is an error, or says that nothing is to be done, and succeeds where it is not.
prints() {
	local pattern out status=0 expected=success
	pattern=$(squeeze <<<"$1" | sed 's/[][*?\\]/\\&/g; s/\.\.\./*/g')
	! grep -qE "$errors" <<<"$1" || expected=failure
	out=$(bash -e -c "$2" 2>&1) || status=$?
	matches "$pattern" "$(squeeze <<<"$out")" || return 1
	[ "$expected" = "$([ "$status" -eq 0 ] && echo success || echo failure)" ] || {
		printf '%s\n' "$out" "its status is $status"
		return 1
	}
}
errors='^(Error|RTNETLINK answers|Garbage|[a-z]+: (ERROR|FATAL))|is already enrolled$'

squeeze() {
	tr -s ' ' | sed 's/^ //; s/ $//'
}
