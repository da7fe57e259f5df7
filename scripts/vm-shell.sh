# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154,SC2034 # shares its variables with vm.sh
#
# Sourced by vm.sh: a guest with a shell, and gdb beside it. The shell has a serial
# line of its own, the one behind that for results.

# Where both ends of that line are: options of QEMU and, in line_of_uml, of User
# Mode Linux. QEMU waits for nobody; the guest's shell begins when we say so.
shell_line() {
	local shell_device
	if [ "$arch" = um ]; then
		mkfifo "$stage/in" "$stage/out"
		line_of_uml=("ssl1=fd:6,fd:7")
		shell_device=ttyS1
	else
		line_of_qemu=(-chardev "socket,id=shell,path=$stage/shell,server=on,wait=off" -serial chardev:shell)
		[ "$gdb" = no ] || line_of_qemu+=(-gdb "unix:$stage/gdb,server=on,wait=off")
		[ "$gdb" != start ] || line_of_qemu+=(-S)
		shell_device=ttyS2
	fi
	settings+=("export shell_device=$shell_device shell_term=$(terminal)"
		"export shell_size='$(stty size 2>/dev/null || :)'")
}

# The guest has no descriptions of terminals: it gets the one of ours.
terminal() {
	local file=/lib/terminfo/${TERM:0:1}/${TERM:-}
	if [ -t 0 ] && [ -f "$file" ]; then
		mkdir -p "$stage/mnt/terminfo/${TERM:0:1}"
		cp -L "$file" "$stage/mnt/terminfo/${TERM:0:1}/"
		echo "$TERM"
	else
		echo dumb
	fi
}

# Until the guest's shell has ended. Input from a pipe ends with "exit", because a
# serial line knows no end of file.
attend_shell() {
	local address
	offer_gdb start
	until grep -qa '^# shell: ready' "$stage/results"; do
		kill -0 "$guest" 2>/dev/null || return 0
		sleep 0.1
	done
	offer_gdb ready
	say "kernel's log: $log"
	if [ "$arch" = um ]; then
		address="OPEN:$stage/out,rdonly!!OPEN:$stage/in,wronly"
	else
		address="UNIX-CONNECT:$stage/shell"
	fi
	if [ -t 0 ]; then
		socat STDIO,raw,echo=0 "$address"
	else
		{ cat && echo exit; } | socat 'STDIN,ignoreeof!!STDOUT' "$address"
	fi
}

# How gdb attaches. The interrupts and page faults of User Mode Linux are signals.
gdb_attach() {
	local vmlinux=/usr/lib/debug/boot/vmlinux-$release
	printf '%s\n' "set pagination off" "set confirm off"
	if [ "$arch" = um ]; then
		printf '%s\n' "file $image" "handle SIGSEGV SIGALRM SIGIO SIGUSR1 SIGUSR2 SIGCHLD SIGWINCH nostop noprint pass" \
			"attach $guest"
	else
		[ ! -e "$vmlinux" ] || echo "file $vmlinux"
		printf '%s\n' "set architecture i386:x86-64" "target remote $stage/gdb"
	fi
}

# The symbols of the modules, at the addresses that the guest has told
gdb_symbols() {
	local name
	sed -n 's/^# shell: section \([^ ]*\) .*/\1/p' "$stage/results" | sort -u | while read -r name; do
		sed -n "s/^# shell: section $name \(.*\) \(0x[0-9a-f]*\)/-s \1 \2/p" "$stage/results" |
			tr '\n' ' ' | sed "s|^|add-symbol-file $module_dir/$name.ko |"
		echo
	done
}

# offer_gdb start|ready
offer_gdb() {
	gdb_attach >"$stage/attach.gdb"
	gdb_symbols >"$stage/symbols.gdb"
	case $gdb,$1 in
	start,start) say "gdb: gdb -x $stage/attach.gdb
the guest stands still until gdb continues it" ;;
	start,ready) say "gdb: interrupt it, and say: source $stage/symbols.gdb" ;;
	ready,ready) say "gdb: gdb -x $stage/attach.gdb -x $stage/symbols.gdb" ;;
	esac
}
