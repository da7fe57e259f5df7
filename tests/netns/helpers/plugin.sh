# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154 # variables of lib.sh and for_each_ip
#
# For the tests of ip's plugin: one ip after the other, and what it shows.

# for_each_ip FUNCTION...: with the system's ip and, if there is one, with that
# in VNICX_IP_NEWEST or ip-newest among the guest's programs
for_each_ip() {
	local ip version function
	for ip in "$(type -P ip)" "${VNICX_IP_NEWEST:-$VNICX_STAGE/bin/ip-newest}"; do
		if [ ! -x "$ip" ]; then
			skip "the plugin works in a newer ip" "no $ip"
			continue
		fi
		version=$("$ip" -V | grep -oE 'iproute2-[0-9.]+')
		for function; do
			"$function"
		done
		compare_said
	done
}

# does DESCRIPTION COMMAND...
does() {
	t "$version: $1" "${@:2}"
}

# refuses DESCRIPTION REGEX COMMAND...
refuses() {
	t_fails "$version: $1" "${@:2}"
}

# shows DESCRIPTION GLOB DEVICE: as text
shows() {
	t "$version: $1" matches "$2" shown "$3"
}

# says DESCRIPTION JSON DEVICE FILTER: as JSON. The output is noted, and asked
# later, all at once: jq is slow to start.
said=() noted=()
says() {
	said+=("$1" "$2" "$4")
	noted+=("$("$ip" -d -j link show "$3")")
}

# compare_said: what was noted, with what should be
compare_said() {
	local filters='' i answers

	[ "${#noted[@]}" -gt 0 ] || return 0
	for ((i = 0; i < ${#noted[@]}; i++)); do
		filters+=", (.[$i][0].linkinfo.info_data | ${said[3 * i + 2]})"
	done
	mapfile -t answers < <(printf '%s\n' "${noted[@]}" | jq -s -c "${filters#, }")
	for ((i = 0; i < ${#noted[@]}; i++)); do
		t_is "$version: ${said[3 * i]}" "${said[3 * i + 1]}" \
			echo "${answers[i]-nothing}"
	done
	said=() noted=()
}

make_vnic() {
	"$ip" link add link eth0 name "$1" type vnicx "${@:2}"
}

change() {
	"$ip" link set "$1" type vnicx "${@:2}"
}

remove() {
	"$ip" link delete "$1"
}

# shown DEVICE: the part of the line that is the plugin's
shown() {
	local line
	line=$("$ip" -d -o link show "$1")
	line=${line##*    vnicx }
	line=${line%%addrgenmode *}
	line=${line%%numtxqueues *}
	echo "${line%"${line##*[![:blank:]]}"}"
}

# attributes DEVICE JQ-ARGUMENT...: of the part of the JSON that is the plugin's
attributes() {
	"$ip" -d -j link show "$1" | jq "${@:2:$#-2}" ".[0].linkinfo.info_data | ${*: -1}"
}

# matches GLOB COMMAND...: the command's whole output
matches() {
	local out
	out=$("${@:2}")
	# shellcheck disable=SC2053 # a pattern it is
	[[ $out = $1 ]] || {
		printf '%s\n' "expected: $1" "printed: $out"
		return 1
	}
}

# macs FIRST LAST: so many addresses, in different bytes
macs() {
	local i
	for ((i = $1; i <= $2; i++)); do
		printf '02:00:00:%02x:00:01 ' "$i"
	done
	echo
}

# little32 NUMBER, little16 NUMBER: in hexadecimal, least byte first
little16() {
	printf '%02x%02x' $(($1 & 255)) $(($1 >> 8 & 255))
}

little32() {
	little16 $(($1 & 65535))
	little16 $(($1 >> 16))
}

# nla TYPE HEX: a netlink attribute in hexadecimal
nla() {
	local data=$2
	little16 $((4 + ${#data} / 2))
	little16 "$1"
	while ((${#data} % 8)); do
		data+=00
	done
	printf '%s' "$data"
}

# of_vnic HEX: what ip prints of a vNIC with these attributes, had the kernel
# told it of one
of_vnic() {
	local body
	# ifinfomsg; IFLA_IFNAME; IFLA_LINKINFO with IFLA_INFO_KIND and IFLA_INFO_DATA
	body=0000$(little16 1)$(little32 99)$(little32 0)$(little32 0)
	body+=$(nla 3 "$(printf v9 | xxd -p)00")
	body+=$(nla 18 "$(nla 1 "$(printf vnicx | xxd -p)00")$(nla 2 "$1")")
	printf '%s' "$(little32 $((16 + ${#body} / 2)))$(little16 16)$(little16 0)" \
		"$(little32 0)$(little32 0)$body" | xxd -r -p >/tmp/message
	"$ip" -d -o monitor file /tmp/message
}
