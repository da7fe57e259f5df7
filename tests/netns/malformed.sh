#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kernels: uml 6.1
#
# Requests that no sane program makes.
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"

# refused DESCRIPTION REGEX CASE of helpers/malformed.c
refused() {
	local left
	t_fails "$1 is refused" "$2" malformed eth0 "$3"
	left=$(compgen -G '/sys/class/net/bad*' || :)
	if [ -n "$left" ]; then
		t "$1 leaves no vNIC" matches "" "$left"
		ip link delete bad
	fi
}

accepted() {
	t "$1 is accepted" malformed eth0 "$2"
	ip link delete bad
}

batch "link add eth0 type dummy" "link add bridge type bridge"

accepted "a sound request" nothing
accepted "a type without its closing zero" kind-without-end
accepted "a request with no options" empty-data
accepted "a nest of the switch's options with nothing in it" switch-of-nothing
accepted "a nest of the switch's options with host on in it" host-on

refused "an option that vnicx does not have" "Unknown attribute type" unknown-attribute
refused "an option with the largest number" "Unknown attribute type" large-attribute-type
refused "an option with the number zero" "Unknown attribute type" attribute-zero
refused "an option that ends behind the request" "leftover after parsing" truncated-attribute
refused "a list of options of three bytes" "Numerical result out of range|leftover" attribute-without-header
refused "an option shorter than its own header" "leftover after parsing" \
	attribute-shorter-than-header

refused "a mode of 5" "integer out of range" mode-of-five
refused "a mode of two bytes" "failed policy validation|invalid attribute length" mode-of-two-bytes
refused "an unknown flag" "failed policy validation" flag-unknown
refused "a flag with a value that is not said to have one" "failed policy validation" \
	flag-not-selected
refused "an operation 4 on sources" "integer out of range" source-op-of-four
refused "a source of five bytes" "failed policy validation|attribute size out of range" \
	source-of-five-bytes
refused "a source of another kind" "Unknown attribute type" source-of-another-kind
refused "a source of no bytes, at the end of the request" \
	"failed policy validation|attribute size out of range" source-of-no-bytes
refused "a source of another kind and of no bytes" "Unknown attribute type" unknown-source-of-no-bytes
refused "an allowed IP address of five bytes" "an allowed prefix needs an IP address" allowed-of-five-bytes
refused "an allowed IP address of 17 bytes" "failed policy validation|size out of range" allowed-of-17-bytes
refused "an allowed IP address of no bytes" "an allowed prefix needs an IP address" allowed-of-no-bytes
refused "an allowed IP prefix without an address" "an allowed prefix needs an IP address" allowed-without-an-address
refused "an allowed IP address of another kind" "Unknown attribute type" allowed-of-another-kind
refused "an allowed IPv4 prefix of 33 bits" "/33 is longer than an address" allowed-of-33-bits
refused "a prefix beside allowed-ips flush" "allowed-ips flush takes no prefixes" allowed-flush-with-a-prefix
refused "an option given twice" "^Invalid argument: option is given more than once$" mode-given-twice

# rtnetlink takes the last list of options, which must be the one that is checked.
several="^Invalid argument: options come in one IFLA_INFO_DATA, not in several$"
refused "a pair of lists of options, both sound," "$several" sound-second-data
refused "a pair of lists of options, the first unsound," "$several" unknown-attribute-in-first-data
refused "a pair of lists of options, the second unsound," "$several" unknown-attribute-in-second-data
refused "a pair of lists of options, the second with a source of no bytes," "$several" \
	unknown-source-of-no-bytes-in-second-data

# Policies: attributes that the plugin for ip never sends, of a vNIC to be made and
# of one that is there. Nothing of the request is applied.
words() {
	ip -d -o link show v0
}

refused_both() {
	refused "$1" "$2" "$3"
	t_fails "$1 is refused as a change" "$2" malformed v0 "$3" change
}

ip link add link eth0 name v0 type vnicx class 3:4 max-groups 9
before=$(words)
while IFS='|' read -r case title regex; do
	refused_both "$title" "$regex" "$case"
done <<-END
	vlan-half-a-range|a trunk with half a range of VLANs|half a range of VLANs
	vlan-of-another-protocol|a VLAN of another protocol|VLAN tags are of 802.1Q or 802.1ad
	vlan-qos-of-a-trunk|a trunk with qos|qos is for access only
	vlan-native-of-a-pvlan|a port of a private VLAN with a native VLAN|a native VLAN is for trunks only
	vlan-list-of-access|an access VLAN with a list of VLANs|a list of VLANs is for trunks and pvlan only
	vlan-of-a-trunk|a trunk with a VLAN of its own|a VLAN of its own is for access and pvlan only
	vlan-trunk-of-none|a trunk without VLANs|a trunk needs VLANs
	vlan-given-twice|a VLAN given twice|^Invalid argument: option is given more than once$
	mirror-vlan-alone|a VLAN for a mirror that is not there|there is no mirror to change
	mirror-way-alone|a direction for a mirror that is not there|there is no mirror to change
	bpf-of-no-program|a BPF program that is none|not a BPF program of type sched_cls
END
out_of_range="vlan-qos-of-nine vlan-kind-of-six flood-of-two trust-of-three spoofchk-of-three state-of-three restricted-of-two
	raguard-of-two dhcpguard-of-two dhcp-block-of-two ipguard-of-three ipguard-in-of-two dhcp-trust-of-two isolated-of-two
	mirror-way-of-three mirror-vlan-of-4095 allowed-op-of-four"
for case in $out_of_range; do
	refused_both "a request with ${case//-/ }" "integer out of range" "$case"
done
for case in rate-of-two-bytes storm-of-two-bytes mirror-without-an-end; do
	refused_both "a request with ${case//-/ }" "failed policy validation|invalid attribute length" "$case"
done
refused_both "a request with max leases of 65" "max-leases is 1 to 64, not 65" max-leases-of-65
for case in trusted spoofchecked bpf-tx-id leases truncated; do
	refused_both "a request that sets $case, which is shown only," "rejected by policy|failed policy validation" "$case"
done
t_is "changes that are refused leave the vNIC as it was" "$before" words
ip link delete v0

# as_user CASE: the request of an unprivileged user, in namespaces of its own. The
# vNICs that are left there, with addresses that nobody gave, follow the answer.
as_user() {
	# shellcheck disable=SC2016 # for the shell in there
	unshare -Urn bash -c 'ip link add eth0 type dummy
		status=0
		malformed eth0 "$1" || status=$?
		ip -d -o link show type vnicx
		exit "$status"' - "$1"
}
for case in allowed-of-no-bytes source-of-no-bytes unknown-source-of-no-bytes unknown-source-of-no-bytes-in-second-data; do
	t_fails "an unprivileged user's $case brings no bytes of the kernel's memory back" \
		"^(Invalid argument|Numerical result out of range): [a-zA-Z_, ]+$" as_user "$case"
done

refused "a nest of the switch's options of two bytes" \
	"failed policy validation|invalid attribute length|leftover" switch-of-two-bytes
refused "an option that a switch does not have" "Unknown attribute type" unknown-attribute-in-switch
refused "an option of a switch with the number zero" "Unknown attribute type" attribute-zero-in-switch
refused "an option of a switch given twice" \
	"^Invalid argument: option is given more than once$" host-given-twice
refused "a pair of nests of the switch's options" \
	"^Invalid argument: option is given more than once$" switch-given-twice
refused "a host that is neither on nor off" "integer out of range" host-of-two
refused "a host of no bytes" "failed policy validation|invalid attribute length" host-of-no-bytes
refused "a host of four bytes" "failed policy validation|invalid attribute length" host-of-four-bytes
refused "a neigh_suppress that is neither on nor off" "integer out of range" neigh-suppress-of-two
refused "an announce that is neither on nor off" "integer out of range" announce-of-two
refused "a neigh_suppress of four bytes" "failed policy validation|invalid attribute length" neigh-suppress-of-four-bytes
refused "a queue length that is shown only" "rejected by policy|failed policy validation" \
	queue-length-in-use

refused "a lower device of two bytes" "failed policy validation" link-of-two-bytes
refused "a lower device of no bytes" "failed policy validation" link-of-no-bytes
refused "a lower device with number 0" "No such device: lower device does not exist" link-zero
refused "a lower device with number -1" "No such device: lower device does not exist" link-negative

refused "an address of no bytes" "address is not 6 bytes long" address-of-no-bytes
refused "an address of 5 bytes" "address is not 6 bytes long" address-of-five-bytes
refused "an address of 7 bytes" "address is not 6 bytes long" address-of-seven-bytes
refused "an address of 20 bytes" "address is not 6 bytes long" address-of-infiniband
refused "an address of 33 bytes" "failed policy validation" address-too-long-for-any
refused "an MTU of two bytes" "failed policy validation" mtu-of-two-bytes

refused "a type that only begins with vnicx" "Operation not supported" kind-too-long
refused "a name that is too long" "failed policy validation" name-too-long
refused "a name with a slash" "Invalid argument" name-with-slash
refused "a name with a colon" "Invalid argument" name-with-colon
refused "a name of two dots" "Invalid argument" name-of-dots
refused "a name with two numbers to be" "Invalid argument" name-with-two-numbers
refused "a name with a string to be" "Invalid argument" name-with-string

t "a bridge can have the lower device after refused requests" \
	batch "link set eth0 master bridge" "link set eth0 nomaster"
t_is "the lower device's flags are as before" 0x82 cat /sys/class/net/eth0/flags
