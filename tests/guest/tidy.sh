# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Part of init.sh: after each script, everything it made goes, and a device or
# a namespace that cannot go, because something still refers to it, is reported.

devices() {
	local path
	for path in /sys/class/net/*/ifindex; do
		path=${path%/ifindex}
		echo "${path##*/}"
	done
}

remember_devices() {
	initial_devices=$(devices)
}

# One program for all of them: starting one is slow in some guests. Some
# devices that a driver made on loading cannot be deleted.
remove_all() {
	local path name
	{
		for path in /run/netns/*; do
			[ ! -e "$path" ] || echo "netns delete ${path##*/}"
		done
		while read -r name; do
			[[ $'\n'$initial_devices$'\n' = *$'\n'$name$'\n'* ]] || echo "link delete $name"
		done < <(devices)
	} >/tmp/batch
	[ ! -s /tmp/batch ] || ip -force -batch /tmp/batch >/dev/null 2>&1 || :
}

# Namespaces die in the background, in batches, one batch at a time. A device
# whose peer is in a dying namespace goes with it, so two such in a row have
# gone only when the batch that was there before them is done.
await_namespaces() {
	local round tries=150
	for round in 1 2; do
		printf '%s\n' 'netns add sentinel' \
			'link add sentinel type veth peer name sentinel netns sentinel' \
			'netns delete sentinel' | ip -batch -
		while [ -e /sys/class/net/sentinel ]; do
			tries=$((tries - 1))
			if [ "$tries" -eq 0 ]; then
				echo "a namespace does not go: something holds a device (round $round)"
				return
			fi
			nap
		done
	done
}

# Prints what would not go.
tidy_up() {
	remove_all
	await_namespaces
}
