/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _COMPAT_LINUX_RTNETLINK_H
#define _COMPAT_LINUX_RTNETLINK_H

#include_next <linux/rtnetlink.h>

/* In older kernels, the cursor of a dump is args[2] of the callback, which
 * shares its place with this context.
 */
#ifndef COMPAT_HAS_NDO_FDB_DUMP_CONTEXT
struct ndo_fdb_dump_context {
	unsigned long args[2];
	unsigned long fdb_idx;
};
#endif

#endif /* _COMPAT_LINUX_RTNETLINK_H */
