#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Prints a directory with the kernel's own tests of XDP and AF_XDP, built from the newest packaged
# source (tools/testing/selftests/bpf) with that source's libbpf and bpftool, static:
#
#   xskxceiver		as it is: its frames are for a multicast address
#   xskxceiver-unicast	its frames are for a unicast address, which a vNIC may have
#   xdp_features	sends ten frames in one second instead of ten, and waits 20 s for an
#			answer instead of one. Its state has a value at the beginning: without,
#			GCC takes it for started, so it never starts. The tester looks at
#			what came before it sends the frame that ends the other's wait
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

sources=(xskxceiver.c xsk.c network_helpers.c ../../../lib/find_bit.c prog_tests/test_xsk.c)

# build_tools DIRECTORY: libbpf, and of bpftool what makes a header of a program
build_tools() {
	make -s -C "$tree/tools/lib/bpf" OUTPUT="$1/libbpf/" DESTDIR="$1/libbpf" prefix= \
		"$1/libbpf/libbpf.a" install_headers
	make -s -C "$tree/tools/bpf/bpftool" OUTPUT="$1/bpftool/" bootstrap
}

# build_programs DIRECTORY NAME
build_programs() {
	clang -g -O2 -target bpf -mcpu=v3 -I"$1/libbpf/include" -I"$tree/tools/include/uapi" -I"$tests" \
		-I/usr/include/x86_64-linux-gnu -c "$tests/progs/$2.c" -o "$1/$2.bpf.o"
	"$1/bpftool/bootstrap/bpftool" gen skeleton "$1/$2.bpf.o" name "$2" >"$1/$2.skel.h"
}

# changed DIRECTORY FILE SED: a copy of that source, in which the command has found what it changes
changed() {
	local name=${2##*/}
	sed "$3" "$tests/$2" >"$1/$name"
	! cmp -s "$1/$name" "$tests/$2" || die "$2 is not as it was"
}

# compile DIRECTORY PROGRAM SOURCE...
compile() {
	local dir=$1 program=$2 tools=$tree/tools
	shift 2
	(cd "$tests" && gcc -static -g -O2 -std=gnu11 -D_GNU_SOURCE= -I"$tests" -I"$tests/prog_tests" -I"$dir" \
		-I"$dir/libbpf/include" -I"$tools/lib" -I"$tools/include" -I"$tools/arch/x86/include" \
		-I"$tools/include/uapi" -I"$tools/testing/selftests" "$@" "$dir/libbpf/libbpf.a" -lelf -lz -o "$program")
}

build() {
	local dir=$1 work=$1.work
	rm -rf "$dir" "$work"
	mkdir -p "$dir" "$work/libbpf" "$work/bpftool"
	build_tools "$work"
	build_programs "$work" xsk_xdp_progs
	build_programs "$work" xdp_features
	compile "$work" "$dir/xskxceiver" "${sources[@]}"
	changed "$work" prog_tests/test_xsk.c '/g_mac\[ETH_ALEN\] =/s/{0x55,/{0x54,/'
	compile "$work" "$dir/xskxceiver-unicast" "${sources[@]:0:4}" "$work/test_xsk.c"
	changed "$work" xdp_features.c 's/\tsleep(1);/\tusleep(100000);/; s/settimeo(sockfd, 1000)/settimeo(sockfd, 20000)/
		/wake echo thread/,+1d; s/^\tdetected_cap = .*;/&\n\tsend_echo_msg();/
		s/\tint state, err = 0/\tint state = 0, err = 0/; s/socklen_t addrlen;/socklen_t addrlen = sizeof(struct sockaddr_storage);/'
	compile "$work" "$dir/xdp_features" "$work/xdp_features.c" network_helpers.c
	rm -r "$work"
	: >"$dir/.complete"
}

complete() {
	[ -e "$1/.complete" ] || {
		say "building the tests of the kernel: about a minute"
		logged "$cache/log/selftests.log" build "$1"
	}
}

main() {
	check_paths
	tree=$(bash "$top/scripts/kernels.sh" source)
	tests=$tree/tools/testing/selftests/bpf
	local dir
	dir=$cache/selftests-$({ echo "$tree" && cat "${BASH_SOURCE[0]}"; } | digest)
	with_lock selftests complete "$dir" >&2
	echo "$dir"
}

main "$@"
