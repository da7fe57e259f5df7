#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Everything that can be checked, in parallel, one more at a time than there are
# processors: guests wait, for each other and for time to pass.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

usage() {
	cat <<-END
	usage: [KERNEL=NAME] check.sh [PART...]
	       [KERNEL=NAME] [TRAFFIC_SEEDS=N] check.sh traffic [SEED | CASE]
	       [KERNEL=NAME] [FUZZ_OPTIONS=...] check.sh fuzz [SECONDS [SEED]]

	  static     style, shellcheck, sparse, warnings, direction of includes, spelling,
	             manual pages; make install; KTAP; what the demonstration fetches
	  build      the modules for every kernel
	  kunit      unit tests, in User Mode Linux
	  netns      tests/netns/*.sh, on the kernels that their heads name
	  netns/X    tests/netns/X.sh alone, on the kernels that its head names
	  source     of static what reads the source and does not compile it
	  quick      of netns ten scripts of the highest risk
	  traffic    traffic that is verified, in uml, uml-smp and 6.1: pairs of paths,
	             losses, offloads, VLANs, MTUs, modes and events. Each kernel has a
	             third of a seed's cases, and of N seeds' with TRAFFIC_SEEDS=N; all
	             of those of SEED; or one CASE, as a failed one was printed
	  fuzz       random operations, frames and failing allocations, in uml, uml-smp and
	             6.12: 60 seconds from seed 1, or SECONDS from SEED, with
	             FUZZ_OPTIONS as at the top of tests/fuzz/main.c
	  demo       the demonstration, on 6.1, and with KERNEL=6.12 there
	  vms        two virtual machines on vNICs, their host is uml
	  hosts      vNICs on three hosts, by VXLAN and FRR: tests/hosts/walk.sh on
	             Debian's kernels, forged.sh on 6.1; announce.sh, mtu.sh and mistakes.sh
	             with KERNEL=uml, for time
	  cni        the CNI plugin: style and unit tests, and netns/cni
	  packages   the Debian packages: built, installed, upgraded and purged in a throwaway
	             root, where DKMS builds for 6.1, and installs for 6.12 what the
	             check has built; loaded on 6.1
	  autopkgtest    the packages' own test by Debian's program autopkgtest, which has apt fetch
	             what the test asks for
	  system     docs/deploy.md in a Debian 12 with systemd, in uml: programs that manage
	             networks, containers and virtual machines
	  system-13  the same in Debian 13, on its own kernel, for which DKMS builds the modules
	  secure-boot    docs/install.md's section, on 6.1: firmware that enforces it, and shim's screens
	  docs-commands   the commands of troubleshooting, the pages for who comes from elsewhere,
	             and the README's section on use, and Prometheus' alerts, in uml
	  selftests  the kernel's own tests of XDP on vNICs: of AF_XDP, xskxceiver, as on a veth, in
	             uml; of what drivers announce, xdp_features, on 6.12
	  podman     Debian's Podman with the CNI plugin, in uml
	  runner     that the runner of guests notices what it must, on 6.1 and uml

	Without a PART, all of them but runner, source, quick, podman, docs-commands,
	selftests, autopkgtest, secure-boot, system and system-13.
	KERNEL=6.1, 6.12, 6.12-rt, uml or uml-smp keeps to one.
	Prints KTAP, then what failed, and in the last line counts. $cache/log has
	all of that (check.ktap) and the kernels' logs.
	END
}

kernels=(6.1 6.12 6.12-rt uml uml-smp)
jobs=()
# of traffic: a seed or a case
traffic=()
# of fuzz: seconds and a seed
fuzz=()
# of quick: exits, modes, the host, copies, tenants, hostile input, and what frees ports
quick=(unicast.sh broadcast.sh modes.sh host.sh tenant.sh malformed.sh gro-loss.sh lifecycle.sh moves.sh tap-life.sh)

# add PART KERNEL...: a job for each of the kernels that were asked for
add() {
	local part=$1 kernel
	shift
	for kernel; do
		if [ -z "${KERNEL:-}" ] || [ "$KERNEL" = "$kernel" ]; then
			jobs+=("$part $kernel")
		fi
	done
}

# add_script NAME: one of netns, for the kernels that its head names, or for KERNEL
add_script() {
	local path=$top/tests/$1 kernel
	[ -e "$path" ] || die "no such test: $1"
	for kernel in "${kernels[@]}"; do
		if [ -n "${KERNEL:-}" ] || for_kernel "$path" "$kernel"; then
			add "$1" "$kernel"
		fi
	done
}

# Long ones before short ones, so that the lanes end together.
choose() {
	local part asked=" $* "
	for part; do
		case $part in
		static | source | build | kunit | netns | quick | traffic | fuzz | demo | vms | hosts | runner | cni | podman | packages | autopkgtest | system | system-13 | secure-boot | docs-commands | selftests) ;;
		*[!0-9]*=* | [0-9]*)
			case $asked in
			*' traffic '*) traffic+=("$part") ;;
			*' fuzz '*) fuzz+=("$part") ;;
			*) die "only traffic and fuzz have seeds and cases: $part" ;;
			esac
			;;
		netns/*) add_script "${part%.sh}.sh" ;;
		*) die "no such part: $part (--help)" ;;
		esac
	done
	[ "${#traffic[@]}" -le 1 ] || die "traffic has one seed or one case: ${traffic[*]}"
	[ "${#fuzz[@]}" -le 2 ] || die "fuzz has seconds and one seed: ${fuzz[*]}"
	[[ $asked != *' build '* ]] || add build "${kernels[@]}"
	[[ $asked != *' netns '* ]] || add netns uml 6.1
	[[ $asked != *' vms '* ]] || add vms uml
	[[ $asked != *' static '* ]] || jobs+=("static all")
	[[ $asked != *' cni '* ]] || jobs+=("cni all")
	[[ $asked != *' cni '* || $asked = *' netns '* ]] || add_script netns/cni.sh
	[[ $asked != *' packages '* ]] || jobs+=("packages all")
	[[ $asked != *' autopkgtest '* ]] || jobs+=("autopkgtest all")
	[[ $asked != *' source '* ]] || jobs+=("source all")
	[[ $asked != *' netns '* ]] || add netns uml-smp 6.12 6.12-rt
	[[ $asked != *' quick '* ]] || add quick "${kernels[@]}"
	[[ $asked != *' traffic '* ]] || add traffic 6.1 uml-smp uml
	[[ $asked != *' fuzz '* ]] || add fuzz 6.12 uml-smp uml
	[[ $asked != *' hosts '* ]] || add hosts 6.1 6.12 ${KERNEL:+uml}
	[[ $asked != *' demo '* ]] || add demo 6.1 ${KERNEL:+6.12}
	[[ $asked != *' kunit '* ]] || add kunit uml-smp uml
	[[ $asked != *' docs-commands '* ]] || add docs-commands uml
	[[ $asked != *' system '* ]] || add system uml
	[[ $asked != *' system-13 '* ]] || jobs+=("system-13 all")
	[[ $asked != *' secure-boot '* ]] || add secure-boot 6.1
	[[ $asked != *' podman '* ]] || add podman uml
	[[ $asked != *' selftests '* ]] || add selftests 6.12 uml
	[[ $asked != *' runner '* ]] || add runner uml 6.1
	[ "${#jobs[@]}" -gt 0 ] || die "nothing of that is for KERNEL=$KERNEL"
}

prepare() {
	bash "$top/scripts/packages.sh"
	if [ -n "${KERNEL:-}" ]; then
		bash "$top/scripts/kernels.sh" "$KERNEL" >/dev/null
	else
		bash "$top/scripts/kernels.sh" all
	fi
}

# run PART KERNEL: one job's document
run() {
	case $1 in
	static) exec bash "$top/scripts/check-static.sh" ;;
	source) exec bash "$top/scripts/check-static.sh" source ;;
	build)
		ktap_begin
		ktap_check "the modules build for $2" bash "$top/scripts/build.sh" "$2"
		;;
	demo) KERNEL=$2 exec bash "$top/scripts/demo.sh" ;;
	vms) KERNEL=$2 exec bash "$top/scripts/vms.sh" ;;
	hosts)
		# what the modules do by themselves, with debugging aids; the rest as on a server;
		# forged addresses once, on the kernel of the Debian that FRR is from
		case $2 in
		uml) set -- hosts uml hosts/{announce,mtu,mistakes}.sh ;;
		6.1) set -- hosts 6.1 hosts/{walk,forged}.sh ;;
		*) set -- hosts "$2" hosts/walk.sh ;;
		esac
		exec bash "$top/scripts/check-guest.sh" "$@"
		;;
	runner) exec bash "$top/scripts/check-runner.sh" "$2" ;;
	cni) exec bash "$top/scripts/check-cni.sh" ;;
	podman)
		bash "$top/scripts/packages.sh" podman
		exec bash "$top/scripts/check-guest.sh" netns "$2" cni/podman.sh
		;;
	docs-commands) exec bash "$top/scripts/check-guest.sh" netns "$2" docs/{commands,alerts}.sh ;;
	system) exec bash "$top/scripts/check-system.sh" bookworm ;;
	secure-boot) exec bash "$top/scripts/check-secure-boot.sh" ;;
	selftests)
		# xdp_features wants BTF, which the kernels of UML have not
		if [ "$2" = uml ]; then set -- xskxceiver uml; else set -- features "$2"; fi
		exec bash "$top/scripts/check-guest.sh" netns "$2" "xdp/$1.sh"
		;;
	system-13) exec bash "$top/scripts/check-system.sh" trixie ;;
	packages | autopkgtest) exec bash "$top/scripts/check-$1.sh" ;;
	quick) exec bash "$top/scripts/check-guest.sh" netns "$2" "${quick[@]/#/netns/}" ;;
	netns/*) exec bash "$top/scripts/check-guest.sh" netns "$2" "$1" ;;
	traffic) exec bash "$top/scripts/check-guest.sh" traffic "$2" "${traffic[@]}" ;;
	fuzz) exec bash "$top/scripts/check-guest.sh" fuzz "$2" "${fuzz[@]}" ;;
	*) exec bash "$top/scripts/check-guest.sh" "$1" "$2" ;;
	esac
}

declare -A running=()
number=0
kept=$cache/log/check.ktap

start() {
	local job=$1 part kernel
	read -r part kernel <<<"$job"
	say "# started: $part, kernel: $kernel; until it ends: $results/$part-$kernel.ktap"
	# in a process group of its own, which can be ended
	set -m
	# shellcheck disable=SC2094 # two files
	run "$part" "$kernel" >"$results/$part-$kernel.ktap" 2>"$results/$part-$kernel.err" </dev/null &
	set +m
	running[$!]=$job
}

# To the reader, and to be counted at the end.
show() {
	tee -a "$results/all"
}

await_one() {
	local pid status=0 job
	wait -n -p pid "${!running[@]}" || status=$?
	job=${running[$pid]}
	unset "running[$pid]"
	number=$((number + 1))
	report "$job" "$status" | show
}

# report JOB STATUS: a job's document, whole
report() {
	local part kernel file counts
	read -r part kernel <<<"$1"
	file=$results/$part-$kernel
	awk -v name="$part, kernel: $kernel" -f "$top/scripts/ktap-join.awk" "$file.ktap" >"$file.joined"
	read -ra counts < <(awk -f "$top/scripts/ktap-count.awk" "$file.joined")
	sed 's/^/  /' "$file.joined"
	echo "# $SECONDS s after the start"
	if [ "$2" -eq 0 ] && [ "${counts[1]}" -eq 0 ] && [ "$((counts[0] + counts[2]))" -gt 0 ]; then
		echo "ok $number $part, kernel: $kernel"
	else
		sed 's/^/# /' "$file.err"
		[ "$((counts[0] + counts[1] + counts[2]))" -gt 0 ] || echo "# no results"
		echo "not ok $number $part, kernel: $kernel"
	fi
}

stop() {
	local pid
	for pid in "${!running[@]}"; do
		kill -- "-$pid" 2>/dev/null || :
	done
	wait
	[ ! -e "$results/all" ] || cp "$results/all" "$kept"
	rm -rf "$results"
}

# The end of a long log is read first, or is all that is left of it.
show_failed() {
	awk -f "$top/scripts/ktap-failed.awk" "$results/all" |
		awk 'NR == 1 { print "# Failed:" } { print "# " $0 }'
	echo "# all results: $kept"
}

run_all() {
	local job lanes
	lanes=$(($(nproc) + 1))
	printf '%s\n' "KTAP version 1" "1..${#jobs[@]}" | show
	for job in "${jobs[@]}"; do
		[ "${#running[@]}" -lt "$lanes" ] || await_one
		start "$job"
	done
	while [ "${#running[@]}" -gt 0 ]; do
		await_one
	done
}

main() {
	local passed failed skipped
	case ${1:-} in
	-h | --help) usage && exit ;;
	esac
	[ $# -gt 0 ] || set -- static build kunit netns traffic fuzz demo vms hosts cni packages
	check_paths
	choose "$@"
	prepare
	exec {VNICX_NOTICES}>&2
	export VNICX_NOTICES
	results=$(mktemp -d)
	mkdir -p "$results/netns" "${kept%/*}"
	trap stop EXIT
	trap 'exit 130' INT TERM
	run_all
	read -r passed failed skipped < <(awk -f "$top/scripts/ktap-count.awk" "$results/all")
	[ "$failed" -eq 0 ] || show_failed
	if [ "$skipped" -gt 0 ]; then
		echo "$passed passed, $failed failed, $skipped skipped"
	else
		echo "$passed passed, $failed failed"
	fi
	[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
}

main "$@"
