/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The option announce: the bridge behind a lower device is told which addresses
 * are here.
 */
#ifndef _VNICX_ANNOUNCE_ANNOUNCE_H
#define _VNICX_ANNOUNCE_ANNOUNCE_H

#include <linux/if_bridge.h>
#include <linux/rbtree.h>

#include "../vnic.h"

/**
 * struct vnicx_bridge_entry - an entry of a bridge's FDB
 * @ifindex: the port, or the bridge itself
 * @state: NUD_*: PERMANENT when the address is that of a port or of the bridge,
 *	NOARP when the entry is static
 * @flags: NTF_*
 */
struct vnicx_bridge_entry {
	int ifindex;
	u16 state;
	u8 flags;
};

/**
 * struct vnicx_bridge - a bridge, as one of its ports sees it
 * @port: the port, the other end of a lower device
 * @dev: the bridge
 * @skb: for the bridge's answers
 * @vlan_info: br_vlan_get_info() when the bridge tells VLANs apart, or NULL
 * @proto: EtherType of the tags of its VLANs
 * @pvid: the VLAN of untagged frames at the port, 0 for none
 */
struct vnicx_bridge {
	struct net_device *port;
	struct net_device *dev;
	struct sk_buff *skb;
	int (*vlan_info)(const struct net_device *dev, u16 vid,
			 struct bridge_vlan_info *info);
	u16 proto;
	u16 pvid;
};

/**
 * struct vnicx_told - what the bridge behind a lower device has been told
 * @watch: tells of changes of the switch
 * @list: in the list of all of them; written under RTNL, readers RCU
 * @lower: the lower device
 * @port: the bridge's port that it was told of, or NULL; under RTNL, without it
 *	only to compare
 * @port_tracker: tracks the reference to it
 * @bridge: the ifindex of the bridge; written under RTNL
 * @skb: for the bridge's answers, under RTNL
 * @addrs: the addresses, under RTNL
 * @nr_told: number of those that the bridge has, as far as is known; under RTNL
 * @round: number of the present round, under RTNL
 * @due: when the next round may begin, in jiffies; under RTNL
 * @verified: when the last look at all entries began, in jiffies; under RTNL
 * @retry: how long after @verified they are looked at because the bridge
 *	refused some, in jiffies; 0 if it refused none; under RTNL
 * @look: number of the last look; under RTNL
 * @looking: the look has rounds left; under RTNL
 * @refused: the bridge has refused an entry since the look began; under RTNL
 * @changed: a round is wanted; a word, because not all machines exchange bytes
 * @lost: the bridge has lost an entry: a look at all entries is wanted
 * @rcu: frees it after its last reader
 */
struct vnicx_told {
	struct vnicx_watch watch;
	struct list_head list;
	struct vnicx_lower *lower;
	struct net_device *port;
	netdevice_tracker port_tracker;
	int bridge;
	struct sk_buff *skb;
	struct rb_root addrs;
	u32 nr_told;
	u32 round;
	unsigned long due;
	unsigned long verified;
	unsigned long retry;
	u32 look;
	bool looking;
	bool refused;
	u32 changed;
	bool lost;
	struct rcu_head rcu;
};

/**
 * struct vnicx_told_addr - an address that the bridge was told
 * @node: in the tree
 * @key: address and VLAN
 * @round: the last round in which it was here
 * @look: the last look at all entries in which it was looked at
 * @takes: it may have been taken from another port
 * @told: the bridge had it as it was told when it was last looked at
 */
struct vnicx_told_addr {
	struct rb_node node;
	u64 key;
	u32 round;
	u32 look;
	bool takes;
	bool told;
};

/* The shortest time between two looks at all entries, in jiffies */
#define VNICX_TOLD_VERIFY	HZ

/* The longest rest after a round, in jiffies */
#define VNICX_TOLD_REST_MAX	(10 * HZ)

/* Addresses told in a round, beyond the first of each vNIC, and of those withdrawn */
#define VNICX_TOLD_PORTIONS	1024

/* Longer than any wait, in jiffies */
#define VNICX_TOLD_NEVER	MAX_JIFFY_OFFSET

/* announce/bridge.c */
struct net_device *vnicx_bridge_peer(struct net_device *lower);
struct net_device *vnicx_bridge_port(struct net_device *lower);
struct net_device *vnicx_bridge_of(struct net_device *port);
void vnicx_bridge_warn(struct net_device *lower,
		       struct netlink_ext_ack *extack);
void vnicx_bridge_open(struct vnicx_bridge *bridge, struct net_device *port,
		       struct sk_buff *skb);
void vnicx_bridge_close(struct vnicx_bridge *bridge);
int vnicx_bridge_vid(const struct vnicx_bridge *bridge, u16 vid, __be16 proto);
bool vnicx_bridge_ask(const struct vnicx_bridge *bridge, const u8 *addr,
		      u16 vid, struct vnicx_bridge_entry *entry);
int vnicx_bridge_tell(const struct vnicx_bridge *bridge, const u8 *addr,
		      u16 vid, bool here);
bool vnicx_bridge_is_told(const struct vnicx_bridge_entry *entry, int ifindex);
bool vnicx_bridge_may_tell(const struct vnicx_bridge_entry *entry, int ifindex,
			   bool takes);

/* announce/told.c */
struct vnicx_told *vnicx_told_alloc(struct vnicx_lower *lower);
void vnicx_told_free(struct vnicx_told *told);
struct vnicx_told_addr *vnicx_told_find(struct vnicx_told *told, u64 key,
					struct rb_node **parent,
					struct rb_node ***link);
void vnicx_told_set(struct vnicx_told *told, struct vnicx_told_addr *addr, bool has);
void vnicx_told_drop(struct vnicx_told *told, const struct vnicx_bridge *bridge,
		     struct vnicx_told_addr *addr);
void vnicx_told_forget(struct vnicx_told *told);
bool vnicx_told_withdraw(struct vnicx_told *told, u32 most);

/* announce/round.c */
unsigned long vnicx_round_run(struct vnicx_told *told);

/* announce/pace.c */
bool vnicx_told_is_full(u32 of_vnic, u32 of_all);
bool vnicx_told_admits(u32 *of_vnic, u32 *of_all);
bool vnicx_told_begins_look(const struct vnicx_told *told, unsigned long now);
unsigned long vnicx_told_until_look(const struct vnicx_told *told);
unsigned long vnicx_told_retry(unsigned long retry, bool refused);
unsigned long vnicx_told_rest(unsigned long took);
unsigned long vnicx_told_until_due(unsigned long due, unsigned long now);

/* announce/hear.c */
int vnicx_hear_set(struct vnicx_lower *lower, bool on);
void vnicx_hear_event(const struct net_device *dev, unsigned long event);
int vnicx_hear_init(void);
void vnicx_hear_exit(void);

/**
 * vnicx_told_count() - count what the bridge behind a lower device has been told
 * @lower: the lower device
 *
 * An address that the bridge refused, or has elsewhere, does not count.
 *
 * Context: RTNL.
 * Return: number of addresses, in each VLAN
 */
static inline u32 vnicx_told_count(const struct vnicx_lower *lower)
{
	return lower->told ? lower->told->nr_told : 0;
}

#endif /* _VNICX_ANNOUNCE_ANNOUNCE_H */
