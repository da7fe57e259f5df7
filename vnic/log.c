// SPDX-License-Identifier: GPL-2.0
/*
 * Limits on the messages that users can cause: in a loop, they would fill the kernel's
 * log. They are not net_ratelimit(), because these users would silence the rest of the
 * network stack with that.
 *
 * There is one for what tenants cause, and for what any user causes with a lower device of
 * its own. So they silence each other, and nothing that the machine's administrator is
 * told of its own switches.
 */
#include <linux/netdevice.h>
#include <linux/ratelimit.h>

#include "vnic.h"

/* 10 lines in 5 seconds each */
static DEFINE_RATELIMIT_STATE(vnicx_log_own, DEFAULT_RATELIMIT_INTERVAL,
			      DEFAULT_RATELIMIT_BURST);
static DEFINE_RATELIMIT_STATE(vnicx_log_tenants, DEFAULT_RATELIMIT_INTERVAL,
			      DEFAULT_RATELIMIT_BURST);

/**
 * vnicx_log_allows() - tell whether a message about a device may be logged
 * @dev: the device, a vNIC or a lower device
 * @tenants: a tenant can cause the message, on whatever switch
 *
 * Context: any but hard interrupts.
 * Return: false after too many
 */
bool vnicx_log_allows(const struct net_device *dev, bool tenants)
{
	const struct net_device *lower = dev;

	if (dev->netdev_ops == &vnicx_netdev_ops)
		lower = ((const struct vnicx_vnic *)netdev_priv(dev))->lower;
	return __ratelimit(tenants || !net_eq(dev_net(lower), &init_net) ?
			   &vnicx_log_tenants : &vnicx_log_own);
}
