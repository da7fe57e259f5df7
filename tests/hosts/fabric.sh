# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Sourced by every script in this folder: hosts that are namespaces, with FRR's zebra
# and bgpd in each, a switch between them that carries their underlay, and segments: in
# each host a bridge with a VXLAN port, and a veth whose one end is a port of the bridge
# and whose other end is the lower device of vNICs. docs/across-hosts.md has the same
# commands.

# shellcheck source=../netns/lib.sh
. "$VNICX_STAGE/tests/netns/lib.sh"

frr=$VNICX_STAGE/bin/frr
work=/tmp/hosts
hosts=(h1 h2 h3)

# fabric MTU: the hosts, and their underlay of that MTU
fabric() {
	local host
	underlay_mtu=$1
	ns under "${hosts[@]}"
	batch_in under "link add br0 mtu $1 type bridge mcast_snooping 0" "link set br0 up"
	for host in "${hosts[@]}"; do
		batch "link add eth0 netns $host mtu $1 type veth peer name $host netns under mtu $1"
		batch_in under "link set $host master br0 up"
		batch_in "$host" "link set eth0 up" "address add $(underlay_of "$host")/24 dev eth0"
	done
}

underlay_of() {
	echo "198.51.100.${1#h}"
}

# By how much an overlay's MTU is more than the underlay leaves
beyond=0

# segment HOST VNI [VXLAN-OPTION...]: the host's part of a segment, whose lower device
# is named up and the number, the bridge br, its ports p and vxlan
segment() {
	local host=$1 vni=$2 mtu=$((underlay_mtu - 50 + beyond))
	shift 2
	batch_in "$host" "link add br$vni type bridge" "link set br$vni addrgenmode none" \
		"link add vxlan$vni mtu $mtu type vxlan id $vni local $(underlay_of "$host") dstport 4789 ${*:-nolearning}" \
		"link set vxlan$vni master br$vni addrgenmode none" \
		"link add up$vni mtu $mtu type veth peer name p$vni mtu $mtu" \
		"link set p$vni master br$vni addrgenmode none" "link set up$vni addrgenmode none" \
		"link set br$vni up" "link set vxlan$vni up" "link set p$vni up" "link set up$vni up"
	[ $# -gt 0 ] || batch_in "$host" "link set vxlan$vni type bridge_slave learning off neigh_suppress on"
}

# document FROM TO: the indented lines of the document between two that begin so
document() {
	sed -n "/^$1/,/^$2/s/^    //p" "$VNICX_STAGE/docs/across-hosts.md"
}

# segment_by_document HOST: segment 100 by the commands of docs/across-hosts.md
segment_by_document() {
	document "For each tenant" "vNICs are then" | sed "s/^ip //; s/198.51.100.1 /$(underlay_of "$1") /" | ip -n "$1" -batch -
}

# frr_by_document HOST: its frr.conf, likewise
frr_by_document() {
	mkdir -p "$work/$1"
	document "## FRR" "198.51.100.1 reflects" | sed "s/h2/$1/; s/198.51.100.2$/$(underlay_of "$1")/" >"$work/$1/frr.conf"
}

# station NAMESPACE HOST VNI NUMBER [OPTION...]: a container, by a vNIC v0 with the address
# that the number gives it
station() {
	local where=$1 host=$2 vni=$3 number=$4
	shift 4
	ns "$where"
	ip -n "$host" link add link "up$vni" name v0 netns "$where" address "$(mac_of "$number")" type vnicx "$@"
	up "$where" v0 "$number" >/dev/null
}

mac_of() {
	printf '02:00:00:00:00:%02x' "$1"
}

# machine NAMESPACE HOST VNI NUMBER [OPTION...]: a virtual machine without the machine: the
# namespace's tun0 is behind the character device of a vnicxtap
machine() {
	local where=$1 host=$2 vni=$3 number=$4
	shift 4
	ns "$where"
	batch_in "$host" "link add link up$vni name t-$where address $(mac_of "$number") type vnicxtap $*" \
		"link set t-$where up"
	run_machine "$where" "$host"
	batch_in "$where" "link set tun0 mtu $((underlay_mtu - 50))"
	up "$where" tun0 "$number" >/dev/null
}

# run_machine NAMESPACE WHERE: the machine runs, its tap is there, until the script ends or
# stop_machine
run_machine() {
	[ -e /dev/net/tun ] || modprobe tun
	: >"$work/relay-$1"
	traffic relay "$2/t-$1" "$1/tun0" 1 >"$work/relay-$1" 2>&1 &
	echo $! >"$work/$1.pid"
	until_ok 10 grep -q ready "$work/relay-$1" || {
		cat "$work/relay-$1"
		return 1
	}
}

stop_machine() {
	local pid
	pid=$(<"$work/$1.pid")
	kill "$pid"
	until_ok 20 gone "$pid"
}

# FRR wants a group and a file of PAM's, and the guest's /etc may be read-only.
prepare_frr() {
	mkdir -p "$work/etc/pam.d" /run/frr
	cp /etc/passwd /etc/group "$work/etc/"
	[ ! -e /etc/nsswitch.conf ] || cp /etc/nsswitch.conf "$work/etc/"
	printf '%s:x:900:root\n' frr frrvty >>"$work/etc/group"
	printf '%s required %s/lib/pam_permit.so\n' auth "$frr" account "$frr" >"$work/etc/pam.d/frr"
}

# by_frr HOST COMMAND...: one of FRR's programs
by_frr() {
	local host=$1
	shift
	# shellcheck disable=SC2016 # the inner shell's
	nsenter --net="/run/netns/$host" unshare -m bash -c '
		mount --make-rprivate / && mount --bind "$0/etc" /etc
		LD_LIBRARY_PATH=$1/lib exec "$1/$2" "${@:3}"' "$work" "$frr" "$@"
}

# asks HOST QUESTION...: what bgpd or zebra has to say
asks() {
	local host=$1
	shift
	by_frr "$host" vtysh -N "$host" --config_dir "$work" -c "$*"
}

# bgp_of HOST: its bgpd's configuration. The reflector has a session with each.
reflector=h1
bgp_of() {
	local peer peers=("$reflector")
	[ "$1" != "$reflector" ] || peers=("${hosts[@]/$reflector/}")
	cat <<-END
		frr defaults datacenter
		hostname $1
		router bgp 65000
		 bgp router-id $(underlay_of "$1")
		 no bgp default ipv4-unicast
		 neighbor hosts peer-group
		 neighbor hosts remote-as 65000
		 neighbor hosts timers connect 1
	END
	for peer in "${peers[@]}"; do
		[ -z "$peer" ] || echo " neighbor $(underlay_of "$peer") peer-group hosts"
	done
	cat <<-END
		 address-family l2vpn evpn
		  neighbor hosts activate
		  $([ "$1" != "$reflector" ] || echo neighbor hosts route-reflector-client)
		  advertise-all-vni
	END
}

# asks_by_document HOST WORDS: FRR the document's question with these words
asks_by_document() {
	local question
	question=$(sed -n "s/.*\`vtysh -c '\([^']*$2[^']*\)'.*/\1/p" "$VNICX_STAGE/docs/across-hosts.md")
	asks "$1" "$question"
}

# As in Debian's /etc/frr/daemons: a smaller buffer has no room for what the kernel says of
# thousands of addresses at a time.
declare -A options_of=([zebra]="-s 90000000" [bgpd]="")

# start_frr HOST...: with bgp_of's configuration, or with one file for all daemons that is there
# already and that vtysh tells them, as frr.service has it do
start_frr() {
	local host name options
	[ -e "$work/etc" ] || prepare_frr
	for host; do
		mkdir -p "$work/$host" "/run/frr/$host"
		: >"$work/$host/zebra.conf"
		: >"$work/$host/vtysh.conf"
		: >"$work/$host/bgpd.conf"
		[ -e "$work/$host/frr.conf" ] || bgp_of "$host" >"$work/$host/bgpd.conf"
		# they say that there is no /var/tmp/frr and no MPLS
		for name in zebra bgpd; do
			read -ra options <<<"${options_of[$name]}"
			by_frr "$host" "$name" -d -N "$host" -u root -g root -f "$work/$host/$name.conf" "${options[@]}" 2>>"$work/said" || {
				cat "$work/said"
				return 1
			}
		done
		[ ! -e "$work/$host/frr.conf" ] || by_frr "$host" vtysh -N "$host" --config_dir "$work" -b >>"$work/said" 2>&1
	done
}

# evpn: the hosts, with segment 100 and FRR on each
evpn() {
	local host
	no_ipv6
	fabric 1500
	for host in "${hosts[@]}"; do
		segment "$host" 100
	done
	start_frr "${hosts[@]}"
}

# fdb HOST VNI: what the VXLAN port sends where, lines of "MAC HOST'S-ADDRESS". The VXLAN device
# keeps an address that the bridge has at another port by now, and sends nothing there.
fdb() {
	bridge -n "$1" fdb show dev "vxlan$2" | awk '
		/ master / && !/ vlan / { bridged[$1] = 1 }
		/ dst / { for (i = 1; i < NF; i++) if ($i == "dst") lines[++n] = $1 " " $(i + 1) }
		END {
			for (i = 1; i <= n; i++)
				if (bridged[substr(lines[i], 1, 17)] || lines[i] ~ /^00:00:00:00:00:00/)
					print lines[i]
		}'
}

# leads HOST VNI MAC [OTHER-HOST]: the host sends frames for that address there, or nowhere
leads() {
	local there=''
	[ -z "${4:-}" ] || there="$3 $(underlay_of "$4")"
	is_now "$there" lines_of "$3" "$1" "$2"
}

lines_of() {
	fdb "$2" "$3" | grep "^$1 " || :
}

# floods HOST VNI OTHER-HOST...: those and no other get what is for many
floods() {
	local host=$1 vni=$2 other
	shift 2
	is_now "$(for other; do echo "00:00:00:00:00:00 $(underlay_of "$other")"; done)" sorted_flood "$host" "$vni"
}

sorted_flood() {
	fdb "$1" "$2" | grep '^00:00:00:00:00:00 ' | sort || :
}

# port_counters HOST VNI: of the bridge's port behind the lower device
port_counters() {
	inside "$1" cat "/sys/class/net/p$2/statistics/"{rx,tx}_{packets,bytes}
}

# beside_port HOST VNI COMMAND...: the command leaves those counters alone
beside_port() {
	local host=$1 vni=$2 before after
	shift 2
	before=$(port_counters "$host" "$vni")
	"$@" || return 1
	after=$(port_counters "$host" "$vni")
	is_now "$before" echo "$after"
}

# whole END END [OPTION...]: verified traffic of every kind, of NAMESPACE/DEVICE/NUMBER
whole() {
	local one two=() ends=() where dev number
	for one in "$1" "$2"; do
		IFS=/ read -r where dev number <<<"$one"
		ends+=("$where/$dev,192.0.2.$number,2001:db8::$number,$((underlay_mtu - 50))")
		two+=(-r "$where/$dev")
	done
	shift 2
	traffic "${two[@]}" "$@" "${ends[@]}"
}

# A machine that moves: its addresses, and how often it is asked
M=$(printf '02:00:00:00:00:%02x' 40) address=192.0.2.40 interval=0.01

# watch NAMESPACE...: each asks the machine again and again
watch() {
	local where
	for where; do
		nsenter --net="/run/netns/$where" ping -n -D -i "$interval" -W 1 "$address" >"$work/asked-$where" 2>&1 &
		echo $! >"$work/watch-$where.pid"
		until_ok 10 grep -q icmp_seq "$work/asked-$where"
	done
}

unwatch() {
	local where
	for where; do
		kill "$(<"$work/watch-$where.pid")"
		until_ok 10 gone "$(<"$work/watch-$where.pid")"
		rm "$work/watch-$where.pid"
	done
}

# gap NAMESPACE: the longest time in ms between two answers
gap() {
	awk -F '[][ ]' '/icmp_seq/ { if (last && $2 - last > longest) longest = $2 - last; last = $2 }
		END { printf "%d\n", 1000 * longest }' "$work/asked-$1"
}

# answered NAMESPACE: has had an answer since this was called
answered() {
	local before after
	before=$(grep -c icmp_seq "$work/asked-$1")
	nap
	after=$(grep -c icmp_seq "$work/asked-$1")
	[ "$after" -gt "$before" ]
}

# sequence HOST: that of the machine's address there
sequence() {
	asks "$1" "show evpn mac vni 100 mac $M" | awk '/Local Seq/ { print $3, $6 }'
}

everywhere() {
	leads h3 100 "$M" "$1" &&
		{ [ "$1" = h1 ] || leads h1 100 "$M" "$1"; } &&
		{ [ "$1" = h2 ] || leads h2 100 "$M" "$1"; }
}

tell() {
	echo "# $*"
}

# A daemon that ends later would write into a directory that has gone.
end_fabric() {
	local status=$? pids pid
	mapfile -t pids < <(cat /run/frr/*/*.pid "$work"/*.pid 2>/dev/null || :)
	for pid in "${pids[@]}"; do
		kill "$pid" 2>/dev/null || :
	done
	for pid in "${pids[@]}"; do
		until_ok 20 gone "$pid" || :
	done
	rm -rf "$work" /run/frr
	set +e
	(exit "$status")
	finish
}

# Whether a process has ended. A child of the script's waits for it as a zombie.
gone() {
	[ ! -e "/proc/$1" ] || [[ $(sed 's/.*) //' "/proc/$1/stat" 2>/dev/null || echo Z) = Z* ]]
}

mkdir -p "$work"
trap end_fabric EXIT
