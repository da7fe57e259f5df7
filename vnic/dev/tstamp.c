// SPDX-License-Identifier: GPL-2.0
/*
 * Timestamps from the lower device's clock. All vNICs and the lower device
 * share that clock and its configuration, as they share the wire.
 */
#include <linux/ethtool.h>
#include <linux/net_tstamp.h>

#include "../vnic.h"

/**
 * vnicx_hwtstamp_get() - show which frames the lower device timestamps
 * @dev: the vNIC
 * @config: where to put the configuration
 *
 * Implements ndo_hwtstamp_get.
 *
 * Context: may sleep. RTNL.
 * Return: 0 or a negative errno of the lower device
 */
int vnicx_hwtstamp_get(struct net_device *dev,
		       struct kernel_hwtstamp_config *config)
{
	struct vnicx_vnic *vnic = netdev_priv(dev);

	return generic_hwtstamp_get_lower(vnic->lower, config);
}

/**
 * vnicx_hwtstamp_set() - choose which frames the lower device timestamps
 * @dev: the vNIC
 * @config: the choice; becomes the configuration that the lower device made of
 *	it
 * @extack: gets the cause of a refusal
 *
 * Implements ndo_hwtstamp_set. The choice holds for all users of the lower
 * device, so a vNIC in a container cannot make it.
 *
 * Context: may sleep. RTNL.
 * Return: 0, -EOPNOTSUPP outside the initial namespace, or another errno of
 * the lower device
 */
int vnicx_hwtstamp_set(struct net_device *dev,
		       struct kernel_hwtstamp_config *config,
		       struct netlink_ext_ack *extack)
{
	struct vnicx_vnic *vnic = netdev_priv(dev);

	if (!net_eq(dev_net(dev), &init_net)) {
		NL_SET_ERR_MSG(extack, "timestamping is set from the initial namespace only");
		return -EOPNOTSUPP;
	}
	return generic_hwtstamp_set_lower(vnic->lower, config, extack);
}

/**
 * vnicx_get_ts_info() - show which timestamps the lower device can take
 * @dev: the vNIC
 * @info: where to put that, including the index of the lower device's clock
 *
 * Implements get_ts_info of ethtool.
 *
 * Context: may sleep. RTNL.
 * Return: 0 or a negative errno of the lower device
 */
int vnicx_get_ts_info(struct net_device *dev,
		      struct kernel_ethtool_ts_info *info)
{
	struct vnicx_vnic *vnic = netdev_priv(dev);

	return ethtool_get_ts_info_by_layer(vnic->lower, info);
}
