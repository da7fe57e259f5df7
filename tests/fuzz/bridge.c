// SPDX-License-Identifier: GPL-2.0
/*
 * Bridges behind lower devices, which are told of addresses (announce): one whose port
 * is the other end of a lower device, in its namespace, and what can be done to the
 * port and to the bridge's entries.
 */
#include <linux/if_bridge.h>
#include <linux/if_link.h>
#include <linux/neighbour.h>
#include <linux/veth.h>
#include <net/if.h>
#include <sys/socket.h>

#include "../../include/uapi/linux/if_vnicx.h"
#include "furnish.h"
#include "kinds.h"

static int make_pair(unsigned int ns, unsigned int number, unsigned int peer)
{
	struct nlattr *info, *data;
	char name[IFNAMSIZ];
	struct msg m;

	name_of(name, number);
	link_begin(&m, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, 0, IFF_UP, IFF_UP);
	msg_put_string(&m, IFLA_IFNAME, name);
	info = info_begin(&m, "veth", &data);
	put_peer(&m, VETH_INFO_PEER, ns, peer);
	info_end(&m, info, data);
	return msg_talk(&m, ns);
}

static int make_announced(unsigned int ns, unsigned int number, int lower)
{
	struct nlattr *info, *data, *nest;
	char name[IFNAMSIZ];
	struct msg m;

	name_of(name, number);
	link_begin(&m, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, 0, IFF_UP, IFF_UP);
	msg_put_string(&m, IFLA_IFNAME, name);
	msg_put_u32(&m, IFLA_LINK, lower);
	info = info_begin(&m, one_in(2) ? "vnicx" : "vnicxtap", &data);
	nest = msg_nest(&m, IFLA_VNICX_SWITCH | NLA_F_NESTED);
	msg_put_u8(&m, IFLA_VNICX_SWITCH_ANNOUNCE, 1);
	msg_nest_end(&m, nest);
	info_end(&m, info, data);
	return msg_talk(&m, ns);
}

/* A device that has one of the names already stays, and takes the part of the new one. */
static int announce_bridge(const struct verb *verb)
{
	unsigned int first = NAME_OTHER + below(NR_NAMES - NAME_OTHER - 2);
	unsigned int ns = pick_ns();
	struct device bridge, d;
	struct msg m;

	(void)verb;
	make_device(ns, first, "bridge", NONE);
	make_pair(ns, first + 1, first + 2);
	if (!find_in(&bridge, ns, first) || !find_in(&d, ns, first + 2))
		return IDLE;
	link_begin(&m, RTM_NEWLINK, 0, d.ifindex, IFF_UP, IFF_UP);
	msg_put_u32(&m, IFLA_MASTER, bridge.ifindex);
	msg_talk(&m, ns);
	if (!find_in(&d, ns, first + 1))
		return IDLE;
	return make_announced(ns, NAME_FIRST + below(NAME_OTHER - NAME_FIRST), d.ifindex);
}

static int set_port(const struct verb *verb)
{
	struct ifinfomsg ifi = { .ifi_family = AF_BRIDGE };
	struct nlattr *nest;
	struct device d;
	struct msg m;

	(void)verb;
	if (!pick_device(&d))
		return IDLE;
	ifi.ifi_index = d.ifindex;
	msg_begin(&m, RTM_SETLINK, 0, &ifi, sizeof(ifi));
	nest = msg_nest(&m, IFLA_PROTINFO | NLA_F_NESTED);
	if (one_in(2))
		msg_put_u8(&m, IFLA_BRPORT_STATE, below(5));
	if (one_in(4))
		msg_put_u8(&m, IFLA_BRPORT_LEARNING, below(2));
	if (one_in(4))
		msg_put_u8(&m, IFLA_BRPORT_ISOLATED, below(2));
	if (one_in(4))
		msg_put(&m, IFLA_BRPORT_FLUSH, NULL, 0);
	msg_nest_end(&m, nest);
	return msg_talk(&m, d.ns);
}

/* An entry of the bridge at a port: it has the address that a vNIC often has. */
static int set_entry(const struct verb *verb)
{
	struct ndmsg ndm = { .ndm_family = AF_BRIDGE, .ndm_flags = NTF_MASTER };
	struct device d;
	uint8_t mac[6];
	struct msg m;

	(void)verb;
	if (!pick_device(&d))
		return IDLE;
	ndm.ndm_ifindex = d.ifindex;
	ndm.ndm_state = one_in(2) ? NUD_NOARP : NUD_REACHABLE;
	if (one_in(2))
		ndm.ndm_flags |= NTF_EXT_LEARNED;
	if (one_in(4))
		ndm.ndm_flags |= NTF_STICKY;
	if (one_in(3))
		msg_begin(&m, RTM_DELNEIGH, 0, &ndm, sizeof(ndm));
	else
		msg_begin(&m, RTM_NEWNEIGH, NLM_F_CREATE | NLM_F_REPLACE, &ndm, sizeof(ndm));
	mac_of(mac, NAME_FIRST + below(NR_NAMES + 2 - NAME_FIRST));
	msg_put(&m, NDA_LLADDR, mac, 6);
	if (one_in(4))
		msg_put_u16(&m, NDA_VLAN, 1 + below(3));
	return msg_talk(&m, d.ns);
}

#define CONTROL	(ADMIN | TENANT)

const struct verb bridge_verbs[] = {
	{ "announce-bridge", announce_bridge, 24, CONTROL, true, NULL, "bridge" },
	{ "bridge-port", set_port, 16, CONTROL, true, NULL, "bridge" },
	{ "bridge-entry", set_entry, 24, CONTROL, true, NULL, "bridge" },
	{ }
};
