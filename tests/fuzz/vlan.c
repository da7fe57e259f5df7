// SPDX-License-Identifier: GPL-2.0
/*
 * The VLANs of a vNIC, and isolation.
 */
#include <arpa/inet.h>

#include "../../include/uapi/linux/if_vnicx.h"
#include "kinds.h"

#define RANGES_MOST	8

static uint16_t any_vid(void)
{
	/* few, so that vNICs meet */
	return one_in(12) ? edge() : one_in(12) ? below(4097) : 1 + below(6);
}

static void put_vlan_ranges(struct msg *m)
{
	struct vnicx_vlan_range ranges[RANGES_MOST];
	unsigned int i, n = below(RANGES_MOST + 1);

	for (i = 0; i < n; i++) {
		ranges[i].first = any_vid();
		ranges[i].last = one_in(3) ? any_vid() : ranges[i].first;
	}
	msg_put(m, IFLA_VNICX_VLAN_RANGES, ranges,
		n * sizeof(ranges[0]) + (one_in(24) ? below(4) : 0));
}

/* Attributes that go with the kind, more often than not */
void put_vlans(struct msg *m)
{
	struct nlattr *nest = msg_nest(m, IFLA_VNICX_VLAN | NLA_F_NESTED);
	unsigned int kind = one_in(16) ? below(256) :
			    one_in(2) ? VNICX_VLAN_ACCESS : below(6);
	bool mixed = one_in(8);

	msg_put_u8(m, IFLA_VNICX_VLAN_KIND, kind);
	if (mixed ? one_in(2) : kind == VNICX_VLAN_ACCESS || kind > VNICX_VLAN_TRUNK)
		msg_put_u16(m, IFLA_VNICX_VLAN_VID, any_vid());
	if (mixed ? one_in(2) : kind > VNICX_VLAN_ACCESS)
		put_vlan_ranges(m);
	if (mixed ? one_in(2) : kind == VNICX_VLAN_ACCESS && one_in(3))
		msg_put_u16(m, IFLA_VNICX_VLAN_PROTO, one_in(8) ? edge() :
			    one_in(2) ? htons(0x88a8) : htons(0x8100));
	if (mixed ? one_in(2) : kind == VNICX_VLAN_ACCESS && one_in(3))
		msg_put_u8(m, IFLA_VNICX_VLAN_QOS, below(10));
	if (mixed ? one_in(2) : kind == VNICX_VLAN_TRUNK && one_in(2))
		msg_put_u16(m, IFLA_VNICX_VLAN_NATIVE,
			    one_in(3) ? VNICX_VLAN_UNTAGGED : any_vid());
	msg_nest_end(m, nest);
}

void put_isolated(struct msg *m)
{
	msg_put_u8(m, IFLA_VNICX_ISOLATED, one_in(12) ? below(256) : below(2));
}
