/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _COMPAT_NET_HOTDATA_H
#define _COMPAT_NET_HOTDATA_H

#include <linux/netdevice.h>

/* Bound on the frames that wait for a CPU's softirq,
 * net.core.netdev_max_backlog
 */
#ifdef COMPAT_HAS_NET_HOTDATA_MAX_BACKLOG
#include_next <net/hotdata.h>
#define compat_max_backlog()	READ_ONCE(net_hotdata.max_backlog)
#else
#define compat_max_backlog()	READ_ONCE(netdev_max_backlog)
#endif

#endif /* _COMPAT_NET_HOTDATA_H */
