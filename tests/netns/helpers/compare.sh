# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# For the test beside macvlan: the scenario, and how its outcomes are compared.
# b is for bridge, e for vepa, p for private, s for source, x for passthru.

many="b1 b2 e1 e2 p1 p2 s1 s2"
joined="3 53 103 153"
declare -A options=(
	[b]="mode bridge" [e]="mode vepa" [p]="mode private" [x]="mode passthru"
	[s1]="mode source macaddr add 02:00:00:00:00:f1"
	[s2]="mode source nodst macaddr add 02:00:00:00:00:f2"
)
declare -A address=(
	[host]=02:00:00:00:00:0a [lan]=02:00:00:00:00:0b [nobody]=02:00:00:00:00:99
	[b1]=02:00:00:00:00:b1 [b2]=02:00:00:00:00:b2 [e1]=02:00:00:00:00:e1
	[e2]=02:00:00:00:00:e2 [p1]=02:00:00:00:00:a1 [p2]=02:00:00:00:00:a2
	[s1]=02:00:00:00:00:51 [s2]=02:00:00:00:00:52 [x]=02:00:00:00:00:0a
	[f1]=02:00:00:00:00:f1 [f2]=02:00:00:00:00:f2 [all]=ff:ff:ff:ff:ff:ff
)

# create TYPE OPTIONS DEVICE...: those with a 2, and x, join the groups 239.1.2.*
create() {
	local type=$1 more=$2 name group make=() start=()
	shift 2
	for name; do
		make+=("link add link eth0 name $name address ${address[$name]} netns vm type $type ${options[$name]-${options[${name%?}]}} $more")
		start+=("link set $name addrgenmode none" "link set $name up")
		[[ $name = *1 ]] && continue
		for group in $joined; do
			start+=("address add 239.1.2.$group/32 dev $name autojoin")
		done
	done
	batch_in host "${make[@]}"
	batch_in vm "${start[@]}"
	heed vm "$@"
}

# ask WIRE SENDER... - DESTINATION...: of senders, lan:b1 is a station on the
# wire with the address of b1
ask() {
	local wire=$1 words=${*:2} sender destination device
	for sender in ${words% - *}; do
		case $sender in
		lan* | host) device=${sender%:*}/eth0 ;;
		*) device=vm/$sender ;;
		esac
		for destination in ${words#* - }; do
			echo "$wire:$sender>$destination $device ${address[$destination]} ${address[${sender#*:}]}"
		done
	done
}

# macvlan's filter lets some groups pass that nobody joined, others each time, now and then
# the same at each device.
choose_groups() {
	local n question receivers
	for n in {3..202}; do
		printf -v "address[g$n]" '01:00:5e:01:02:%02x' "$n"
	done
	ask absorbs lan - g{3..202} | matrix >/tmp/groups
	while read -r question receivers; do
		n=${question#*>g}
		if [[ " $joined " = *" $n "* ]]; then
			[ "$receivers" != "host/eth0 vm/b2 vm/e2 vm/p2" ] || address[joined]=${address[g$n]}
		elif [ "$receivers" = host/eth0 ]; then
			address[unjoined]=${address[g$n]}
		fi
	done </tmp/groups
}

# The filter of a macvlan in passthru mode lets others pass.
choose_unjoined() {
	local question receivers
	ask passthru-absorbs lan - g{3..202} | matrix >/tmp/groups
	while read -r question receivers; do
		[[ $receivers = *vm/x* ]] || address[unjoined]=${address[${question#*>}]}
	done </tmp/groups
}

# run TYPE [OPTIONS]: prints lines like "absorbs:b1>b2 vm/b2"
run() {
	local senders="b1 e1 p1 s1 host" to="host lan nobody all joined unjoined"
	# shellcheck disable=SC2086 # lists
	create "$1" "${2-}" $many
	[ "$1" = vnicx ] || choose_groups
	# shellcheck disable=SC2086
	ask absorbs $senders lan lan:{b1,e1,p1,s1,host,f1,f2} - $to $many | matrix
	lan_reflects
	# shellcheck disable=SC2086
	ask reflects $senders - $to $many | matrix
	lan_absorbs
	batch_in vm "link delete "{b1,b2,e1,e2,p1,p2,s1,s2}
	create "$1" "" x
	[ "$1" = vnicx ] || choose_unjoined
	# shellcheck disable=SC2086
	ask passthru-absorbs x host lan lan:host - $to | matrix
	lan_reflects
	# shellcheck disable=SC2086
	ask passthru-reflects x host - $to | matrix
	lan_absorbs
	batch_in vm "link delete x"
}

declare -A macvlan=() changed=() listed=()

ask_macvlan() {
	local question receivers
	run macvlan >/tmp/macvlan
	while read -r question receivers; do
		macvlan[$question]=$receivers
	done </tmp/macvlan
}

# Sets changed[QUESTION] to what a vNIC's receivers are beside a macvlan's: like
# "+host -b2", with @ for the destination.
note_change() {
	local destination=${1#*>} word name times sign=1 change=''
	local -A n=()
	for word in $2 - ${macvlan[$1]}; do
		[ "$word" != - ] || sign=-1
		name=${word#vm/}
		name=${name%:*}
		name=${name%/eth0}
		times=1
		[[ $word != *:* ]] || times=${word#*:}
		n[$name]=$((${n[$name]-0} + sign * times))
	done
	for name in host lan $many x; do
		times=${n[$name]-0}
		[ "$name" != "$destination" ] || name=@
		for ((; times > 0; times--)); do change+=" +$name"; done
		for ((; times < 0; times++)); do change+=" -$name"; done
	done
	changed[$1]=${change# }
}

# compare OPTIONS: how vNICs with these options differ from macvlans
compare() {
	local question receivers
	what=$1
	run vnicx "$1" >/tmp/vnicx
	listed=()
	while read -r question receivers; do
		note_change "$question" "$receivers"
	done </tmp/vnicx
	t_is "$what: the questions are the same" "${#macvlan[@]}" echo "${#changed[@]}"
}

# differs REASON CHANGE QUESTION...: questions are patterns
differs() {
	local pattern question found wrong=''
	for pattern in "${@:3}"; do
		found=no
		for question in "${!changed[@]}"; do
			# shellcheck disable=SC2053 # a pattern it is
			[[ $question = $pattern ]] || continue
			found=yes
			listed[$question]=yes
			[ "${changed[$question]}" = "$2" ] ||
				wrong+=" $question(${changed[$question]})"
		done
		[ $found = yes ] || wrong+=" $pattern(not asked)"
	done
	t_is "$what: $1 ($2)" "" echo "${wrong# }"
}

# Differences that nobody listed
nothing_else() {
	local question wrong=''
	for question in "${!changed[@]}"; do
		[ -n "${listed[$question]-}" ] || [ -z "${changed[$question]}" ] ||
			wrong+=" $question(${changed[$question]})"
	done
	t_is "$what: all else is the same" "" echo "${wrong# }"
}
