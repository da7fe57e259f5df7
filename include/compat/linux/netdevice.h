/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _COMPAT_LINUX_NETDEVICE_H
#define _COMPAT_LINUX_NETDEVICE_H

#include_next <linux/netdevice.h>

/* Lockless transmission was a feature before it was a bit of its own. */
static inline void netdev_set_lltx(struct net_device *dev)
{
#ifdef COMPAT_HAS_NETDEV_LLTX
	dev->lltx = true;
#else
	dev->features |= NETIF_F_LLTX;
#endif
}

/* So was the permission to set protodown. */
static inline void netdev_set_change_proto_down(struct net_device *dev)
{
#ifdef COMPAT_HAS_NETDEV_CHANGE_PROTO_DOWN
	dev->change_proto_down = true;
#else
	dev->priv_flags |= IFF_CHANGE_PROTO_DOWN;
#endif
}

#endif /* _COMPAT_LINUX_NETDEVICE_H */
