// SPDX-License-Identifier: GPL-2.0
/*
 * The attributes of the guards: as they should be, and as they should not.
 */
#include "../../include/uapi/linux/if_vnicx.h"
#include "kinds.h"

/* Of all attributes for guards but the list, one */
void put_guard(struct msg *m)
{
	static const int guards[] = {
		IFLA_VNICX_RESTRICTED, IFLA_VNICX_RAGUARD, IFLA_VNICX_DHCPGUARD,
		IFLA_VNICX_DHCP_BLOCK, IFLA_VNICX_IPGUARD, IFLA_VNICX_IPGUARD_IN,
		IFLA_VNICX_DHCP_TRUST,
	};

	if (one_in(3))
		msg_put_u8(m, IFLA_VNICX_IPGUARD, VNICX_IPGUARD_DHCP);
	else
		msg_put_u8(m, PICK(guards), one_in(12) ? below(256) : below(2));
}

/* Few bits, so that prefixes meet, seldom with bits beyond them */
static void put_prefix(struct msg *m)
{
	int v6 = one_in(2), size = v6 ? 16 : 4;
	uint8_t bytes[17] = { v6 ? 0x20 : 192 };
	struct nlattr *nest;

	bytes[size - 1] = below(32);
	if (one_in(24))
		random_bytes(bytes, sizeof(bytes));
	nest = msg_nest(m, (one_in(64) ? below(16) : IFLA_VNICX_ALLOWED_ENTRY) | NLA_F_NESTED);
	msg_put(m, one_in(64) ? below(16) : IFLA_VNICX_PREFIX_ADDRESS, bytes,
		one_in(64) ? below(18) : (unsigned int)size);
	if (one_in(2))
		msg_put_u8(m, IFLA_VNICX_PREFIX_LEN,
			   one_in(32) ? edge() : one_in(4) ? 8 * below(size + 1) : 8u * size);
	msg_nest_end(m, nest);
}

void put_allowed(struct msg *m)
{
	struct nlattr *nest = msg_nest(m, IFLA_VNICX_ALLOWED | NLA_F_NESTED);
	unsigned int most = role_now == ROLE_NOMEM ? 100 : 300;
	unsigned int n = one_in(16) ? below(most) : below(4);

	while (n--)
		put_prefix(m);
	msg_nest_end(m, nest);
}

void put_allowed_op(struct msg *m)
{
	msg_put_u32(m, IFLA_VNICX_ALLOWED_OP, one_in(12) ? edge() : below(4));
}

void put_max_leases(struct msg *m)
{
	msg_put_u32(m, IFLA_VNICX_MAX_LEASES, one_in(6) ? edge() : below(66));
}
