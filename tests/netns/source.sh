#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kernels: uml
#
# In source mode a vNIC receives from the stations on its list, and from nobody
# else, whoever their frames are for.
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"

everyone=ff:ff:ff:ff:ff:ff
a=02:00:00:00:00:0a b=02:00:00:00:00:0b c=02:00:00:00:00:0c d=02:00:00:00:00:0d

# set_it OPTION...: of s1
set_it() {
	ip -n vm link set s1 type vnicx "$@"
}

# shown [DEVICE]: its list
shown() {
	local line
	line=$(ip -n vm -d -o link show "${1-s1}")
	[[ $line =~ \ macaddr\ set\ (([0-9a-f:]{17}\ )*) ]]
	echo "${BASH_REMATCH[1]% }"
}

# refused DESCRIPTION REGEX OPTION...: of s1, which stays what it is
refused() {
	local before
	before=$(ip -n vm -d -o link show s1)
	t_fails "$1 is refused" "$2" set_it "${@:3}"
	t_is "$1 changes nothing" "$before" ip -n vm -d -o link show s1
}

# from ADDRESS RECEIVERS DESCRIPTION DESTINATION: a station on the wire sends
from() {
	reaches "$3" "$2" lan/eth0 "$4" -s "$1"
}

no_ipv6
lan_setup
ns vm
vnic s1 vm mode source macaddr set $a $b
vnic s2 vm mode source
vnic b1 vm
s1=${vnic_mac[s1]} b1=${vnic_mac[b1]} lan=$(mac lan eth0) host=$(mac host eth0)

t_is "a list given at creation is shown in its order" "$a $b" shown
t_is "a list that is not given is empty" "" shown s2
from $a "host/eth0 vm/s1" "a listed station's frame to the vNIC is received by it and the host" "$s1"
from $b "host/eth0 vm/s1" "a listed station's frame to an unknown address is received" 02:00:00:00:00:99
from $a "host/eth0 vm/s1" "a listed station's frame to the host is received" "$host"
from $a "vm/b1 vm/s1" "a listed station's frame to another vNIC is received by both" "$b1"
from $a "host/eth0 vm/b1 vm/s1" "a listed station's broadcast is received" $everyone
from $a "host/eth0 vm/s1" "a listed station's frame to a group that nobody joined is received" 01:00:5e:01:02:03
from $c "host/eth0" "an unlisted station's frame to the vNIC is not received by it" "$s1"
from $c "host/eth0 vm/b1" "an unlisted station's broadcast is not received" $everyone
reaches "another vNIC's broadcast is not received" "host/eth0 lan/eth0" vm/b1 $everyone
reaches "a vNIC in source mode sends to the wire" lan/eth0 vm/s1 "$lan"
reaches "a frame to another vNIC goes to the wire" lan/eth0 vm/s1 "$b1"
reaches "a broadcast of a vNIC in source mode goes to the wire" lan/eth0 vm/s1 $everyone

t "a source can be added" set_it macaddr add $c
t_is "an added source is shown behind the others" "$a $b $c" shown
from $c "host/eth0 vm/s1" "an added source is received at once" "$s1"
t "two sources can be deleted" set_it macaddr del $c $a
t_is "a source that was not deleted is shown" $b shown
from $a "host/eth0" "a deleted source is not received" "$s1"
t "the list of sources can be replaced" set_it macaddr set $d $a
t_is "the new list of sources is shown in its order" "$d $a" shown
from $b "host/eth0" "a source that is not on the new list is not received" "$s1"
t "the list of sources can be emptied" set_it macaddr flush
t_is "an emptied list of sources is shown empty" "" shown
from $a "host/eth0" "a vNIC with an empty list receives nobody" "$s1"

set_it macaddr set $a $b
ip -n vm link set s2 type vnicx macaddr add $a
from $a "host/eth0 vm/s1 vm/s2" "two vNICs that list one station both receive it" "$s1"
t "nodst can be switched on" ip -n vm link set s2 type vnicx nodst on
from $a "vm/s1 vm/s2" "a frame of a station that nodst covers reaches those who listed it" "$s1"
from $a "vm/s1 vm/s2" "a frame of a station that nodst covers does not reach its destination" "$b1"
from $a "vm/s1 vm/s2" "a broadcast of a station that nodst covers reaches only those who listed it" $everyone
from $b "host/eth0 vm/b1 vm/s1" "a broadcast of a station that nodst does not cover reaches everybody" $everyone
t "nodst can be switched off" ip -n vm link set s2 type vnicx nodst off
from $a "vm/b1 vm/s1 vm/s2" "a frame of a listed station reaches its destination without nodst" "$b1"
ip -n vm link set s2 down
from $a "host/eth0 vm/s1" "a vNIC in source mode that is down does not receive a listed station" "$s1"
ip -n vm link set s2 up
from $a "host/eth0 vm/s1 vm/s2" "a vNIC in source mode that is up again receives a listed station" "$s1"

refused "a source that is on the list" "source $b: is on the list already" macaddr add $b
refused "a source that is on the list behind a new one" "source $b: is on the list already" macaddr add $c $b
refused "a source given twice" "source $c is given twice" macaddr add $c $c
refused "deleting a source that is not on the list" "source $c: is not on the list" macaddr del $c
refused "deleting a source that is not on the list behind one that is" \
	"source $c: is not on the list" macaddr del $a $c
refused "nodst with a deletion that fails" "source $c: is not on the list" nodst on macaddr del $c
refused "a multicast address as a source" "source 01:00:5e:00:00:01 is zero or a multicast address" \
	macaddr add $c 01:00:5e:00:00:01
refused "an address of zeros as a source" "source 00:00:00:00:00:00 is zero or" macaddr set 00:00:00:00:00:00

# 250 more: 252 in all
mapfile -t many < <(printf '02:00:00:00:01:%02x\n' {0..249})
for n in 0 50 100 150 200; do
	echo "link set s1 type vnicx macaddr add ${many[*]:n:50}"
done | ip -n vm -batch -
four="02:00:00:00:02:01 02:00:00:00:02:02 02:00:00:00:02:03 02:00:00:00:02:04"
# shellcheck disable=SC2086 # a list
refused "a list of 257 sources" "source $c: the list is full" macaddr add $four $c
# shellcheck disable=SC2086
t "a list of 256 sources is accepted" set_it macaddr add $four
t_is "a list of 256 sources is shown in its order" "$a $b ${many[*]} $four" shown
refused "a source beyond 256" "source $c: the list is full" macaddr add $c
from "${many[249]}" "host/eth0 vm/s1" "a late source of the long list is received" "$s1"

t "a vNIC can leave source mode" set_it mode bridge
from $c "vm/s1" "a vNIC that left source mode receives an unlisted station" "$s1"
set_it mode source
t_is "a vNIC that left source mode has no list when it is back" "" shown

t_fails "a bad list at creation is refused" "source $a is given twice" \
	ip -n host link add link eth0 name bad type vnicx mode source macaddr set $a $a
t_fails "no vNIC is made with a bad list" "does not exist" ip -n host link show bad
