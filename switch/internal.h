/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Declarations that the files of switch/ share.
 */
#ifndef _VNICX_INTERNAL_H
#define _VNICX_INTERNAL_H

#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/rhashtable-types.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>
#include <net/net_debug.h>
#include <vnicx/switch.h>

struct vnicx_mark;
struct vnicx_members;

/**
 * struct vnicx_flood_class - ports of one kind that share the flood worker
 * @turn: the class's turn, while one of its ports has frames waiting
 * @flows: the ports that have frames waiting
 * @pending: frames of these ports that wait or that the worker has in hand
 */
struct vnicx_flood_class {
	struct vnicx_turn turn;
	struct list_head flows;
	u32 pending;
};

/**
 * struct vnicx_switch - the ports over one lower device
 * @passthru: the only vNIC, in passthru mode, or NULL
 * @seen: the mark of frames that the switch has handled, see mark.c
 * @lower: the lower device; the switch's owner holds the reference
 * @nr_sources: number of entries in @sources, read locklessly
 * @nr_private: ports in private mode, and isolated ports, read locklessly
 * @nr_claims: entries of @fdb with the rank VNICX_FDB_CLAIM; written under
 *	@lock, read locklessly
 * @nr_flood: ports that unknown addresses are flooded to, read locklessly
 * @generation: of @fdb, see cache.h; written under @lock, read locklessly
 * @broadcast: every vNIC that is up
 * @allmulti: vNICs that receive every multicast frame
 * @promisc: vNICs that receive frames for addresses that no port has
 * @neigh_suppress: an ARP request goes to the vNIC that answers it, alone, see
 *	suppress.c; written under RTNL, read locklessly
 * @fdb: (MAC, VLAN) -> port; writers hold @lock, readers RCU
 * @groups: multicast MAC -> members; writers hold @lock, readers RCU
 * @sources: source MAC -> vNICs in source mode; as @groups
 * @uplink: the port that is the wire
 * @host: the port that is the lower device's own stack
 * @mark: owns @seen, under RTNL
 * @host_addr: the host's entry in the FDB, under RTNL
 * @watch: is told of changes, or NULL, see watch.c; written under RTNL and @lock
 * @holders: IP address -> ports; as @groups
 * @lock: serialises writers of the FDB, the groups, the holders of IP addresses
 *	and ports' rx_flags; nests inside a vNIC's addr_list_lock
 * @ports: the vNICs, under RTNL
 * @nr_ports: number of vNICs; written under RTNL, read locklessly
 * @next_id: the next port's id, under RTNL
 * @flood: the frames that wait for the flood worker, see share.c
 * @flood.lock: guards all of @flood, and the flows of the ports
 * @flood.turns: the classes that have frames waiting
 * @flood.class: the classes, by enum vnicx_port_kind
 * @flood.left: frames of vNICs that have left
 * @flood.in_hand: the flow whose frame the worker is copying
 * @flood.len: how many frames of a port that sends alone may wait; written
 *	under RTNL
 * @flood.work: the worker
 * @announce: the work that announces addresses on the wire, see announce.c
 * @announce.work: transmits a portion; no other code uses the members below,
 *	except @wanted
 * @announce.walk: position in the FDB, valid while @walking
 * @announce.restarts: how many times the walk may still restart because the FDB
 *	was resized
 * @announce.walking: a walk has begun and is not finished
 * @announce.wanted: a walk, or one more walk, is wanted; written locklessly
 */
struct vnicx_switch {
	/* Read for each frame, hardly ever written: one cache line */
	struct vnicx_port __rcu *passthru;
	struct dst_entry *seen;
	struct net_device *lower;
	u32 nr_sources;
	u32 nr_private;
	u32 nr_claims;
	u32 nr_flood;
	u64 generation;
	struct vnicx_members __rcu *broadcast;
	struct vnicx_members __rcu *allmulti;

	struct vnicx_members __rcu *promisc;
	bool neigh_suppress;
	struct rhltable fdb;
	struct rhashtable groups;
	struct rhltable sources;
	struct rhltable holders;
	struct vnicx_port uplink;
	struct vnicx_port host;
	struct vnicx_mark *mark;
	u8 host_addr[ETH_ALEN];
	struct vnicx_watch *watch;

	spinlock_t lock; /* the FDB, the groups, holders, rx_flags */

	struct list_head ports;
	u32 nr_ports;
	u32 next_id;

	struct {
		spinlock_t lock; /* also ports' flows */
		struct list_head turns;
		struct vnicx_flood_class class[VNICX_NR_PORT_KINDS];
		struct vnicx_flow left;
		struct vnicx_flow *in_hand;
		u32 len;
		struct work_struct work;
	} flood;

	struct {
		struct delayed_work work;
		struct rhashtable_iter walk;
		u32 restarts;
		bool walking;
		u32 wanted;
	} announce;
};

static_assert(offsetofend(struct vnicx_switch, allmulti) <= 64);

/**
 * enum vnicx_class - what the destination address says of a frame
 * @VNICX_UNICAST: for one station
 * @VNICX_BROADCAST: for every station
 * @VNICX_MULTICAST: for the stations that joined a group; also the spanning
 *	tree's frames between bridges
 * @VNICX_LINK_LOCAL: for the next bridge or station on the wire only
 *	(IEEE 802.1Q table 8-1): passed between a vNIC and the wire, never
 *	from one vNIC to another
 * @VNICX_MAC_CONTROL: PAUSE and its like (IEEE 802.3 clause 31): for the other
 *	end of a link; a vNIC may not send them
 */
enum vnicx_class {
	VNICX_UNICAST,
	VNICX_BROADCAST,
	VNICX_MULTICAST,
	VNICX_LINK_LOCAL,
	VNICX_MAC_CONTROL,
};

/**
 * enum vnicx_form - the form in which a port gets a flooded frame
 * @VNICX_FORM_ANY: as it is, at every port
 * @VNICX_FORM_WHOLE: reassembled, at ports that are a stack
 * @VNICX_FORM_FRAGMENT: a fragment, at ports whose receive handler forwards
 *	frames that must fit a link: a virtual machine's, a bridge's; at XDP programs
 */
enum vnicx_form {
	VNICX_FORM_ANY,
	VNICX_FORM_WHOLE,
	VNICX_FORM_FRAGMENT,
};

/**
 * struct vnicx_scope - which ports may get a frame, see scope.h
 * @except: the id of a port that may not get the frame, 0 for none
 * @only: the id of the only port that may get it, 0 for any
 * @vlan: the key of its VLAN, see policy/vlan.h
 * @roles: the roles of the ports that may get it
 * @isolated: its sender is isolated
 *
 * The id 0 is the uplink's, so no vNIC has it.
 */
struct vnicx_scope {
	u32 except;
	u32 only;
	u32 vlan;
	u8 roles;
	bool isolated;
};

/**
 * vnicx_assert_bh_disabled() - check the context that the data path runs in
 *
 * The queues and the counters belong to the bottom halves of their CPU. Every
 * entry calls this; it costs nothing without CONFIG_DEBUG_NET.
 */
static inline void vnicx_assert_bh_disabled(void)
{
	DEBUG_NET_WARN_ON_ONCE(!in_softirq());
}

/**
 * vnicx_read_lock() - begin an RCU read side with bottom halves disabled
 *
 * Disabled bottom halves hold off a grace period, on PREEMPT_RT as well. Only
 * lockdep asks for rcu_read_lock(), in rcu_dereference() and rhashtable, so
 * only lockdep is told: the real lock and unlock cost 15 instructions a frame.
 */
static inline void vnicx_read_lock(void)
{
	vnicx_assert_bh_disabled();
	rcu_lock_acquire(&rcu_lock_map);
}

/**
 * vnicx_read_unlock() - undo vnicx_read_lock()
 */
static inline void vnicx_read_unlock(void)
{
	rcu_lock_release(&rcu_lock_map);
}

/* classify.c */
void vnicx_set_network_header(struct sk_buff *skb, const struct ethhdr *eth);

/* Have a frame be what its Ethernet header says. The owner of a packet socket chooses what
 * programs, rules, tunnels and captures take it for, and by a tag that is not there, where
 * they look for its addresses.
 */
static inline void vnicx_set_protocol(struct sk_buff *skb,
				      const struct ethhdr *eth)
{
	__be16 proto = eth->h_proto;
	/* Most frames are IPv4 and take one compare. */
	bool ipv4 = likely(proto == htons(ETH_P_IP));

	if (ipv4 || likely(eth_proto_is_802_3(proto)))
		skb->protocol = proto;
	else if (skb->protocol != htons(ETH_P_802_3))
		skb->protocol = htons(ETH_P_802_2);
	if (!ipv4 && unlikely(eth_type_vlan(proto)))
		vnicx_set_network_header(skb, eth);
	else
		skb->network_header = (const u8 *)(eth + 1) - skb->head;
}

/* port.c */
int vnicx_port_init(struct vnicx_switch *sw, struct vnicx_port *port,
		    struct net_device *dev, enum vnicx_port_kind kind);
extern struct static_key_false vnicx_xdp_used;

/* reach.c */
void vnicx_port_set_role(struct vnicx_port *port);
void vnicx_port_count_mode(struct vnicx_switch *sw, enum vnicx_mode mode, int n);

/* fdb.c */
int vnicx_fdb_init(struct vnicx_switch *sw);
void vnicx_fdb_destroy(struct vnicx_switch *sw);

/**
 * struct vnicx_members - the ports that are members of a group
 * @rcu: frees the array after its last reader
 * @size: number of slots, constant
 * @used: number of slots that were ever used; readers look no further
 * @live: number of slots that hold a port
 * @slot: the ports, with holes where a port has left. A port keeps its slot,
 *	also in a larger copy, so that a walk may be interrupted and resumed
 *
 * Writers hold the switch's lock, readers RCU.
 */
struct vnicx_members {
	struct rcu_head rcu;
	u32 size;
	u32 used;
	u32 live;
	struct vnicx_port __rcu *slot[];
};

/* announce.c */
void vnicx_announce_init(struct vnicx_switch *sw);
void vnicx_announce_stop(struct vnicx_switch *sw);

/* fragment.c */
bool vnicx_is_fragment(const struct sk_buff *skb);
enum vnicx_form vnicx_form_of(const struct vnicx_port *port);
struct sk_buff *vnicx_reassemble(struct vnicx_port *in, struct sk_buff *skb,
				 bool for_sources, u32 *payload);

/* group.c */
int vnicx_groups_init(struct vnicx_switch *sw);
void vnicx_groups_destroy(struct vnicx_switch *sw);
struct vnicx_members *vnicx_group_lookup(struct vnicx_switch *sw,
					 const u8 *addr);
int vnicx_members_reserve(struct vnicx_switch *sw,
			  struct vnicx_members __rcu **members, u32 size);
int vnicx_members_add(struct vnicx_switch *sw,
		      struct vnicx_members __rcu **members,
		      struct vnicx_port *port);
bool vnicx_members_del(struct vnicx_switch *sw,
		       struct vnicx_members __rcu **members,
		       struct vnicx_port *port);

/* receive.c */
enum vnicx_verdict vnicx_receive_walk(struct vnicx_switch *sw,
				      struct sk_buff **pskb);

/* source.c */
int vnicx_sources_init(struct vnicx_switch *sw);
void vnicx_sources_destroy(struct vnicx_switch *sw);
bool vnicx_source_deliver(struct vnicx_switch *sw, const struct sk_buff *skb);

#endif /* _VNICX_INTERNAL_H */
