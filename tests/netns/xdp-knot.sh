#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kernels: uml
#
# Programs that others wrote for AF_XDP, by libxdp: Debian's Knot DNS, whose server answers by
# sockets of its vNIC, over UDP and a TCP of its own, and whose kxdpgun asks by them. kdig asks by
# the kernel's stack.
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"

export LD_LIBRARY_PATH=$VNICX_STAGE/bin/knot/lib
PATH=$VNICX_STAGE/bin/knot:$PATH
work=/tmp/knot
mkdir -p $work
no_ipv6
lan_with c1 c2 c3
up host eth0 2 >/dev/null

# Of long.example.test. the answer has more bytes than a frame.
mapfile -t strings < <(for i in {1..40}; do printf '"%0200d"\n' "$i"; done)
cat >$work/example.test.zone <<END
example.test. 3600 SOA ns hostmaster 1 3600 600 86400 300
example.test. 3600 NS ns
ns 3600 A 192.0.2.12
www 3600 A 192.0.2.80
long 3600 TXT ${strings[*]}
END
echo "www.example.test A" >$work/queries

# serve NAMESPACE SECTION LISTENER: knotd there
serve() {
	mkdir $work/"$1"
	cat >$work/"$1".conf <<-END
		server:
		    rundir: $work/$1
		database:
		    storage: $work/$1
		log:
		  - target: stderr
		    any: info
		zone:
		  - domain: example.test
		    storage: $work
		    file: example.test.zone
		$2:
		    listen: $3
	END
	[ "$2" != xdp ] || echo "    tcp: on" >>$work/"$1".conf
	# not by a function, whose process it would be
	ip netns exec "$1" knotd -c $work/"$1".conf &>$work/"$1".log &
	until_ok 20 grep -q "server started" $work/"$1".log
}

# asks NAMESPACE NAME TYPE OPTION...: kdig, of the server at v2
asks() {
	local where=$1 name=$2 type=$3
	shift 3
	inside "$where" kdig +short +retry=0 +timeout=5 "$@" "@$(ip4 v2)" "$name.example.test" "$type"
}

# shoots DEVICE OPTION... ADDRESS: kxdpgun, of c1. Tells if each of its questions, at most 150, was
# answered without an error. There is room for so many in each ring and buffer, should nobody take
# any before all are sent.
shoots() {
	inside c1 kxdpgun -t 0.5 -Q 300 -i $work/queries "$@" >/tmp/shot
	awk '/^total (queries|SYNs):/ { asked = $3 } /^total replies:/ { got = $3 } /NOERROR:/ { good = $3 }
		END { print (asked > 20 && good == asked && got == asked ? "all" : good + 0 " of " asked) }' /tmp/shot
}

# shots: how many questions those were
shots() {
	awk '/^total queries:/ { print $3 }' /tmp/shot
}

# risen NAMESPACE DEVICE NAME COUNT: by how much a counter has, from that on
risen() {
	echo $(($(own_counter "$1" "$2" "$3") - $4))
}

serve c2 xdp v2@53
t "knotd has its AF_XDP sockets by a native program of its vNIC" grep -q "v2, UDP/TCP port 53, queues 1, native mode" $work/c2.log
for where in c1 host lan; do
	t_is "knotd answers by AF_XDP what $where asks by UDP" 192.0.2.80 asks $where www A
	t_is "knotd answers by AF_XDP what $where asks by TCP" 192.0.2.80 asks $where www A +tcp
	t_is "knotd answers $where by AF_XDP with 8,000 bytes over TCP, all of them right" "${strings[*]}" \
		asks $where long TXT +tcp
done
direct=$(own_counter c1 v1 xsk_direct)
answers=$(own_counter c2 v2 xsk_direct)
t_is "knotd answers by AF_XDP all that kxdpgun asks by AF_XDP" all shoots "$(ip4 v2)"
asked=$(shots)
t_is "questions of kxdpgun go from memory to memory" "$asked" risen c1 v1 xsk_direct "$direct"
t_is "answers of knotd to kxdpgun go from memory to memory" "$asked" \
	risen c2 v2 xsk_direct "$answers"
t_is "knotd answers by AF_XDP all that kxdpgun asks over TCP by AF_XDP" all shoots -T "$(ip4 v2)"
serve c3 server "$(ip4 v3)"
serve lan server 192.0.2.1
# kxdpgun asks the kernel's table, and no neighbour.
pings c1 "$(ip4 v3)" >/dev/null
pings c1 192.0.2.1 >/dev/null
t_is "the stack of a vNIC answers all that kxdpgun asks by AF_XDP" all shoots "$(ip4 v3)"
t_is "the wire answers all that kxdpgun asks by AF_XDP" all shoots 192.0.2.1
ip -n c1 link set v1 type vnicx ipguard static allowed-ips "$(ip4 v1)"
t_is "knotd answers all that kxdpgun asks by AF_XDP from an address that ipguard allows" all shoots "$(ip4 v2)"
guarded=$(own_counter c1 v1 tx_ip_spoofed)
shoots -l 192.0.2.99 "$(ip4 v2)" >/dev/null
asked=$(shots)
t_is "ipguard drops each question of kxdpgun from another address" "$asked" \
	risen c1 v1 tx_ip_spoofed "$guarded"
