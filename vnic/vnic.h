/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the files of vnic/ offer to each other.
 */
#ifndef _VNICX_VNIC_H
#define _VNICX_VNIC_H

#include <linux/netdevice.h>
#include <linux/netlink.h>
#include <net/rtnetlink.h>
#include <vnicx/switch.h>

#define VNICX_VERSION	"0.1"

/**
 * struct vnicx_vnic - what a vNIC's net_device carries
 * @port: its port of the switch, first because frames need it
 * @lower: the lower device, referenced from ndo_init to the destructor
 * @lower_tracker: says whose that reference is
 * @filtering: its lists of addresses are to be taken over; written under its
 *	addr_list_lock
 * @derive_addr: no address was given: one is derived when the name is known
 */
struct vnicx_vnic {
	struct vnicx_port port;
	struct net_device *lower;
	netdevice_tracker lower_tracker;
	bool filtering;
	bool derive_addr;
};

/* address.c */
int vnicx_addr_derive(const u8 *lower_addr, const char *name, u32 attempt,
		      u8 *addr);
int vnicx_addr_assign(struct vnicx_switch *sw, struct net_device *dev);
int vnicx_addr_check(struct vnicx_switch *sw, const u8 *addr,
		     const struct vnicx_port *self,
		     struct netlink_ext_ack *extack);

/* ethtool.c */
extern const struct ethtool_ops vnicx_ethtool_ops;

/* filter.c */
int vnicx_filter_open(struct net_device *dev);
void vnicx_filter_stop(struct net_device *dev);
void vnicx_filter_suspend(struct net_device *dev);
void vnicx_filter_resume(struct net_device *dev);
void vnicx_set_rx_mode(struct net_device *dev);
void vnicx_change_rx_flags(struct net_device *dev, int change);
int vnicx_filter_change_addr(struct net_device *dev, const u8 *addr);

/* link.c */
extern struct rtnl_link_ops vnicx_link_ops;
int vnicx_link_create(struct net_device *dev, struct net_device *lower,
		      struct nlattr *tb[], struct netlink_ext_ack *extack);

/* lower.c */
struct vnicx_switch *vnicx_lower_switch(const struct net_device *lower);
struct vnicx_switch *vnicx_lower_get(struct net_device *lower,
				     struct netlink_ext_ack *extack);
void vnicx_lower_put(struct vnicx_switch *sw);

/* netdev.c */
extern const struct net_device_ops vnicx_netdev_ops;
void vnicx_setup(struct net_device *dev);
void vnicx_follow_lower(struct net_device *dev);

/* notify.c */
int vnicx_notify_init(void);
void vnicx_notify_exit(void);

/* params.c */
int vnicx_params_valid(void);
int vnicx_params_init(void);
void vnicx_params_exit(void);
void vnicx_params_event(const struct net_device *dev, unsigned long event);

/* stats.c */
void vnicx_stats_sum(const struct vnicx_port *port,
		     u64 sum[VNICX_NR_COUNTERS]);
void vnicx_get_stats64(struct net_device *dev, struct rtnl_link_stats64 *stats);

#endif /* _VNICX_VNIC_H */
