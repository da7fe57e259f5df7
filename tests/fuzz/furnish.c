// SPDX-License-Identifier: GPL-2.0
/*
 * Devices that are made on purpose: the wire, and what the first pass needs.
 */
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/veth.h>
#include <net/if.h>
#include <sys/socket.h>

#include "furnish.h"
#include "kinds.h"

void loopback_up(unsigned int ns)
{
	struct msg m;

	link_begin(&m, RTM_NEWLINK, 0, 1, IFF_UP, IFF_UP);
	msg_talk(&m, ns);
}

static void begin(struct msg *m, unsigned int number)
{
	char name[IFNAMSIZ];
	uint8_t mac[6];

	mac_of(mac, number);
	name_of(name, number);
	link_begin(m, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, 0, IFF_UP, IFF_UP);
	msg_put_string(m, IFLA_IFNAME, name);
	msg_put(m, IFLA_ADDRESS, mac, 6);
}

int make_wire(unsigned int ns, unsigned int lan)
{
	struct nlattr *info, *data;
	struct device d;
	struct msg m;
	int error;

	begin(&m, NAME_ADAPTER);
	info = info_begin(&m, "veth", &data);
	put_peer(&m, VETH_INFO_PEER, lan, NAME_WIRE);
	info_end(&m, info, data);
	error = msg_talk(&m, ns);
	if (error || !find_in(&d, lan, NAME_WIRE))
		return error;
	/* Else nothing over the lower device has a carrier. */
	link_begin(&m, RTM_NEWLINK, 0, d.ifindex, IFF_UP, IFF_UP);
	return msg_talk(&m, lan);
}

int make_device(unsigned int ns, unsigned int number, const char *kind, int lower)
{
	struct nlattr *info, *data;
	struct device d;
	struct msg m;

	begin(&m, number);
	if (lower != NONE && find_in(&d, ns, lower))
		msg_put_u32(&m, IFLA_LINK, d.ifindex);
	info = info_begin(&m, kind, &data);
	if (number == NAME_BOND)
		msg_put_u8(&m, IFLA_BOND_MODE, ACTIVE_BACKUP);
	info_end(&m, info, data);
	return msg_talk(&m, ns);
}

static const struct piece {
	unsigned int number;
	const char *kind;
	int lower;
	int master;
} pieces[] = {
	{ NAME_BOND, "bond", NONE, NONE },
	{ NAME_FIRST, "vnicx", NAME_ADAPTER, NONE },
	{ NAME_FIRST + 1, "vnicxtap", NAME_ADAPTER, NONE },
	{ NAME_FIRST + 2, "vnicxtap", NAME_ADAPTER, NONE },
	{ NAME_OTHER, "dummy", NONE, NAME_BOND },
	{ NAME_OTHER + 1, "dummy", NONE, NAME_BOND },
	{ NAME_OTHER + 2, "dummy", NONE, NONE },
	{ NAME_FIRST + 3, "vnicx", NAME_OTHER + 2, NONE },
};

static void make_piece(const struct piece *p, unsigned int ns)
{
	struct device d;
	struct msg m;

	if (find_in(&d, ns, p->number))
		return;
	make_device(ns, p->number, p->kind, p->lower);
	if (p->master == NONE || !find_in(&d, ns, p->number))
		return;
	link_begin(&m, RTM_NEWLINK, 0, d.ifindex, 0, IFF_UP);
	if (find_in(&d, ns, p->master))
		msg_put_u32(&m, IFLA_MASTER, d.ifindex);
	msg_talk(&m, ns);
}

static void put_address(unsigned int number, unsigned int ns)
{
	struct ifaddrmsg ifa = { .ifa_family = AF_INET, .ifa_prefixlen = 16 };
	uint32_t ip = ip_of(number);
	struct device d;
	struct msg m;

	if (!find_in(&d, ns, number))
		return;
	ifa.ifa_index = d.ifindex;
	msg_begin(&m, RTM_NEWADDR, NLM_F_CREATE, &ifa, sizeof(ifa));
	msg_put(&m, IFA_LOCAL, &ip, sizeof(ip));
	msg_put(&m, IFA_ADDRESS, &ip, sizeof(ip));
	msg_talk(&m, ns);
}

static void clear(unsigned int ns)
{
	unsigned int number;
	struct device d;
	struct msg m;

	for (number = 0; number < NR_NAMES; number++) {
		if (!find_in(&d, ns, number))
			continue;
		link_begin(&m, RTM_DELLINK, 0, d.ifindex, 0, 0);
		msg_talk(&m, ns);
	}
}

void furnish(bool anew)
{
	bool tenant = role_now == ROLE_TENANT;
	unsigned int ns = tenant ? NS_TENANT : NS_HOST;
	unsigned int lan = tenant ? NS_OWN : NS_LAN, i;
	struct device d;

	for (i = 0; anew && i < NR_NS; i++)
		clear(i);
	if (!find_in(&d, ns, NAME_ADAPTER))
		make_wire(ns, lan);
	for (i = 0; i < COUNT(pieces); i++)
		make_piece(&pieces[i], ns);
	put_address(NAME_WIRE, lan);
	for (i = NAME_ADAPTER; i < NR_NAMES; i++)
		if (i != NAME_WIRE)
			put_address(i, ns);
}
