/* SPDX-License-Identifier: GPL-2.0 */
/* Older kernels have the contents of this header in linux/netdevice.h. */
#ifndef _COMPAT_NET_NETDEV_LOCK_H
#define _COMPAT_NET_NETDEV_LOCK_H

#include <linux/netdevice.h>

#ifdef COMPAT_HAS_NETDEV_LOCK_H
#include_next <net/netdev_lock.h>
#endif

#endif /* _COMPAT_NET_NETDEV_LOCK_H */
