// SPDX-License-Identifier: GPL-2.0
/*
 * The form of a vNIC's attributes.
 */
#include <linux/if_vlan.h>
#include <linux/if_vnicx.h>

#include "nl.h"

static const struct nla_policy
vnicx_switch_policy[IFLA_VNICX_SWITCH_MAX + 1] = {
	[IFLA_VNICX_SWITCH_HOST] = NLA_POLICY_MAX(NLA_U8, VNICX_HOST_ON),
	[IFLA_VNICX_SWITCH_BC_QUEUE_LEN_USED] = { .type = NLA_REJECT },
	[IFLA_VNICX_SWITCH_NEIGH_SUPPRESS] = NLA_POLICY_MAX(NLA_U8, 1),
	[IFLA_VNICX_SWITCH_ANNOUNCE] = NLA_POLICY_MAX(NLA_U8, 1),
};

const struct nla_policy vnicx_policy[IFLA_VNICX_MAX + 1] = {
	[IFLA_VNICX_UNSPEC] = { .type = NLA_REJECT },
	[IFLA_VNICX_MODE] = NLA_POLICY_MAX(NLA_U32, VNICX_MODE_MAX),
	[IFLA_VNICX_FLAGS] = NLA_POLICY_BITFIELD32(VNICX_FLAGS),
	[IFLA_VNICX_SOURCE_OP] = NLA_POLICY_MAX(NLA_U32, VNICX_LIST_OP_MAX),
	[IFLA_VNICX_SOURCES] = NLA_POLICY_NESTED(vnicx_source_policy),
	[IFLA_VNICX_SWITCH] = NLA_POLICY_NESTED(vnicx_switch_policy),
	[IFLA_VNICX_BC_QUEUE_LEN] = { .type = NLA_U32 },
	[IFLA_VNICX_FLOOD] = NLA_POLICY_MAX(NLA_U8, 1),
	[IFLA_VNICX_TRUST] = NLA_POLICY_MAX(NLA_U8, VNICX_AUTO_MAX),
	[IFLA_VNICX_TRUSTED] = { .type = NLA_REJECT },
	[IFLA_VNICX_SPOOFCHK] = NLA_POLICY_MAX(NLA_U8, VNICX_AUTO_MAX),
	[IFLA_VNICX_SPOOFCHECKED] = { .type = NLA_REJECT },
	[IFLA_VNICX_STATE] = NLA_POLICY_MAX(NLA_U8, VNICX_STATE_MAX),
	[IFLA_VNICX_MAX_GROUPS] = { .type = NLA_U32 },
	[IFLA_VNICX_MAX_TX_RATE] = { .type = NLA_U32 },
	[IFLA_VNICX_TX_BURST] = { .type = NLA_U32 },
	[IFLA_VNICX_MAX_RX_RATE] = { .type = NLA_U32 },
	[IFLA_VNICX_STORM] = { .type = NLA_U32 },
	[IFLA_VNICX_CLASS] = { .type = NLA_U32 },
	[IFLA_VNICX_RESTRICTED] = NLA_POLICY_MAX(NLA_U8, 1),
	[IFLA_VNICX_RAGUARD] = NLA_POLICY_MAX(NLA_U8, 1),
	[IFLA_VNICX_DHCPGUARD] = NLA_POLICY_MAX(NLA_U8, 1),
	[IFLA_VNICX_DHCP_BLOCK] = NLA_POLICY_MAX(NLA_U8, 1),
	[IFLA_VNICX_IPGUARD] = NLA_POLICY_MAX(NLA_U8, VNICX_IPGUARD_MAX),
	[IFLA_VNICX_IPGUARD_IN] = NLA_POLICY_MAX(NLA_U8, 1),
	[IFLA_VNICX_ALLOWED_OP] = NLA_POLICY_MAX(NLA_U32, VNICX_LIST_OP_MAX),
	[IFLA_VNICX_ALLOWED] = NLA_POLICY_NESTED(vnicx_allowed_policy),
	[IFLA_VNICX_VLAN] = NLA_POLICY_NESTED(vnicx_vlan_policy),
	[IFLA_VNICX_ISOLATED] = NLA_POLICY_MAX(NLA_U8, 1),
	[IFLA_VNICX_MIRROR] = { .type = NLA_NUL_STRING, .len = IFNAMSIZ - 1 },
	[IFLA_VNICX_MIRROR_VLAN] = NLA_POLICY_MAX(NLA_U32, VLAN_N_VID - 2),
	[IFLA_VNICX_MIRROR_WAY] = NLA_POLICY_MAX(NLA_U8, VNICX_WAY_MAX),
	[IFLA_VNICX_BPF_TX] = { .type = NLA_S32 },
	[IFLA_VNICX_BPF_RX] = { .type = NLA_S32 },
	[IFLA_VNICX_BPF_TX_ID] = { .type = NLA_REJECT },
	[IFLA_VNICX_BPF_RX_ID] = { .type = NLA_REJECT },
	[IFLA_VNICX_DHCP_TRUST] = NLA_POLICY_MAX(NLA_U8, 1),
	[IFLA_VNICX_MAX_LEASES] = { .type = NLA_U32 },
	[IFLA_VNICX_LEASES] = { .type = NLA_REJECT },
	[IFLA_VNICX_TRUNCATED] = { .type = NLA_REJECT },
};

/* Return the attribute that holds a vNIC's options, NULL if there is none, or
 * an ERR_PTR() if there are several: rtnetlink parses the last one only, and a
 * check of another would check bytes that nobody uses.
 */
static const struct nlattr *
vnicx_policy_find(const struct nlattr *linkinfo, struct netlink_ext_ack *extack)
{
	const struct nlattr *nla, *found = NULL;
	int rem;

	nla_for_each_nested(nla, linkinfo, rem) {
		if (nla_type(nla) != IFLA_INFO_DATA)
			continue;
		if (found) {
			NL_SET_ERR_MSG_ATTR(extack, nla,
					    "options come in one IFLA_INFO_DATA, not in several");
			return ERR_PTR(-EINVAL);
		}
		found = nla;
	}
	return found;
}

static int vnicx_policy_check_once(const struct nlattr *options,
				   struct netlink_ext_ack *extack)
{
	const struct nlattr *nla;
	u64 seen = 0;
	int rem;

	BUILD_BUG_ON(BITS_PER_TYPE(seen) <= IFLA_VNICX_MAX ||
		     BITS_PER_TYPE(seen) <= IFLA_VNICX_SWITCH_MAX);

	nla_for_each_nested(nla, options, rem) {
		if (seen & BIT_ULL(nla_type(nla))) {
			NL_SET_ERR_MSG_ATTR(extack, nla,
					    "option is given more than once");
			return -EINVAL;
		}
		seen |= BIT_ULL(nla_type(nla));
	}
	return 0;
}

/**
 * vnicx_policy_validate() - check the form of a vNIC's options
 * @linkinfo: the IFLA_LINKINFO attribute or NULL
 * @extack: gets the cause of a refusal
 *
 * rtnetlink parses options liberally: it ignores unknown ones, and does not
 * look into nested ones at all. Here, an unknown option is an error, and so is
 * one of the wrong length, at any depth.
 *
 * Return: 0 or a negative errno
 */
int vnicx_policy_validate(const struct nlattr *linkinfo,
			  struct netlink_ext_ack *extack)
{
	const struct nlattr *options, *shared, *vlan;
	int err;

	if (!linkinfo)
		return 0;
	options = vnicx_policy_find(linkinfo, extack);
	if (IS_ERR_OR_NULL(options))
		return PTR_ERR_OR_ZERO(options);

	err = __nla_validate(nla_data(options), nla_len(options),
			     IFLA_VNICX_MAX, vnicx_policy,
			     NL_VALIDATE_TRAILING | NL_VALIDATE_MAXTYPE |
			     NL_VALIDATE_UNSPEC | NL_VALIDATE_STRICT_ATTRS,
			     extack);
	if (err)
		return err;
	shared = nla_find_nested(options, IFLA_VNICX_SWITCH);
	vlan = nla_find_nested(options, IFLA_VNICX_VLAN);
	return vnicx_policy_check_once(options, extack) ?:
	       (shared ? vnicx_policy_check_once(shared, extack) : 0) ?:
	       (vlan ? vnicx_policy_check_once(vlan, extack) : 0);
}
