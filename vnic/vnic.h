/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Declarations that the files of vnic/ share.
 */
#ifndef _VNICX_VNIC_H
#define _VNICX_VNIC_H

#include <linux/ethtool.h>
#include <linux/if_macvlan.h>
#include <linux/list.h>
#include <linux/net_tstamp.h>
#include <linux/netdevice.h>
#include <linux/netfilter.h>
#include <linux/netlink.h>
#include <linux/ratelimit.h>
#include <net/rtnetlink.h>
#include <vnicx/switch.h>

#include "nl/config.h"

#define VNICX_VERSION	"0.2"

struct vnicx_xdp;
struct vnicx_xsk;

/**
 * enum vnicx_xdp_counter - what became of a frame by XDP
 * @VNICX_XDP_DROP: the program dropped it, or did not say what to do with it
 * @VNICX_XDP_TX: the program had the vNIC send it
 * @VNICX_XDP_TX_ERROR: that failed, or the vNIC's policy did not allow it
 * @VNICX_XDP_REDIRECT: the program redirected it
 * @VNICX_XDP_REDIRECT_ERROR: that failed
 * @VNICX_XSK_RX: the program found it in the memory of a zero-copy socket
 * @VNICX_XSK_RX_ERROR: the socket had given no memory, or too little
 * @VNICX_NR_XDP_RUN: number of counters of the program's round, which come first
 * @VNICX_XDP_OVERFLOW: it found no room before the program
 * @VNICX_XDP_XMIT: another device's program had the vNIC send it
 * @VNICX_XDP_XMIT_ERROR: that failed, or the vNIC's policy did not allow it
 * @VNICX_XSK_TX: a zero-copy socket had the vNIC send it
 * @VNICX_XSK_TX_ERROR: that failed, or the vNIC's policy did not allow it
 * @VNICX_XSK_DIRECT: it went from such a socket to another one without an skb
 * @VNICX_NR_XDP: number of counters
 */
enum vnicx_xdp_counter {
	VNICX_XDP_DROP,
	VNICX_XDP_TX,
	VNICX_XDP_TX_ERROR,
	VNICX_XDP_REDIRECT,
	VNICX_XDP_REDIRECT_ERROR,
	VNICX_XSK_RX,
	VNICX_XSK_RX_ERROR,
	VNICX_NR_XDP_RUN,
	VNICX_XDP_OVERFLOW = VNICX_NR_XDP_RUN,
	VNICX_XDP_XMIT,
	VNICX_XDP_XMIT_ERROR,
	VNICX_XSK_TX,
	VNICX_XSK_TX_ERROR,
	VNICX_XSK_DIRECT,
	VNICX_NR_XDP,
};

/**
 * struct vnicx_vnic - the private area of a vNIC's net_device
 * @station: by this, drivers with L2 forwarding offload know a vNIC, see
 *	addr/l2fwd.c; first, because they look there
 * @port: its port of the switch
 * @lower: the lower device, referenced from ndo_init to the destructor
 * @lower_tracker: tracks that reference
 * @filtering: the switch and the lower device take over its lists of addresses;
 *	written under its addr_list_lock
 * @nr_claims: number of unicast addresses on its list that are taken over,
 *	under its addr_list_lock
 * @addrs_refused: number of those that are not; written under its
 *	addr_list_lock
 * @groups_refused: number of groups on its list that are not taken over;
 *	written under its addr_list_lock
 * @derive_addr: no address was given: derive one when the name is known
 * @lower_addr: in passthru mode, the address to give back to the lower device:
 *	the last one that did not come from this vNIC; under RTNL
 * @changes_lower: this vNIC is changing the lower device's address; under RTNL
 * @options: its options; written under RTNL
 * @trusted: what holds of the option trust; written under RTNL
 * @allmulti: receives every group, also without trust, because the administrator
 *	said so; written under RTNL
 * @lower_flags: of IFF_ALLMULTI and IFF_PROMISC, those that it made the lower
 *	device have; under RTNL
 * @mirror: the mirror's device, or NULL; see mirror.c
 * @mirror_tracker: tracks the reference to it
 * @mirrored: entry in the list of vNICs that have a mirror
 * @bpf_tx: the program for frames that it sends, or NULL
 * @bpf_rx: the program for frames that it receives, or NULL
 * @bpf_tx_id: number of @bpf_tx
 * @bpf_rx_id: number of @bpf_rx
 * @entries: addresses that userspace added, see addr/entry.c; under RTNL
 * @nr_entries: number of entries in @entries
 * @xdp_prog: its XDP program, or NULL; written under RTNL, readers RCU
 * @xdp: the queues before the program, or NULL; set while the vNIC has one and is
 *	up, under RTNL, see xdp/queue.c
 * @xsk: its zero-copy AF_XDP sockets, or NULL; made by the first one, under RTNL,
 *	see xdp/xsk.c
 * @xdp_count: frames of XDP, by what became of them
 * @netpoll: transmits frames that cannot wait by the lower device; written
 *	under RTNL
 */
struct vnicx_vnic {
	struct macvlan_dev station;
	struct vnicx_port port;
	struct net_device *lower;
	netdevice_tracker lower_tracker;
	bool filtering;
	u32 nr_claims;
	u32 addrs_refused;
	u32 groups_refused;
	bool derive_addr;
	u8 lower_addr[ETH_ALEN];
	bool changes_lower;

	struct vnicx_vnic_options options;
	bool trusted;
	bool allmulti;
	unsigned int lower_flags;
	struct net_device *mirror;
	netdevice_tracker mirror_tracker;
	struct list_head mirrored;
	struct bpf_prog *bpf_tx;
	struct bpf_prog *bpf_rx;
	u32 bpf_tx_id;
	u32 bpf_rx_id;

	struct list_head entries;
	u32 nr_entries;
	struct bpf_prog __rcu *xdp_prog;
	struct vnicx_xdp *xdp;
	struct vnicx_xsk *xsk;
	atomic_long_t xdp_count[VNICX_NR_XDP];
	struct netpoll __rcu *netpoll;
};

/**
 * struct vnicx_lower - a lower device, as long as there are vNICs over it
 * @list: entry in the list of all of them, in the order of @id, under RTNL
 * @id: never used again
 * @dev: the device
 * @sw: its switch
 * @egress: the hook where the host's frames leave the device
 * @users: reference count, under RTNL
 * @host_wanted: whether the host is to be on the switch, under RTNL
 * @neigh_suppress: as the switch has it, under RTNL
 */
struct vnicx_lower {
	struct list_head list;
	u32 id;
	struct net_device *dev;
	struct vnicx_switch *sw;
	struct nf_hook_ops egress;
	u32 users;
	bool host_wanted;
	bool neigh_suppress;
};

/* Bounds on the groups of a vNIC, and on its unicast addresses beside its own,
 * that the switch and the lower device take over. Any user with a socket in a
 * container may join groups. The kernel's bridge has 4,096 groups for all of
 * its ports, and the filters of lower devices have some hundred entries.
 */
#define VNICX_GROUPS_MAX	1024
#define VNICX_CLAIMS_MAX	256

/* Limits the messages that users can cause: in a loop, they would fill the
 * kernel's log. It is not net_ratelimit(), because these users would silence
 * the rest of the network stack with that.
 */
extern struct ratelimit_state vnicx_ratelimit;

/* Log a message about a device, unless there were too many. */
#define vnicx_warn(dev, ...)						\
	do {								\
		if (__ratelimit(&vnicx_ratelimit))			\
			netdev_warn(dev, __VA_ARGS__);			\
	} while (0)

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

/* nl/policy.c */
extern const struct nla_policy vnicx_policy[];
int vnicx_policy_validate(const struct nlattr *linkinfo,
			  struct netlink_ext_ack *extack);

/* nl/config.c */
void vnicx_config_init(struct vnicx_config *config);
void vnicx_config_parse(struct vnicx_config *config, struct nlattr *data[]);
int vnicx_config_check_new(const struct vnicx_config *config,
			   struct vnicx_lower *lower,
			   struct netlink_ext_ack *extack);
void vnicx_config_prepare(struct vnicx_vnic *vnic,
			  const struct vnicx_config *config);
int vnicx_config_apply_new(struct vnicx_vnic *vnic,
			   const struct vnicx_config *config,
			   struct netlink_ext_ack *extack);
int vnicx_changelink(struct net_device *dev, struct nlattr *tb[],
		     struct nlattr *data[], struct netlink_ext_ack *extack);

/* Room that is kept for what rtnetlink puts behind the options, most of it IPv6's */
#define VNICX_DUMP_REST	1100

/* nl/dump.c */
size_t vnicx_get_size(const struct net_device *dev);
int vnicx_fill_options(struct sk_buff *skb, const struct net_device *dev,
		       bool alone);
int vnicx_fill_info(struct sk_buff *skb, const struct net_device *dev);

/* dev/ethtool.c */
extern const struct ethtool_ops vnicx_ethtool_ops;

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
void vnicx_change_rx_flags(struct net_device *dev, int change);
void vnicx_filter_exit(void);
void vnicx_filter_trust(struct net_device *dev, bool locked);
void vnicx_filter_set_max_groups(struct net_device *dev, u32 max_groups);
int vnicx_filter_set_nopromisc(struct net_device *dev, bool nopromisc);
int vnicx_filter_change_addr(struct net_device *dev, const u8 *addr);

/* genl/family.c */
int vnicx_genl_init(void);
void vnicx_genl_exit(void);

/* nl/link.c */
extern struct rtnl_link_ops vnicx_link_ops;
int vnicx_link_register(struct rtnl_link_ops *ops);
int vnicx_link_new(struct net_device *dev, struct rtnl_newlink_params *params,
		   struct netlink_ext_ack *extack);
void vnicx_link_del(struct net_device *dev, struct list_head *head);
int vnicx_link_create(struct net_device *dev, struct net_device *lower,
		      struct nlattr *tb[], const struct vnicx_config *config,
		      struct netlink_ext_ack *extack);

/* lower.c */
struct vnicx_lower *vnicx_lower_of(const struct net_device *dev);
struct vnicx_lower *vnicx_lower_first(void);
struct vnicx_lower *vnicx_lower_next(struct vnicx_lower *lower);
struct vnicx_lower *vnicx_lower_get(struct net_device *dev,
				    struct netlink_ext_ack *extack);
void vnicx_lower_put(struct vnicx_lower *lower);
int vnicx_lower_set_host(struct vnicx_lower *lower, bool on,
			 struct netlink_ext_ack *extack);
void vnicx_lower_moved(struct vnicx_lower *lower, unsigned long event);

/* dev/netdev.c */
extern const struct net_device_ops vnicx_netdev_ops;
void vnicx_setup(struct net_device *dev);
void vnicx_follow_lower(struct net_device *dev);
void vnicx_follow_operstate(struct net_device *dev);

/**
 * vnicx_max_mtu() - get the greatest MTU that a vNIC may have
 * @lower: its lower device, whose own MTU may be beyond what an skb can hold
 *
 * Return: bytes
 */
static inline unsigned int vnicx_max_mtu(const struct net_device *lower)
{
	return min(READ_ONCE(lower->mtu), ETH_MAX_MTU);
}

/* dev/netpoll.c */
int vnicx_netpoll_setup(struct net_device *dev);
void vnicx_netpoll_cleanup(struct net_device *dev);
#ifdef CONFIG_NET_POLL_CONTROLLER
int vnicx_netpoll_check(const struct vnicx_vnic *vnic,
			const struct vnicx_config *config,
			struct netlink_ext_ack *extack);
#else
static inline int vnicx_netpoll_check(const struct vnicx_vnic *vnic,
				      const struct vnicx_config *config,
				      struct netlink_ext_ack *extack)
{
	return 0;
}
#endif
netdev_tx_t vnicx_netpoll_xmit(struct net_device *dev, struct sk_buff *skb);

/* xdp/queue.c */
bool vnicx_xdp_put(struct vnicx_port *port, struct sk_buff *skb);
int vnicx_xdp_start(struct vnicx_vnic *vnic);
void vnicx_xdp_stop(struct vnicx_vnic *vnic);
void vnicx_xdp_drain(struct vnicx_vnic *vnic);

/* xdp/setup.c */
int vnicx_ndo_bpf(struct net_device *dev, struct netdev_bpf *bpf);

/* xdp/xsk.c */
void vnicx_xsk_free(struct vnicx_vnic *vnic);
int vnicx_ndo_xsk_wakeup(struct net_device *dev, u32 id, u32 flags);

/* xdp/xmit.c */
int vnicx_ndo_xdp_xmit(struct net_device *dev, int n, struct xdp_frame **frames,
		       u32 flags);

/* bpf.c */
bool vnicx_bpf_is_asked(const struct vnicx_config *config);
int vnicx_bpf_get(const struct vnicx_vnic *vnic,
		  const struct vnicx_config *config,
		  struct vnicx_policy *policy, struct netlink_ext_ack *extack);
void vnicx_bpf_put(const struct vnicx_policy *policy);
void vnicx_bpf_set(struct vnicx_vnic *vnic, const struct vnicx_policy *policy);

/* mirror.c */
bool vnicx_mirror_is_asked(const struct vnicx_config *config);
struct vnicx_mirror *vnicx_mirror_get(const struct vnicx_vnic *vnic,
				      const struct vnicx_config *config,
				      struct netlink_ext_ack *extack);
void vnicx_mirror_set(struct vnicx_vnic *vnic, struct vnicx_mirror *mirror);
void vnicx_mirror_gone(const struct net_device *dev);
void vnicx_mirror_linked(void);
void vnicx_mirror_left(const struct net_device *lower);
int vnicx_mirror_fill(struct sk_buff *skb, const struct vnicx_vnic *vnic);

/* policy.c */
u8 vnicx_vnic_guards(const struct vnicx_config *config);
int vnicx_vnic_set_policy(struct vnicx_vnic *vnic,
			  const struct vnicx_config *config,
			  struct netlink_ext_ack *extack);
void vnicx_vnic_forget_leases(struct vnicx_vnic *vnic);
void vnicx_vnic_end_policy(struct vnicx_vnic *vnic);

/* trust.c */
bool vnicx_trust_administers(const struct net *net);
bool vnicx_trust_is_tenants(const struct vnicx_vnic *vnic);
void vnicx_trust_prepare(struct vnicx_vnic *vnic);
void vnicx_trust_update(struct vnicx_vnic *vnic, bool locked);
bool vnicx_trust_allows(const struct vnicx_vnic *vnic);
int vnicx_trust_check(const struct vnicx_vnic *vnic,
		      struct netlink_ext_ack *extack);

/* notify.c */
int vnicx_notify_init(void);
void vnicx_notify_exit(void);

/* params.c */
int vnicx_params_valid(void);
int vnicx_params_init(void);
void vnicx_params_exit(void);
void vnicx_params_event(const struct net_device *dev, unsigned long event);

/* nl/source_list.c */
extern const struct nla_policy vnicx_source_policy[IFLA_VNICX_SOURCE_MAX + 1];
int vnicx_source_list_check(const struct nlattr *sources,
			    struct netlink_ext_ack *extack);
int vnicx_source_list_check_op(const struct vnicx_port *port,
			       const struct vnicx_config *config,
			       struct netlink_ext_ack *extack);
int vnicx_source_list_apply(struct vnicx_port *port,
			    const struct vnicx_config *config,
			    struct netlink_ext_ack *extack);
int vnicx_source_list_fill(struct sk_buff *skb, const struct vnicx_port *port);

/* nl/allowed.c */
extern const struct nla_policy vnicx_allowed_policy[IFLA_VNICX_ALLOWED_MAX + 1];
struct vnicx_ips *vnicx_allowed_ips(const struct vnicx_port *port,
				    const struct vnicx_config *config,
				    struct netlink_ext_ack *extack);
size_t vnicx_allowed_size(const struct vnicx_port *port);
int vnicx_allowed_fill(struct sk_buff *skb, const struct vnicx_port *port);

/* nl/leases.c */
size_t vnicx_leases_size(const struct vnicx_port *port);
int vnicx_leases_fill(struct sk_buff *skb, const struct vnicx_port *port);

/* nl/vlan.c */
extern const struct nla_policy vnicx_vlan_policy[IFLA_VNICX_VLAN_MAX + 1];
int vnicx_vlan_parse(const struct nlattr *nest, struct vnicx_vlan *vlan,
		     unsigned long *vids, struct netlink_ext_ack *extack);
bool vnicx_vlan_is_asked(const struct nlattr *nest);
size_t vnicx_vlan_size(const struct vnicx_port *port);
int vnicx_vlan_fill(struct sk_buff *skb, const struct vnicx_port *port);

/* addr/vids.c */
int vnicx_vids_check(const struct net_device *lower,
		     const struct vnicx_vlan *vlan,
		     struct netlink_ext_ack *extack);
int vnicx_vids_add(struct net_device *lower, const struct vnicx_vlan *vlan,
		   struct netlink_ext_ack *extack);
void vnicx_vids_del(struct net_device *lower, const struct vnicx_vlan *vlan);
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

/* dev/stats.c */
void vnicx_stats_sum(const struct vnicx_port *port,
		     u64 sum[VNICX_NR_COUNTERS]);
void vnicx_get_stats64(struct net_device *dev, struct rtnl_link_stats64 *stats);

/* dev/tstamp.c */
int vnicx_hwtstamp_get(struct net_device *dev,
		       struct kernel_hwtstamp_config *config);
int vnicx_hwtstamp_set(struct net_device *dev,
		       struct kernel_hwtstamp_config *config,
		       struct netlink_ext_ack *extack);
int vnicx_get_ts_info(struct net_device *dev,
		      struct kernel_ethtool_ts_info *info);

#endif /* _VNICX_VNIC_H */
