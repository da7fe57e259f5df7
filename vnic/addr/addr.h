/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The addresses, groups and VLANs of vNICs, and the lower device's filters.
 */
#ifndef _VNICX_ADDR_ADDR_H
#define _VNICX_ADDR_ADDR_H

#include "../vnic.h"

/* Bound on the addresses that may be added to a vNIC, maybe by a tenant */
#define VNICX_ENTRIES_MAX	256

/**
 * struct vnicx_entry - an address that userspace added to a vNIC
 * @list: in the vNIC's list, under RTNL
 * @addr: the address
 * @vid: the VLAN in which it holds, VNICX_VID_ANY for every VLAN
 * @rank: enum vnicx_fdb_rank: whether an administrator added it
 */
struct vnicx_entry {
	struct list_head list;
	u8 addr[ETH_ALEN];
	u16 vid;
	u8 rank;
};

/* addr/mac.c */
int vnicx_addr_derive(const u8 *lower_addr, u64 vlans, const char *name,
		      u32 attempt, u8 *addr);
int vnicx_addr_assign(struct vnicx_lower *lower, struct net_device *dev);
int vnicx_addr_prepare(struct vnicx_vnic *vnic, struct vnicx_lower *lower,
		       struct net_device *dev, const struct nlattr *given,
		       struct netlink_ext_ack *extack);
void vnicx_addr_restore(struct vnicx_vnic *vnic);
enum vnicx_fdb_rank vnicx_addr_rank(const struct vnicx_vnic *vnic);
int vnicx_addr_check(struct vnicx_lower *lower, const u8 *addr, u16 vid,
		     enum vnicx_fdb_rank rank, const struct vnicx_port *self,
		     struct netlink_ext_ack *extack);

/* addr/fdb_ops.c */
int vnicx_ndo_fdb_add(struct ndmsg *ndm, struct nlattr *tb[],
		      struct net_device *dev, const unsigned char *addr,
		      u16 vid, u16 flags, bool *notified,
		      struct netlink_ext_ack *extack);
int vnicx_ndo_fdb_del(struct ndmsg *ndm, struct nlattr *tb[],
		      struct net_device *dev, const unsigned char *addr,
		      u16 vid, bool *notified, struct netlink_ext_ack *extack);
int vnicx_ndo_fdb_del_bulk(struct nlmsghdr *nlh, struct net_device *dev,
			   struct netlink_ext_ack *extack);
int vnicx_ndo_fdb_dump(struct sk_buff *skb, struct netlink_callback *cb,
		       struct net_device *dev, struct net_device *filter_dev,
		       int *idx);

/* addr/unicast.c */
void vnicx_unicast_sync(struct net_device *dev);
void vnicx_unicast_unsync(struct net_device *dev);

/* addr/groups.c */
bool vnicx_groups_sync(struct net_device *dev);

/* addr/filter.c */
int vnicx_filter_open(struct net_device *dev);
void vnicx_filter_stop(struct net_device *dev);
void vnicx_filter_suspend(struct net_device *dev);
void vnicx_filter_resume(struct net_device *dev);
void vnicx_set_rx_mode(struct net_device *dev);
void vnicx_filter_trust(struct net_device *dev, bool locked);
void vnicx_filter_set_max_groups(struct net_device *dev, u32 max_groups);
int vnicx_filter_change_addr(struct net_device *dev, const u8 *addr);

/* addr/flags.c */
unsigned int vnicx_flags_wanted(const struct vnicx_vnic *vnic);
int vnicx_flags_set(struct vnicx_vnic *vnic, unsigned int flags);
void vnicx_flags_set_later(void);
void vnicx_flags_exit(void);
int vnicx_flags_set_nopromisc(struct net_device *dev, bool nopromisc);
void vnicx_change_rx_flags(struct net_device *dev, int change);

/* addr/vids.c */
int vnicx_vids_check(const struct net_device *lower,
		     const struct vnicx_vlan *vlan,
		     struct netlink_ext_ack *extack);
int vnicx_vids_add(struct net_device *lower, const struct vnicx_vlan *vlan,
		   struct netlink_ext_ack *extack);
void vnicx_vids_del(struct net_device *lower, const struct vnicx_vlan *vlan);
bool vnicx_vids_follows_upper(const struct vnicx_vnic *vnic);
int vnicx_vids_add_upper(const struct vnicx_vnic *vnic,
			 struct netlink_ext_ack *extack);
void vnicx_vids_del_upper(const struct vnicx_vnic *vnic);
int vnicx_vids_check_upper(const struct vnicx_vnic *vnic,
			   struct netdev_notifier_changeupper_info *info);
void vnicx_vids_warn(const struct vnicx_lower *lower,
		     const struct netdev_notifier_changeupper_info *info);

/* addr/entry.c */
int vnicx_entry_check(struct vnicx_vnic *vnic, const u8 *addr, u16 vid,
		      struct netlink_ext_ack *extack);
struct vnicx_entry *vnicx_entry_find(const struct vnicx_vnic *vnic,
				     const u8 *addr, u16 vid);
int vnicx_entry_add(struct vnicx_vnic *vnic, const u8 *addr, u16 vid);
void vnicx_entry_del(struct vnicx_vnic *vnic, struct vnicx_entry *entry);
int vnicx_entries_open(struct net_device *dev);
void vnicx_entries_stop(struct net_device *dev);
void vnicx_entries_moved(struct net_device *dev);
void vnicx_entries_free(struct net_device *dev);

/* addr/l2fwd.c */
int vnicx_l2fwd_open(struct vnicx_vnic *vnic);
void vnicx_l2fwd_stop(struct vnicx_vnic *vnic);
void vnicx_l2fwd_change_addr(struct vnicx_vnic *vnic, const u8 *addr);
void vnicx_l2fwd_update(struct vnicx_lower *lower);

#endif /* _VNICX_ADDR_ADDR_H */
