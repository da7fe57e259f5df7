# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154 # variables of kernels.sh and lib.sh
#
# The newest kernel source that Debian packages. It lives in a newer suite than
# the system's, so a private apt configuration fetches it: the system's mirror
# and archive key, but lists, state and cache of its own. The patches of
# tests/configs are applied to it.

source_suite=trixie-backports
keyring=/usr/share/keyrings/debian-archive-keyring.gpg

# mirror_of_deb822 FILE...: first URI of a stanza that has this release's suite
mirror_of_deb822() {
	awk -v suite="$1" 'BEGIN { RS = ""; FS = "\n" } {
		uri = ""; found = 0; enabled = 1
		for (i = 1; i <= NF; i++) {
			n = split($i, word, /[ \t]+/)
			key = tolower(word[1])
			if (key == "uris:")
				uri = word[2]
			if (key == "enabled:" && tolower(word[2]) == "no")
				enabled = 0
			if (key == "suites:")
				for (j = 2; j <= n; j++)
					if (word[j] == suite)
						found = 1
		}
		if (uri != "" && found && enabled) { print uri; exit }
	}' "${@:2}"
}

# "deb [options] URI suite components"
mirror_of_lines() {
	sed -nE 's/^deb[[:space:]]+(\[[^]]*\][[:space:]]*)?([^[:space:]]+)[[:space:]]+'"$1"'[[:space:]].*/\2/p' \
		"${@:2}" | head -n 1
}

release_name() {
	(. /etc/os-release && echo "$VERSION_CODENAME")
}

# mirror_of SUITE: from the system's configuration, or nothing
mirror_of() {
	local suite=$1 uri='' files
	shopt -s nullglob
	files=(/etc/apt/sources.list.d/*.sources)
	[ "${#files[@]}" -eq 0 ] || uri=$(mirror_of_deb822 "$suite" "${files[@]}")
	if [ -z "$uri" ]; then
		files=(/etc/apt/sources.list /etc/apt/sources.list.d/*.list)
		[ -e "${files[0]}" ] || files=("${files[@]:1}")
		[ "${#files[@]}" -eq 0 ] || uri=$(mirror_of_lines "$suite" "${files[@]}")
	fi
	shopt -u nullglob
	echo "$uri"
}

system_mirror() {
	local suite uri
	suite=$(release_name)
	uri=$(mirror_of "$suite")
	[ -n "$uri" ] || die "apt's configuration has no mirror for $suite"
	echo "$uri"
}

# Nothing of the system's is changed or read. A mirror that stands still is as good
# as another, so a release is not refused for its age.
private_apt() {
	local dir=$cache/apt command=$1
	shift
	"$command" -q -o Dir::Etc::sourcelist="$dir/sources.list" -o Dir::Etc::sourceparts=/dev/null \
		-o Dir::Etc::preferencesparts=/dev/null -o Dir::State::lists="$dir/lists" \
		-o Dir::State::status="$dir/status" -o Dir::Cache="$dir/cache" \
		-o APT::Sandbox::User=root -o Acquire::Languages=none -o Acquire::Check-Valid-Until=false "$@"
}

fetch_source() {
	local dir=$cache/apt name version tree mirror
	say "looking for the newest kernel source in $source_suite"
	mirror=$(system_mirror)
	mkdir -p "$dir/lists/partial" "$dir/cache/archives/partial"
	: >"$dir/status"
	echo "deb [signed-by=$keyring] $mirror $source_suite main" >"$dir/sources.list"
	private_apt apt-get update >&2
	name=$(private_apt apt-cache pkgnames linux-source- |
		grep -E '^linux-source-[0-9]+\.[0-9]+$' | sort -V | tail -n 1) ||
		die "$source_suite has no kernel source"
	version=$(private_apt apt-cache madison "$name" | awk '{ print $3; exit }')
	tree=$cache/kernels/$name-${version//[^[:alnum:].]/-}$(patched)
	[ -e "$tree/.complete" ] || unpack_source "$name" "$version" "$tree"
	echo "$tree" >"$cache/kernels/newest-source"
}

# what a tree's name ends in that has the patches
patched() {
	echo "-$(cat "$top"/tests/configs/*.patch | digest)"
}

unpack_source() {
	local name=$1 version=$2 tree=$3 deb=$3.deb
	say "fetching $name $version"
	rm -rf "$tree" "$deb"
	mkdir -p "$tree" "$deb"
	(cd "$deb" && private_apt apt-get download "$name=$version" >&2)
	dpkg-deb --fsys-tarfile "$deb"/*.deb | tar -x -O "./usr/src/$name.tar.xz" |
		tar -x -J -C "$tree" --strip-components=1
	rm -r "$deb"
	cat "$top"/tests/configs/*.patch | patch -s -p1 -d "$tree" >&2
	echo "$version" >"$tree/.complete"
}

newest_source() {
	local newest=$cache/kernels/newest-source
	mkdir -p "$cache/kernels"
	with_lock source source_ready "$newest" >&2
	cat "$newest"
}

source_ready() {
	local tree=''
	[ ! -e "$1" ] || tree=$(cat "$1")
	if [ "$refresh" = yes ] || [[ $tree != *$(patched) ]] || [ ! -e "$tree/.complete" ]; then
		fetch_source
	fi
}
