#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The parts of the check that run in a guest, for one kernel: builds what the
# guest needs, chooses the scripts, boots it.
#
#   check-guest.sh kunit|netns KERNEL [SCRIPT...]
#   check-guest.sh traffic KERNEL [SEED | CASE]
#   check-guest.sh fuzz KERNEL [SECONDS [SEED]]
#   check-guest.sh hosts KERNEL [SCRIPT...]
#   check-guest.sh shell KERNEL no|ready|start [DIRECTORY...]    for vm.sh --shell, where
#                  gdb=..., and further programs are in those
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=machine.sh
. "$top/scripts/machine.sh"

# Small programs that tests need, static: the guest may have other libraries.
build_helpers() {
	local source program
	mkdir -p "$bin"
	for source in "$top"/tests/netns/helpers/*.c; do
		[ -e "$source" ] || continue
		program=$bin/$(basename "$source" .c)
		[ -z "$(find "${source%/*}" \( -name '*.h' -o -path "$source" \) -newer "$program" 2>&1)" ] ||
			gcc -static -O2 -Wall -Wextra -Werror -o "$program" "$source"
	done
	program=$bin/traffic
	[ -z "$(find "$top/tests/traffic" "$top/tests/netns/helpers" -name '*.[ch]' -newer "$program" 2>&1)" ] ||
		gcc -static -O2 -Wall -Wextra -Werror -o "$program" "$top"/tests/traffic/*.c
}

# cases SEED [SHARE SHARES]: of traffic
cases() {
	awk -v seed="$1" -v share="${2:-0}" -v shares="${3:-0}" \
		-f "$top/tests/traffic/pairs.awk" "$top/tests/traffic/factors"
}

# choose_cases [SEED | CASE]: that seed's, or that one. Without either, each kernel
# has its share of a seed's cases, and all kernels together have them all.
choose_cases() {
	local i share
	case ${1:-} in
	*=*) echo "$1" ;;
	?*) cases "$1" ;;
	*)
		case $kernel in
		uml) share=0 ;;
		uml-smp) share=1 ;;
		*) share=2 ;;
		esac
		for ((i = 0; i < ${TRAFFIC_SEEDS:-1}; i++)); do
			cases $((1 + i)) $(((share + i) % 3)) 3
		done
		;;
	esac
}

# traffic_settings [SEED | CASE]: and the time that all cases need on a busy machine
traffic_settings() {
	local cases seconds
	cases=$(choose_cases "$@")
	seconds=$((300 + 20 * $(wc -l <<<"$cases")))
	limit=$((seconds + 600))
	# memory that one frame loses, other tests show; here, kmemleak would take a quarter of the time
	settings=(--set "traffic_cases=$cases" --script-timeout "$seconds" --append kmemleak=off)
}

# The fuzzer is one program of many files.
build_fuzz() {
	local program=$bin/fuzz
	mkdir -p "$bin"
	[ -z "$(find "$top/tests/fuzz" "$top/tests/netns/helpers" "$top/include/uapi" -name '*.[ch]' \
		-newer "$program" 2>&1)" ] ||
		gcc -static -O2 -D_GNU_SOURCE -Wall -Wextra -Werror -o "$program" "$top"/tests/fuzz/*.c
}

# The plugin for ip, and the newest ip, for which it must do as well.
build_plugin() {
	local newest
	bash "$top/scripts/plugin.sh" "$bin"
	newest=$(bash "$top/scripts/iproute2.sh")
	cp -ru "$newest/." "$bin/"
}

# The kernel's own reader of descriptions in YNL, and ours. UML guests have Python.
build_ynl() {
	local from
	from=$(bash "$top/scripts/kernels.sh" source)/tools/net/ynl/pyynl
	mkdir -p "$bin/pyynl"
	cp -ru "$from/cli.py" "$from/lib" "$bin/pyynl/"
	cp -u "$top/docs/netlink/vnicx.yaml" "$bin/"
}

# The CNI plugin, what calls it, and Debian's plugins for IPAM
build_cni() {
	bash "$top/scripts/cni.sh" "$bin/cni"
}

# The kernel's own tests of XDP and AF_XDP
build_selftests() {
	local from
	from=$(bash "$top/scripts/selftests.sh")
	cp -u "$from"/x* "$bin/"
}

# Debian's Knot DNS, a client of libxdp
build_knot() {
	local from
	from=$(bash "$top/scripts/knot.sh")
	mkdir -p "$bin/knot"
	cp -ru "$from/." "$bin/knot/"
}

build_daemons() {
	bash "$top/scripts/daemon.sh" "$bin" isc-dhcp-server dhcpd
	bash "$top/scripts/daemon.sh" "$bin" radvd radvd
}

# Prometheus' program that judges its rules
build_promtool() {
	bash "$top/scripts/daemon.sh" "$bin" prometheus promtool
}

# FRR, out of Debian's packages
build_frr() {
	local from
	from=$(bash "$top/scripts/frr.sh")
	mkdir -p "$bin/frr"
	cp -ru "$from/." "$bin/frr/"
}

build_ovs() {
	local from
	from=$(bash "$top/scripts/ovs.sh")
	mkdir -p "$bin/ovs"
	cp -ru "$from/." "$bin/ovs/"
}

# guest OPTIONS SUFFIX SCRIPT...: in one guest with those options, if there is a
# script; the suffix is of its log's name
guest() {
	local options suffix=$2
	read -ra options <<<"$1"
	shift 2
	[ $# -gt 0 ] || return 0
	bash "$top/scripts/vm.sh" --kernel "$kernel" --modules "$modules" --bin "$bin" "${options[@]}" \
		--load "${load[*]}" "${settings[@]}" --log "$cache/log/$part-$kernel$suffix.log" --timeout "$limit" "$@"
}

choose_scripts() {
	local path name
	for path in "$top"/tests/netns/*.sh; do
		name=${path#"$top/tests/"}
		if [ "$name" != netns/lib.sh ] && for_kernel "$path" "$kernel"; then
			scripts+=("$name")
		fi
	done
	[ "${#scripts[@]}" -gt 0 ] || die "no netns test for $kernel"
}

# fuzz_settings [SECONDS [SEED]]: and the time that a guest needs beyond those seconds
fuzz_settings() {
	local seconds=${1:-60} seed=${2:-1}
	limit=$((3 * seconds + 1200))
	settings=(--set "fuzz_seconds=$seconds" --set "fuzz_seed=$seed" --set "fuzz_options=${FUZZ_OPTIONS:-}"
		--script-timeout $((2 * seconds + 900)) --memory 1536M --smp 2)
}

main() {
	local part=$1 kernel=$2 bin modules load=() scripts=() alone=() on_lan=() on_two=() settings=()
	# Scripts have limits of their own; a busy machine needs three times as long for all of 6.1's.
	local limit=1800
	local name i most status=0
	shift 2
	# Debian's modules have debugging information, ours of UML only when asked for
	if [ "$part" = shell ] && [ "$1" != no ]; then
		bash "$top/scripts/packages.sh" debug
		modules=$(bash "$top/scripts/build.sh" "$kernel" gdb KCFLAGS=-g)
	else
		modules=$(bash "$top/scripts/build.sh" "$kernel")
	fi
	bin=$cache/build/$(digest <<<"$top")/bin
	case $part in
	kunit)
		scripts=(kunit.sh)
		# vnicx_policy_load, vnicx_policy_race and vnicx_put want two processors, vnicx_noqueue CONFIG_XPS;
		# the rest has lockdep and kmemleak
		[ "$kernel" != uml-smp ] || settings=(--append "kunit.filter_glob=vnicx_[np][ou]*")
		;;
	netns) scripts=("$@") ;;
	hosts)
		scripts=("$@")
		settings=(--set "MACS=${MACS:-20000}")
		# two virtual machines in the guest
		[[ " ${scripts[*]} " != *[\ /]migrate[./]* ]] || settings+=(--memory 2G)
		;;
	traffic)
		scripts=(traffic.sh)
		traffic_settings "$@"
		;;
	fuzz)
		scripts=(fuzz.sh)
		fuzz_settings "$@"
		;;
	shell)
		scripts=(shell.sh) limit=86400
		settings=(--interactive)
		case $1 in
		ready) settings+=(--gdb) ;;
		start) settings+=(--gdb-start) ;;
		esac
		for name in "${@:2}"; do
			settings+=(--bin "$name")
		done
		;;
	*) die "no such part: $part" ;;
	esac
	[ "${#scripts[@]}" -gt 0 ] || choose_scripts
	with_lock helpers build_helpers >&2
	[ "$part" != fuzz ] || with_lock helpers build_fuzz >&2
	[ "$part" = kunit ] || with_lock helpers build_plugin >&2
	[[ $part != netns || $kernel != uml* ]] || with_lock helpers build_ynl >&2
	[[ $part != netns || " ${scripts[*]} " != *[\ /]cni[./]* ]] || with_lock helpers build_cni >&2
	[[ " ${scripts[*]} " != *\ xdp/* ]] || with_lock helpers build_selftests >&2
	[[ $part != netns || " ${scripts[*]} " != *[\ /]xdp-knot[./]* ]] || with_lock helpers build_knot >&2
	[[ $part != netns || ! " ${scripts[*]} " =~ [\ /]guard-(clients|daemons) ]] || with_lock helpers build_daemons >&2
	[[ $part != netns || " ${scripts[*]} " != *\ docs/alerts.sh\ * ]] || with_lock helpers build_promtool >&2
	[ "$part" != hosts ] || with_lock helpers build_frr >&2
	[[ $part != hosts || " ${scripts[*]} " != *[\ /]ovs[./]* ]] || with_lock helpers build_ovs >&2
	[[ $part != hosts || " ${scripts[*]} " != *[\ /]migrate[./]* ]] || with_lock helpers machine_files "$bin" >&2
	for name in vnicx vnicx_tap; do
		[ ! -e "$(find "$modules" -maxdepth 1 -name "$name.ko")" ] || load+=("$name")
	done
	[ "${#load[@]}" -gt 0 ] || die "the build made no module"
	# A script that says "# net: lan" needs the emulated adapter and its LAN, one that
	# says "# cpus: 2" two processors.
	for name in "${scripts[@]}"; do
		if [ "$(header "$top/tests/$name" net)" = lan ]; then
			on_lan+=("$name")
		elif [ "$(header "$top/tests/$name" cpus)" = 2 ]; then
			on_two+=("$name")
		else
			alone+=("$name")
		fi
	done
	# With debugging aids, all of them are too much for one guest.
	case $kernel in
	uml) most=17 ;;
	uml-smp) most=25 ;;
	*) most=${#alone[@]} ;;
	esac
	for ((i = 0; i < ${#alone[@]}; i += most)); do
		guest "" "-$((i / most + 1))" "${alone[@]:i:most}" || status=$?
	done
	guest "--net lan" -lan "${on_lan[@]}" || status=$?
	guest "--smp 2" -smp "${on_two[@]}" || status=$?
	return "$status"
}

main "$@"
