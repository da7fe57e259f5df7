// SPDX-License-Identifier: GPL-2.0
/*
 * Announce the vNICs' addresses on the wire after the lower device's path to it
 * has changed: a bond or a team uses another port, or the virtual machine that
 * has the lower device has moved. Physical switches learn where an address is
 * from the source of a frame, and a vNIC may transmit nothing for hours.
 *
 * The frame is a RARP request, as is usual for virtual machines that move:
 * every physical switch learns from it, and no station answers it. There is one
 * for each address in the FDB, whether it is a vNIC's own, was added by
 * userspace, or is claimed by a device on top of a vNIC. The host's own stack
 * announces the host's address.
 *
 * A switch may have ten thousand addresses, and the lower device's queue a
 * thousand places, so the frames go out in portions, with a pause after each.
 */
#include <linux/etherdevice.h>
#include <linux/if_arp.h>
#include <linux/if_vlan.h>
#include <linux/workqueue.h>
#include <net/arp.h>
#include <kunit/visibility.h>

#include "fdb.h"
#include "out/wire.h"
#include "policy/vlan.h"

/* Frames in a portion, and milliseconds between portions */
#define ANNOUNCE_PORTION	100
#define ANNOUNCE_PAUSE		10

/* Resizing the FDB restarts the walk. The restarts are bounded, because tenants
 * can add and remove addresses for ever.
 */
#define ANNOUNCE_RESTARTS	4

static void vnicx_announce_entry(struct vnicx_switch *sw,
				 struct vnicx_fdb_entry *entry)
{
	static const u8 everyone[ETH_ALEN] __aligned(2) = {
		0xff, 0xff, 0xff, 0xff, 0xff, 0xff
	};
	struct vnicx_port *port = READ_ONCE(entry->port);
	u16 vid = entry->vid == VNICX_VID_ANY ? 0 : entry->vid;
	struct sk_buff *skb;

	/* Skip an address that the wire, the host or another entry has. */
	if (!port || port->kind != VNICX_PORT_VNIC || !READ_ONCE(port->role) ||
	    vnicx_fdb_find(sw, entry->addr, vid) != entry)
		return;
	skb = arp_create(ARPOP_RREQUEST, ETH_P_RARP, 0, port->dev, 0,
			 everyone, entry->addr, entry->addr);
	if (!skb)
		return;
	if (vid)
		__vlan_hwaccel_put_tag(skb, htons(ETH_P_8021Q), vid);
	else if (READ_ONCE(port->tx_checks) & VNICX_CHECK_TAG)
		vnicx_vlan_put(skb, READ_ONCE(port->tag));

	/* If a physical switch reflects it, the address stays at this vNIC. */
	if (entry->rank == VNICX_FDB_LEARNT)
		vnicx_learn_note(entry, port);
	if (skb_vlan_tag_present(skb) && vnicx_mistakes_tags(sw->lower)) {
		kfree_skb(skb);
		return;
	}

	local_bh_disable();
	skb_reset_mac_header(skb);
	vnicx_deliver_wire(port, skb);
	local_bh_enable();
}

/* Announce one portion. Returns whether more addresses are left. */
static bool vnicx_announce_portion(struct vnicx_switch *sw)
{
	struct vnicx_fdb_entry *entry;
	unsigned int n;

	rhashtable_walk_start(&sw->announce.walk);
	for (n = 0; n < ANNOUNCE_PORTION; n++) {
		entry = rhashtable_walk_next(&sw->announce.walk);
		if (!entry)
			break;
		if (!IS_ERR(entry))
			vnicx_announce_entry(sw, entry);
		else if (!sw->announce.restarts--)
			break;
	}
	rhashtable_walk_stop(&sw->announce.walk);
	return n == ANNOUNCE_PORTION;
}

static void vnicx_announce_work(struct work_struct *work)
{
	struct vnicx_switch *sw = container_of(to_delayed_work(work),
					       struct vnicx_switch,
					       announce.work);

	if (!sw->announce.walking) {
		if (!xchg(&sw->announce.wanted, 0))
			return;
		sw->announce.restarts = ANNOUNCE_RESTARTS;
		rhltable_walk_enter(&sw->fdb, &sw->announce.walk);
		sw->announce.walking = true;
	}
	if (!vnicx_announce_portion(sw)) {
		rhashtable_walk_exit(&sw->announce.walk);
		sw->announce.walking = false;
		if (!READ_ONCE(sw->announce.wanted))
			return;
	}
	schedule_delayed_work(&sw->announce.work,
			      msecs_to_jiffies(ANNOUNCE_PAUSE));
}

/**
 * vnicx_announce() - announce every address of a switch on the wire
 * @sw: the switch
 *
 * Each address is announced once. A call that comes before all of them are out
 * makes one more round follow.
 *
 * Context: any, while the switch exists.
 */
void vnicx_announce(struct vnicx_switch *sw)
{
	WRITE_ONCE(sw->announce.wanted, 1);
	schedule_delayed_work(&sw->announce.work, 0);
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_announce);

/**
 * vnicx_announce_init() - prepare a switch to announce its addresses
 * @sw: the switch
 */
void vnicx_announce_init(struct vnicx_switch *sw)
{
	INIT_DELAYED_WORK(&sw->announce.work, vnicx_announce_work);
}

/**
 * vnicx_announce_stop() - stop announcing a switch's addresses
 * @sw: the switch, which still has its FDB
 *
 * Context: may sleep.
 */
void vnicx_announce_stop(struct vnicx_switch *sw)
{
	cancel_delayed_work_sync(&sw->announce.work);
	if (sw->announce.walking)
		rhashtable_walk_exit(&sw->announce.walk);
}
