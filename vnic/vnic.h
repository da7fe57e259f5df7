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
#include <linux/ptr_ring.h>
#include <net/rtnetlink.h>
#include <vnicx/switch.h>

#include "nl/config.h"

#define VNICX_VERSION	"0.2"

struct vnicx_told;
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
 * @handed: it was handed to a tenant, and no administrator has taken it back; under RTNL
 * @moved: its tenant moved it, and no administrator has since; under RTNL
 * @listens: the lower device receives for it what is said to all IPv6 nodes; under RTNL
 * @allmulti: receives every group, also without trust, because the administrator
 *	said so; written under RTNL
 * @lower_flags: of IFF_ALLMULTI and IFF_PROMISC, those that it made the lower
 *	device have; under RTNL
 * @mirror: the mirror's device, or NULL; see mirror.c
 * @mirror_tracker: tracks the reference to it
 * @mirrored: entry in the table of vNICs that have a mirror
 * @bpf_tx: the program for frames that it sends, or NULL
 * @bpf_rx: the program for frames that it receives, or NULL
 * @bpf_tx_id: number of @bpf_tx
 * @bpf_rx_id: number of @bpf_rx
 * @entries: addresses that userspace added, see addr/entry.c; under RTNL
 * @nr_entries: number of entries in @entries
 * @told_round: the last round in which addresses of it were told, see
 *	announce/round.c; under RTNL
 * @told_nr: number of its addresses told in @told_round, under RTNL
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
	bool handed;
	bool moved;
	bool listens;
	bool allmulti;
	unsigned int lower_flags;
	struct net_device *mirror;
	netdevice_tracker mirror_tracker;
	struct hlist_node mirrored;
	struct bpf_prog *bpf_tx;
	struct bpf_prog *bpf_rx;
	u32 bpf_tx_id;
	u32 bpf_rx_id;

	struct list_head entries;
	u32 nr_entries;
	u32 told_round;
	u32 told_nr;
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
 * @announce: the bridge behind the device is told of addresses, under RTNL
 * @told: what the bridge has been told while @announce, or NULL; under RTNL
 * @linked: see vnicx_mirror_linked(); under RTNL
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
	bool announce;
	struct vnicx_told *told;
	bool linked;
};

/* Bounds on the groups of a vNIC, and on its unicast addresses beside its own,
 * that the switch and the lower device take over. Any user with a socket in a
 * container may join groups. The kernel's bridge has 4,096 groups for all of
 * its ports, and the filters of lower devices have some hundred entries.
 */
#define VNICX_GROUPS_MAX	1024
#define VNICX_CLAIMS_MAX	256

/* log.c */
bool vnicx_log_allows(const struct net_device *dev, bool tenants);

/* Log a message about a device, unless there were too many by tenants, or by others. */
#define vnicx_warn_if_allowed(dev, tenants, ...)			\
	do {								\
		const struct net_device *about = (dev);			\
									\
		if (vnicx_log_allows(about, tenants))			\
			netdev_warn(about, __VA_ARGS__);		\
	} while (0)

#define vnicx_warn(dev, ...)	vnicx_warn_if_allowed(dev, false, __VA_ARGS__)

/* The user of a vNIC can cause this one as often as it likes. */
#define vnicx_tenant_warn(dev, ...)	vnicx_warn_if_allowed(dev, true, __VA_ARGS__)

/* dev/ethtool.c */
extern const struct ethtool_ops vnicx_ethtool_ops;

/* genl/family.c */
int vnicx_genl_init(void);
void vnicx_genl_exit(void);

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
u32 vnicx_xdp_backlog(const struct vnicx_vnic *vnic);
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
void vnicx_mirror_linked(struct net_device *dev,
			 const struct netdev_notifier_changeupper_info *info);
void vnicx_mirror_left(const struct net_device *lower);
int vnicx_mirror_fill(struct sk_buff *skb, const struct vnicx_vnic *vnic);

/* policy.c */
u8 vnicx_vnic_guards(const struct vnicx_config *config);
int vnicx_vnic_set_policy(struct vnicx_vnic *vnic,
			  const struct vnicx_config *config,
			  struct netlink_ext_ack *extack);
void vnicx_vnic_listen_suspend(struct vnicx_vnic *vnic);
void vnicx_vnic_listen_resume(struct vnicx_vnic *vnic);
void vnicx_vnic_forget_leases(struct vnicx_vnic *vnic);
void vnicx_vnic_end_policy(struct vnicx_vnic *vnic);

/* trust.c */
bool vnicx_trust_administers(const struct net *net);
bool vnicx_trust_is_tenants(const struct vnicx_vnic *vnic);
void vnicx_trust_prepare(struct vnicx_vnic *vnic);
void vnicx_trust_update(struct vnicx_vnic *vnic, bool locked);
void vnicx_trust_moved(struct vnicx_vnic *vnic);
void vnicx_trust_lower_moved(struct vnicx_vnic *vnic);
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

/**
 * vnicx_ring_len() - get how many entries a ring has
 * @ring: the ring, which is not resized meanwhile
 *
 * Return: the number, which is out of date while others use the ring
 */
static inline u32 vnicx_ring_len(const struct ptr_ring *ring)
{
	int head = READ_ONCE(ring->consumer_head);
	int len = READ_ONCE(ring->producer) - head;

	if (!len)
		return ring->size && READ_ONCE(ring->queue[head]) ?
		       ring->size : 0;
	return len < 0 ? len + ring->size : len;
}

/* dev/stats.c */
void vnicx_stats_sum(const struct vnicx_port *port,
		     u64 sum[VNICX_NR_COUNTERS]);
u32 vnicx_stats_backlog(const struct vnicx_port *port);
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
