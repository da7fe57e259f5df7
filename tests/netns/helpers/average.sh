# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# For the tests of rates: the average of a stream that is limited, by the guest's clock
# and the counters of a vNIC.

# How long a stream is measured, in microseconds. A measurement begins and ends with a
# drop: then the bucket is empty, so that no burst falsifies it.
window=3000000

# next_drop DEVICE DIRECTION: waits for one, and reads the counters, if nobody keeps the
# processor from doing that soon after: meanwhile the bucket fills. Gives up after a minute.
next_drop() {
	local dir=/sys/class/net/$1/statistics before now earlier polled end=$((SECONDS + 60))
	while [ "$SECONDS" -lt "$end" ]; do
		polled=${EPOCHREALTIME/[.,]/}
		read -r before <"$dir/$2_dropped"
		while earlier=$polled polled=${EPOCHREALTIME/[.,]/} &&
			read -r now <"$dir/$2_dropped" && [ "$now" -eq "$before" ] && [ "$SECONDS" -lt "$end" ]; do
			read -rt 0.005 <>/tmp/nap || :
		done
		at=${EPOCHREALTIME/[.,]/}
		read -r bytes <"$dir/$2_bytes"
		read -r packets <"$dir/$2_packets"
		[ "$((${EPOCHREALTIME/[.,]/} - earlier))" -gt 20000 ] || [ "$SECONDS" -ge "$end" ] || return 0
	done
	echo "no frame is dropped" >&2
	return 1
}

# counted DEVICE DIRECTION: sets bytes, packets and microseconds of a stream
counted() {
	local at since from many
	next_drop "$1" "$2" || return
	since=$at from=$bytes many=$packets
	while [ "$((${EPOCHREALTIME/[.,]/} - since))" -lt "$window" ]; do
		read -rt 0.2 <>/tmp/nap || :
	done
	next_drop "$1" "$2" || return
	bytes=$((bytes - from)) packets=$((packets - many)) microseconds=$((at - since))
}

# measure EXPECTED UNIT DEVICE DIRECTION [HEADER SEGMENT]: prints how many bits or frames
# (UNIT) pass in a second. The counters know super-frames; on a wire each SEGMENT of
# payload has HEADER bytes before it. Without SEGMENT, frames are as they are counted.
#
# A guest that waits for its processor sends less than it may. Therefore what is too
# little is measured again, and what is too much is not.
measure() {
	local expected=$1 unit=$2 header=${5:-0} segment=${6:-0} bytes packets microseconds payload average
	for _ in 1 2 3 4 5 6 7 8; do
		counted "$3" "$4" || return
		if [ "$segment" -gt 0 ]; then
			payload=$((bytes - packets * header))
			bytes=$((payload + payload * header / segment))
		fi
		average=$((bytes * 8 * 1000000 / microseconds))
		[ "$unit" = bits ] || average=$((packets * 1000000 / microseconds))
		[ "$((average * 1000))" -lt "$((expected * 980))" ] || break
	done
	echo "$average"
}

# measured_in NAMESPACE EXPECTED ...: the same there
measured_in() {
	local where=$1
	shift
	inside "$where" bash -c "$(declare -f next_drop counted measure); window=$window; measure $*"
}

# within PER-MILLE EXPECTED VALUE
within() {
	echo "$3 instead of $2, $((($3 - $2) * 1000 / $2)) per mille more"
	[ "$(($3 * 1000))" -ge "$(($2 * (1000 - $1)))" ] && [ "$(($3 * 1000))" -le "$(($2 * (1000 + $1)))" ]
}
