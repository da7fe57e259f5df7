/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _COMPAT_NET_GENETLINK_H
#define _COMPAT_NET_GENETLINK_H

#include_next <net/genetlink.h>

/* In older kernels, a dump has no struct genl_info. Its attributes are what is
 * wanted of that.
 */
static inline struct nlattr **genl_dump_attrs(struct netlink_callback *cb)
{
#ifdef COMPAT_HAS_GENL_INFO_DUMP
	return genl_info_dump(cb)->attrs;
#else
	return genl_dumpit_info(cb)->attrs;
#endif
}

#endif /* _COMPAT_NET_GENETLINK_H */
