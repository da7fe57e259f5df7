// SPDX-License-Identifier: GPL-2.0
/*
 * vnicx show: switches, their ports, and what each port's policy is.
 */
#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <stdio.h>
#include <string.h>

#include "../ip/words.h"
#include "json.h"
#include "port.h"
#include "vnicx.h"

static const char *word(const char *const *words, size_t nr, __u64 value)
{
	return value < nr ? words[value] : "?";
}

static __u64 option(const struct port *port, int attr)
{
	return attr_number(port->options[attr]);
}

static __u64 number(const struct port *port, int attr)
{
	return attr_number(port->tb[attr]);
}

static const char *mode(const struct port *port)
{
	return word(vnicx_modes, ARRAY_SIZE(vnicx_modes),
		    option(port, IFLA_VNICX_MODE));
}

static const char *state(const struct port *port)
{
	if (option(port, IFLA_VNICX_STATE) == VNICX_STATE_DISABLE)
		return "disabled";
	return number(port, VNICX_A_PORT_FLAGS) & VNICX_PORT_FLAG_UP ?
	       "up" : "down";
}

static const char *mac(const struct port *port)
{
	static char text[sizeof("00:00:00:00:00:00")];
	const struct nlattr *nla = port->tb[VNICX_A_PORT_ADDRESS];
	const unsigned char *b;

	if (!nla || attr_len(nla) != 6)
		return "-";
	b = attr_data(nla);
	snprintf(text, sizeof(text), "%02x:%02x:%02x:%02x:%02x:%02x", b[0],
		 b[1], b[2], b[3], b[4], b[5]);
	return text;
}

/* Call @put with each word for what holds of a port. */
static void each_policy(const struct port *port,
			void (*put)(const char *text))
{
	static const struct {
		int attr;
		const char *text;
	} plain[] = {
		{ IFLA_VNICX_TRUSTED, "trusted" },
		{ IFLA_VNICX_SPOOFCHECKED, "spoofchk" },
		{ IFLA_VNICX_FLOOD, "flood" },
		{ IFLA_VNICX_ISOLATED, "isolated" },
		{ IFLA_VNICX_RESTRICTED, "restricted" },
		{ IFLA_VNICX_RAGUARD, "raguard" },
		{ IFLA_VNICX_DHCPGUARD, "dhcpguard" },
		{ IFLA_VNICX_DHCP_BLOCK, "dhcp-block" },
		{ IFLA_VNICX_DHCP_TRUST, "dhcp-trust" },
		{ IFLA_VNICX_IPGUARD_IN, "ipguard-in" },
		{ IFLA_VNICX_MAX_TX_RATE, "max_tx_rate" },
		{ IFLA_VNICX_MAX_RX_RATE, "max_rx_rate" },
		{ IFLA_VNICX_STORM, "storm" },
		{ IFLA_VNICX_CLASS, "class" },
		{ IFLA_VNICX_BPF_TX_ID, "bpf-tx" },
		{ IFLA_VNICX_BPF_RX_ID, "bpf-rx" },
		{ IFLA_VNICX_MIRROR, "mirror" },
	};
	static const char *const kinds[] = {
		"", "vlan", "trunk", "pvlan-isolated", "pvlan-community",
		"pvlan-promiscuous",
	};
	const struct nlattr *vlan[IFLA_VNICX_VLAN_MAX + 1];
	__u64 ipguard = option(port, IFLA_VNICX_IPGUARD), kind, vid;
	char text[40];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(plain); i++)
		if (option(port, plain[i].attr) ||
		    (plain[i].attr == IFLA_VNICX_MIRROR &&
		     port->options[IFLA_VNICX_MIRROR]))
			put(plain[i].text);
	if (ipguard) {
		snprintf(text, sizeof(text), "ipguard-%s",
			 word(vnicx_ipguards, ARRAY_SIZE(vnicx_ipguards),
			      ipguard));
		put(text);
	}
	parse_nest(vlan, IFLA_VNICX_VLAN_MAX, port->options[IFLA_VNICX_VLAN]);
	kind = attr_number(vlan[IFLA_VNICX_VLAN_KIND]);
	vid = attr_number(vlan[IFLA_VNICX_VLAN_VID]);
	if (!kind)
		return;
	if (vid)
		snprintf(text, sizeof(text), "%s-%u",
			 word(kinds, ARRAY_SIZE(kinds), kind), (__u32)vid);
	else
		snprintf(text, sizeof(text), "%s",
			 word(kinds, ARRAY_SIZE(kinds), kind));
	put(text);
}

static void put_text(const char *text)
{
	printf(" %s", text);
}

static void put_json(const char *text)
{
	json_string(NULL, text);
}

/* A lease, as it is shown */
struct lease {
	char address[INET6_ADDRSTRLEN];
	__u32 len;
	__u32 seconds;
	__u32 vid;
	const char *proto; /* NULL for no VLAN */
};

/* Writes the text of an address, of INET6_ADDRSTRLEN bytes at most. Returns the number
 * of its bits, or -1 when it is neither of IPv4 nor of IPv6.
 */
static int parse_address(const struct nlattr *nla, char *text)
{
	size_t size = nla ? attr_len(nla) : 0;

	if ((size != 4 && size != 16) ||
	    !inet_ntop(size == 16 ? AF_INET6 : AF_INET, attr_data(nla), text,
		       INET6_ADDRSTRLEN))
		return -1;
	return 8 * size;
}

static int parse_lease(const struct nlattr *nla, struct lease *lease)
{
	const struct nlattr *tb[IFLA_VNICX_LEASE_MAX + 1];
	__u16 proto;
	int bits;

	parse_nest(tb, IFLA_VNICX_LEASE_MAX, nla);
	bits = parse_address(tb[IFLA_VNICX_LEASE_ADDRESS], lease->address);
	if (bits < 0)
		return -1;
	lease->len = tb[IFLA_VNICX_LEASE_PREFIX_LEN] ?
		     attr_number(tb[IFLA_VNICX_LEASE_PREFIX_LEN]) : (__u32)bits;
	lease->seconds = attr_number(tb[IFLA_VNICX_LEASE_SECONDS]);
	lease->vid = attr_number(tb[IFLA_VNICX_LEASE_VID]);
	lease->proto = NULL;
	if (tb[IFLA_VNICX_LEASE_PROTO]) {
		proto = attr_number(tb[IFLA_VNICX_LEASE_PROTO]);
		lease->proto = ntohs(proto) == ETH_P_8021AD ? "802.1ad" : "802.1Q";
	}
	return 0;
}

/* Calls @put for each attribute in a nest, which may be NULL. */
static void each_in(const struct nlattr *nest,
		    void (*put)(const struct nlattr *nla))
{
	const struct nlattr *nla = nest ? attr_data(nest) : NULL;
	size_t left = nest ? attr_len(nest) : 0, step;

	for (; left >= NLA_HDRLEN && nla->nla_len > NLA_HDRLEN &&
	       nla->nla_len <= left; left -= step) {
		put(nla);
		step = NLA_ALIGN(nla->nla_len);
		if (step > left)
			break;
		nla = (const void *)((const char *)nla + step);
	}
}

/* An IP address or a prefix that a port may always use, as ip prints it */
static void allowed_json(const struct nlattr *nla)
{
	const struct nlattr *tb[IFLA_VNICX_PREFIX_MAX + 1];
	char text[INET6_ADDRSTRLEN + sizeof("/128")];

	parse_nest(tb, IFLA_VNICX_PREFIX_MAX, nla);
	if (parse_address(tb[IFLA_VNICX_PREFIX_ADDRESS], text) < 0)
		return;
	if (tb[IFLA_VNICX_PREFIX_LEN])
		sprintf(text + strlen(text), "/%u",
			(unsigned int)(__u8)attr_number(tb[IFLA_VNICX_PREFIX_LEN]));
	json_string(NULL, text);
}

static void lease_text(const struct nlattr *nla)
{
	struct lease lease;

	if (parse_lease(nla, &lease))
		return;
	printf("  %-15s lease %s/%u", "", lease.address, lease.len);
	if (lease.seconds == VNICX_LEASE_INFINITE)
		printf(" forever");
	else
		printf(" %u s", lease.seconds);
	if (lease.proto)
		printf(" vlan %u", lease.vid);
	if (lease.proto && !strcmp(lease.proto, "802.1ad"))
		printf(" proto %s", lease.proto);
	putchar('\n');
}

static void lease_json(const struct nlattr *nla)
{
	struct lease lease;

	if (parse_lease(nla, &lease))
		return;
	json_open(NULL, '{');
	json_string("address", lease.address);
	json_number("prefixlen", lease.len);
	if (lease.seconds != VNICX_LEASE_INFINITE)
		json_number("seconds", lease.seconds);
	if (lease.proto) {
		json_number("vlan", lease.vid);
		json_string("proto", lease.proto);
	}
	json_close('}');
}

static void port_text(const struct port *port)
{
	char netns[16] = "-";

	if (port->tb[VNICX_A_PORT_NSID]) {
		int nsid = (int)number(port, VNICX_A_PORT_NSID);

		snprintf(netns, sizeof(netns), nsid < 0 ? "other" : "%d", nsid);
	}
	printf("  %-15s %-6s %-17s ", port->text, netns, mac(port));
	if (!port_is_vnic(port)) {
		printf("%s", state(port));
	} else {
		printf("%-8s %-8s", state(port), mode(port));
		each_policy(port, put_text);
	}
	putchar('\n');
	each_in(port->options[IFLA_VNICX_LEASES], lease_text);
	if (port->options[IFLA_VNICX_TRUNCATED])
		printf("  %-15s truncated\n", "");
}

static void port_json(const struct port *port)
{
	static const char *const types[] = { "vnic", "wire", "host" };
	__u64 flags = number(port, VNICX_A_PORT_FLAGS);

	json_open(NULL, '{');
	json_string("type", word(types, ARRAY_SIZE(types), number(port, VNICX_A_PORT_TYPE)));
	if (port->tb[VNICX_A_PORT_ID])
		json_number("id", number(port, VNICX_A_PORT_ID));
	json_string("state", state(port));
	json_number("queue_pending", number(port, VNICX_A_PORT_QUEUE_PENDING));
	if (port->tb[VNICX_A_PORT_RX_BACKLOG])
		json_number("rx_backlog", number(port, VNICX_A_PORT_RX_BACKLOG));
	if (port_is_vnic(port)) {
		json_number("ifindex", number(port, VNICX_A_PORT_IFINDEX));
		if (port->tb[VNICX_A_PORT_NSID])
			json_number("nsid", (int)number(port, VNICX_A_PORT_NSID));
		if (port->tb[VNICX_A_PORT_NAME])
			json_string("name", port->name);
		json_string("address", mac(port));
		json_string("mode", mode(port));
		json_bool("tap", flags & VNICX_PORT_FLAG_TAP);
		json_bool("tenant", flags & VNICX_PORT_FLAG_TENANT);
		json_bool("allmulti", flags & VNICX_PORT_FLAG_ALLMULTI);
		json_bool("promisc", flags & VNICX_PORT_FLAG_PROMISC);
		json_open("policy", '[');
		each_policy(port, put_json);
		json_close(']');
		json_open("allowed_ips", '[');
		each_in(port->options[IFLA_VNICX_ALLOWED], allowed_json);
		json_close(']');
		json_open("leases", '[');
		each_in(port->options[IFLA_VNICX_LEASES], lease_json);
		json_close(']');
		if (port->options[IFLA_VNICX_TRUNCATED])
			json_bool("truncated", true);
	}
	json_close('}');
}

static const char *host(const struct sw *sw)
{
	return word(vnicx_hosts, ARRAY_SIZE(vnicx_hosts),
		    attr_number(sw->tb[VNICX_A_SWITCH_HOST]));
}

static __u32 of(const struct sw *sw, int attr)
{
	return attr_number(sw->tb[attr]);
}

static void switch_text(const struct sw *sw)
{
	if (!sw) {
		printf("of other namespaces' switches\n");
		return;
	}
	printf("%s: host %s%s%s, %u vNIC%s, %u addresses, %u groups, queue %u of %u\n",
	       sw->text, host(sw),
	       of(sw, VNICX_A_SWITCH_NEIGH_SUPPRESS) ? ", neigh_suppress" : "",
	       of(sw, VNICX_A_SWITCH_ANNOUNCE) ? ", announce" : "",
	       of(sw, VNICX_A_SWITCH_PORTS),
	       of(sw, VNICX_A_SWITCH_PORTS) == 1 ? "" : "s",
	       of(sw, VNICX_A_SWITCH_ADDRESSES), of(sw, VNICX_A_SWITCH_GROUPS),
	       of(sw, VNICX_A_SWITCH_QUEUE_PENDING),
	       of(sw, VNICX_A_SWITCH_QUEUE_LEN));
}

static void switch_json(const struct sw *sw)
{
	if (!sw)
		return;
	json_number("ifindex", of(sw, VNICX_A_SWITCH_IFINDEX));
	json_string("name", attr_data(sw->tb[VNICX_A_SWITCH_NAME]));
	json_string("host", host(sw));
	json_bool("neigh_suppress", of(sw, VNICX_A_SWITCH_NEIGH_SUPPRESS));
	json_bool("announce", of(sw, VNICX_A_SWITCH_ANNOUNCE));
	json_number("announced", of(sw, VNICX_A_SWITCH_ANNOUNCED));
	json_number("vnics", of(sw, VNICX_A_SWITCH_PORTS));
	json_number("addresses", of(sw, VNICX_A_SWITCH_ADDRESSES));
	json_number("claims", of(sw, VNICX_A_SWITCH_CLAIMS));
	json_number("groups", of(sw, VNICX_A_SWITCH_GROUPS));
	json_number("holders", of(sw, VNICX_A_SWITCH_HOLDERS));
	json_number("queue_pending", of(sw, VNICX_A_SWITCH_QUEUE_PENDING));
	json_number("queue_len", of(sw, VNICX_A_SWITCH_QUEUE_LEN));
}

/* @sw is NULL for ports of switches that are not seen. */
static void show_switch(const struct view *view, const struct sw *sw, bool json)
{
	bool begun = false;
	size_t i;

	for (i = 0; i < view->nr_ports; i++) {
		if (!port_is_of(&view->ports[i], sw))
			continue;
		if (!begun && json) {
			json_open(NULL, '{');
			switch_json(sw);
			json_open("ports", '[');
		} else if (!begun) {
			switch_text(sw);
		}
		begun = true;
		if (json)
			port_json(&view->ports[i]);
		else
			port_text(&view->ports[i]);
	}
	if (begun && json) {
		json_close(']');
		json_close('}');
	}
}

static void show_all(const struct view *view, bool json)
{
	size_t i;

	for (i = 0; i < view->nr_switches; i++)
		if (view->switches[i].tb[VNICX_A_SWITCH_NAME])
			show_switch(view, &view->switches[i], json);
	show_switch(view, NULL, json);
}

int show(const struct options *opts)
{
	return view_print(opts, show_all);
}
