#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Boots a throwaway guest, has it run test scripts, judges the outcome. The only
# place that starts a guest.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=../tests/splats.sh
. "$top/tests/splats.sh"
# shellcheck source=vm-shell.sh
. "$top/scripts/vm-shell.sh"
# shellcheck source=vm-root.sh
. "$top/scripts/vm-root.sh"
# shellcheck source=vm-efi.sh
. "$top/scripts/vm-efi.sh"

usage() {
	cat <<-END
	usage: vm.sh [OPTION...] --kernel KERNEL SCRIPT... | -c COMMAND
	       vm.sh --shell KERNEL [--gdb | --gdb-start] [--bin DIRECTORY]

	  --shell KERNEL        builds the modules for it, and gives a shell in a guest
	                        that has loaded them and has vNICs in namespaces
	  --gdb                 prints how gdb is attached to that guest, with symbols
	  --gdb-start           likewise, before the guest's first instruction (QEMU only)

	  SCRIPT is a path under tests/; -c runs a command line instead.
	  --kernel NAME         6.1, 6.12 or 6.12-rt (QEMU), uml, uml-smp or uml-plain
	  --modules DIRECTORY   the .ko files the guest shall have
	  --load 'NAME...'      those it loads before the scripts, unloads after
	  --bin DIRECTORY       programs to put on the guest's PATH; may be said again
	  --root DIRECTORY      a Debian with systemd, which the guest boots and changes;
	                        the scripts run when it is up. UML, or with --kernel own
	                        QEMU with a disk made from it and the kernel in it
	  --efi DIRECTORY       Secure Boot by UEFI firmware, which keeps its variables there, and
	                        keys to press in it from the file typed (QEMU only)
	  --net lan             two e1000e on one network with a DHCP server: eth0, and
	                        eth1 in a namespace called lan (QEMU only)
	  --smp N --memory SIZE processors (QEMU: 1, 6.12-rt: 2) and memory (768M; UML: 1G)
	  --append WORDS        further parameters of the kernel's
	  --at-once             the processors of QEMU's run at once, each in a thread, which may
	                        end in an "Oops: int3" when the kernel patches its code
	  --count               the guest's clock counts instructions, one a nanosecond
	                        (QEMU: one processor)
	  --plugin FILE,OPTIONS a plugin for QEMU
	  --timeout SECONDS     for the whole guest (600)
	  --script-timeout SECONDS   for a script without "# timeout: SECONDS" (120)
	  --set NAME=VALUE      a variable in the environment of the scripts
	  --log FILE            where the kernel's log is kept when the guest has ended
	END
}

kernel='' net=none smp='' threads=single memory='' limit=600 script_limit=120 log='' log_kept='' load='' results=ktap
release='' arch='' image='' modules=''
shell='' interactive=no gdb=no line_of_uml=() line_of_qemu=()
unwanted='/^# shell: /d' efi='' efi_line=() root='' module_dir='' bin_dirs=() command='' scripts=() settings=() words_of_kernel=() counting=() plugin=()

parse() {
	while [ $# -gt 0 ]; do
		case $1 in
		--kernel) kernel=$2 ;;
		--modules) module_dir=$2 ;;
		--load) load=$2 ;;
		--bin) bin_dirs+=("$2") ;;
		--net) net=$2 ;;
		--root) root=$2 ;;
		--efi) efi=$2 ;;
		--count)
			counting=(-icount "shift=0,sleep=off")
			shift
			continue
			;;
		--at-once)
			threads=multi
			shift
			continue
			;;
		--shell) shell=$2 ;;
		--gdb | --gdb-start)
			gdb=${1#--gdb} gdb=${gdb#-}
			gdb=${gdb:-ready}
			shift
			continue
			;;
		--interactive)
			interactive=yes results=plain
			shift
			continue
			;;
		--plugin) plugin=(-plugin "$2") ;;
		--smp) smp=$2 ;;
		--append) read -ra words_of_kernel <<<"$2" ;;
		--memory) memory=$2 ;;
		--timeout) limit=$2 ;;
		--script-timeout) script_limit=$2 ;;
		--set) settings+=("$(printf 'export %s=%q' "${2%%=*}" "${2#*=}")") ;;
		--log) log_kept=$2 ;;
		-c) command=$2 results=plain ;;
		-h | --help) usage && exit ;;
		-*) die "no such option: $1" ;;
		*)
			scripts+=("$1")
			shift
			continue
			;;
		esac
		shift 2
	done
	[ -z "$shell" ] || exec bash "$top/scripts/check-guest.sh" shell "$shell" "$gdb" "${bin_dirs[@]}"
	[ -n "$kernel" ] || die "which kernel? (--help)"
	[ -n "$command" ] || [ "${#scripts[@]}" -gt 0 ] || die "no script to run (--help)"
	log_kept=${log_kept:-$cache/log/$kernel.log}
	# what preempts what is the question there, and other processors ask it, too
	[ "$kernel" != 6.12-rt ] || smp=${smp:-2}
}

# Fills the directory that the guest sees as /mnt.
fill_stage() {
	local mnt=$stage/mnt script words dir
	mkdir -p "$mnt/modules" "$mnt/bin"
	cp -r "$top/tests" "$mnt/tests"
	mkdir "$mnt/docs"
	cp "$top"/docs/*.md "$top/README.md" "$mnt/docs/"
	cp "$top/tools/udev/60-vnicx.rules" "$mnt/"
	[ -z "$module_dir" ] || find "$module_dir" -maxdepth 1 -name '*.ko' -exec cp {} "$mnt/modules/" \;
	for dir in "${bin_dirs[@]}"; do
		cp -r "$dir/." "$mnt/bin/"
	done
	if [ -n "$command" ]; then
		echo "$command" >"$mnt/tests/command"
		scripts=(command)
	fi
	for script in "${scripts[@]}"; do
		[ -e "$mnt/tests/$script" ] || die "no script tests/$script"
	done
	read -ra words <<<"$load"
	{
		declare -p kernel net results scripts
		echo "channel=$channel script_timeout=$script_limit"
		echo "modules=(${words[*]})"
		[ "${#settings[@]}" -eq 0 ] || printf '%s\n' "${settings[@]}"
	} | sed 's/^declare [-a-z]* //' >"$mnt/guest.conf"
}

start_qemu() {
	local args=() append base
	base=$(bash "$top/scripts/initramfs.sh" "$release" "$modules")
	(cd "$stage" && find mnt | cpio -o -H newc -R 0:0 --quiet) | cat "$base" - >"$stage/initrd"
	append="console=ttyS0 loglevel=8 log_buf_len=4M panic=-1 oops=panic mitigations=off"
	# for who asks where a guest is that hangs
	append+=" sysrq_always_enabled unknown_nmi_panic"
	# of what waits before there is a process, the host's load is the cause
	append+=" rcupdate.rcu_cpu_stall_suppress_at_boot=1 no_timer_check"
	# code at the same place in every process is translated once
	[ "$gdb" = no ] || append+=" nokaslr"
	append+=" ${words_of_kernel[*]} norandmaps net.ifnames=0 vnicx_stage=/mnt rdinit=/bin/bash -- /mnt/tests/init.sh"
	if [ "$net" = lan ]; then
		# restricted, or it answers pings for everybody; no router advertisements
		# shellcheck disable=SC2054 # QEMU's commas
		args+=(-netdev user,id=user,restrict=on,ipv6=off -netdev hubport,hubid=0,id=port0,netdev=user)
		# shellcheck disable=SC2054
		args+=(-netdev hubport,hubid=0,id=port1 -device e1000e,netdev=port1,mac=52:54:00:76:6e:01)
		# shellcheck disable=SC2054
		args+=(-netdev hubport,hubid=0,id=port2 -device e1000e,netdev=port2,mac=52:54:00:76:6e:02)
	fi
	mkfifo "$stage/monitor"
	exec {monitor}<>"$stage/monitor"
	local boot=(-no-reboot -kernel "$image" -initrd "$stage/initrd" -append "$append")
	if [ -n "$efi" ]; then
		efi_options "$efi" "$append"
		boot=("${efi_line[@]}")
	fi
	start qemu-system-x86_64 -monitor stdio -accel "tcg,thread=$threads" "${counting[@]}" "${plugin[@]}" -smp "${smp:-1}" -m "${memory:-768M}" \
		-nodefaults -display none "${boot[@]}" -serial "file:$log" -serial "file:$stage/results" "${line_of_qemu[@]}" "${args[@]}" \
		<"$stage/monitor" >/dev/null
	[ -z "$efi" ] || [ ! -e "$efi/typed" ] || types "$efi/typed" &
}

# The root is the host's file system, read-only; memory is a file, in memory.
start_uml() {
	local cpus=() in=/dev/null out=/dev/null rootflags=(rootflags=/ ro) init=(init=/bin/bash -- "$stage/mnt/tests/init.sh")
	[ "$net${plugin[*]}" = none ] || die "--net and --plugin are for QEMU guests"
	[ ! -p "$stage/in" ] || in=$stage/in out=$stage/out
	# kmemleak makes every allocation slow, and is no better for a second processor
	[ "$kernel" != uml-smp ] || cpus=(ncpus=2 kmemleak=off)
	[ -z "$root" ] || {
		start_scripts "-t hostfs -o $stage/mnt none"
		rootflags=("rootflags=$root" rw) init=()
	}
	mkdir "$stage/uml"
	TMPDIR=/dev/shm start "$image" mem="${memory:-1G}" "${cpus[@]}" seccomp=on uml_dir="$stage/uml" \
		root=/dev/root rootfstype=hostfs "${rootflags[@]}" \
		con=null con0=null,fd:1 ssl=null ssl0=null,fd:5 "${line_of_uml[@]}" "${words_of_kernel[@]}" loglevel=8 log_buf_len=4M \
		panic=-1 oops=panic vnicx_stage="$stage/mnt" "${init[@]}" \
		5>>"$stage/results" 6<>"$in" 7<>"$out" </dev/null >>"$log" 2>&1
}

# In a process group of its own: User Mode Linux is many processes.
start() {
	setsid "$@" <&0 &
	guest=$!
	# the shell's line ends with the guest
	watch 6<&- 7<&- &
	watcher=$!
}

# A guest that hangs is killed. The seconds are counted one by one: one that
# passed while the whole machine stood still, or that its clock was put forward
# by, is none of the guest's.
watch() {
	local second
	for ((second = 0; second < limit; second++)); do
		sleep 1
	done
	echo "killed: no end after $limit s" >"$stage/killed"
	interrogate
	kill_guest
}

# User Mode Linux takes a milder signal for a wish to shut down.
kill_guest() {
	kill -KILL -- "-$guest" 2>/dev/null || kill -KILL "$guest" 2>/dev/null || :
}

# Where is it? The kernel tells who waits; if it does not, where the processor is
# while a non-maskable interrupt makes it panic.
interrogate() {
	local said
	said=$(stat -c %s "$log")
	ask_for_waiters || :
	sleep 5
	if [ "$arch" != um ] && [ "$(stat -c %s "$log")" -eq "$said" ]; then
		echo nmi >&"$monitor"
		sleep 5
	fi
}

# The magic key w. User Mode Linux has it by a socket, see mconsole.h: a magic
# number, a version, a length and a command.
ask_for_waiters() {
	if [ "$arch" = um ]; then
		printf '\xbe\xba\xfe\xca\2\0\0\0\7\0\0\0sysrq w' |
			socat -t 1 - "UNIX-SENDTO:$(echo "$stage"/uml/*/mconsole),bind=$stage/answer" >/dev/null
	else
		echo "sendkey alt-sysrq-w" >&"$monitor"
	fi
}

guest='' watcher='' monitor=''

# the watcher first, or it takes the guest's end for its own doing
end_guest() {
	if [ -n "$watcher" ]; then
		kill "$watcher" 2>/dev/null || :
		kill_guest
		wait "$watcher" "$guest" 2>/dev/null || :
	fi
	# not before: another run may have a guest of the same name
	[ ! -e "$stage/log" ] || mv "$stage/log" "$log_kept"
	rm -rf "$stage"
}

# The closing line is the guest's word that it came to its end. QEMU's exit
# status says nothing: it is 0 for a panic, too.
judge() {
	local status=$1 closing
	closing=$(grep -a '^# vnicx-guest: end, ' "$stage/results" || :)
	kernel_log | complaints
	if [ -z "$closing" ]; then
		echo "the guest died or hung: it wrote no closing line; status $status. Its log ends:"
		kernel_log | tail -n 30
	fi
	[ ! -e "$stage/killed" ] || cat "$stage/killed"
}

# Prints the kernel's first complaint with the top of its trace, and of the others a line
# each: what follows the first often follows from it. A panic that follows is printed in
# front of all that, with its first lines.
complaints() {
	local IFS='|'
	awk -v splats="${splat_patterns[*]}" '
		!first && $0 ~ splats { first = NR }
		/Kernel panic/ && first && first < NR && !panic { panic = NR }
		panic && NR < panic + 8 { print }
		first && (NR < first + 40 || $0 ~ splats) { rest = rest $0 "\n" }
		END { printf "%s", rest }'
}

# The second processor of User Mode Linux queues an RCU callback before it is
# online, and RCU complains: that, and all before the first process, is not ours.
kernel_log() {
	if [ "$kernel" = uml-smp ]; then
		sed '1,/ as init process/d' "$log"
	else
		tr -d '\r' <"$log"
	fi
}

main() {
	parse "$@"
	check_paths
	if [ "$kernel" = own ]; then own_kernel; else eval "$(bash "$top/scripts/kernels.sh" "$kernel")"; fi
	mkdir -p "$cache/run" "$(dirname "$log_kept")"
	stage=$(mktemp -d "$cache/run/XXXXXX")
	trap end_guest EXIT
	log=$stage/log
	channel=ttyS1
	[ "$arch" != um ] || channel=ttyS0
	[ "$interactive" = no ] || shell_line
	fill_stage
	: >"$log"
	: >"$stage/results"
	case $arch,$kernel in
	um,*) start_uml ;;
	*,own) start_qemu_root ;;
	*) start_qemu ;;
	esac
	[ "$interactive" = no ] || attend_shell
	# firmware writes on every line
	[ -z "$efi" ] || unwanted='1,/KTAP version 1/{/KTAP version 1/!d;s/.*KTAP/KTAP/}'
	tail -n +1 -s 0.1 -f --pid="$guest" "$stage/results" | sed -u "$unwanted"
	local status=0
	wait "$guest" 2>/dev/null || status=$?
	kill "$watcher" 2>/dev/null || :
	watcher=''
	judge "$status" >"$stage/faults"
	[ ! -s "$stage/faults" ] || echo "log: $log_kept" >>"$stage/faults"
	ktap_number=$((${#scripts[@]} + 2))
	if [ -s "$stage/faults" ]; then
		ktap "not ok" "the guest came to its end and the kernel's log is clean" "$stage/faults"
		exit 1
	fi
	[ "$results" = plain ] || ktap ok "the guest came to its end and the kernel's log is clean"
	grep -qa '^# vnicx-guest: end, .* 0 failed' "$stage/results"
}

main "$@"
