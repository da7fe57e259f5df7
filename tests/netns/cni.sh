#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kernels: uml
# timeout: 240
#
# The CNI plugin (tools/cni), called by the library that container engines use, with
# Debian's plugins for IPAM. The machine is the namespace host, with a device eth0 as
# the containers have one.
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"
# shellcheck source=../docs.sh
. "$VNICX_STAGE/tests/docs.sh"

work=$(mktemp -d)
plugins=$VNICX_STAGE/bin/cni
export CNI_PATH=$plugins CNI_CACHE=$work/cache

# network KEYS [IPAM]: the configuration from here on; host-local has two addresses
host_local='{ "type": "host-local", "dataDir": "'$work'/ipam",
	"ranges": [[{ "subnet": "192.0.2.0/24", "rangeStart": "192.0.2.100", "rangeEnd": "192.0.2.101" }]],
	"routes": [{ "dst": "0.0.0.0/0", "gw": "192.0.2.1" }] }'
network() {
	echo '{ "cniVersion": "1.0.0", "name": "'"${name:-lan}"'", "plugins": [{ "type": "vnicx", "master": "eth0", '"${1:+$1, }"'
		"capabilities": { "mac": true }, "ipam": '"${2:-$host_local}"' }] }' >"$work/lan.conflist"
}

# cni add|check|del CONTAINER [IFNAME]: as engines do it, with CONTAINER's namespace; file is
# the configuration's name
cni() {
	inside host "$plugins/engine" "$1" "$work/${file:-lan.conflist}" "/run/netns/$2" "${3:-eth0}" "$2"
}

# as_pod NAMESPACE/NAME COMMAND...: and as engines of Kubernetes do it
as_pod() {
	CNI_ARGS="IgnoreUnknown=1;K8S_POD_NAMESPACE=${1%/*};K8S_POD_NAME=${1#*/}" "${@:2}"
}

# held: what containers and IPAM have
held() {
	local where
	for where in c1 c2; do
		ip -n "$where" -brief link show type vnicx
	done
	(cd "$work" && find ipam -name '192.*' 2>/dev/null | sort)
}

# refused WHAT CODE PATTERN KEYS [IPAM]: ADD to c1 fails so, and nothing is left
refused() {
	local before
	before=$(held)
	network "$4" "${5:-}"
	t_fails "ADD fails with code $2: $1" "^code $2: .*$3" cni add c1
	t_is "ADD leaves nothing behind: $1" "$before" held
}

# option CONTAINER DEVICE NAME VALUE: of a vNIC, as ip shows it
option() {
	shows " $3 $4 " ip -n "$1" -details link show "$2"
}

address_of() {
	ip -n "$1" -4 -brief address show "$2" | awk '{ print $3 }'
}

lan_setup
up host eth0 2 >/dev/null
ns c1 c2

t_is "VERSION has CNI 1.1.0 as the newest" "0.1.0 0.2.0 0.3.0 0.3.1 0.4.0 1.0.0 1.1.0" "$plugins/engine" version vnicx

# A container

network '"mode": "bridge", "mtu": 1400, "trust": "auto", "raguard": true, "max_tx_rate": "1gbit"'
t "ADD gives c1 a vNIC" cni add c1
t "CHECK finds c1's vNIC as it was made" cni check c1
t_is "IPAM's address is that of c1's eth0" 192.0.2.100/24 address_of c1 eth0
t "IPAM's route is in c1" shows "default via 192.0.2.1 dev eth0" ip -n c1 route
t_is "c1's eth0 has the configured MTU" 1400 inside c1 cat /sys/class/net/eth0/mtu
t "c1's eth0 has the configured guard" option c1 eth0 raguard on
t "c1's eth0 has the configured rate" option c1 eth0 max_tx_rate 1gbit
t "c1's eth0 is a tenant's" option c1 eth0 trusted off
t_is "no vNIC is in the machine's namespace" "" ip -n host -brief link show type vnicx
t "ADD gives c2 a vNIC" cni add c2
for where in lan host c2; do
	t "$where reaches c1" until_ok 5 pings "$where" 192.0.2.100
done

# CHECK

ip -n c1 link set eth0 type vnicx raguard off
t_fails "CHECK fails when a policy is another one" "has raguard off instead of on" cni check c1
ip -n c1 link set eth0 type vnicx raguard on
ip -n c1 link set eth0 mtu 1300
t_fails "CHECK fails when the MTU is another one" "an MTU of 1300 instead of 1400" cni check c1
ip -n c1 link set eth0 mtu 1400
ip -n c1 address delete 192.0.2.100/24 dev eth0
t_fails "CHECK fails when the address is gone" "192.0.2.100/24" cni check c1
ip -n c1 link delete eth0
t_fails "CHECK fails when the vNIC is gone" "eth0" cni check c1

# DEL

t "DEL succeeds when the vNIC is gone" cni del c1
t "DEL takes c2's vNIC" cni del c2
t "DEL succeeds a second time" cni del c2
t_is "DEL leaves neither a vNIC nor an address of IPAM" "" held
t "ADD before a container hides its vNIC" cni add c1
batch_in c1 "link set eth0 down" "link set eth0 name hidden"
t "DEL for a renamed vNIC" cni del c1
t_is "DEL finds a vNIC that the container has renamed" "" held
ns gone
t "ADD before a container goes" cni add gone
ip netns delete gone
t "DEL succeeds when the namespace is gone" cni del gone
t_is "DEL gives IPAM the address of a container that is gone" "" held

# Addresses

network '' '{}'
as_pod default/web-0 t "ADD gives pod web-0 a vNIC" cni add c1
pod=$(mac c1 eth0)
t_fails "ADD fails with code 11 while another container has the pod's address" "^code 11: .*address is in use by vNIC eth0" \
	as_pod default/web-0 cni add c2
as_pod default/web-0 t "DEL takes web-0's vNIC" cni del c1
as_pod default/web-0 t "ADD gives pod web-0 a vNIC in another container" cni add c2
t_is "a pod has the same MAC address in its next container" "$pod" mac c2 eth0
as_pod default/web-1 t "ADD gives pod web-1 a vNIC" cni add c1
t "pods have different MAC addresses" differ "$pod" "$(mac c1 eth0)"
as_pod default/web-1 t "DEL takes web-1's vNIC" cni del c1
as_pod default/web-0 t "DEL takes web-0's next vNIC" cni del c2
CNI_ARGS='MAC=02:00:00:00:00:71' t "ADD with an address in CNI_ARGS" cni add c1
t_is "the address in CNI_ARGS is the vNIC's" 02:00:00:00:00:71 mac c1 eth0
CNI_ARGS='MAC=02:00:00:00:00:71' t "DEL of the vNIC with that address" cni del c1
CAP_ARGS='{ "mac": "02:00:00:00:00:72" }' t "ADD with an address in runtimeConfig" cni add c1
t_is "the address in runtimeConfig is the vNIC's" 02:00:00:00:00:72 mac c1 eth0
CAP_ARGS='{ "mac": "02:00:00:00:00:72" }' t "DEL takes the vNIC with an address in runtimeConfig" cni del c1
network '"mode": "passthru"' '{}'
t "ADD in passthru mode" cni add c1
t_is "a passthru vNIC has the address of its master" "$(mac host eth0)" mac c1 eth0
t "DEL takes the passthru vNIC" cni del c1
t_is "DEL leaves nothing in passthru mode" "" held

# Beside other plugins, and without a master

# by_hand KEYS [COMMAND]: as an engine does it, without the library
by_hand() {
	CNI_COMMAND=${2:-ADD} CNI_CONTAINERID=c1 CNI_NETNS=/run/netns/c1 CNI_IFNAME=eth0 inside host "$plugins/vnicx" <<-END
		{ "cniVersion": "${version:-1.0.0}", "name": "lan", "type": "vnicx", "master": "eth0", "ipam": {
			"type": "static", "addresses": [{ "address": "192.0.2.50/24" }] }, $1 }
	END
}

summary() {
	by_hand "$1" | jq -r '[(.interfaces[].name), (.ips[] | "\(.address)@\(.interface)"), .dns.domain] | join(" ")'
}

network '' '{}'
t_is "the result goes on from that of the plugin before" "net0 eth0 192.0.2.9/24@0 192.0.2.50/24@1 example.org" summary '
	"prevResult": { "cniVersion": "1.0.0", "interfaces": [{ "name": "net0", "sandbox": "/run/netns/c1" }],
		"ips": [{ "address": "192.0.2.9/24", "interface": 0 }], "dns": { "domain": "example.org" } }'
t "DEL takes the vNIC that was added by hand" cni del c1
sed -i 's/"master": "eth0"/"disableCheck": false/' "$work/lan.conflist"
t_fails "ADD fails with code 7 without a master and a default route" "^code 7: .*no default route" cni add c1
ip -n host route add default via 192.0.2.1
t "ADD without a master" cni add c1
t_is "the master is the device of the default route" "$(inside host cat /sys/class/net/eth0/ifindex)" \
	inside c1 cat /sys/class/net/eth0/iflink
t "DEL without a master" cni del c1
t_is "DEL leaves nothing without a master" "" held

# CNI 1.1, whose STATUS and GC engines of Debian do not know. Debian's plugins for IPAM speak 1.0.

version=1.1.0
t_is "STATUS of CNI 1.1 is ready without a word" "" by_hand '"vlan": 10' STATUS
t_is "ADD by CNI 1.1 has a result of CNI 1.1" "1.1.0 eth0 192.0.2.50/24" eval \
	"by_hand '\"vlan\": 10' | jq -r '[.cniVersion, .interfaces[0].name, .ips[0].address] | join(\" \")'"
t_is "GC leaves what is in use" "" by_hand '"cni.dev/valid-attachments": []' GC
t "GC leaves c1's vNIC" option c1 eth0 vlan 10
t_is "DEL by CNI 1.1 says nothing" "" by_hand '"vlan": 10' DEL
t_is "DEL by CNI 1.1 leaves nothing" "" held
t_fails "STATUS fails with code 50 when there is no such plugin for IPAM" '"code": 50' \
	by_hand '"ipam": { "type": "no-such-plugin" }' STATUS
t_fails "STATUS fails with code 2 for an unknown field" '"code": 2,' by_hand '"spoofchek": "on"' STATUS
version=1.0.0
t_fails "STATUS fails with code 1 in CNI 1.0" '"code": 1,' by_hand '"vlan": 10' STATUS

# IPAM gives several addresses

dual='{ "type": "static", "addresses": [{ "address": "192.0.2.50/24" }, { "address": "2001:db8::50/64" }] }'
network '"ipguard": "static", "allowed-ips": ["ipam", "198.51.100.0/24"], "mac": "02:00:00:00:01:01"' "$dual"
t "ADD with IPAM's addresses as those of ipguard" cni add c1
t "a guarded vNIC may send from IPAM's addresses, its link-local address, and those of the list" \
	option c1 eth0 allowed-ips "192.0.2.50 198.51.100.0/24 2001:db8::50 fe80::ff:fe00:101"
t "a guarded vNIC reaches the LAN" until_ok 5 pings c1 192.0.2.1
t "CHECK finds a guarded vNIC as it was made" cni check c1
t "DEL takes the guarded vNIC" cni del c1
network '"ipguard": "static", "allowed-ips": ["ipam"], "mac": "02:00:00:00:01:01"' "$dual"
t "ADD with IPAM's addresses alone as those of ipguard" cni add c1
t "a vNIC may send from IPAM's addresses and its link-local address alone" \
	option c1 eth0 allowed-ips "192.0.2.50 2001:db8::50 fe80::ff:fe00:101"
t "DEL takes the vNIC with IPAM's addresses alone" cni del c1

# DHCP, by Debian's daemon: the pod is a client of the same name, with the same lease

refused "IPAM's daemon for DHCP does not run" 999 'error dialing DHCP daemon' '' '{ "type": "dhcp" }'
inside lan dnsmasq --conf-file=/dev/null --port=0 --interface=eth0 --bind-interfaces --user=root --no-ping \
	--pid-file="$work/dnsmasq.pid" --dhcp-range=192.0.2.200,192.0.2.250,1h --dhcp-leasefile="$work/leases"
"$plugins/dhcp" daemon 2>"$work/dhcp.log" &
t "the daemon of IPAM by DHCP begins" until_ok 10 test -S /run/cni/dhcp.sock
dhcp='{ "type": "dhcp"'
network '"clean-traffic": true' "$dhcp }"
t "ADD with IPAM by DHCP" cni add c1
leased=$(address_of c1 eth0)
t "a DHCP server of the LAN has leased c1's address" grep -qF " ${leased%/*} " "$work/leases"
t "a guarded vNIC reaches the LAN as the address that it was leased" until_ok 5 pings c1 192.0.2.1
t "CHECK finds the lease" cni check c1
t "DEL with IPAM by DHCP" cni del c1
t "DEL gives the lease back" until_ok 5 is_now "" cat "$work/leases"
network '' "$dhcp"', "provide": [{ "option": "dhcp-client-identifier", "fromArg": "K8S_POD_NAME" }] }'
as_pod default/web-0 t "ADD of a pod with IPAM by DHCP" cni add c1
leased=$(address_of c1 eth0)
as_pod default/web-0 t "DEL of a pod with IPAM by DHCP" cni del c1
as_pod default/web-0 t "ADD of the pod's next container with IPAM by DHCP" cni add c2
t_is "a pod has the same lease in its next container" "$leased" address_of c2 eth0
as_pod default/web-0 t "DEL of the pod's next container with IPAM by DHCP" cni del c2
t_is "DEL leaves nothing of DHCP's" "" held

# The configurations of docs/cni.md, word by word. Multus hands what its object has in spec.config
# to libcni, with the pod's name, for a second interface.

multus() {
	blocks cni.md Multus | sed 's/^run //' | python3 -c 'import sys, yaml; print(yaml.safe_load(sys.stdin)["spec"]["config"])'
}
multus >"$work/multus.conf"
file=multus.conf
as_pod default/web-0 t "ADD by the page's NetworkAttachmentDefinition" cni add c1 net1
leased=$(address_of c1 net1)
t "the page's NetworkAttachmentDefinition has the LAN's lease" grep -qF " ${leased%/*} " "$work/leases"
t "the page's NetworkAttachmentDefinition makes a vNIC with clean-traffic" option c1 net1 ipguard dhcp
as_pod default/web-0 t "CHECK by the page's NetworkAttachmentDefinition" cni check c1 net1
as_pod default/web-0 t "DEL by the page's NetworkAttachmentDefinition" cni del c1 net1
t_is "the page's NetworkAttachmentDefinition leaves nothing" "" held
mount -t tmpfs tmpfs /var/lib
blocks cni.md Configure | sed -n 's/^text //p' >"$work/page.conflist"
file=page.conflist
t "ADD by the page's list of plugins" cni add c1
t_is "the page's list of plugins has its first address" 192.0.2.100/24 address_of c1 eth0
t "the page's list of plugins has its VLAN" option c1 eth0 vlan 10
t "CHECK by the page's list of plugins" cni check c1
t "DEL by the page's list of plugins" cni del c1
t_is "the page's list of plugins leaves nothing" "" held
umount /var/lib
file=

# Refusals

refused "no such master" 7 'master "eth9"' '"master": "eth9"'
refused "a bad word of a policy" 7 'must be "auto", "on" or "off", not "maybe"' '"spoofchk": "maybe"'
refused "a VLAN that the kernel refuses" 100 'VLAN 4095 is not 1 to 4094' '"vlan": 4095'
refused "an unknown field" 2 'unsupported field in network configuration: "spoofchek": "on"' '"spoofchek": "on"'
refused "an MTU above that of the master" 100 'MTU 9001 is above that of lower device eth0' '"mtu": 9001'
refused "a multicast MAC address" 7 'mac "01:00:5e:00:00:01"' '"mac": "01:00:5e:00:00:01"'
refused "the MAC address of the master" 100 'address is that of the lower device eth0' '"mac": "'"$(mac host eth0)"'"'
refused "no such plugin for IPAM" 999 'no-such-plugin' '' '{ "type": "no-such-plugin" }'
refused "a route that nobody reaches" 100 'failed to add route' '' "${host_local//192.0.2.1\"/203.0.113.1\"}"
network ''
t "ADD gives c1 a vNIC called eth0" cni add c1
name=dmz refused "a name that is taken" 4 'CNI_IFNAME: the container has a device "eth0" already' ''
t "DEL follows the ADD that failed for the name" cni del c1
t "the vNIC of another network keeps its name" ip -n c1 link show eth0
network ''
t "ADD gives c1 a second vNIC" cni add c1 net1
t_fails "ADD fails when IPAM has no address left" "^code .*no IP addresses available" cni add c2
t_is "ADD leaves nothing behind when IPAM has no address left" "" ip -n c2 -brief link show type vnicx
t "DEL takes c1's second vNIC" cni del c1 net1
t "DEL takes c1's first vNIC" cni del c1
t_fails "ADD fails with code 3 for a namespace that is not there" "^code 3: " cni add nowhere
t_fails "ADD fails with code 4 for a file that is no namespace" "^code 4: " \
	inside host "$plugins/engine" add "$work/lan.conflist" "$work" eth0 c1
IP_LIB_DIR=/none refused "ip has no plugin" 100 'ip does not know the options of type vnicx' '"vlan": 10'
unload_modules
version=1.1.0 t_fails "STATUS fails with code 50 when the kernel has no vnicx" '"code": 50' by_hand '"vlan": 10' STATUS
refused "the kernel has no vnicx" 100 'the kernel has no vNICs' ''
t_is "nothing is left at the end" "" held

kill %1 "$(cat "$work/dnsmasq.pid")"
# dnsmasq removes its file as the last thing that it does
until_ok 10 [ ! -e "$work/dnsmasq.pid" ]
rm -r "$work" /run/cni
