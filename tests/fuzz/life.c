// SPDX-License-Identifier: GPL-2.0
/*
 * Changes in the life of any device: up, down, another name, another namespace, a master,
 * its end.
 */
#include <linux/if_link.h>
#include <net/if.h>

#include "msg.h"
#include "world.h"

static int delete_device(const struct verb *verb)
{
	struct device d;
	struct msg m;

	(void)verb;
	if (!pick_device(&d) || (d.number < NAME_FIRST && !one_in(6)))
		return IDLE;
	link_begin(&m, RTM_DELLINK, 0, d.ifindex, 0, 0);
	if (one_in(8))
		msg_put_string(&m, IFLA_IFNAME, d.name);
	return msg_talk(&m, d.ns);
}

static int set_flag(const struct verb *verb, bool on)
{
	unsigned int flag = *(const unsigned int *)verb->arg;
	struct device d;
	struct msg m;

	if (!pick_device(&d))
		return IDLE;
	link_begin(&m, RTM_NEWLINK, 0, d.ifindex, on ? flag : 0, flag);
	return msg_talk(&m, d.ns);
}

static int flag_on(const struct verb *verb)
{
	return set_flag(verb, true);
}

static int flag_off(const struct verb *verb)
{
	return set_flag(verb, false);
}

static int rename_device(const struct verb *verb)
{
	char name[IFNAMSIZ];
	struct device d;
	struct msg m;

	(void)verb;
	if (!pick_device(&d) || d.number < NAME_FIRST)
		return IDLE;
	name_of(name, d.number < NAME_OTHER ? NAME_FIRST + below(NAME_OTHER - NAME_FIRST) :
				      NAME_OTHER + below(NR_NAMES - NAME_OTHER));
	link_begin(&m, RTM_NEWLINK, 0, d.ifindex, 0, 0);
	msg_put_string(&m, IFLA_IFNAME, name);
	return msg_talk(&m, d.ns);
}

static int move(const struct verb *verb)
{
	char name[IFNAMSIZ];
	struct device d;
	struct msg m;

	(void)verb;
	if (!pick_device(&d) || (d.number < NAME_FIRST && !one_in(4)))
		return IDLE;
	link_begin(&m, RTM_NEWLINK, 0, d.ifindex, one_in(2) ? IFF_UP : 0, IFF_UP);
	msg_put_u32(&m, IFLA_NET_NS_FD, world.ns[pick_ns()]);
	if (d.number >= NAME_FIRST && one_in(3)) {
		name_of(name, NAME_FIRST + below(NR_NAMES - NAME_FIRST));
		msg_put_string(&m, IFLA_IFNAME, name);
	}
	if (one_in(4))
		msg_put_u32(&m, IFLA_NEW_IFINDEX, 100 + below(100));
	return msg_talk(&m, d.ns);
}

/* The role's own namespace goes, with what is in it, and there is a new one. */
static int renew_ns(const struct verb *verb)
{
	int fd;

	(void)verb;
	world_enter(NS_OWN);
	fd = world_unshare();
	if (fd < 0)
		return errno;
	world_close(NS_OWN);
	world_open(NS_OWN, fd);
	return 0;
}

/* Lets some device have it as its master, which may be able to. */
static int enslave(const struct verb *verb)
{
	struct device d, master;
	unsigned int tries = 4;
	struct msg m;

	(void)verb;
	if (!pick_device(&d))
		return IDLE;
	while (!find_in(&master, d.ns, one_in(4) ? NAME_BOND : below(NR_NAMES)))
		if (!tries--)
			return IDLE;
	link_begin(&m, RTM_NEWLINK, 0, d.ifindex, 0, IFF_UP);
	msg_put_u32(&m, IFLA_MASTER, master.ifindex);
	return msg_talk(&m, d.ns);
}

static int release(const struct verb *verb)
{
	struct device d;
	struct msg m;

	(void)verb;
	if (!pick_device(&d))
		return IDLE;
	link_begin(&m, RTM_NEWLINK, 0, d.ifindex, 0, 0);
	msg_put_u32(&m, IFLA_MASTER, 0);
	return msg_talk(&m, d.ns);
}

/* A bond of its own: two ports, and vNICs over it */
static int make_bond(const struct verb *verb)
{
	struct device bond, port;
	unsigned int tries = 6;
	int error = IDLE;
	struct msg m;

	(void)verb;
	if (!find_in(&bond, NS_HOST, NAME_BOND))
		return IDLE;
	while (!find_in(&port, NS_HOST, NAME_OTHER + below(NR_NAMES - NAME_OTHER)))
		if (!tries--)
			return IDLE;
	link_begin(&m, RTM_NEWLINK, 0, port.ifindex, 0, IFF_UP);
	msg_put_u32(&m, IFLA_MASTER, bond.ifindex);
	error = msg_talk(&m, NS_HOST);
	link_begin(&m, RTM_NEWLINK, 0, bond.ifindex, IFF_UP, IFF_UP);
	msg_talk(&m, NS_HOST);
	return error;
}

static int fail_over(const struct verb *verb)
{
	struct nlattr *info, *data;
	struct device bond, port;
	struct msg m;

	(void)verb;
	if (!find_in(&bond, NS_HOST, NAME_BOND) ||
	    !find_in(&port, NS_HOST, NAME_FIRST + below(NR_NAMES - NAME_FIRST)))
		return IDLE;
	link_begin(&m, RTM_NEWLINK, 0, bond.ifindex, 0, 0);
	info = info_begin(&m, "bond", &data);
	msg_put_u32(&m, IFLA_BOND_ACTIVE_SLAVE, one_in(2) ? 0 : port.ifindex);
	info_end(&m, info, data);
	return msg_talk(&m, NS_HOST);
}

static int get(const struct verb *verb)
{
	struct device d;
	struct msg m;

	(void)verb;
	if (!pick_device(&d))
		return IDLE;
	link_begin(&m, RTM_GETLINK, 0, d.ifindex, 0, 0);
	if (one_in(2))
		msg_put_u32(&m, IFLA_EXT_MASK, below(64));
	return msg_talk(&m, d.ns);
}

static int dump(const struct verb *verb)
{
	static const int types[] = {
		RTM_GETLINK, RTM_GETLINK, RTM_GETSTATS, RTM_GETADDR,
	};
	int type = PICK(types);
	struct if_stats_msg stats = {
		.filter_mask = 1 + below(31),
	};
	struct msg m;

	(void)verb;
	if (type == RTM_GETSTATS) {
		msg_begin(&m, type, NLM_F_DUMP, &stats, sizeof(stats));
	} else {
		link_begin(&m, type, NLM_F_DUMP, 0, 0, 0);
		if (type == RTM_GETLINK && one_in(2))
			msg_put_u32(&m, IFLA_EXT_MASK, 1);
	}
	return msg_talk(&m, pick_ns());
}

static const unsigned int up = IFF_UP, promisc = IFF_PROMISC,
			  allmulti = IFF_ALLMULTI;

#define CONTROL	(ADMIN | TENANT | NOMEM)

const struct verb life_verbs[] = {
	{ "delete", delete_device, 40, CONTROL, true, NULL, NULL },
	{ "up", flag_on, 50, CONTROL, true, &up, NULL },
	{ "down", flag_off, 30, CONTROL, true, &up, NULL },
	{ "promisc", flag_on, 10, CONTROL, true, &promisc, NULL },
	{ "no-promisc", flag_off, 14, CONTROL, true, &promisc, NULL },
	{ "allmulti", flag_on, 10, CONTROL, true, &allmulti, NULL },
	{ "no-allmulti", flag_off, 10, CONTROL, true, &allmulti, NULL },
	{ "rename", rename_device, 12, CONTROL, true, NULL, NULL },
	/* without memory, the kernel warns in the midst of it and goes on */
	{ "move", move, 24, ADMIN | TENANT, true, NULL, NULL },
	{ "renew-namespace", renew_ns, 3, CONTROL, false, NULL, NULL },
	{ "get", get, 8, CONTROL, true, NULL, NULL },
	{ "dump", dump, 6, CONTROL, true, NULL, NULL },
	{ "master", enslave, 30, ADMIN | TENANT, true, NULL, NULL },
	{ "no-master", release, 16, ADMIN | TENANT, true, NULL, NULL },
	{ "bond-port", make_bond, 16, ADMIN, true, NULL, "bond" },
	{ "fail-over", fail_over, 24, ADMIN, true, NULL, "bond" },
	{ }
};
