/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _COMPAT_LINUX_RTNETLINK_H
#define _COMPAT_LINUX_RTNETLINK_H

#include_next <linux/rtnetlink.h>

/* The cursor of a dump used to be the third of the callback's arguments, which
 * share their place with its context.
 */
#ifndef COMPAT_HAS_NDO_FDB_DUMP_CONTEXT
struct ndo_fdb_dump_context {
	unsigned long args[2];
	unsigned long fdb_idx;
};
#endif

#endif /* _COMPAT_LINUX_RTNETLINK_H */
