// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "port.h"

const char *const counter_names[VNICX_A_COUNTERS_MAX + 1] = {
	[VNICX_A_COUNTERS_RX_PACKETS] = "rx_packets",
	[VNICX_A_COUNTERS_RX_BYTES] = "rx_bytes",
	[VNICX_A_COUNTERS_RX_MULTICAST] = "rx_multicast",
	[VNICX_A_COUNTERS_RX_DROPPED] = "rx_dropped",
	[VNICX_A_COUNTERS_TX_PACKETS] = "tx_packets",
	[VNICX_A_COUNTERS_TX_BYTES] = "tx_bytes",
	[VNICX_A_COUNTERS_TX_DROPPED] = "tx_dropped",
	[VNICX_A_COUNTERS_FLOOD_QUEUED] = "flood_queued",
	[VNICX_A_COUNTERS_FLOOD_OVERFLOW] = "flood_overflow",
	[VNICX_A_COUNTERS_RX_OVERFLOW] = "rx_overflow",
};

const char *const cause_names[VNICX_A_CAUSES_MAX + 1] = {
	[VNICX_A_CAUSES_TX_DISABLED] = "tx_disabled",
	[VNICX_A_CAUSES_TX_SPOOFED] = "tx_spoofed",
	[VNICX_A_CAUSES_TX_VLAN] = "tx_vlan",
	[VNICX_A_CAUSES_RX_VLAN] = "rx_vlan",
	[VNICX_A_CAUSES_TX_ISOLATED] = "tx_isolated",
	[VNICX_A_CAUSES_TX_STORM] = "tx_storm",
	[VNICX_A_CAUSES_TX_RATE] = "tx_rate",
	[VNICX_A_CAUSES_RX_RATE] = "rx_rate",
	[VNICX_A_CAUSES_TX_UNDETERMINED] = "tx_undetermined",
	[VNICX_A_CAUSES_TX_RESTRICTED] = "tx_restricted",
	[VNICX_A_CAUSES_TX_GUARDED_RA] = "tx_guarded_ra",
	[VNICX_A_CAUSES_TX_GUARDED_DHCP] = "tx_guarded_dhcp",
	[VNICX_A_CAUSES_TX_IP_SPOOFED] = "tx_ip_spoofed",
	[VNICX_A_CAUSES_RX_IP] = "rx_ip",
	[VNICX_A_CAUSES_TX_BPF] = "tx_bpf",
	[VNICX_A_CAUSES_RX_BPF] = "rx_bpf",
	[VNICX_A_CAUSES_MIRROR_FAILED] = "mirror_failed",
	[VNICX_A_CAUSES_NEIGH_SUPPRESSED] = "neigh_suppressed",
	[VNICX_A_CAUSES_DHCP_LEARNED] = "dhcp_learned",
	[VNICX_A_CAUSES_DHCP_REFUSED] = "dhcp_refused",
};

const char *const xdp_names[VNICX_A_XDP_MAX + 1] = {
	[VNICX_A_XDP_DROPS] = "xdp_drops",
	[VNICX_A_XDP_TX] = "xdp_tx",
	[VNICX_A_XDP_TX_ERRORS] = "xdp_tx_errors",
	[VNICX_A_XDP_REDIRECT] = "xdp_redirect",
	[VNICX_A_XDP_REDIRECT_ERRORS] = "xdp_redirect_errors",
	[VNICX_A_XDP_OVERFLOW] = "xdp_overflow",
	[VNICX_A_XDP_XMIT] = "xdp_xmit",
	[VNICX_A_XDP_XMIT_ERRORS] = "xdp_xmit_errors",
	[VNICX_A_XDP_XSK_RX] = "xsk_rx",
	[VNICX_A_XDP_XSK_RX_ERRORS] = "xsk_rx_errors",
	[VNICX_A_XDP_XSK_TX] = "xsk_tx",
	[VNICX_A_XDP_XSK_TX_ERRORS] = "xsk_tx_errors",
	[VNICX_A_XDP_XSK_DIRECT] = "xsk_direct",
};

/* Memory that cannot be had ends the program. */
static void *grow(void *array, size_t nr, size_t size)
{
	array = reallocarray(array, nr + 1, size);
	if (!array) {
		perror("vnicx");
		exit(1);
	}
	memset((char *)array + nr * size, 0, size);
	return array;
}

static struct nlattr *keep(const struct nlattr *attrs, size_t len)
{
	return memcpy(grow(NULL, 0, len), attrs, len);
}

static void free_ports(struct view *view)
{
	while (view->nr_ports)
		free(view->ports[--view->nr_ports].attrs);
	free(view->ports);
	view->ports = NULL;
}

static void free_switches(struct view *view)
{
	while (view->nr_switches)
		free(view->switches[--view->nr_switches].attrs);
	free(view->switches);
	view->switches = NULL;
}

void view_free(struct view *view)
{
	free_ports(view);
	free_switches(view);
}

/* Tenants name their vNICs, and lower devices that they move here, also by what moves a
 * terminal's cursor.
 */
void clean_name(char text[NAME_SIZE], const char *name)
{
	size_t i;

	for (i = 0; name[i] && i < NAME_SIZE - 1; i++)
		text[i] = name[i] > ' ' && name[i] <= '~' ? name[i] : '?';
	text[i] = '\0';
}

static int add_switch(const struct nlattr *attrs, size_t len, void *arg)
{
	struct view *view = arg;
	struct sw *sw;

	if (!attrs) {
		free_switches(view);
		return 0;
	}
	view->switches = grow(view->switches, view->nr_switches, sizeof(*sw));
	sw = &view->switches[view->nr_switches++];
	sw->attrs = keep(attrs, len);
	parse_attrs(sw->tb, VNICX_A_SWITCH_MAX, sw->attrs, len);
	if (sw->tb[VNICX_A_SWITCH_NAME])
		clean_name(sw->text, attr_data(sw->tb[VNICX_A_SWITCH_NAME]));
	return 0;
}

static void read_numbers(__u64 *numbers, bool *there, int max, const struct nlattr *nest)
{
	const struct nlattr *tb[VNICX_A_CAUSES_MAX + VNICX_A_COUNTERS_MAX];
	int i;

	parse_nest(tb, max, nest);
	for (i = 0; i <= max; i++) {
		numbers[i] = attr_number(tb[i]);
		if (there)
			there[i] = tb[i];
	}
}

static void name_port(struct port *port)
{
	const struct nlattr *name = port->tb[VNICX_A_PORT_NAME];

	switch (attr_number(port->tb[VNICX_A_PORT_TYPE])) {
	case VNICX_PORT_TYPE_WIRE:
		strcpy(port->name, "wire");
		break;
	case VNICX_PORT_TYPE_HOST:
		strcpy(port->name, "host");
		break;
	default:
		if (name)
			snprintf(port->name, sizeof(port->name), "%.*s",
				 (int)attr_len(name),
				 (const char *)attr_data(name));
		else
			snprintf(port->name, sizeof(port->name), "if%u",
				 (__u32)attr_number(port->tb[VNICX_A_PORT_IFINDEX]));
	}
}

static int add_port(const struct nlattr *attrs, size_t len, void *arg)
{
	struct view *view = arg;
	struct port *port;

	if (!attrs) {
		free_ports(view);
		return 0;
	}
	view->ports = grow(view->ports, view->nr_ports, sizeof(*port));
	port = &view->ports[view->nr_ports++];
	port->attrs = keep(attrs, len);
	port->len = len;
	parse_attrs(port->tb, VNICX_A_PORT_MAX, port->attrs, len);
	parse_nest(port->options, IFLA_VNICX_MAX,
		   port->tb[VNICX_A_PORT_OPTIONS]);
	read_numbers(port->counters, port->counts, VNICX_A_COUNTERS_MAX,
		     port->tb[VNICX_A_PORT_COUNTERS]);
	read_numbers(port->causes, NULL, VNICX_A_CAUSES_MAX,
		     port->tb[VNICX_A_PORT_CAUSES]);
	read_numbers(port->xdp, NULL, VNICX_A_XDP_MAX,
		     port->tb[VNICX_A_PORT_XDP]);
	name_port(port);
	clean_name(port->text, port->name);
	return 0;
}

/* Reads all, or what is over the lower device of that name. */
int view_read(struct view *view, const char *lower)
{
	__u32 index = 0;

	if (lower) {
		index = if_nametoindex(lower);
		if (!index) {
			fprintf(stderr, "vnicx: no device %s.\n", lower);
			return -1;
		}
	}
	if (vnicx_dump(VNICX_CMD_SWITCH_GET,
		       index ? VNICX_A_SWITCH_IFINDEX : 0, index, add_switch,
		       view))
		return -1;
	return vnicx_dump(VNICX_CMD_PORT_GET, index ? VNICX_A_PORT_LOWER : 0,
			  index, add_port, view);
}

int view_print(const struct options *opts,
	       void (*print)(const struct view *view, bool json))
{
	struct view view = {};

	if (view_read(&view, opts->lower))
		return 1;
	if (opts->json)
		json_open(NULL, '[');
	print(&view, opts->json);
	if (opts->json) {
		json_close(']');
		json_end();
	}
	view_free(&view);
	return 0;
}

bool port_is_of(const struct port *port, const struct sw *sw)
{
	bool elsewhere = port->tb[VNICX_A_PORT_LOWER_NSID];

	if (!sw)
		return elsewhere;
	return !elsewhere && attr_number(port->tb[VNICX_A_PORT_LOWER]) ==
			     attr_number(sw->tb[VNICX_A_SWITCH_IFINDEX]);
}

bool port_is_vnic(const struct port *port)
{
	return attr_number(port->tb[VNICX_A_PORT_TYPE]) ==
	       VNICX_PORT_TYPE_VNIC;
}
