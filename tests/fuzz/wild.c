// SPDX-License-Identifier: GPL-2.0
/*
 * Messages that no program would send.
 */
#include <linux/if_link.h>
#include <sys/socket.h>

#include "msg.h"
#include "world.h"

/* Any other verb's message, spoiled on its way */
static int spoil(const struct verb *verb)
{
	const struct verb *other = verb_pick(role_now, true);
	int result;

	if (!other || other == verb)
		return IDLE;
	mutating = true;
	result = other->run(other);
	mutating = false;
	return result;
}

/* Dumps that are not read to their end, one in the other */
static int half_dump(const struct verb *verb)
{
	static char some[512];
	struct msg m;
	unsigned int ns = pick_ns();

	(void)verb;
	link_begin(&m, RTM_GETLINK, NLM_F_DUMP, 0, 0, 0);
	if (send(world.rtnl[ns], m.bytes, m.nlh.nlmsg_len, MSG_DONTWAIT) < 0)
		return errno;
	return recv(world.rtnl[ns], some, below(sizeof(some)), MSG_DONTWAIT) < 0 ?
	       errno : 0;
}

/* A message of a random type with random attributes */
static int noise(const struct verb *verb)
{
	static const int types[] = {
		RTM_NEWLINK, RTM_DELLINK, RTM_GETLINK, RTM_SETLINK, RTM_NEWNEIGH,
		RTM_DELNEIGH, RTM_GETNEIGH, RTM_GETSTATS,
	};
	uint8_t bytes[64], head[16] = {};
	unsigned int n = below(12);
	struct device d;
	struct msg m;

	(void)verb;
	if (!pick_vnic(&d))
		return IDLE;
	/* ifinfomsg and ndmsg have the index at the same place */
	memcpy(head + 4, &d.ifindex, 4);
	msg_begin(&m, PICK(types), one_in(4) ? chance() & 0xf00 : 0, head,
		  one_in(8) ? 12 : 16);
	while (n--) {
		random_bytes(bytes, sizeof(bytes));
		msg_put(&m, below(70), bytes, below(sizeof(bytes)));
	}
	return msg_talk(&m, d.ns);
}

#define CONTROL	(ADMIN | TENANT | NOMEM)

const struct verb wild_verbs[] = {
	{ "mutate", spoil, 140, CONTROL, false, NULL, NULL },
	{ "half-dump", half_dump, 4, ADMIN | TENANT, false, NULL, NULL },
	{ "noise", noise, 20, CONTROL, false, NULL, NULL },
	{ }
};
