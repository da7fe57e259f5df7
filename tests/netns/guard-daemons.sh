#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Programs under clean-traffic that need more than an address by DHCP, as docs/policies.md
# has them: each is refused or works as it says there.
# kernels: uml
# timeout: 300
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"

work=/tmp/guard-daemons
daemons=()

# clean NAME NAMESPACE [OPTION...]: a vNIC under clean-traffic, up
clean() {
	ip -n host link add link eth0 name "$1" netns "$2" type vnicx clean-traffic "${@:3}"
	ip -n "$2" link set "$1" up
}

# daemon NAMESPACE COMMAND...
daemon() {
	# not by a function, whose process it would be
	ip netns exec "$@" &>"$work/log.${#daemons[@]}" &
	daemons+=("$!")
}

end_daemons() {
	kill "${daemons[@]}" 2>/dev/null || :
	wait "${daemons[@]}" 2>/dev/null || :
	daemons=()
}

# as ADDRESS NAMESPACE PEER: an echo by that address
as() {
	inside "$2" ping -n -q -c 1 -W 1 -I "$1" "$3"
}

# above N COMMAND...: prints more than that
above() {
	[ "$("${@:2}")" -gt "$1" ]
}

# A machine that QEMU tells the network of
announces() {
	local tap number
	ip -n host link add link eth0 name q type vnicxtap clean-traffic
	ip -n host link set q up
	tap=/dev/tap$(inside host cat /sys/class/net/q/ifindex)
	number=$(inside host bash -c "cat /sys/class/net/q/tap*/dev")
	[ -e "$tap" ] || mknod "$tap" c "${number%:*}" "${number#*:}"
	mkfifo $work/monitor.in $work/monitor.out
	daemon host bash -c "exec qemu-system-x86_64 -accel tcg,thread=single -m 32M -nodefaults -display none \
		-monitor pipe:$work/monitor -netdev tap,id=n0,fd=9 \
		-device virtio-net-pci,netdev=n0,romfile=,mac=$(mac host q) 9<>$tap"
	inside lan tcpdump -Z root -lnec 1 -i eth0 rarp >$work/heard 2>$work/capture &
	until_ok 10 grep -q listening $work/capture
	echo announce_self >$work/monitor.in
	t "QEMU's announce-self reaches the LAN under clean-traffic" until_ok 60 grep -q "$(mac host q)" $work/heard
	t_is "restricted drops nothing of QEMU's announce-self" 0 own_counter host q tx_restricted
	t_is "spoofchk drops nothing of QEMU's announce-self" 0 own_counter host q tx_spoofed
	end_daemons
	ip -n host link delete q
}

# Addresses by router advertisements: radvd is the LAN's, and then a container's
autoconfigured() {
	cat >$work/radvd.conf <<-END
		interface $1 {
			AdvSendAdvert on;
			MinRtrAdvInterval 3;
			MaxRtrAdvInterval 4;
			prefix $2::/64 { };
		};
	END
}

# address PATTERN: v4's first one that is so
address() {
	ip -n c4 -6 -o address show dev v4 scope global -tentative | grep "$1" | grep -o '2001:[0-9a-f:]*' | head -n 1
}

slaac() {
	local stable private
	autoconfigured eth0 2001:db8:4
	inside lan sysctl -qw net.ipv6.conf.all.forwarding=1
	ip -n lan address add 2001:db8:4::1/64 dev eth0 nodad
	inside c4 sysctl -qw net.ipv6.conf.default.use_tempaddr=2
	daemon lan radvd -n -C $work/radvd.conf -p $work/radvd.pid -m stderr
	clean v4 c4
	t "a vNIC under clean-traffic hears radvd" until_ok 30 eval "[ -n \"\$(address temporary)\" ]"
	stable=$(address mngtmpaddr) private=$(address temporary)
	t_fails "an address by SLAAC is not a lease" "." as "$stable" c4 2001:db8:4::1
	t_fails "a privacy address is not a lease" "." as "$private" c4 2001:db8:4::1
	t "tx_ip_spoofed counts packets from addresses by SLAAC" above 0 own_counter c4 v4 tx_ip_spoofed
	ip -n c4 link set v4 type vnicx allowed-ips 2001:db8:4::/64
	t "an address by SLAAC speaks when its prefix is allowed" until_ok 10 as "$stable" c4 2001:db8:4::1
	t "a privacy address speaks when its prefix is allowed" until_ok 10 as "$private" c4 2001:db8:4::1
	end_daemons
	autoconfigured v4 2001:db8:bad
	inside c4 sysctl -qw net.ipv6.conf.all.forwarding=1
	daemon c4 radvd -n -C $work/radvd.conf -p $work/radvd.pid -m stderr
	t "advertisements of a container's radvd are dropped under clean-traffic" \
		until_ok 20 above 0 own_counter c4 v4 tx_guarded_ra
	t_is "a neighbour has no address by a container's radvd" "" ip -n c5 -o address show to 2001:db8:bad::/64
	end_daemons
}

# keepalived: the address of a virtual router, which both may have
router() {
	cat >"$work/$1.conf" <<-END
		global_defs {
			vrrp_version 3
			vrrp_garp_master_refresh 1
		}
		vrrp_instance router {
			state BACKUP
			interface $2
			$3
			virtual_router_id 51
			priority 100
			advert_int 0.1
			virtual_ipaddress {
				192.0.2.254/24
			}
		}
	END
	daemon "$1" keepalived --dont-fork --log-console --vrrp --use-file="$work/$1.conf" --pid="$work/$1.pid" \
		--vrrp_pid="$work/$1.vrrp"
}

lan_reaches() {
	ip -n lan neighbour flush all
	pings lan 192.0.2.254
}

virtual_router() {
	clean v5 c5 allowed-ips 192.0.2.5
	ip -n c5 address add 192.0.2.5/24 dev v5
	router c5 v5 ""
	t "keepalived takes the address of a virtual router" until_ok 20 eval "ip -n c5 -o address show | grep -q 192.0.2.254"
	t "ARP of keepalived for an address that is not allowed is dropped" until_ok 10 above 0 own_counter c5 v5 tx_ip_spoofed
	t_fails "a virtual router whose address is not allowed is not reached" "." lan_reaches
	ip -n c5 link set v5 type vnicx allowed-ips add 192.0.2.254
	t "a virtual router is reached when its address is allowed" until_ok 10 lan_reaches
	end_daemons
	ip -n c5 address del 192.0.2.254/24 dev v5 2>/dev/null || :
	router c5 v5 "use_vmac vr"
	t "keepalived with use_vmac takes the address of a virtual router" \
		until_ok 20 eval "ip -n c5 -o address show vr | grep -q 192.0.2.254"
	t "frames of keepalived's own MAC address are dropped under clean-traffic" \
		until_ok 10 above 0 own_counter c5 v5 tx_spoofed
	t_fails "a virtual router with a MAC address of its own is not reached under clean-traffic" "." lan_reaches
	ip -n c5 link set v5 type vnicx trust on
	t "a virtual router with a MAC address of its own is reached with trust on" until_ok 20 lan_reaches
	end_daemons
}

# Stations behind a bridge on the vNIC
bridged() {
	local station
	ns c7
	clean v6 c6
	batch_in c6 "link add p6 type veth peer name e7 netns c7" "link set p6 up" "link add br0 type bridge" "link set br0 up" \
		"link set p6 master br0" "link set v6 master br0"
	ip -n c7 address add 192.0.2.7/24 dev e7
	ip -n c7 link set e7 up
	station=$(mac c7 e7)
	t_fails "a station behind a bridge reaches nobody under clean-traffic" "." inside c7 ping -q -c 1 -W 1 192.0.2.1
	t "tx_spoofed counts frames of a station behind a bridge" above 0 own_counter c6 v6 tx_spoofed
	ip netns exec c6 bridge fdb add "$station" dev v6 self
	ip -n c6 link set v6 type vnicx allowed-ips 192.0.2.7
	t "a station behind a bridge speaks when its MAC and IP addresses are the vNIC's" until_ok 10 pings c7 192.0.2.1
}

mkdir -p $work
lan_setup
ns c4 c5 c6
up host eth0 2 >/dev/null
announces
virtual_router
slaac
bridged
rm -r $work
