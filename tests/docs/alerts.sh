#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kernels: uml
#
# The alerts of docs/observability.md, judged by Prometheus' own promtool, on the series that
# the page's own command makes of a vNIC that sends forged frames.
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/../netns/lib.sh"
# shellcheck source=../docs.sh
. "$VNICX_STAGE/tests/docs.sh"

no_ipv6
lan_setup
ns tenant
ip -n host link add link eth0 name v1 netns tenant type vnicx
up tenant v1 >/dev/null
for _ in 1 2 3; do
	craft tenant/v1 from 02:00:00:00:00:99 type 88b5 pad 46 >/dev/null
done

# the guest's own, which may be written
mount -t tmpfs tmpfs /var/lib
cp -a /etc /run/etc
mount --bind /run/etc /etc
mkdir /var/lib/node_exporter /etc/prometheus
series() {
	grep -F 'port="v1"' /var/lib/node_exporter/vnicx.prom
}
t "the page's command writes what the textfile collector reads" inside host bash -e -c \
	"$(blocks observability.md Prometheus | sed -n '/^run vnicx stats/,/vnicx\.prom\.new/s/^run //p')"
t_is "the page's command has the three frames that v1 forged" \
	'vnicx_drops_total{lower="eth0",port="v1",cause="tx_spoofed"} 3' eval 'series | grep -F tx_spoofed'
t "promtool finds no fault with what the page's command writes" eval \
	'promtool check metrics </var/lib/node_exporter/vnicx.prom'

recipe observability.md "Two alerts"

# rises CAUSE VALUES: v1's counter of that cause, for promtool
rises() {
	local name
	name=$(series | grep -F "cause=\"$1\"")
	printf '%s\n' "  - series: '${name% *}'" "    values: '$2'"
}
# judged MINUTE ALERT [LABEL TEXT]: then it is raised with that label and text, or not at all
judged() {
	printf '%s\n' "  - eval_time: $1m" "    alertname: $2"
	[ $# -eq 2 ] || printf '%s\n' "    exp_alerts: [{ exp_labels: { $3 }, exp_annotations: { summary: '$4' } }]"
}
# expects SERIES JUDGEMENTS: promtool runs the rules on a series of 20 minutes
expects() {
	printf '%s\n' "rule_files: [/etc/prometheus/vnicx.yml]" "tests:" "- interval: 1m" "  input_series:" "$1" \
		"  alert_rule_test:" "$2" >/tmp/alerts.yml
	promtool test rules /tmp/alerts.yml
}

from_v1='lower: eth0, port: v1, cause'
for cause in tx_spoofed tx_ip_spoofed tx_guarded_ra tx_guarded_dhcp; do
	t "two $cause a second for five minutes raise VnicxSpoofing" expects "$(rises "$cause" '0+120x20')" \
		"$(judged 4 VnicxSpoofing)"$'\n'"$(judged 12 VnicxSpoofing "$from_v1: $cause" "v1 over eth0 sends as somebody else")"
done
t "one tx_spoofed in two seconds raises no VnicxSpoofing" expects "$(rises tx_spoofed '0+30x20')" "$(judged 19 VnicxSpoofing)"
t "tx_vlan raises no VnicxSpoofing" expects "$(rises tx_vlan '0+120x20')" "$(judged 19 VnicxSpoofing)"
overflow="  - series: 'node_ethtool_flood_overflow{device=\"v0\"}'"
t "a rising flood_overflow raises VnicxFloodOverflow, until five minutes after" expects \
	"$overflow"$'\n'"    values: '7x5 8x14'" "$(judged 5 VnicxFloodOverflow)
$(judged 7 VnicxFloodOverflow 'device: v0' 'broadcasts of v0 find its queue full')
$(judged 15 VnicxFloodOverflow)"
umount /etc /var/lib
rm -r /run/etc /tmp/alerts.yml
