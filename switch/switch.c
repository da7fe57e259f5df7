// SPDX-License-Identifier: GPL-2.0
/*
 * The switch over one lower device, and how ports come and go.
 *
 * Locks and lifetimes
 *
 * Ports and the switch itself change under RTNL. What may change without it -
 * the FDB, the groups and a port's rx_flags, because multicast groups are
 * joined under no more than the vNIC's addr_list_lock - changes under the
 * switch's lock, which nests inside that one and takes no other. Frames take
 * no lock: they read under RCU, with bottom halves disabled.
 *
 * A port leaves in two phases. vnicx_port_down() makes it unreachable: out of
 * every group, and not up, so that a lookup that still finds its address does
 * as if it had not. Then a grace period must pass, which closing or
 * unregistering a net_device includes, and vnicx_port_leave() waits for the
 * frames that are still queued for it, and forgets it. The memory around it must
 * live for one more grace period, for those who found its address before that
 * was removed; unregistering includes that one, too.
 * Whoever sees a port up may use all of it until the end of the RCU section;
 * whoever does not may compare its address and nothing more.
 *
 * A port's address stays in the FDB while the port is down. So no other port
 * can take the address, and a port that comes up has it.
 *
 * Frames in the flood worker's queue hold no port: they name the one they came
 * from by an id that is never used again.
 *
 * The switch is freed after its last port left and the lower device's receive
 * handler is gone; the worker is stopped first.
 */
#include <linux/etherdevice.h>
#include <linux/rhashtable.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include <kunit/visibility.h>

#include "internal.h"

/**
 * vnicx_switch_init() - prepare what all switches share
 *
 * Return: 0 or -ENOMEM
 */
int vnicx_switch_init(void)
{
	int err;

	err = vnicx_queue_init();
	if (err)
		return err;
	err = vnicx_flood_init();
	if (err)
		vnicx_queue_exit();
	return err;
}

/**
 * vnicx_switch_exit() - undo vnicx_switch_init(), when no switch is left
 */
void vnicx_switch_exit(void)
{
	vnicx_flood_exit();
	vnicx_queue_exit();
}

static int port_init(struct vnicx_switch *sw, struct vnicx_port *port,
		     struct net_device *dev, enum vnicx_port_kind kind)
{
	port->stats = netdev_alloc_pcpu_stats(struct vnicx_port_stats);
	if (!port->stats)
		return -ENOMEM;

	port->dev = dev;
	port->sw = sw;
	port->kind = kind;
	port->id = sw->next_id++;
	INIT_LIST_HEAD(&port->sources);
	return 0;
}

/**
 * vnicx_switch_create() - make a switch without vNICs
 * @lower: the lower device; the caller's reference must outlive the switch
 *
 * Its own address belongs to the host port from the start.
 *
 * Context: may sleep. RTNL.
 * Return: the switch or an ERR_PTR(): -ENOMEM
 */
struct vnicx_switch *vnicx_switch_create(struct net_device *lower)
{
	struct vnicx_switch *sw;
	int err;

	ASSERT_RTNL();

	sw = kzalloc_obj(*sw, GFP_KERNEL);
	if (!sw)
		return ERR_PTR(-ENOMEM);

	sw->lower = lower;
	spin_lock_init(&sw->lock);
	INIT_LIST_HEAD(&sw->ports);
	vnicx_flood_start(sw);

	err = port_init(sw, &sw->uplink, lower, VNICX_PORT_UPLINK);
	if (err)
		goto free_switch;
	err = port_init(sw, &sw->host, lower, VNICX_PORT_HOST);
	if (err)
		goto free_uplink;
	err = vnicx_deliver_init(sw);
	if (err)
		goto free_host;
	err = vnicx_fdb_init(sw);
	if (err)
		goto destroy_deliver;
	err = vnicx_groups_init(sw);
	if (err)
		goto destroy_fdb;
	ether_addr_copy(sw->host_addr, lower->dev_addr);
	err = vnicx_sources_init(sw);
	if (err)
		goto destroy_groups;
	err = vnicx_fdb_add(&sw->host, sw->host_addr, VNICX_VID_ANY, GFP_KERNEL);
	if (err)
		goto destroy_sources;

	WRITE_ONCE(sw->uplink.up, true);
	return sw;

destroy_sources:
	vnicx_sources_destroy(sw);
destroy_groups:
	vnicx_groups_destroy(sw);
destroy_fdb:
	vnicx_fdb_destroy(sw);
destroy_deliver:
	vnicx_deliver_destroy(sw);
free_host:
	free_percpu(sw->host.stats);
free_uplink:
	free_percpu(sw->uplink.stats);
free_switch:
	kfree(sw);
	return ERR_PTR(err);
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_switch_create);

/**
 * vnicx_switch_destroy() - free a switch
 * @sw: the switch; no vNIC is left and no frame can enter it any more
 *
 * Context: may sleep. RTNL.
 */
void vnicx_switch_destroy(struct vnicx_switch *sw)
{
	ASSERT_RTNL();
	WARN_ON_ONCE(!list_empty(&sw->ports));

	vnicx_flood_stop(sw);
	vnicx_fdb_del(&sw->host, sw->host_addr, VNICX_VID_ANY);
	vnicx_sources_destroy(sw);
	vnicx_groups_destroy(sw);
	vnicx_fdb_destroy(sw);
	vnicx_deliver_destroy(sw);
	free_percpu(sw->host.stats);
	free_percpu(sw->uplink.stats);
	kfree(sw);
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_switch_destroy);

/**
 * vnicx_switch_set_host_addr() - follow a change of the lower device's address
 * @sw: the switch
 * @addr: the new address
 *
 * Context: may sleep. RTNL.
 * Return: 0, -EADDRINUSE when a vNIC has the address, or -ENOMEM; then the
 * host has no address on the switch
 */
int vnicx_switch_set_host_addr(struct vnicx_switch *sw, const u8 *addr)
{
	ASSERT_RTNL();

	if (ether_addr_equal(sw->host_addr, addr))
		return 0;

	vnicx_fdb_del(&sw->host, sw->host_addr, VNICX_VID_ANY);
	ether_addr_copy(sw->host_addr, addr);
	return vnicx_fdb_add(&sw->host, addr, VNICX_VID_ANY, GFP_KERNEL);
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_switch_set_host_addr);

/**
 * vnicx_switch_set_host() - put the host on the switch, or take it off
 * @sw: the switch
 * @on: whether what the host and the vNICs send each other goes by the switch
 *
 * Context: RTNL.
 */
void vnicx_switch_set_host(struct vnicx_switch *sw, bool on)
{
	ASSERT_RTNL();
	WRITE_ONCE(sw->host.up, on);
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_switch_set_host);

/**
 * vnicx_port_set_queue_len() - say how long a port wants the flood queue
 * @port: the port
 * @len: frames, 0 when it no longer cares
 *
 * The queue is as long as the vNIC wants it that wants the longest.
 *
 * Context: RTNL.
 */
void vnicx_port_set_queue_len(struct vnicx_port *port, u32 len)
{
	struct vnicx_switch *sw = port->sw;
	u32 was = port->bc_queue_len;
	u32 longest = len;

	ASSERT_RTNL();

	port->bc_queue_len = len;
	if (len < sw->flood.len && was < sw->flood.len)
		return;

	list_for_each_entry(port, &sw->ports, list) {
		longest = max(longest, port->bc_queue_len);
		/* Many want the same: nearly always the first settles it. */
		if (longest >= sw->flood.len)
			break;
	}
	WRITE_ONCE(sw->flood.len, longest);
}

/**
 * vnicx_port_join() - make a net_device a port of a switch
 * @sw: the switch
 * @port: the port to be, zeroed but for what its vNIC was created with
 * @dev: its device, with its address
 *
 * The port owns the device's address from here on, and is down. In passthru
 * mode the address is the lower device's, and everything the port's anyway.
 *
 * Context: may sleep. RTNL.
 * Return: 0, -EADDRINUSE when the address is another port's, or -ENOMEM
 */
int vnicx_port_join(struct vnicx_switch *sw, struct vnicx_port *port,
		    struct net_device *dev)
{
	u32 n = sw->nr_ports + 1;
	int err;

	ASSERT_RTNL();

	err = vnicx_members_reserve(sw, &sw->broadcast, n) ?:
	      vnicx_members_reserve(sw, &sw->allmulti, n) ?:
	      vnicx_members_reserve(sw, &sw->promisc, n);
	if (err)
		return err;

	err = port_init(sw, port, dev, VNICX_PORT_VNIC);
	if (err)
		return err;

	if (port->mode == VNICX_MODE_PASSTHRU)
		rcu_assign_pointer(sw->passthru, port);
	else
		err = vnicx_fdb_add(port, dev->dev_addr, VNICX_VID_ANY,
				    GFP_KERNEL);
	if (err) {
		free_percpu(port->stats);
		port->stats = NULL;
		return err;
	}

	if (port->mode == VNICX_MODE_PRIVATE)
		WRITE_ONCE(sw->nr_private, sw->nr_private + 1);
	list_add_tail(&port->list, &sw->ports);
	sw->nr_ports = n;
	vnicx_port_set_queue_len(port, port->bc_queue_len);
	return 0;
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_port_join);

/**
 * vnicx_port_set_mode() - change whom a port reaches
 * @port: the port, not in passthru mode
 * @mode: the mode, not passthru
 *
 * A port that leaves source mode forgets its list.
 *
 * Context: RTNL.
 */
void vnicx_port_set_mode(struct vnicx_port *port, enum vnicx_mode mode)
{
	struct vnicx_switch *sw = port->sw;

	ASSERT_RTNL();

	if (port->mode == mode)
		return;
	if (port->mode == VNICX_MODE_SOURCE)
		vnicx_source_flush(port);
	if (port->mode == VNICX_MODE_PRIVATE)
		WRITE_ONCE(sw->nr_private, sw->nr_private - 1);
	if (mode == VNICX_MODE_PRIVATE)
		WRITE_ONCE(sw->nr_private, sw->nr_private + 1);
	WRITE_ONCE(port->mode, mode);
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_port_set_mode);

/**
 * vnicx_port_leave() - undo vnicx_port_join(), the second phase of leaving
 * @port: a port that has been down for a grace period
 *
 * Context: may sleep. RTNL.
 */
void vnicx_port_leave(struct vnicx_port *port)
{
	struct vnicx_switch *sw = port->sw;

	ASSERT_RTNL();
	WARN_ON_ONCE(port->up);

	/* What was queued for it while it was up; nothing is, since then. */
	vnicx_queue_drain();
	if (port->mode == VNICX_MODE_PASSTHRU)
		RCU_INIT_POINTER(sw->passthru, NULL);
	else
		vnicx_fdb_del(port, port->dev->dev_addr, VNICX_VID_ANY);
	vnicx_source_flush(port);
	if (port->mode == VNICX_MODE_PRIVATE)
		WRITE_ONCE(sw->nr_private, sw->nr_private - 1);
	list_del(&port->list);
	sw->nr_ports--;
	vnicx_port_set_queue_len(port, 0);
	free_percpu(port->stats);
	port->stats = NULL;
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_port_leave);

/**
 * vnicx_port_up() - let frames reach a port
 * @port: the port
 *
 * Context: RTNL.
 */
void vnicx_port_up(struct vnicx_port *port)
{
	struct vnicx_switch *sw = port->sw;

	ASSERT_RTNL();

	spin_lock_bh(&sw->lock);
	/* There is room: vnicx_port_join() reserved it. */
	WARN_ON_ONCE(vnicx_members_add(sw, &sw->broadcast, port));
	spin_unlock_bh(&sw->lock);
	WRITE_ONCE(port->up, true);
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_port_up);

/**
 * vnicx_port_down() - make a port unreachable, the first phase of leaving
 * @port: the port; its device leaves its groups and clears its rx_flags, under
 *	the addr_list_lock, before the grace period
 *
 * Frames may be on their way to it until a grace period has passed.
 *
 * Context: RTNL.
 */
void vnicx_port_down(struct vnicx_port *port)
{
	struct vnicx_switch *sw = port->sw;

	ASSERT_RTNL();

	WRITE_ONCE(port->up, false);
	spin_lock_bh(&sw->lock);
	vnicx_members_del(sw, &sw->broadcast, port);
	spin_unlock_bh(&sw->lock);
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_port_down);

static void port_set_member(struct vnicx_port *port,
			    struct vnicx_members __rcu **members, bool member)
{
	struct vnicx_switch *sw = port->sw;

	if (member)
		WARN_ON_ONCE(vnicx_members_add(sw, members, port));
	else
		vnicx_members_del(sw, members, port);
}

/**
 * vnicx_port_set_rx_flags() - say what a port wants beyond what is its own
 * @port: the port
 * @flags: VNICX_RX_*
 *
 * Context: RTNL or the addr_list_lock of the port's device.
 */
void vnicx_port_set_rx_flags(struct vnicx_port *port, u8 flags)
{
	struct vnicx_switch *sw = port->sw;
	u8 changed;

	spin_lock_bh(&sw->lock);
	changed = port->rx_flags ^ flags;
	WRITE_ONCE(port->rx_flags, flags);
	if (changed & VNICX_RX_ALLMULTI)
		port_set_member(port, &sw->allmulti, flags & VNICX_RX_ALLMULTI);
	if (changed & VNICX_RX_PROMISC)
		port_set_member(port, &sw->promisc, flags & VNICX_RX_PROMISC);
	spin_unlock_bh(&sw->lock);
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_port_set_rx_flags);
