/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _COMPAT_LINUX_NET_TSTAMP_H
#define _COMPAT_LINUX_NET_TSTAMP_H

#ifdef COMPAT_HAS_NDO_HWTSTAMP

#include_next <linux/net_tstamp.h>

#else

#include <linux/netdevice.h>
#include <linux/sockios.h>
#include <uapi/linux/net_tstamp.h>

/* Older kernels have no structure of their own: the ioctl is passed on. */
struct kernel_hwtstamp_config {
	struct ifreq *ifr;
};

static inline int compat_hwtstamp_lower(struct net_device *lower,
					struct kernel_hwtstamp_config *config,
					int cmd)
{
	const struct net_device_ops *ops = lower->netdev_ops;
	struct ifreq ifr = { .ifr_ifru = config->ifr->ifr_ifru };
	int err;

	if (!netif_device_present(lower))
		return -ENODEV;
	if (!ops->ndo_eth_ioctl)
		return -EOPNOTSUPP;

	strscpy(ifr.ifr_name, lower->name, IFNAMSIZ);
	err = ops->ndo_eth_ioctl(lower, &ifr, cmd);
	if (!err)
		config->ifr->ifr_ifru = ifr.ifr_ifru;
	return err;
}

static inline int
generic_hwtstamp_get_lower(struct net_device *lower,
			   struct kernel_hwtstamp_config *config)
{
	return compat_hwtstamp_lower(lower, config, SIOCGHWTSTAMP);
}

static inline int
generic_hwtstamp_set_lower(struct net_device *lower,
			   struct kernel_hwtstamp_config *config,
			   struct netlink_ext_ack *extack)
{
	return compat_hwtstamp_lower(lower, config, SIOCSHWTSTAMP);
}

#endif

#endif /* _COMPAT_LINUX_NET_TSTAMP_H */
