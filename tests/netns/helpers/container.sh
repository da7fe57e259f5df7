# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# A container: a user namespace, and a network namespace of it, until its process is
# killed. Its root is nobody elsewhere.

# start_container: ip has its network namespace by the name guest
start_container() {
	unshare -Urn sleep 1000 &
	container=$!
	until_ok 5 eval "[ ! /proc/$container/ns/net -ef /proc/self/ns/net ]"
	# who it is there is said after that, and before the program begins
	until_ok 5 eval "grep -q sleep /proc/$container/comm"
	ip netns attach guest "$container"
}

# guest COMMAND...: as root of the container, in its network namespace
guest() {
	nsenter -t "$container" -U -n --preserve-credentials "$@"
}

end_container() {
	kill "$container"
}
