#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kernels: uml
#
# Root of a container may give its vNIC further addresses, and another of its own.
# None of that stands in the way of the lower device's administrator, who gives the same
# address to another vNIC, or to the lower device.
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"
# shellcheck source=helpers/container.sh
. "${0%/*}/helpers/container.sh"

alice=02:00:00:00:00:0a
everybody=ff:ff:ff:ff:ff:ff

# The ways to take an address: take_WAY ADDRESS, and leave_WAY ADDRESS
take_list() {
	guest ip link add link v1 name thief address "$1" type macvlan mode private
	guest ip link set thief addrgenmode none
	guest ip link set thief up
}
leave_list() {
	guest ip link delete thief
}
take_entry() {
	guest bridge fdb add "$1" dev v1
}
leave_entry() {
	guest bridge fdb del "$1" dev v1
}
take_entries() {
	local n
	{
		for n in {1..16}; do
			echo "fdb add $1 dev v1 vlan $n"
		done
	} | guest bridge -batch -
}
leave_entries() {
	guest bridge fdb flush dev v1
}
take_own() {
	guest ip link set v1 address "$1"
}
leave_own() {
	guest ip link set v1 address "$tenant"
}

# has DESCRIPTION RECEIVER ADDRESS [OPTION...]
has() {
	reaches "$1" "$2" lan/wire "${@:3}"
}

create() {
	batch "link add link eth0 name $1 ${2:+address $2} type vnicx" \
		"link set $1 addrgenmode none" "link set $1 up"
}

start_container
ip netns attach init 1
ns lan
batch "link add eth0 address 02:00:00:00:00:e0 type veth peer name wire netns lan" \
	"link set eth0 addrgenmode none" "link set eth0 up" \
	"link add link eth0 name v1 netns guest type vnicx trust on"
batch_in lan "link set wire addrgenmode none" "link set wire up"
guest ip link set v1 addrgenmode none
guest ip link set v1 up
tenant=$(mac guest v1)

create web0
derived=$(mac init web0)
ip link delete web0

for way in list entry entries own; do
	case $way in
	list) thief=guest/thief words="on its list" ;;
	own) thief=guest/v1 words="as its own" ;;
	entry) thief=guest/v1 words="as an entry" ;;
	entries) thief=guest/v1 words="as entries of VLANs" ;;
	esac
	options=()
	[ $way != entries ] || options=(-v 10 -l 64)

	create alice $alice
	ip link delete alice
	t "a tenant takes alice's address $words while alice restarts" take_$way $alice
	has "a tenant receives alice's frames while it has her address $words" "$thief" $alice "${options[@]}"
	t "alice comes back while a tenant has her address $words" create alice $alice
	has "alice receives her frames at once, not a tenant that has her address $words" \
		init/alice $alice "${options[@]}"
	frames -q -s $alice guest/v1 $everybody
	has "alice receives her frames when a tenant that has her address $words sends from it" \
		init/alice $alice "${options[@]}"
	ip link delete alice
	has "a tenant that has alice's address $words receives its frames when she goes" \
		"$thief" $alice "${options[@]}"
	leave_$way $alice

	take_$way "$derived"
	create web0
	t_is "a vNIC's address is derived while a tenant has it $words" "$derived" mac init web0
	has "a new vNIC receives frames to its derived address, not a tenant that has it $words" \
		init/web0 "$derived" "${options[@]}"
	ip link delete web0
	leave_$way "$derived"
done

# each frame to an address passes its entries
t "a tenant may have a station's address in 16 VLANs" take_entries $alice
t_fails "a tenant cannot have a station's address in a 17th VLAN" "address is in use in 16 VLANs already" guest bridge fdb add $alice dev v1 vlan 17
t "the administrator can add to a vNIC an address that tenants have in 16 VLANs" bridge -n guest fdb add $alice dev v1 vlan 17
leave_entries $alice

take_own $alice
t "the lower device can have an address that a tenant chose" ip link set eth0 address $alice
has "the host receives frames to the address that a tenant chose" init/eth0 $alice
ip link set eth0 address 02:00:00:00:00:e0
take_list 02:00:00:00:00:0b
t "the administrator can add to a vNIC an address that a tenant claims" \
	bridge -n guest fdb add 02:00:00:00:00:0b dev v1
bridge -n guest fdb del 02:00:00:00:00:0b dev v1
leave_list
leave_own

create bob 02:00:00:00:00:0b
bridge fdb add 02:00:00:00:00:0c dev bob
for taken in 02:00:00:00:00:0b 02:00:00:00:00:0c; do
	t_fails "a tenant is refused $taken, which the administrator gave, as its own" "in use" \
		take_own $taken
	t_fails "a tenant is refused $taken as an entry" "in use" take_entry $taken
	t "a tenant may list $taken" take_list $taken
	frames -q guest/thief $everybody
	has "a tenant that lists $taken does not receive it" init/bob $taken
	leave_list
done
end_container
