#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
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
	[[ $line =~ \ remotes\ \([0-9]+\)\ (([0-9a-f:]{17}\ )*) ]]
	echo "${BASH_REMATCH[1]% }"
}

# refused DESCRIPTION REGEX OPTION...: of s1, which stays what it is
refused() {
	local before
	before=$(ip -n vm -d -o link show s1)
	t_fails "$1 is refused" "$2" set_it "${@:3}"
	t_is "and changes nothing" "$before" ip -n vm -d -o link show s1
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
t_is "one that is not given is empty" "" shown s2
from $a "host/eth0 vm/s1" "who is listed is received, and by the host" "$s1"
from $b "host/eth0 vm/s1" "also what is for nobody here" 02:00:00:00:00:99
from $a "host/eth0 vm/s1" "or for the host" "$host"
from $a "vm/b1 vm/s1" "or for another vNIC, which receives it, too" "$b1"
from $a "host/eth0 vm/b1 vm/s1" "or for all" $everyone
from $a "host/eth0 vm/s1" "or for a group that nobody joined" 01:00:5e:01:02:03
from $c "host/eth0" "who is not listed is not received" "$s1"
from $c "host/eth0 vm/b1" "nor what they send to all" $everyone
reaches "nor what another vNIC sends to all" "host/eth0 lan/eth0" vm/b1 $everyone
reaches "it sends to the wire" lan/eth0 vm/s1 "$lan"
reaches "also what is for a vNIC" lan/eth0 vm/s1 "$b1"
reaches "and for all" lan/eth0 vm/s1 $everyone

t "an address is added" set_it macaddr add $c
t_is "behind the others" "$a $b $c" shown
from $c "host/eth0 vm/s1" "and received at once" "$s1"
t "addresses are deleted" set_it macaddr del $c $a
t_is "and no others" $b shown
from $a "host/eth0" "and no longer received" "$s1"
t "the list is replaced" set_it macaddr set $d $a
t_is "in its order" "$d $a" shown
from $b "host/eth0" "what was there before is not received" "$s1"
t "the list is emptied" set_it macaddr flush
t_is "of all" "" shown
from $a "host/eth0" "then nobody is received" "$s1"

set_it macaddr set $a $b
ip -n vm link set s2 type vnicx macaddr add $a
from $a "host/eth0 vm/s1 vm/s2" "two may list the same address, and both receive" "$s1"
t "what one receives can be for nobody else" ip -n vm link set s2 type vnicx nodst on
from $a "vm/s1 vm/s2" "then those who listed it receive it" "$s1"
from $a "vm/s1 vm/s2" "and not whom it is for" "$b1"
from $a "vm/s1 vm/s2" "nor all, when it is for all" $everyone
from $b "host/eth0 vm/b1 vm/s1" "what it has not listed is not concerned" $everyone
t "it can be for others again" ip -n vm link set s2 type vnicx nodst off
from $a "vm/b1 vm/s1 vm/s2" "who receive it then" "$b1"
ip -n vm link set s2 down
from $a "host/eth0 vm/s1" "one that is down does not receive" "$s1"
ip -n vm link set s2 up
from $a "host/eth0 vm/s1 vm/s2" "until it is up" "$s1"

refused "an address that is on the list" "source $b: is on the list already" macaddr add $b
refused "also behind one that is not" "source $b: is on the list already" macaddr add $c $b
refused "the same one twice" "source $c is given twice" macaddr add $c $c
refused "to delete one that is not there" "source $c: is not on the list" macaddr del $c
refused "also behind one that is" "source $c: is not on the list" macaddr del $a $c
refused "and another mode with that" "source $c: is not on the list" nodst on macaddr del $c
refused "a multicast address" "source 01:00:5e:00:00:01 is zero or a multicast address" \
	macaddr add $c 01:00:5e:00:00:01
refused "all zeros" "source 00:00:00:00:00:00 is zero or" macaddr set 00:00:00:00:00:00

# 250 more: 252 in all
mapfile -t many < <(printf '02:00:00:00:01:%02x\n' {0..249})
for n in 0 50 100 150 200; do
	echo "link set s1 type vnicx macaddr add ${many[*]:n:50}"
done | ip -n vm -batch -
four="02:00:00:00:02:01 02:00:00:00:02:02 02:00:00:00:02:03 02:00:00:00:02:04"
# shellcheck disable=SC2086 # a list
refused "one too many" "source $c: the list is full" macaddr add $four $c
# shellcheck disable=SC2086
t "256 fit" set_it macaddr add $four
t_is "and are shown in their order" "$a $b ${many[*]} $four" shown
refused "one more" "source $c: the list is full" macaddr add $c
from "${many[249]}" "host/eth0 vm/s1" "all of them are received" "$s1"

t "a vNIC that leaves source mode" set_it mode bridge
from $c "vm/s1" "receives what is for it, from all" "$s1"
set_it mode source
t_is "and has forgotten its list" "" shown

t_fails "a bad list at creation is refused" "source $a is given twice" \
	ip -n host link add link eth0 name bad type vnicx mode source macaddr set $a $a
t_fails "with the vNIC" "does not exist" ip -n host link show bad
