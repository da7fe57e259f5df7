#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kernels: uml
# timeout: 240
#
# Commands of documents do what the documents say: each block of docs/troubleshooting.md; both
# columns of docs/from-macvlan.md, from-bridge.md and from-sriov.md; and the commands of ip
# and bridge by which README.md shows the use. Each section begins anew, with a lower device eth0.
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/../netns/lib.sh"
# shellcheck source=../docs.sh
. "$VNICX_STAGE/tests/docs.sh"
# shellcheck source=../netns/helpers/container.sh
. "${0%/*}/../netns/helpers/container.sh"
# shellcheck source=../guest/tidy.sh
. "$VNICX_STAGE/tests/guest/tidy.sh"

# begin [NAMESPACE...]: which the section does not make itself
begin() {
	ns lan "$@"
	ip link add eth0 address 02:00:00:00:00:e0 type veth peer name eth0 netns lan
	batch "link set eth0 up" "address add 192.0.2.2/24 dev eth0"
}

# An adapter that has virtual functions, and does nothing
begin_sriov() {
	local path
	echo "7 1" >/sys/bus/netdevsim/new_device
	path=$(echo /sys/bus/netdevsim/devices/netdevsim7/net/*)
	batch "link set ${path##*/} name eth0" "link set eth0 up"
}

end() {
	[ ! -e /sys/bus/netdevsim/devices/netdevsim7 ] || echo 7 >/sys/bus/netdevsim/del_device
	tidy_up
}

# cells FILE SECTION NUMBER: the commands of that column of the section's table
cells() {
	sed -n "/^## $2\$/,/^## /p" "$VNICX_STAGE/docs/$1" | awk -F '|' -v column=$(($3 + 1)) '
		/^\| / && $column ~ /^ `[^`]*` $/ {
			gsub(/^ `|` $/, "", $column)
			print $column
		}'
}

# columns FILE: of all tables of sections but the last, which has what has no equivalent
columns() {
	local file=$1 section number command
	while read -r section <&5; do
		for number in 1 2; do
			if [ "$file $number" = "from-sriov.md 1" ]; then begin_sriov; else begin; fi
			while read -r command <&6; do
				does "$file, $section, column $number"
			done 6< <(cells "$file" "$section" "$number")
			end
		done
	done 5< <(sections "$file" | grep -v "^No equivalent")
}

troubleshooting() {
	local section plugins=$IP_LIB_DIR
	while read -r section <&5; do
		begin
		start_container
		ip netns attach web "$container"
		within="nsenter -t $container -U -n --preserve-credentials"
		[[ $section != *Garbage* ]] || IP_LIB_DIR=/nonexistent
		recipe troubleshooting.md "$section"
		IP_LIB_DIR=$plugins
		end_container
		end
	done 5< <(sections troubleshooting.md)
}

# Other lines of this section need a user's files or make the module load.
readme() {
	local command
	begin blue
	while read -r command <&5; do
		does README.md
	done 5< <(blocks README.md Use | sed -nE 's/^run ((ip|bridge) .*)/\1/p')
	end
}

remember_devices
troubleshooting
columns from-macvlan.md
columns from-bridge.md
columns from-sriov.md
readme
