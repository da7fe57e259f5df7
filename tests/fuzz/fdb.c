// SPDX-License-Identifier: GPL-2.0
/*
 * bridge fdb, of vNICs and of everything else that has one.
 */
#include <linux/if_link.h>
#include <linux/neighbour.h>
#include <sys/socket.h>

#include "msg.h"
#include "world.h"

static void begin(struct msg *m, int type, int flags, const struct device *d)
{
	struct ndmsg ndm = {
		.ndm_family = AF_BRIDGE,
		.ndm_ifindex = d->ifindex,
		.ndm_state = one_in(2) ? NUD_PERMANENT : NUD_NOARP,
		.ndm_flags = one_in(8) ? below(256) : NTF_SELF,
	};

	msg_begin(m, type, flags, &ndm, sizeof(ndm));
}

static void put_entry(struct msg *m)
{
	uint8_t mac[8];

	random_bytes(mac, sizeof(mac));
	pick_mac(mac);
	/* few, so that what is deleted has been added */
	if (!one_in(3))
		mac_of(mac, NR_NAMES + below(2));
	msg_put(m, NDA_LLADDR, mac, one_in(32) ? below(8) : 6);
	if (one_in(6))
		msg_put_u16(m, NDA_VLAN, one_in(4) ? edge() : 1 + below(3));
}

static int add(const struct verb *verb)
{
	struct device d;
	struct msg m;

	(void)verb;
	if (!pick_vnic(&d))
		return IDLE;
	begin(&m, RTM_NEWNEIGH, NLM_F_CREATE | (one_in(2) ? NLM_F_EXCL : 0) |
				(one_in(8) ? NLM_F_REPLACE : 0), &d);
	put_entry(&m);
	return msg_talk(&m, d.ns);
}

static int delete_entry(const struct verb *verb)
{
	struct device d;
	struct msg m;

	(void)verb;
	if (!pick_vnic(&d))
		return IDLE;
	begin(&m, RTM_DELNEIGH, 0, &d);
	put_entry(&m);
	return msg_talk(&m, d.ns);
}

static int flush(const struct verb *verb)
{
	struct device d;
	struct msg m;

	(void)verb;
	if (!pick_vnic(&d))
		return IDLE;
	begin(&m, RTM_DELNEIGH, NLM_F_BULK, &d);
	if (one_in(4))
		msg_put_u16(&m, NDA_VLAN, 1 + below(3));
	if (one_in(8))
		msg_put_u32(&m, NDA_IFINDEX, d.ifindex);
	return msg_talk(&m, d.ns);
}

static int dump(const struct verb *verb)
{
	struct device d;
	struct msg m;

	(void)verb;
	if (!pick_vnic(&d))
		return IDLE;
	if (one_in(2))
		d.ifindex = 0;
	begin(&m, RTM_GETNEIGH, NLM_F_DUMP, &d);
	((struct ndmsg *)NLMSG_DATA(&m.nlh))->ndm_state = 0;
	((struct ndmsg *)NLMSG_DATA(&m.nlh))->ndm_flags = 0;
	return msg_talk(&m, d.ns);
}

#define CONTROL	(ADMIN | TENANT | NOMEM)

const struct verb fdb_verbs[] = {
	{ "fdb-add", add, 40, CONTROL, true, NULL, NULL },
	{ "fdb-delete", delete_entry, 24, CONTROL, true, NULL, NULL },
	{ "fdb-flush", flush, 6, CONTROL, true, NULL, NULL },
	{ "fdb-dump", dump, 6, CONTROL, true, NULL, NULL },
	{ }
};
