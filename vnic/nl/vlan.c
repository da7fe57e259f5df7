// SPDX-License-Identifier: GPL-2.0
/*
 * The attributes for the VLANs of a vNIC.
 */
#include <linux/bitmap.h>
#include <linux/if_vlan.h>
#include <linux/if_vnicx.h>
#include <linux/rtnetlink.h>
#include <kunit/visibility.h>

#include "nl.h"

/* As many ranges as a set of VLANs can have */
#define VNICX_VLAN_RANGES_MAX	(VLAN_N_VID / 2)

const struct nla_policy vnicx_vlan_policy[IFLA_VNICX_VLAN_MAX + 1] = {
	[IFLA_VNICX_VLAN_KIND] = NLA_POLICY_MAX(NLA_U8, VNICX_VLAN_KIND_MAX),
	[IFLA_VNICX_VLAN_VID] = { .type = NLA_U16 },
	[IFLA_VNICX_VLAN_PROTO] = { .type = NLA_U16 },
	[IFLA_VNICX_VLAN_QOS] = NLA_POLICY_MAX(NLA_U8, VNICX_VLAN_QOS_KEEP),
	[IFLA_VNICX_VLAN_NATIVE] = { .type = NLA_U16 },
	[IFLA_VNICX_VLAN_RANGES] = {
		.type = NLA_BINARY,
		.len = VNICX_VLAN_RANGES_MAX * sizeof(struct vnicx_vlan_range),
	},
};

/**
 * struct vnicx_vlan_words - the attributes, and those that are missing as 0
 * @kind: enum vnicx_vlan_kind
 * @vid: the access or primary VLAN
 * @native: the native VLAN of a trunk, 0 for none, or VNICX_VLAN_UNTAGGED
 * @qos: 0 to 7, or VNICX_VLAN_QOS_KEEP
 * @has_qos: @qos was given
 * @proto: the kind of tag
 * @ranges: the attribute with the ranges or NULL
 */
struct vnicx_vlan_words {
	u8 kind;
	u16 vid;
	u16 native;
	u8 qos;
	bool has_qos;
	__be16 proto;
	const struct nlattr *ranges;
};

static int vnicx_vlan_check_vid(u16 vid, struct netlink_ext_ack *extack)
{
	if (vid && vid < VLAN_VID_MASK)
		return 0;
	NL_SET_ERR_MSG_FMT(extack, "VLAN %u is not 1 to 4094", vid);
	return -EINVAL;
}

static int vnicx_vlan_parse_ranges(const struct nlattr *nla,
				   unsigned long *vids,
				   struct netlink_ext_ack *extack)
{
	const struct vnicx_vlan_range *range = nla_data(nla);
	int rem, err;

	for (rem = nla_len(nla); rem >= (int)sizeof(*range);
	     rem -= sizeof(*range), range++) {
		err = vnicx_vlan_check_vid(range->first, extack) ?:
		      vnicx_vlan_check_vid(range->last, extack);
		if (err)
			return err;
		if (range->first > range->last) {
			NL_SET_ERR_MSG_FMT(extack,
					   "VLANs %u-%u are in the wrong order",
					   range->first, range->last);
			return -EINVAL;
		}
		bitmap_set(vids, range->first, range->last - range->first + 1);
	}
	if (rem) {
		NL_SET_ERR_MSG_ATTR(extack, nla, "half a range of VLANs");
		return -EINVAL;
	}
	return 0;
}

/* Check which attributes go together. */
static int vnicx_vlan_check(const struct vnicx_vlan_words *words,
			    struct netlink_ext_ack *extack)
{
	bool access = words->kind == VNICX_VLAN_ACCESS;

	if (words->proto != htons(ETH_P_8021Q) &&
	    words->proto != htons(ETH_P_8021AD)) {
		NL_SET_ERR_MSG(extack, "VLAN tags are of 802.1Q or 802.1ad");
		return -EPROTONOSUPPORT;
	}
	if (!access && words->proto == htons(ETH_P_8021AD)) {
		NL_SET_ERR_MSG(extack, "802.1ad is for access only");
		return -EINVAL;
	}
	if (!access && words->has_qos) {
		NL_SET_ERR_MSG(extack, "qos is for access only");
		return -EINVAL;
	}
	if (access && words->native) {
		NL_SET_ERR_MSG_FMT(extack,
				   "native VLAN %u and access VLAN are exclusive",
				   words->native);
		return -EINVAL;
	}
	if (words->kind != VNICX_VLAN_TRUNK && words->native) {
		NL_SET_ERR_MSG(extack, "a native VLAN is for trunks only");
		return -EINVAL;
	}
	if (words->ranges && (access || words->kind == VNICX_VLAN_OFF)) {
		NL_SET_ERR_MSG(extack, "a list of VLANs is for trunks and pvlan only");
		return -EINVAL;
	}
	if (words->vid && (words->kind == VNICX_VLAN_OFF ||
			   words->kind == VNICX_VLAN_TRUNK)) {
		NL_SET_ERR_MSG(extack, "a VLAN of its own is for access and pvlan only");
		return -EINVAL;
	}
	return 0;
}

static void vnicx_vlan_parse_words(const struct nlattr *nest,
				   struct vnicx_vlan_words *words)
{
	const struct nlattr *nla;
	int rem;

	*words = (struct vnicx_vlan_words) { .proto = htons(ETH_P_8021Q) };
	nla_for_each_nested(nla, nest, rem) {
		switch (nla_type(nla)) {
		case IFLA_VNICX_VLAN_KIND:
			words->kind = nla_get_u8(nla);
			break;
		case IFLA_VNICX_VLAN_VID:
			words->vid = nla_get_u16(nla);
			break;
		case IFLA_VNICX_VLAN_PROTO:
			words->proto = nla_get_be16(nla);
			break;
		case IFLA_VNICX_VLAN_QOS:
			words->qos = nla_get_u8(nla);
			words->has_qos = true;
			break;
		case IFLA_VNICX_VLAN_NATIVE:
			words->native = nla_get_u16(nla);
			break;
		case IFLA_VNICX_VLAN_RANGES:
			words->ranges = nla;
			break;
		}
	}
}

static int vnicx_vlan_make_trunk(const struct vnicx_vlan_words *words,
				 struct vnicx_vlan *vlan, unsigned long *vids,
				 struct netlink_ext_ack *extack)
{
	int err;

	if (bitmap_empty(vids, VLAN_N_VID)) {
		NL_SET_ERR_MSG(extack, "a trunk needs VLANs");
		return -EINVAL;
	}
	vlan->tagged = true;
	if (words->native == VNICX_VLAN_UNTAGGED) {
		__set_bit(VNICX_VID_NONE, vids);
	} else if (words->native) {
		err = vnicx_vlan_check_vid(words->native, extack);
		if (err)
			return err;
		__set_bit(words->native, vids);
		vlan->vid = words->native;
	}
	return 0;
}

/* A port sends in the secondary VLAN, a promiscuous one in the primary. It
 * receives from the VLANs of those that reach it. @vids has the secondaries.
 */
static int vnicx_vlan_make_pvlan(const struct vnicx_vlan_words *words,
				 struct vnicx_vlan *vlan, unsigned long *vids,
				 struct netlink_ext_ack *extack)
{
	unsigned int secondary = find_first_bit(vids, VLAN_N_VID);
	bool promiscuous = words->kind == VNICX_VLAN_PROMISCUOUS;

	if (!words->vid || secondary == VLAN_N_VID ||
	    test_bit(words->vid, vids)) {
		NL_SET_ERR_MSG(extack,
			       "pvlan needs a primary and a secondary VLAN that differ");
		return -EINVAL;
	}
	if (!promiscuous &&
	    find_next_bit(vids, VLAN_N_VID, secondary + 1) != VLAN_N_VID) {
		NL_SET_ERR_MSG(extack,
			       "only a promiscuous port has several secondary VLANs");
		return -EINVAL;
	}
	vlan->primary = words->vid;
	vlan->vid = promiscuous ? words->vid : secondary;
	if (words->kind == VNICX_VLAN_ISOLATED)
		__clear_bit(secondary, vids);
	__set_bit(words->vid, vids);
	return 0;
}

/**
 * vnicx_vlan_is_asked() - tell whether a request puts a vNIC into VLANs
 * @nest: the IFLA_VNICX_VLAN attribute or NULL
 *
 * Return: whether it does
 */
bool vnicx_vlan_is_asked(const struct nlattr *nest)
{
	struct vnicx_vlan_words words;

	if (!nest)
		return false;
	vnicx_vlan_parse_words(nest, &words);
	return words.kind != VNICX_VLAN_OFF;
}

/**
 * vnicx_vlan_parse() - read the VLANs of a vNIC from a request
 * @nest: the IFLA_VNICX_VLAN attribute, whose form vnicx_policy_validate()
 *	accepted
 * @vlan: gets the VLANs; zeroed
 * @vids: room for a set of VLANs, to which @vlan may point
 * @extack: gets the cause of a refusal
 *
 * Return: 0 or a negative errno
 */
int vnicx_vlan_parse(const struct nlattr *nest, struct vnicx_vlan *vlan,
		     unsigned long *vids, struct netlink_ext_ack *extack)
{
	struct vnicx_vlan_words words;
	int err;

	vnicx_vlan_parse_words(nest, &words);
	err = vnicx_vlan_check(&words, extack);
	if (err || words.kind == VNICX_VLAN_OFF)
		return err;
	if (words.kind != VNICX_VLAN_TRUNK) {
		err = vnicx_vlan_check_vid(words.vid, extack);
		if (err)
			return err;
	}
	vlan->on = true;
	vlan->proto = words.proto;
	if (words.kind == VNICX_VLAN_ACCESS) {
		vlan->vid = words.vid;
		vlan->keep = words.qos == VNICX_VLAN_QOS_KEEP;
		vlan->qos = vlan->keep ? 0 : words.qos;
		return 0;
	}
	bitmap_zero(vids, VLAN_N_VID);
	vlan->vids = vids;
	err = words.ranges ?
		      vnicx_vlan_parse_ranges(words.ranges, vids, extack) : 0;
	if (err)
		return err;
	return words.kind == VNICX_VLAN_TRUNK ?
	       vnicx_vlan_make_trunk(&words, vlan, vids, extack) :
	       vnicx_vlan_make_pvlan(&words, vlan, vids, extack);
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_vlan_parse);

/* The kind of port that has these VLANs, as vnicx_vlan_parse() made them */
static enum vnicx_vlan_kind vnicx_vlan_kind_of(const struct vnicx_vlan *vlan)
{
	if (!vlan->on)
		return VNICX_VLAN_OFF;
	if (!vlan->vids)
		return VNICX_VLAN_ACCESS;
	if (vlan->tagged)
		return VNICX_VLAN_TRUNK;
	if (vlan->vid == vlan->primary)
		return VNICX_VLAN_PROMISCUOUS;
	return test_bit(vlan->vid, vlan->vids) ? VNICX_VLAN_COMMUNITY :
						 VNICX_VLAN_ISOLATED;
}

/* Write the ranges of a set of VLANs, without the primary VLAN. Those that a
 * native VLAN or an isolated port adds or takes are there.
 */
static int vnicx_vlan_fill_ranges(struct sk_buff *skb,
				  const struct vnicx_vlan *vlan)
{
	struct vnicx_vlan_range range;
	DECLARE_BITMAP(vids, VLAN_N_VID);
	unsigned int first, last;
	struct nlattr *nla;

	bitmap_copy(vids, vlan->vids, VLAN_N_VID);
	__clear_bit(VNICX_VID_NONE, vids);
	if (vlan->primary) {
		__set_bit(vlan->vid, vids);
		__clear_bit(vlan->primary, vids);
	}
	nla = nla_reserve(skb, IFLA_VNICX_VLAN_RANGES, 0);
	if (!nla)
		return -EMSGSIZE;
	for_each_set_bitrange(first, last, vids, VLAN_N_VID) {
		range.first = first;
		range.last = last - 1;
		if (nla_append(skb, sizeof(range), &range))
			return -EMSGSIZE;
	}
	nla->nla_len = skb_tail_pointer(skb) - (u8 *)nla;
	return 0;
}

static int vnicx_vlan_fill_kind(struct sk_buff *skb,
				const struct vnicx_vlan *vlan)
{
	enum vnicx_vlan_kind kind = vnicx_vlan_kind_of(vlan);

	if (nla_put_u8(skb, IFLA_VNICX_VLAN_KIND, kind))
		return -EMSGSIZE;
	switch (kind) {
	case VNICX_VLAN_OFF:
		return 0;
	case VNICX_VLAN_ACCESS:
		return nla_put_u16(skb, IFLA_VNICX_VLAN_VID, vlan->vid) ?:
		       nla_put_be16(skb, IFLA_VNICX_VLAN_PROTO, vlan->proto) ?:
		       nla_put_u8(skb, IFLA_VNICX_VLAN_QOS, vlan->keep ?
				  VNICX_VLAN_QOS_KEEP : vlan->qos);
	case VNICX_VLAN_TRUNK:
		return nla_put_u16(skb, IFLA_VNICX_VLAN_NATIVE,
				   test_bit(VNICX_VID_NONE, vlan->vids) ?
				   VNICX_VLAN_UNTAGGED : vlan->vid) ?:
		       vnicx_vlan_fill_ranges(skb, vlan);
	default:
		return nla_put_u16(skb, IFLA_VNICX_VLAN_VID, vlan->primary) ?:
		       vnicx_vlan_fill_ranges(skb, vlan);
	}
}

/**
 * vnicx_vlan_size() - get the greatest size of what vnicx_vlan_fill() writes
 * @port: the vNIC's port
 *
 * Return: bytes
 */
size_t vnicx_vlan_size(const struct vnicx_port *port)
{
	const struct vnicx_policy *policy;
	unsigned int ranges = 0;

	rcu_read_lock();
	policy = rcu_dereference(port->policy);
	if (policy && policy->vlan.vids)
		ranges = bitmap_weight(policy->vlan.vids, VLAN_N_VID) + 1;
	rcu_read_unlock();
	ranges = min(ranges, VNICX_VLAN_RANGES_MAX);
	return nla_total_size(0) + /* IFLA_VNICX_VLAN */
	       2 * nla_total_size(sizeof(u8)) +
	       2 * nla_total_size(sizeof(u16)) +
	       nla_total_size(ranges * sizeof(struct vnicx_vlan_range));
}

/**
 * vnicx_vlan_fill() - show the VLANs of a vNIC
 * @skb: where to put them
 * @port: the vNIC's port
 *
 * Context: RTNL or RCU read side.
 * Return: 0 or -EMSGSIZE
 */
int vnicx_vlan_fill(struct sk_buff *skb, const struct vnicx_port *port)
{
	static const struct vnicx_vlan none;
	const struct vnicx_policy *policy;
	struct nlattr *nest;
	int err;

	nest = nla_nest_start(skb, IFLA_VNICX_VLAN);
	if (!nest)
		return -EMSGSIZE;
	rcu_read_lock();
	policy = rcu_dereference(port->policy);
	err = vnicx_vlan_fill_kind(skb, policy ? &policy->vlan : &none);
	rcu_read_unlock();
	if (!err)
		nla_nest_end(skb, nest);
	return err;
}
