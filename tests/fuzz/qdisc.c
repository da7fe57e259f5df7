// SPDX-License-Identifier: GPL-2.0
/*
 * Queueing disciplines, which lose, delay, repeat and reorder frames.
 */
#include <linux/pkt_sched.h>

#include "msg.h"
#include "world.h"

static void begin(struct msg *m, int type, int flags, const struct device *d,
		  uint32_t parent, uint32_t handle)
{
	struct tcmsg tcm = {
		.tcm_ifindex = d->ifindex,
		.tcm_parent = parent,
		.tcm_handle = handle,
	};

	msg_begin(m, type, flags, &tcm, sizeof(tcm));
}

static int netem(const struct verb *verb)
{
	struct tc_netem_corrupt corrupt = { .probability = edge() };
	struct tc_netem_qopt qopt = {
		.latency = below(20000),
		.limit = 1 + below(300),
		.loss = one_in(2) ? 0x10000000 : 0,
		.duplicate = one_in(2) ? 0x20000000 : 0,
		.jitter = below(20000),
	};
	struct nlattr *options;
	struct device d;
	struct msg m;

	(void)verb;
	if (!pick_device(&d))
		return IDLE;
	begin(&m, RTM_NEWQDISC, NLM_F_CREATE | NLM_F_REPLACE, &d, TC_H_ROOT, 0);
	msg_put_string(&m, TCA_KIND, "netem");
	options = msg_put(&m, TCA_OPTIONS, &qopt, sizeof(qopt));
	if (one_in(4))
		msg_put(&m, TCA_NETEM_CORRUPT, &corrupt, sizeof(corrupt));
	msg_nest_end(&m, options);
	return msg_talk(&m, d.ns);
}

static int simple(const struct verb *verb)
{
	static const char *const kinds[] = { "fq", "fq_codel", "pfifo", "noqueue" };
	struct device d;
	struct msg m;

	(void)verb;
	if (!pick_device(&d))
		return IDLE;
	begin(&m, RTM_NEWQDISC, NLM_F_CREATE | NLM_F_REPLACE, &d, TC_H_ROOT, 0);
	msg_put_string(&m, TCA_KIND, PICK(kinds));
	return msg_talk(&m, d.ns);
}

static int clsact(const struct verb *verb)
{
	struct device d;
	struct msg m;

	(void)verb;
	if (!pick_device(&d))
		return IDLE;
	begin(&m, one_in(2) ? RTM_NEWQDISC : RTM_DELQDISC, NLM_F_CREATE, &d,
	      TC_H_CLSACT, TC_H_MAKE(TC_H_CLSACT, 0));
	msg_put_string(&m, TCA_KIND, "clsact");
	return msg_talk(&m, d.ns);
}

static int no_qdisc(const struct verb *verb)
{
	struct device d;
	struct msg m;

	(void)verb;
	if (!pick_device(&d))
		return IDLE;
	begin(&m, RTM_DELQDISC, 0, &d, TC_H_ROOT, 0);
	return msg_talk(&m, d.ns);
}

const struct verb qdisc_verbs[] = {
	{ "netem", netem, 10, ADMIN | TENANT, true, NULL, NULL },
	{ "qdisc", simple, 6, ADMIN | TENANT, true, NULL, NULL },
	{ "clsact", clsact, 6, ADMIN | TENANT, true, NULL, NULL },
	{ "no-qdisc", no_qdisc, 10, ADMIN | TENANT, true, NULL, NULL },
	{ }
};
