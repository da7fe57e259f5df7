// SPDX-License-Identifier: GPL-2.0
/*
 * The attributes of vnicx: as they should be, and as they should not.
 */
#include <linux/if_link.h>
#include <net/if.h>

#include "../../include/uapi/linux/if_vnicx.h"
#include "kinds.h"

static void put_mode(struct msg *m)
{
	/* passthru seldom: it takes the lower device for itself */
	static const uint32_t modes[] = {
		VNICX_MODE_BRIDGE, VNICX_MODE_BRIDGE, VNICX_MODE_BRIDGE,
		VNICX_MODE_VEPA, VNICX_MODE_PRIVATE, VNICX_MODE_SOURCE,
		VNICX_MODE_SOURCE,
	};

	if (one_in(16))
		msg_put_u32(m, IFLA_VNICX_MODE, VNICX_MODE_PASSTHRU);
	else
		msg_put_u32(m, IFLA_VNICX_MODE, one_in(12) ? edge() : PICK(modes));
}

static void put_flags(struct msg *m)
{
	struct nla_bitfield32 flags = {
		.value = one_in(3) ? below(4) : VNICX_FLAG_NODST * below(2),
		.selector = one_in(12) ? edge() : VNICX_FLAGS,
	};

	msg_put(m, IFLA_VNICX_FLAGS, &flags, sizeof(flags));
}

static void put_sources(struct msg *m)
{
	struct nlattr *nest = msg_nest(m, IFLA_VNICX_SOURCES | NLA_F_NESTED);
	/* the kernel complains when it has no memory for a long message */
	unsigned int most = role_now == ROLE_NOMEM ? 150 : 600;
	unsigned int n = one_in(16) ? below(most) : below(5);
	uint8_t mac[8];

	while (n--) {
		if (one_in(16)) {
			random_bytes(mac, sizeof(mac));
			mac[0] &= ~1;
		} else {
			mac_of(mac, below(NR_NAMES * (1 + n / 16)));
		}
		/* too short, of a type there is not */
		msg_put(m, one_in(64) ? below(16) : IFLA_VNICX_SOURCE, mac,
			one_in(64) ? below(9) : 6);
	}
	msg_nest_end(m, nest);
}

static void put_source_op(struct msg *m)
{
	msg_put_u32(m, IFLA_VNICX_SOURCE_OP, one_in(12) ? edge() : below(4));
}

static void put_host(struct msg *m)
{
	msg_put_u8(m, IFLA_VNICX_SWITCH_HOST, one_in(12) ? below(256) : below(2));
}

static void put_neigh_suppress(struct msg *m)
{
	msg_put_u8(m, IFLA_VNICX_SWITCH_NEIGH_SUPPRESS,
		   one_in(12) ? below(256) : below(2));
}

static void put_announce(struct msg *m)
{
	msg_put_u8(m, IFLA_VNICX_SWITCH_ANNOUNCE, one_in(12) ? below(256) : below(2));
}

static void put_used(struct msg *m)
{
	msg_put_u32(m, IFLA_VNICX_SWITCH_BC_QUEUE_LEN_USED, any_size());
}

/* One that there is not, or one of a wrong length */
static void put_wrong_of(struct msg *m, unsigned int types)
{
	uint8_t bytes[40];

	random_bytes(bytes, sizeof(bytes));
	msg_put(m, below(types), bytes, below(sizeof(bytes)));
}

/* Seldom empty, or with an attribute twice, or with a wrong one */
static void put_switch(struct msg *m)
{
	struct nlattr *nest = msg_nest(m, IFLA_VNICX_SWITCH |
				       (one_in(8) ? 0 : NLA_F_NESTED));

	if (!one_in(4))
		put_host(m);
	if (one_in(24))
		put_host(m);
	if (one_in(2))
		put_neigh_suppress(m);
	if (one_in(2))
		put_announce(m);
	if (one_in(24))
		put_used(m);
	if (one_in(24))
		put_wrong_of(m, 4 * IFLA_VNICX_SWITCH_MAX);
	msg_nest_end(m, nest);
}

static void put_bc_queue_len(struct msg *m)
{
	msg_put_u32(m, IFLA_VNICX_BC_QUEUE_LEN,
		    one_in(6) ? edge() : below(1001));
}

static void put_flood(struct msg *m)
{
	msg_put_u8(m, IFLA_VNICX_FLOOD, one_in(12) ? below(256) : below(2));
}

static void put_trust(struct msg *m)
{
	msg_put_u8(m, IFLA_VNICX_TRUST, one_in(12) ? below(256) : below(3));
}

static void put_spoofchk(struct msg *m)
{
	msg_put_u8(m, IFLA_VNICX_SPOOFCHK, one_in(12) ? below(256) : below(3));
}

static void put_state(struct msg *m)
{
	msg_put_u8(m, IFLA_VNICX_STATE, one_in(12) ? below(256) :
					one_in(8) ? VNICX_STATE_DISABLE :
						    below(2));
}

static void put_max_groups(struct msg *m)
{
	msg_put_u32(m, IFLA_VNICX_MAX_GROUPS,
		    one_in(6) ? edge() : one_in(2) ? VNICX_MAX_GROUPS_AUTO :
						     below(20));
}

static uint32_t any_rate(void)
{
	/* well above and well below what the frames of a run need */
	return one_in(6) ? edge() : one_in(3) ? 0 : one_in(2) ? 10000000 :
		below(2000);
}

static void put_max_tx_rate(struct msg *m)
{
	msg_put_u32(m, IFLA_VNICX_MAX_TX_RATE, any_rate());
}

static void put_tx_burst(struct msg *m)
{
	msg_put_u32(m, IFLA_VNICX_TX_BURST, one_in(4) ? edge() : any_size());
}

static void put_max_rx_rate(struct msg *m)
{
	msg_put_u32(m, IFLA_VNICX_MAX_RX_RATE, any_rate());
}

static void put_storm(struct msg *m)
{
	msg_put_u32(m, IFLA_VNICX_STORM, any_rate());
}

static void put_class(struct msg *m)
{
	msg_put_u32(m, IFLA_VNICX_CLASS,
		    one_in(4) ? edge() : one_in(3) ? 0 : 0x10000 + below(16));
}

static void put_mirror(struct msg *m)
{
	char name[IFNAMSIZ + 4];

	/* seldom one that there is: by an index, of the adapter's namespace */
	if (one_in(4)) {
		msg_put_string(m, IFLA_VNICX_MIRROR, "");
	} else if (one_in(12)) {
		msg_put(m, IFLA_VNICX_MIRROR, "without an end", below(15));
	} else {
		snprintf(name, sizeof(name), "if%u",
			 one_in(8) ? edge() : below(60));
		msg_put_string(m, IFLA_VNICX_MIRROR, name);
	}
}

static void put_mirror_how(struct msg *m)
{
	if (one_in(2))
		msg_put_u32(m, IFLA_VNICX_MIRROR_VLAN,
			    one_in(6) ? edge() : below(4095));
	if (one_in(2))
		msg_put_u8(m, IFLA_VNICX_MIRROR_WAY,
			   one_in(12) ? below(256) : below(3));
}

/* No descriptor of this process is a program: all but -1 are refused. */
static void put_bpf(struct msg *m)
{
	msg_put_u32(m, one_in(2) ? IFLA_VNICX_BPF_TX : IFLA_VNICX_BPF_RX,
		    one_in(3) ? ~0U : one_in(2) ? edge() : below(20));
}

static void put_wrong(struct msg *m)
{
	put_wrong_of(m, 4 * IFLA_VNICX_MAX);
}

static void (*const good_puts[])(struct msg *m) = {
	put_mode, put_mode, put_flags, put_sources, put_source_op, put_switch,
	put_bc_queue_len, put_flood, put_trust, put_spoofchk, put_state,
	put_max_groups, put_max_tx_rate, put_tx_burst, put_max_rx_rate,
	put_storm, put_class, put_mirror, put_bpf,
	put_guard, put_guard, put_max_leases, put_allowed, put_allowed_op,
	put_vlans, put_isolated,
};

static void (*const wrong_puts[])(struct msg *m) = {
	put_host, put_used, put_wrong,
};

void put_vnicx(struct msg *m, unsigned int ns)
{
	unsigned int n = one_in(2) ? 0 : below(4);

	(void)ns;
	while (n--)
		PICK(good_puts)(m);
	if (one_in(32))
		PICK(wrong_puts)(m);
}

struct attribute {
	void (*put)(struct msg *m);
	void (*also)(struct msg *m);
};

static const struct attribute
	mode = { put_mode, NULL },
	flags = { put_flags, NULL },
	sources = { put_sources, put_source_op },
	source_op = { put_source_op, NULL },
	switch_wide = { put_switch, NULL },
	bc_queue_len = { put_bc_queue_len, NULL },
	flood = { put_flood, NULL },
	trust = { put_trust, NULL },
	spoofchk = { put_spoofchk, NULL },
	state = { put_state, NULL },
	max_groups = { put_max_groups, NULL },
	max_tx_rate = { put_max_tx_rate, put_tx_burst },
	tx_burst = { put_tx_burst, put_max_tx_rate },
	max_rx_rate = { put_max_rx_rate, NULL },
	storm = { put_storm, NULL },
	class = { put_class, NULL },
	mirror = { put_mirror, put_mirror_how },
	bpf = { put_bpf, NULL },
	guard = { put_guard, put_guard },
	vlan = { put_vlans, put_isolated },
	isolated = { put_isolated, put_vlans },
	allowed = { put_allowed, put_allowed_op };

/* In source mode more often than not, where some of them are allowed only */
static void put_mode_for(struct msg *m, const struct attribute *a)
{
	if (a->put == put_sources || a->put == put_source_op)
		msg_put_u32(m, IFLA_VNICX_MODE, VNICX_MODE_SOURCE);
	else if (a->put == put_flags)
		msg_put_u32(m, IFLA_VNICX_MODE, VNICX_MODE_SOURCE);
}

static int set_attribute(const struct verb *verb)
{
	const struct attribute *a = verb->arg;
	struct nlattr *info, *data;
	struct device d;
	struct msg m;

	if (!pick_vnic(&d))
		return IDLE;
	link_begin(&m, RTM_NEWLINK, 0, d.ifindex, 0, 0);
	info = info_begin(&m, one_in(4) ? "vnicxtap" : "vnicx", &data);
	if (!one_in(4))
		put_mode_for(&m, a);
	a->put(&m);
	if (a->also && one_in(2))
		a->also(&m);
	if (one_in(24))
		a->put(&m);
	info_end(&m, info, data);
	return msg_talk(&m, d.ns);
}

/* Two IFLA_INFO_DATA, two IFLA_LINKINFO: which of them is used? */
static int set_twice(const struct verb *verb)
{
	bool in_info = one_in(2);
	struct nlattr *info, *data;
	struct device d;
	struct msg m;

	(void)verb;
	if (!pick_vnic(&d))
		return IDLE;
	link_begin(&m, RTM_NEWLINK, 0, d.ifindex, 0, 0);
	info = info_begin(&m, "vnicx", &data);
	PICK(good_puts)(&m);
	msg_nest_end(&m, data);
	if (!in_info) {
		msg_nest_end(&m, info);
		info = msg_nest(&m, IFLA_LINKINFO);
		msg_put_string(&m, IFLA_INFO_KIND, "vnicx");
	}
	data = msg_nest(&m, IFLA_INFO_DATA);
	PICK(good_puts)(&m);
	if (one_in(3))
		put_wrong(&m);
	if (one_in(3))
		put_sources(&m);
	info_end(&m, info, data);
	return msg_talk(&m, d.ns);
}

#define CONTROL	(ADMIN | TENANT | NOMEM)

const struct verb vnicx_verbs[] = {
	{ "mode", set_attribute, 20, CONTROL, true, &mode, NULL },
	{ "flags", set_attribute, 24, CONTROL, true, &flags, NULL },
	{ "sources", set_attribute, 30, CONTROL, true, &sources, NULL },
	{ "source-op", set_attribute, 8, ADMIN | TENANT, true, &source_op, NULL },
	{ "switch-wide", set_attribute, 24, CONTROL, true, &switch_wide, NULL },
	{ "queue-length", set_attribute, 16, CONTROL, true, &bc_queue_len, NULL },
	{ "flood", set_attribute, 16, CONTROL, true, &flood, NULL },
	{ "trust", set_attribute, 16, CONTROL, true, &trust, NULL },
	{ "spoofchk", set_attribute, 16, CONTROL, true, &spoofchk, NULL },
	{ "state", set_attribute, 16, CONTROL, true, &state, NULL },
	{ "max-groups", set_attribute, 12, CONTROL, true, &max_groups, NULL },
	{ "max-tx-rate", set_attribute, 16, CONTROL, true, &max_tx_rate, NULL },
	{ "burst", set_attribute, 8, CONTROL, true, &tx_burst, NULL },
	{ "max-rx-rate", set_attribute, 16, CONTROL, true, &max_rx_rate, NULL },
	{ "storm", set_attribute, 12, CONTROL, true, &storm, NULL },
	{ "class", set_attribute, 12, CONTROL, true, &class, NULL },
	{ "mirror", set_attribute, 20, CONTROL, true, &mirror, NULL },
	{ "bpf", set_attribute, 8, CONTROL, true, &bpf, NULL },
	{ "guard", set_attribute, 24, CONTROL, true, &guard, NULL },
	{ "vlan", set_attribute, 24, CONTROL, true, &vlan, NULL },
	{ "isolated", set_attribute, 12, CONTROL, true, &isolated, NULL },
	{ "allowed-ips", set_attribute, 24, CONTROL, true, &allowed, NULL },
	{ "set-twice", set_twice, 20, ADMIN | TENANT, true, NULL, NULL },
	{ }
};
