#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kernels: uml 6.1
#
# A container's root who is not trusted, as none is by default, can change neither
# the addresses of a vNIC nor what else it receives. The lower device's administrator
# can, and can trust the tenant.
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"
# shellcheck source=helpers/claims.sh
. "${0%/*}/helpers/claims.sh"
# shellcheck source=helpers/container.sh
. "${0%/*}/helpers/container.sh"

gateway=02:00:00:00:00:fe
unknown=02:00:00:00:00:99

# says WORD: what is shown of the vNIC's options, to the tenant
says() {
	shows " $1 " guest ip -d -o link show v1
}

lower_says() {
	ip -d -o link show eth0 | grep -oE 'promiscuity [0-9]+|allmulti [0-9]+' | paste -sd ' '
}

untrusted="vNIC is not trusted: its addresses are the administrator's"

start_container
ip netns attach init 1
ip -n guest netns set init 7
ns lan
silence guest
silence lan
batch "link add eth0 address 02:00:00:00:00:e0 type veth peer name wire netns lan" \
	"link set eth0 addrgenmode none" "link set eth0 up" \
	"link add link eth0 name v0 address 02:00:00:00:00:0a type vnicx" \
	"link add link eth0 name v1 address 02:00:00:00:00:01 type vnicx" \
	"link add link eth0 name v2 address 02:00:00:00:00:02 type vnicx" \
	"link set v0 addrgenmode none" "link set v0 up" "link set v2 addrgenmode none" "link set v2 up"

ip -n lan link set wire up

t "a vNIC in its lower device's namespace is trusted" shows " trust auto * holds * trusted on " ip -d -o link show v1
t "a vNIC in its lower device's namespace is not checked" shows " spoofchk auto * spoofchecked off " ip -d -o link show v1
ip link set v1 netns guest
guest ip link set v1 up
t "a vNIC that moves to a container is not trusted" says "trust auto * holds * trusted off"
t "a vNIC that moves to a container is checked" says "spoofchk auto * spoofchecked on"

t_fails "the tenant cannot take the gateway's address" "^Error: $untrusted\.$" guest ip link set v1 address $gateway
t_fails "the tenant cannot add the gateway's address" "^Error: $untrusted\.$" guest bridge fdb add $gateway dev v1
ip netns exec guest bridge fdb add $unknown dev v1
t_fails "the tenant cannot remove an address that the administrator added" "^Error: $untrusted\.$" \
	guest bridge fdb del $unknown dev v1
t_fails "the tenant cannot flush what the administrator added" "^Error: $untrusted\.$" guest bridge fdb flush dev v1
reaches "an address that the administrator added reaches the vNIC" guest/v1 lan/wire $unknown
t "the tenant may set the address that the vNIC has" guest ip link set v1 address 02:00:00:00:00:01

before=$(lower_says)
guest ip link set v1 promisc on
t_is "the tenant's promiscuity leaves the lower device alone" "$before" lower_says
reaches "a promiscuous vNIC of the tenant sees nothing for unknown addresses" init/eth0 lan/wire 02:00:00:00:00:77
guest ip link set v1 allmulticast on
t_is "the tenant's allmulti leaves the lower device alone" "$before" lower_says
reaches "a vNIC of the tenant with allmulti receives no group that it has not joined" init/eth0 lan/wire 01:00:5e:01:02:03
guest ip link add link v1 name thief address $gateway type macvlan
guest ip link set thief addrgenmode none
guest ip link set thief up
reaches "an address on the tenant's list of addresses has no effect" lan/wire init/v0 $gateway
t_is "an address on the tenant's list is counted as refused" 1 own_counter guest v1 addresses_refused
t "the kernel's log says that addresses on top have no effect" shows "v1: is not trusted: addresses of devices on top" dmesg
t "the kernel's log says that promiscuity has no effect" shows "v1: is not trusted: promiscuity has no effect" dmesg

# as the root of a container that was given CAP_NET_ADMIN and no user namespace
privileged() {
	ip netns exec guest setpriv --bounding-set -all,+net_admin,+net_raw --inh-caps -all,+net_admin,+net_raw "$@"
}
t_fails "a container's root without a user namespace cannot lift the policy" \
	"needs CAP_NET_ADMIN in the namespace of the lower device" privileged ip link set v1 type vnicx trust on spoofchk off
t_fails "a container's root without a user namespace cannot change the address" "^Error: $untrusted\.$" \
	privileged ip link set v1 address $gateway

# another SPECIFICATION...: a vNIC more, over the lower device of the one that it was given
there=(link "if$(cat /sys/class/net/eth0/ifindex)" link-netnsid 7)
another() {
	privileged ip link add "${there[@]}" name v9 "$@"
}
needs="needs CAP_NET_ADMIN in the namespace of the lower device"
t_fails "a container's root without a user namespace makes no vNIC over the host's lower device" "$needs" \
	another address $gateway type vnicx trust on spoofchk off
t_fails "a container's root without a user namespace makes no character device over the host's lower device" "$needs" \
	another type vnicxtap
t_fails "a container's root without a user namespace hears of no lower device that is not there" "$needs" \
	privileged ip link add link if9999 "${there[@]:2}" name v9 type vnicx
t "an administrator in the tenant's namespace may make a vNIC over the host's lower device" \
	ip -n guest link add "${there[@]}" name v9 type vnicxtap
guest ip link set v9 txqueuelen 501
t "a ring that the tenant makes longer than 500 frames has 500" shows " qlen 500" ip -n guest -o link show v9
t "the tenant may make a ring shorter" guest ip link set v9 txqueuelen 20
t "the tenant may make a ring as long as it was" guest ip link set v9 txqueuelen 500
t "the administrator may make a tenant's ring longer than 500 frames" ip -n guest link set v9 txqueuelen 501
ip -n guest link delete v9
ip link add link eth0 name v9 netns guest type vnicx
privileged ip link set v9 netns 1
t "a vNIC that a container's root moves to the host is not trusted" shows " trusted off " ip -d -o link show v9
t "a vNIC that a container's root moves to the host is checked" shows " spoofchecked on " ip -d -o link show v9
t "vnicx shows a vNIC that a container's root moves to the host as a tenant's" \
	eval "vnicx show -j eth0 | jq -e '.[0].ports[] | select(.name == \"v9\") | .tenant' >/dev/null"
ip link set v9 type vnicx flood off
t "another option changes no trust of a vNIC that a container moved" shows " trusted off " ip -d -o link show v9
ip link set v9 netns guest
ip -n guest link set v9 netns init
t "a vNIC that an administrator takes back is trusted" shows " trusted on " ip -d -o link show v9
ip link delete v9

# A bond that this root makes in the host's namespace gives addresses from a worker of the kernel.
host_bond() {
	privileged ip link add b9 index 990 netns 1 up type bond mode active-backup miimon 20 fail_over_mac follow
	privileged ip link add p9 address $gateway type veth peer name q9
	privileged ip link set q9 up
	privileged ip link set p9 netns 1 master if990
	ip link add link eth0 name v9 netns guest address 02:00:00:00:00:09 type vnicx
	privileged ip link set v9 netns 1 master if990
	privileged ip link set q9 down
	until_ok 5 shows " active_slave v9 " ip -d -o link show b9
}
host_bond
t_is "a bond that a container's root makes in the host's namespace changes no address of a vNIC" 02:00:00:00:00:09 mac init v9
batch "link delete b9" "link delete p9" "link delete v9"

t "a container's root without a user namespace does not learn the lower device's name" \
	shows "driver: vnicx*bus-info: "$'\n' privileged ethtool -i v1
t "the administrator may trust the tenant" ip -n guest link set v1 type vnicx trust on
t "the trust is shown" says "trust on"
t_fails "a container's root without a user namespace does not learn who has an address" "^Error: address is in use\.$" \
	privileged ip link set v1 address 02:00:00:00:00:02
reaches "with trust, the vNIC sees what the wire brings for unknown addresses" "guest/v1 init/eth0" lan/wire 02:00:00:00:00:77
# A macvlan's filter has 256 places, by a secret of the boot, and may take the group for one of its own.
guest ip link set thief down
reaches "with trust, the vNIC receives groups that it has not joined" "guest/v1 init/eth0" lan/wire 01:00:5e:01:02:03
guest ip link set thief up
reaches "with trust, an address on the tenant's list is received" guest/thief init/v0 $gateway
t "with trust, the tenant may change the address" guest ip link set v1 address 02:00:00:00:00:03
guest ip link set v1 allmulticast off
guest ip link set v1 allmulticast on
t "the administrator may end the trust" ip -n guest link set v1 type vnicx trust off
t_is "the end of trust leaves nothing at the lower device" "$before" lower_says
reaches "without trust again, allmulti that the tenant set has no effect" init/eth0 lan/wire 01:00:5e:01:02:03
reaches "without trust again, an address on the tenant's list is not received" lan/wire init/v0 $gateway
reaches "the address that the tenant chose while it was trusted stays" guest/v1 init/v0 02:00:00:00:00:03
guest ip link delete thief

guest ip link set v1 promisc off allmulticast off

# A socket whose process ends is closed when the process is in no namespace any more.
nsenter -t "$container" -U -n --preserve-credentials claim guest v1 0 0 allmulti >/tmp/ready &
claimant=$!
until_ok 5 grep -q ready /tmp/ready
reaches "allmulti of the tenant's socket has no effect" init/eth0 lan/wire 01:00:5e:01:02:03
release
t "the kernel outlives the tenant's socket" until_ok 5 eval "guest ip -d -o link show v1 | grep -q ' allmulti 0 '"
claims guest v1 0 0 allmulti
reaches "allmulti of the administrator's socket has an effect" "guest/v1 init/eth0" lan/wire 01:00:5e:01:02:03
release
until_ok 5 eval "ip -n guest -d -o link show v1 | grep -q ' allmulti 0 '"
reaches "allmulti of the administrator's socket ends with the socket" init/eth0 lan/wire 01:00:5e:01:02:03

ip -n guest link set v1 allmulticast on
reaches "allmulti that the administrator set has an effect" "guest/v1 init/eth0" lan/wire 01:00:5e:01:02:03
guest ip link set v1 down
guest ip link set v1 up
reaches "allmulti that the administrator set outlasts down and up" "guest/v1 init/eth0" lan/wire 01:00:5e:01:02:03
guest ip link set v1 down
guest ip link set v1 name renamed
guest ip link set renamed name v1
t "a new name does not change the trust" says "trust off"

t_fails "the tenant may not trust itself" "needs CAP_NET_ADMIN in the namespace of the lower device" \
	guest ip link set v1 type vnicx trust on
t_fails "the tenant may not end the check of its addresses" "needs CAP_NET_ADMIN in the namespace of the lower device" \
	guest ip link set v1 type vnicx spoofchk off
t_fails "a word that is no choice is refused" "must be \"auto\", \"on\" or \"off\", not \"maybe\"" \
	ip -n guest link set v1 type vnicx trust maybe
ip -n guest link set v1 type vnicx trust auto
ip -n guest link set v1 netns 1
t "a vNIC that comes back is trusted" shows " trust auto spoofchk auto * trusted on spoofchecked off " ip -d -o link show v1
ns elsewhere
ip link add link eth0 name v9 netns guest type vnicx
privileged ip link set v9 netns 1
ip link add link eth0 name v8 netns guest type vnicx
ip link set eth0 netns elsewhere
privileged ip link set v8 netns 1
t "a vNIC whose lower device moves away is not trusted" shows " trust auto spoofchk auto * trusted off spoofchecked on " ip -d -o link show v0
ip -n elsewhere link set eth0 netns 1
t "a vNIC whose lower device comes back is trusted" shows " trust auto spoofchk auto * trusted on spoofchecked off " ip -d -o link show v0
t "a vNIC that a container's root moved to the host stays untrusted when its lower device comes back" \
	shows " trusted off spoofchecked on " ip -d -o link show v9
t "a vNIC that a container's root moved to the host while its lower device was away stays untrusted" \
	shows " trusted off spoofchecked on " ip -d -o link show v8
end_container
