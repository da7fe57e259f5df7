/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _COMPAT_LINUX_ETHTOOL_H
#define _COMPAT_LINUX_ETHTOOL_H

#include_next <linux/ethtool.h>

/* In older kernels, userspace's structure is the kernel's as well. */
#ifndef COMPAT_HAS_KERNEL_ETHTOOL_TS_INFO
#define kernel_ethtool_ts_info	ethtool_ts_info
#endif

#ifndef COMPAT_HAS_ETHTOOL_GET_TS_INFO_BY_LAYER

#include <linux/net_tstamp.h>
#include <linux/phy.h>

static inline int
ethtool_get_ts_info_by_layer(struct net_device *dev,
			     struct kernel_ethtool_ts_info *info)
{
	if (phy_has_tsinfo(dev->phydev))
		return phy_ts_info(dev->phydev, info);
	if (dev->ethtool_ops->get_ts_info)
		return dev->ethtool_ops->get_ts_info(dev, info);

	info->so_timestamping = SOF_TIMESTAMPING_RX_SOFTWARE |
				SOF_TIMESTAMPING_SOFTWARE;
	info->phc_index = -1;
	return 0;
}

#endif

#endif /* _COMPAT_LINUX_ETHTOOL_H */
