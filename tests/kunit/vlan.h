/* SPDX-License-Identifier: GPL-2.0 */
/*
 * VLANs of the vNICs in net.h, and frames with tags. The test's private data is
 * the net.
 */
#ifndef _VNICX_KUNIT_VLAN_H
#define _VNICX_KUNIT_VLAN_H

#include <linux/if_ether.h>
#include <linux/if_vlan.h>

#include "net.h"

/* The payload of most frames */
#define LEN	100

#define Q	ETH_P_8021Q
#define AD	ETH_P_8021AD

/* As vnicx_test_tag_of() has it */
#define TAG(proto, tci)	((u32)(proto) << 16 | (tci))

/* For vnicx_test_trunk(): frames without a tag are in no VLAN, and pass. */
#define NATIVE_UNTAGGED	VLAN_N_VID

void vnicx_test_policy(struct kunit *test, unsigned int i,
		       const struct vnicx_policy *policy);
void vnicx_test_access(struct kunit *test, unsigned int i, u16 proto, u16 vid);
void vnicx_test_trunk(struct kunit *test, unsigned int i, u16 native);
void vnicx_test_take_offloads(struct vnicx_test_net *net);

struct sk_buff *vnicx_test_tag(struct sk_buff *skb, u16 proto, u16 tci);
struct sk_buff *vnicx_test_tag_data(struct sk_buff *skb, u16 proto, u16 tci);
u32 vnicx_test_tag_of(const struct sk_buff *skb);

void vnicx_test_send_to(struct kunit *test, unsigned int from, unsigned int to);
long vnicx_test_cause(struct kunit *test, unsigned int i, enum vnicx_cause cause);
void vnicx_test_expect_untagged(struct kunit *test, const struct sk_buff *skb,
				unsigned int dest, unsigned int src);

#endif /* _VNICX_KUNIT_VLAN_H */
