/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The VLANs of a port, inline for the data path.
 *
 * A VLAN has a key: the EtherType of its tag in the upper 16 bits, the VID in
 * the lower ones; 0 for frames in no VLAN.
 */
#ifndef _VNICX_POLICY_VLAN_H
#define _VNICX_POLICY_VLAN_H

#include <linux/if_vlan.h>
#include <vnicx/policy.h>

#include "../classify.h"

/* Bits of a tag that make a key */
#define VNICX_VLAN_KEY		(0xffff0000 | VLAN_VID_MASK)
/* A key that no frame has */
#define VNICX_VLAN_NOWHERE	U32_MAX

/**
 * vnicx_vlan_tag() - put a VLAN tag's two halves into one word
 * @proto: ETH_P_8021Q or ETH_P_8021AD
 * @tci: tag control information
 *
 * Return: the tag; with VNICX_VLAN_KEY only, the key of its VLAN
 */
static inline u32 vnicx_vlan_tag(__be16 proto, u16 tci)
{
	return (u32)ntohs(proto) << 16 | tci;
}

/**
 * union vnicx_vlan_raw - a tag as a frame has it in its metadata
 * @proto: EtherType
 * @tci: tag control information
 * @word: both, for one load or comparison
 */
union vnicx_vlan_raw {
	struct {
		__be16 proto;
		u16 tci;
	};
	u32 word;
};

static_assert(offsetof(struct sk_buff, vlan_tci) ==
	      offsetof(struct sk_buff, vlan_proto) + sizeof(__be16) &&
	      offsetof(struct sk_buff, vlan_proto) % sizeof(u32) == 0);

/**
 * vnicx_vlan_raw() - get a tag as a frame has it in its metadata
 * @tag: the tag, as vnicx_vlan_tag() makes it
 *
 * Return: the word of &union vnicx_vlan_raw. That of VNICX_VLAN_NOWHERE is no frame's: none
 * has protocol 0xffff in its metadata
 */
static inline u32 vnicx_vlan_raw(u32 tag)
{
	union vnicx_vlan_raw raw = {
		.proto = htons(tag >> 16),
		.tci = tag & 0xffff,
	};

	return raw.word;
}

/**
 * vnicx_vlan_matches() - tell whether a frame's tag is of a VLAN
 * @skb: the frame
 * @word: vnicx_vlan_raw() of the VLAN's key
 *
 * Return: whether it is, and in the metadata
 */
static __always_inline bool vnicx_vlan_matches(const struct sk_buff *skb,
					       u32 word)
{
	const u32 *tag = (__force const u32 *)&skb->vlan_proto;

	return skb_vlan_tag_present(skb) &&
	       !((*tag ^ word) & vnicx_vlan_raw(VNICX_VLAN_KEY));
}

/**
 * vnicx_vlan_put() - give a frame a tag in its metadata
 * @skb: the frame, which has none there
 * @word: vnicx_vlan_raw() of the tag
 */
static __always_inline void vnicx_vlan_put(struct sk_buff *skb, u32 word)
{
	const union vnicx_vlan_raw raw = { .word = word };

	__vlan_hwaccel_put_tag(skb, raw.proto, raw.tci);
}

/**
 * vnicx_vlan_key() - find the VLAN of a frame
 * @skb: the frame, its MAC header set
 * @vid: its VID, VNICX_VID_NONE for none
 *
 * Return: the key
 */
static inline u32 vnicx_vlan_key(const struct sk_buff *skb, u16 vid)
{
	if (vid == VNICX_VID_NONE)
		return 0;
	return vnicx_vlan_tag(skb_vlan_tag_present(skb) ? skb->vlan_proto :
			      eth_hdr(skb)->h_proto, vid);
}

/**
 * vnicx_vlan_has() - tell whether a policy lets a port receive from a VLAN
 * @vlan: the VLANs of the port
 * @key: the key of the VLAN
 *
 * Return: whether it does
 */
static __always_inline bool vnicx_vlan_has(const struct vnicx_vlan *vlan, u32 key)
{
	if (!vlan->vids)
		return key == vlan->key;
	return key >> 16 != ETH_P_8021AD &&
	       test_bit(key & VLAN_VID_MASK, vlan->vids);
}

/**
 * vnicx_vlan_is_member() - tell whether a port receives from a VLAN
 * @port: a port with VNICX_ROLE_VLAN
 * @key: the key of the VLAN
 *
 * Context: RCU read side.
 * Return: whether it does
 */
static inline bool vnicx_vlan_is_member(const struct vnicx_port *port, u32 key)
{
	const struct vnicx_policy *policy = rcu_dereference(port->policy);

	return !policy || !policy->vlan.on || vnicx_vlan_has(&policy->vlan, key);
}

/**
 * vnicx_vlan_sends_in() - tell whether a port's untagged frames are in a VLAN
 * @port: the port
 * @key: the key of the VLAN
 *
 * Context: RCU read side.
 * Return: whether they are; an isolated port need not receive from it
 */
static inline bool vnicx_vlan_sends_in(const struct vnicx_port *port, u32 key)
{
	const struct vnicx_policy *policy = rcu_dereference(port->policy);

	return policy && policy->vlan.on && policy->vlan.key == key;
}

/**
 * vnicx_vlan_is_one() - tell whether all of a port's frames are in one network
 * @port: the port
 *
 * An access port has one VLAN. A port of a private VLAN sends in one and receives from
 * others, which are parts of one network.
 *
 * Context: RCU read side.
 * Return: whether they are
 */
static inline bool vnicx_vlan_is_one(const struct vnicx_port *port)
{
	const struct vnicx_policy *policy = rcu_dereference(port->policy);

	return policy && policy->vlan.on && !policy->vlan.tagged;
}

/**
 * vnicx_vlan_primary() - find a VLAN from which all of a port's network receive
 * @port: the port
 * @key: the key of the VLAN in which it sends
 *
 * An isolated port receives from the primary VLAN only, and what isolated ports of one
 * private VLAN send may be in several.
 *
 * Context: RCU read side.
 * Return: the key of its primary VLAN, for a port of a private VLAN; else @key
 */
static inline u32 vnicx_vlan_primary(const struct vnicx_port *port, u32 key)
{
	const struct vnicx_policy *policy = rcu_dereference(port->policy);
	u16 vid = policy ? vnicx_vlan_private(&policy->vlan) : 0;

	return vid ? vnicx_vlan_tag(policy->vlan.proto, vid) : key;
}

/**
 * vnicx_vlan_take() - take the tag of a port's only VLAN off a frame
 * @skb: the frame, which is in the VLAN: the scope has asked that, and a port
 *	whose VLAN has changed since was in the frame's when it asked
 *
 * Return: whether the frame had its tag in the metadata
 */
static inline bool vnicx_vlan_take(struct sk_buff *skb)
{
	if (unlikely(!skb_vlan_tag_present(skb)))
		return false;
	/* Else the byte with the bit is kept meanwhile: two instructions more. */
	barrier();
	__vlan_hwaccel_clear_tag(skb);
	return true;
}

void vnicx_vlan_init(struct vnicx_vlan *vlan);
u8 vnicx_vlan_checks(const struct vnicx_vlan *vlan);
struct sk_buff *vnicx_vlan_in(const struct vnicx_vlan *vlan,
			      struct sk_buff *skb, u32 *push);
struct sk_buff *vnicx_vlan_push(struct sk_buff *skb, u32 push);
struct sk_buff *vnicx_vlan_out(const struct vnicx_vlan *vlan,
			       struct sk_buff *skb);

#endif /* _VNICX_POLICY_VLAN_H */
