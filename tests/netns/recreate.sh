#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kernels: uml
# timeout: 300
#
# The words that `ip -d link show` prints of a vNIC make the same vNIC again, of
# every option that the plugin knows.
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"

a=02:00:00:00:00:0a b=02:00:00:00:00:0b

# words DEVICE [IP-OPTION...]: as ip-link-vnicx(8) says under OUTPUT
words() {
	ip -d -o "${@:2}" link show "$1" | sed 's/.* \(vnicx\(tap\)\? mode .*\) holds .*/\1/'
}

# all_shown DEVICE [IP-OPTION...]: the index is the one thing that is another's next time
all_shown() {
	ip -d -j "${@:2}" link show "$1" | sed 's/"ifindex":[0-9]*,//'
}

# make TYPE-AND-OPTIONS: v0
make() {
	local asked
	read -ra asked <<<"$1"
	ip link add link eth0 name v0 type "${asked[@]}"
}

# note TITLE TYPE [OPTION...]: makes this, and notes what is shown of it
titles=() shown_words=() shown_all=()
note() {
	titles+=("$1")
	ip link add link eth0 name v0 type "${@:2}"
	shown_words+=("$(words v0)")
	shown_all+=("$(all_shown v0)")
	ip link delete v0
}

# all_again WHEN NUMBER...: these of them by the words that were noted
all_again() {
	local i
	for i in "${@:2}"; do
		t "the words shown of ${titles[i]} are accepted$1" make "${shown_words[i]}"
		t_is "the words shown of ${titles[i]} make the same$1" "${shown_all[i]}" all_shown v0
		[ ! -e /sys/class/net/v0 ] || ip link delete v0
	done
}

# the options that the plugin's help has, and no word of which was noted; clean-traffic
# is a word for others
not_noted() {
	local name
	ip link help vnicx 2>&1 | while read -r name _; do
		[[ $name =~ ^[a-z][a-z_-]+$ && $name != clean-traffic ]] || continue
		[[ " ${shown_words[*]} " = *" $name "* ]] || echo "$name"
	done
}

batch "link add eth0 address 02:00:00:00:00:e0 type dummy" "link set eth0 up" "link add eth1 type dummy"
fs=/tmp/bpf
mkdir -p $fs
mount -t bpf bpf $fs
bpf-pin $fs/pass return 0
bpf-pin $fs/drop return 2

note "a vNIC without options" vnicx
note "a tap without options" vnicxtap
note "a tap with options" vnicxtap mode vepa flood on trust on spoofchk off
note "vepa mode" vnicx mode vepa
note "private mode" vnicx mode private
note "passthru mode" vnicx mode passthru
note "passthru mode with nopromisc" vnicx mode passthru nopromisc
note "source mode without a list" vnicx mode source
note "source mode with a list and nodst" vnicx mode source nodst macaddr set $b $a
note "source mode with both lists" vnicx mode source macaddr set $a allowed-ips 192.0.2.1
note "source mode with an empty list and addresses" vnicx mode source allowed-ips 192.0.2.1
note "host off" vnicx host off
note "a queue of 0" vnicx bcqueuelen 0
note "neigh_suppress on" vnicx neigh_suppress on
note "announce on" vnicx announce on
note "flood on" vnicx flood on
note "trust off and spoofchk on" vnicx trust off spoofchk on
note "trust on and spoofchk off" vnicx trust on spoofchk off
note "state enable" vnicx state enable
note "state disable" vnicx state disable
note "max-groups 7" vnicx max-groups 7
note "max-groups 0" vnicx max-groups 0
note "rates in kilobits, with a burst" vnicx max_tx_rate 12345kbit burst 64k max_rx_rate 8kbit
note "rates in megabits" vnicx max_tx_rate 100mbit max_rx_rate 1500mbit
note "rates in gigabits" vnicx max_tx_rate 10gbit max_rx_rate 400gbit
note "the highest rates" vnicx max_tx_rate 4294967295kbit max_rx_rate 4294967295kbit storm 4294967295
note "a bound for broadcasts and a class" vnicx storm 100 class ffff:1a
note "a class without a minor number" vnicx class 1:
note "every guard" vnicx restricted on raguard on dhcpguard on dhcp-block on ipguard static ipguard-in on \
	allowed-ips 192.0.2.1 10.0.0.0/8 fe80::/10 ::/0 0.0.0.0/0
note "leases, and a server of them" vnicx spoofchk on ipguard dhcp max-leases 3 dhcp-trust on
note "an access VLAN" vnicx vlan 10
note "an access VLAN with a priority" vnicx vlan 4094 qos 7 proto 802.1ad
note "an access VLAN that keeps priorities" vnicx vlan 1 qos keep
note "a trunk" vnicx trunk 20-30,10,4094
note "a trunk with a native VLAN" vnicx trunk 10-11 native 5
note "a trunk with untagged frames" vnicx trunk 1-4094 native untagged
note "an isolated port of a private VLAN" vnicx pvlan isolated 100 101
note "a community port of a private VLAN" vnicx pvlan community 100 99
note "a promiscuous port of a private VLAN" vnicx pvlan promiscuous 100 101-103,99
note "isolated on" vnicx isolated on
note "a mirror" vnicx mirror eth1
note "a mirror of reception" vnicx mirror eth1 rx
note "a mirror in a VLAN, and an access VLAN" vnicx vlan 10 mirror eth0 vlan 4094 tx
note "a program for transmission" vnicx bpf tx pinned $fs/pass
note "programs both ways" vnicx bpf rx pinned $fs/pass bpf tx pinned $fs/drop
note "all options together" vnicx mode source nodst host off bcqueuelen 5 flood on trust off spoofchk on state enable \
	max-groups 9 max_tx_rate 1mbit burst 9000 max_rx_rate 1gbit storm 7 class 1:2 restricted on raguard on \
	dhcpguard on dhcp-block on ipguard static ipguard-in on isolated on vlan 7 qos 3 mirror eth1 both \
	bpf tx pinned $fs/drop bpf rx pinned $fs/drop allowed-ips 192.0.2.0/24 2001:db8::1 macaddr set $a $b

t_is "every option of the plugin's help is among the noted words" "" not_noted
all_again "" 3 4 12 34 $((${#titles[@]} - 1))
unload
load_needs vnicx
for module in vnicx vnicx_tap; do
	insmod "$VNICX_STAGE/modules/$module.ko"
done
all_again " when the module is loaded anew" "${!titles[@]}"

# Words change a vNIC that is there, too: what is shown of one makes another like it.
make "vnicx isolated on restricted on max_tx_rate 1mbit vlan 5 allowed-ips 192.0.2.1"
ip link add link eth0 name v1 type vnicx
like_v0() {
	local shown
	read -ra shown < <(words v0)
	ip link set v1 type "${shown[@]}"
	is_now "$(words v0)" words v1
}
t "the words shown of a vNIC make another one like it" like_v0
batch "link delete v0" "link delete v1"

# In the tenant's namespace the mirror's device has no name, and words are the same.
ns guest
ip link add link eth0 name v2 netns guest type vnicx mirror eth1 rx restricted on
tenants() {
	local shown before
	before=$(all_shown v2 -n guest)
	read -ra shown < <(words v2 -n guest)
	ip -n guest link delete v2
	ip link add link eth0 name v2 netns guest type "${shown[@]}"
	is_now "$before" all_shown v2 -n guest
}
t "the words shown in a tenant's namespace make the same vNIC" tenants
unload
