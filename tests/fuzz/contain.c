// SPDX-License-Identifier: GPL-2.0
/*
 * A container without a user namespace of its own: its root has CAP_NET_ADMIN and
 * CAP_NET_RAW everywhere, no other capability, and is in NS_GUEST. None but the lower
 * device's administrator trusts a vNIC or ends the check of its addresses, so each
 * operation is followed by a look at all vNICs.
 */
#include <linux/capability.h>
#include <linux/if_link.h>
#include <linux/net_namespace.h>
#include <net/if.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "../../include/uapi/linux/if_vnicx.h"
#include "furnish.h"
#include "kinds.h"
#include "setup.h"

/* The ID of NS_HOST in NS_GUEST */
#define HOST_ID	77

#define NR_VNICS	(NAME_OTHER - NAME_FIRST)

/* A vNIC of which somebody else is the administrator */
struct seen {
	int ifindex;	/* 0: there is none */
	bool tap;
	bool trusted;
	bool checked;
};

static struct seen before[NR_NS][NR_VNICS];

/* Gives up all other capabilities for a while, or takes them again. */
static void contain(bool on)
{
	struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2];

	if (syscall(SYS_capget, &head, data))
		err(2, "capget");
	data[0].effective = on ? 1 << CAP_NET_ADMIN | 1 << CAP_NET_RAW : data[0].permitted;
	data[1].effective = on ? 0 : data[1].permitted;
	if (syscall(SYS_capset, &head, data))
		err(2, "capset");
	contained = on;
}

/* A process in NS_HOST, for those that name a namespace by one */
static pid_t host_process(void)
{
	static pid_t pid;

	if (pid)
		return pid;
	world_enter(NS_HOST);
	pid = fork();
	if (pid < 0) {
		pid = 0;
		return 0;
	}
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		syscall(SYS_close_range, 0, ~0U, 0);
		for (;;)
			pause();
	}
	return pid;
}

static void name_host(void)
{
	struct rtgenmsg head = {};
	struct msg m;

	msg_begin(&m, RTM_NEWNSID, 0, &head, sizeof(head));
	msg_put_u32(&m, NETNSA_NSID, HOST_ID);
	msg_put_u32(&m, NETNSA_FD, world.ns[NS_HOST]);
	msg_talk(&m, NS_GUEST);
}

static void put_target(struct msg *m, unsigned int ns)
{
	switch (ns == NS_HOST ? below(3) : 0) {
	case 0:
		msg_put_u32(m, IFLA_NET_NS_FD, world.ns[ns]);
		break;
	case 1:
		msg_put_u32(m, IFLA_NET_NS_PID, host_process());
		break;
	default:
		msg_put_u32(m, IFLA_TARGET_NETNSID, HOST_ID);
	}
}

static uint8_t value_of(const struct nlattr *data, int type)
{
	const struct nlattr *nla = nla_in(data, type);

	return nla ? *(const uint8_t *)(nla + 1) : 0;
}

/* Leaves out those over a lower device of the container's, which are its own. */
static void look(struct seen *s, unsigned int ns, unsigned int number)
{
	const struct nlattr *info, *kind;
	struct device d;
	bool elsewhere;
	struct msg m;

	s->ifindex = 0;
	if (!find_in(&d, ns, number))
		return;
	link_begin(&m, RTM_GETLINK, 0, d.ifindex, 0, 0);
	if (msg_talk(&m, ns))
		return;
	info = msg_told_of_link(IFLA_LINKINFO);
	kind = info ? nla_in(info, IFLA_INFO_KIND) : NULL;
	elsewhere = msg_told_of_link(IFLA_LINK_NETNSID);
	if (!kind || strncmp((const char *)(kind + 1), "vnicx", 5) ||
	    (ns == NS_HOST ? elsewhere : !elsewhere))
		return;
	info = nla_in(info, IFLA_INFO_DATA);
	if (!info)
		return;
	s->ifindex = d.ifindex;
	s->tap = !strcmp((const char *)(kind + 1), "vnicxtap");
	s->trusted = value_of(info, IFLA_VNICX_TRUSTED);
	s->checked = value_of(info, IFLA_VNICX_SPOOFCHECKED);
}

/* A message that names another kind than the device's is refused for that. */
static const char *kind_of(const struct seen *s)
{
	return s->tap ? "vnicxtap" : "vnicx";
}

static void look_at_all(struct seen all[NR_NS][NR_VNICS])
{
	unsigned int i;

	for (i = 0; i < NR_VNICS; i++) {
		look(&all[NS_HOST][i], NS_HOST, NAME_FIRST + i);
		look(&all[NS_GUEST][i], NS_GUEST, NAME_FIRST + i);
	}
}

/* A violation ends the role, which fails the run. */
static void compare(const struct seen *was, const struct seen *is, unsigned int i)
{
	if (is->trusted && !was->trusted)
		errx(3, "a container trusts vNIC %u", NAME_FIRST + i);
	if (was->checked && !is->checked)
		errx(3, "a container ends the check of vNIC %u", NAME_FIRST + i);
}

static void begin_look(void)
{
	host_process();
	name_host();
	look_at_all(before);
	world_enter(NS_GUEST);
}

/* Of one that has another name, the index tells which it was. */
static void end_look(void)
{
	static struct seen after[NR_NS][NR_VNICS];
	static const unsigned int where[] = { NS_HOST, NS_GUEST };
	unsigned int i, j, k;

	look_at_all(after);
	for (k = 0; k < COUNT(where); k++)
		for (i = 0; i < NR_VNICS; i++)
			for (j = 0; j < NR_VNICS; j++)
				if (before[where[k]][i].ifindex &&
				    before[where[k]][i].ifindex == after[where[k]][j].ifindex)
					compare(&before[where[k]][i], &after[where[k]][j], j);
}

/* Finds a vNIC of the container's, to which the administrator gives one if it has none. */
static bool find_given(struct device *d)
{
	unsigned int first = below(NR_VNICS), i, ns;
	struct msg m;

	for (ns = NS_GUEST; ; ns = NS_HOST) {
		for (i = 0; i < NR_VNICS; i++) {
			unsigned int number = (first + i) % NR_VNICS;

			if (before[ns][number].ifindex && find_in(d, ns, NAME_FIRST + number))
				break;
		}
		if (ns == NS_HOST || i < NR_VNICS)
			break;
	}
	if (i == NR_VNICS)
		return false;
	if (ns == NS_GUEST)
		return true;
	link_begin(&m, RTM_NEWLINK, 0, d->ifindex, 0, 0);
	msg_put_u32(&m, IFLA_NET_NS_FD, world.ns[NS_GUEST]);
	return !msg_talk(&m, NS_HOST) && find_in(d, NS_GUEST, d->number);
}

static int move(const struct verb *verb)
{
	unsigned int ns = one_in(4) ? NS_LAN : NS_HOST, number;
	struct nlattr *info, *data;
	struct seen was, is;
	char name[IFNAMSIZ];
	struct device d;
	struct msg m;
	int error;

	(void)verb;
	begin_look();
	if (!find_given(&d))
		return IDLE;
	look(&was, NS_GUEST, d.number);
	number = d.number;
	link_begin(&m, RTM_NEWLINK, 0, d.ifindex, one_in(2) ? IFF_UP : 0, IFF_UP);
	put_target(&m, ns);
	if (one_in(2)) {
		number = NAME_FIRST + below(NR_VNICS);
		name_of(name, number);
		msg_put_string(&m, IFLA_IFNAME, name);
	}
	if (one_in(4)) {
		info = info_begin(&m, kind_of(&was), &data);
		put_vnicx(&m, ns);
		info_end(&m, info, data);
	}
	contain(true);
	error = msg_talk(&m, NS_GUEST);
	contain(false);
	end_look();
	if (!error && was.ifindex && ns == NS_HOST) {
		look(&is, ns, number);
		if (is.ifindex)
			compare(&was, &is, number - NAME_FIRST);
	}
	return error;
}

static void put_freedom(struct msg *m)
{
	if (one_in(2))
		msg_put_u8(m, IFLA_VNICX_TRUST, VNICX_ON);
	if (one_in(2))
		msg_put_u8(m, IFLA_VNICX_SPOOFCHK, VNICX_OFF);
	if (one_in(2))
		put_vnicx(m, NS_GUEST);
}

/* Over a device of the container's, or over one of the host's, which is refused. */
static int create(const struct verb *verb)
{
	bool of_host = one_in(2);
	struct nlattr *info, *data;
	struct device lower;
	char name[IFNAMSIZ];
	struct msg m;
	int error;

	(void)verb;
	begin_look();
	if (!of_host && !find_in(&lower, NS_GUEST, NAME_OTHER))
		make_device(NS_GUEST, NAME_OTHER, "dummy", NONE);
	if (!pick_lower(&lower, of_host ? NS_HOST : NS_GUEST))
		return IDLE;
	name_of(name, NAME_FIRST + below(NR_VNICS));
	link_begin(&m, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, 0, IFF_UP, IFF_UP);
	msg_put_string(&m, IFLA_IFNAME, name);
	msg_put_u32(&m, IFLA_LINK, lower.ifindex);
	if (of_host)
		msg_put_u32(&m, IFLA_LINK_NETNSID, HOST_ID);
	if (one_in(3))
		put_target(&m, NS_HOST);
	info = info_begin(&m, one_in(3) ? "vnicxtap" : "vnicx", &data);
	put_freedom(&m);
	info_end(&m, info, data);
	contain(true);
	error = msg_talk(&m, NS_GUEST);
	contain(false);
	if (!error && of_host)
		errx(3, "a container makes a vNIC over the host's %s", lower.name);
	end_look();
	return error;
}

/* Lifts the policy of a vNIC, which is refused. */
static int set_free(const struct device *d)
{
	struct nlattr *info, *data;
	struct msg m;

	link_begin(&m, RTM_NEWLINK, 0, d->ifindex, 0, 0);
	info = info_begin(&m, kind_of(&before[NS_GUEST][d->number - NAME_FIRST]), &data);
	put_freedom(&m);
	info_end(&m, info, data);
	return msg_talk(&m, NS_GUEST);
}

/* Any other verb's message, in NS_GUEST alone */
static int other(const struct verb *verb)
{
	const struct verb *inner;
	struct world all = world;
	struct device d;
	unsigned int ns;
	int error = IDLE;
	bool given;

	(void)verb;
	begin_look();
	given = find_given(&d);
	look_at_all(before);
	inner = verb_pick(role_now, true);
	for (ns = 0; ns < NR_NS; ns++)
		if (ns != NS_GUEST)
			world.ns[ns] = -1;
	mutating = one_in(3);
	contain(true);
	if (given && one_in(4))
		error = set_free(&d);
	else if (inner && is_there(inner->needs))
		error = inner->run(inner);
	contain(false);
	mutating = false;
	world = all;
	end_look();
	return error;
}

const struct verb contain_verbs[] = {
	{ "container-move", move, 24, ADMIN, false, NULL, NULL },
	{ "container-create", create, 16, ADMIN, false, NULL, NULL },
	{ "container-message", other, 40, ADMIN, false, NULL, NULL },
	{ }
};
