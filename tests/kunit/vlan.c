// SPDX-License-Identifier: GPL-2.0
/*
 * VLANs of vNICs and frames with tags: how they are made, and looked at.
 */
#include <linux/bitmap.h>
#include <linux/rtnetlink.h>

#include "vlan.h"

/**
 * vnicx_test_policy() - give a vNIC a policy
 * @test: the test
 * @i: the vNIC's number
 * @policy: the policy, or NULL
 */
void vnicx_test_policy(struct kunit *test, unsigned int i,
		       const struct vnicx_policy *policy)
{
	struct vnicx_test_net *net = test->priv;
	int err;

	rtnl_lock();
	err = vnicx_policy_set(&net->vnic[i]->port, policy);
	rtnl_unlock();
	KUNIT_ASSERT_EQ(test, err, 0);
}

/**
 * vnicx_test_access() - make a vNIC a member of one VLAN
 * @test: the test
 * @i: the vNIC's number
 * @proto: Q or AD
 * @vid: the VLAN
 */
void vnicx_test_access(struct kunit *test, unsigned int i, u16 proto, u16 vid)
{
	struct vnicx_policy policy = {
		.vlan.on = true,
		.vlan.proto = htons(proto),
		.vlan.vid = vid,
	};

	vnicx_test_policy(test, i, &policy);
}

/**
 * vnicx_test_trunk() - make a vNIC a trunk of VLANs 20 and 30
 * @test: the test
 * @i: the vNIC's number
 * @native: the VLAN of frames without a tag, 0 for none, or NATIVE_UNTAGGED
 */
void vnicx_test_trunk(struct kunit *test, unsigned int i, u16 native)
{
	DECLARE_BITMAP(vids, VLAN_N_VID) = {};
	struct vnicx_policy policy = {
		.vlan.on = true,
		.vlan.tagged = true,
		.vlan.proto = htons(Q),
		.vlan.vid = native % VLAN_N_VID,
		.vlan.vids = vids,
	};

	__set_bit(20, vids);
	__set_bit(30, vids);
	if (native)
		__set_bit(native % VLAN_N_VID, vids);
	vnicx_test_policy(test, i, &policy);
}

/**
 * vnicx_test_take_offloads() - have the lower device take super-frames, and tags
 *	in the metadata
 * @net: the net
 */
void vnicx_test_take_offloads(struct vnicx_test_net *net)
{
	net->lower->vlan_features |= NETIF_F_SG | NETIF_F_HW_CSUM | NETIF_F_TSO;
	net->lower->features |= net->lower->vlan_features |
				NETIF_F_HW_VLAN_CTAG_TX;
}

/**
 * vnicx_test_tag() - put a tag into a frame's metadata
 * @skb: the frame
 * @proto: Q or AD
 * @tci: priority and VID
 *
 * Return: @skb
 */
struct sk_buff *vnicx_test_tag(struct sk_buff *skb, u16 proto, u16 tci)
{
	__vlan_hwaccel_put_tag(skb, htons(proto), tci);
	return skb;
}

/**
 * vnicx_test_tag_data() - put a tag into a frame's data, before those that it has
 * @skb: the frame, in transmit form
 * @proto: Q or AD
 * @tci: priority and VID
 *
 * Return: @skb
 */
struct sk_buff *vnicx_test_tag_data(struct sk_buff *skb, u16 proto, u16 tci)
{
	struct vlan_ethhdr *veth;

	veth = skb_push(skb, VLAN_HLEN);
	memmove(veth, skb->data + VLAN_HLEN, 2 * ETH_ALEN);
	veth->h_vlan_proto = htons(proto);
	veth->h_vlan_TCI = htons(tci);
	skb->protocol = htons(proto);
	return skb;
}

/**
 * vnicx_test_tag_of() - get the tag in a frame's metadata
 * @skb: the frame
 *
 * Return: TAG(), 0 for none
 */
u32 vnicx_test_tag_of(const struct sk_buff *skb)
{
	return skb_vlan_tag_present(skb) ?
	       TAG(ntohs(skb->vlan_proto), skb_vlan_tag_get(skb)) : 0;
}

/**
 * vnicx_test_send_to() - have a vNIC send a frame without a tag to another
 * @test: the test
 * @from: the sender's number
 * @to: the receiver's
 */
void vnicx_test_send_to(struct kunit *test, unsigned int from, unsigned int to)
{
	vnicx_test_send(test->priv, from, vnicx_test_frame_to(test, to, from, LEN));
}

/**
 * vnicx_test_cause() - get how many frames a vNIC's policy dropped for a cause
 * @test: the test
 * @i: the vNIC's number
 * @cause: the cause
 *
 * Return: the number
 */
long vnicx_test_cause(struct kunit *test, unsigned int i, enum vnicx_cause cause)
{
	struct vnicx_test_net *net = test->priv;

	return atomic_long_read(&net->vnic[i]->port.causes[cause]);
}

/**
 * vnicx_test_expect_untagged() - expect that a frame has no tag, and that nothing
 *	in its data tells that it had one
 * @test: the test
 * @skb: the frame, in receive form
 * @dest: the number in its destination address
 * @src: the number in its source address
 */
void vnicx_test_expect_untagged(struct kunit *test, const struct sk_buff *skb,
				unsigned int dest, unsigned int src)
{
	struct sk_buff *sent = vnicx_test_frame_to(test, dest, src, LEN);

	KUNIT_EXPECT_EQ(test, vnicx_test_tag_of(skb), 0);
	KUNIT_EXPECT_EQ(test, ntohs(skb->protocol), VNICX_TEST_PROTO);
	KUNIT_EXPECT_EQ(test, skb->len, LEN);
	KUNIT_EXPECT_EQ(test, skb_mac_offset(skb), -ETH_HLEN);
	KUNIT_EXPECT_MEMEQ(test, skb_mac_header(skb), sent->data, sent->len);
	kfree_skb(sent);
}
