// SPDX-License-Identifier: GPL-2.0
/*
 * The switch over one lower device.
 *
 * Locks and lifetimes
 *
 * Ports and the switch itself change under RTNL. The FDB, the groups, the holders
 * of IP addresses and a port's rx_flags may also change without it, because
 * multicast groups are joined under no more than the vNIC's addr_list_lock, and
 * frames bring leases. They change under the
 * switch's lock, which nests inside that one and takes no other. Frames read
 * under RCU, with bottom halves disabled, and take a lock only to move a
 * claimed address, to wait for the flood worker, or for a lease.
 *
 * A port leaves in two phases. vnicx_port_down() makes it unreachable: it is no
 * longer among the receivers of broadcasts, its device leaves its groups, and
 * it has no role, so that a lookup that still finds its address treats the
 * address as unknown. Then a grace period must pass, which closing or
 * unregistering a net_device includes. Finally, vnicx_port_leave() waits for
 * the frames that are still queued for the port, and removes its address. The
 * memory around the port must live for one more grace period, for readers that
 * found the address before; unregistering includes that one, too. A reader that
 * sees a port up may use all of it until the end of the RCU section. A reader
 * that sees it down may compare its address and nothing more.
 *
 * A port's address stays in the FDB while the port is down. So no other port
 * can take the address, and the port has it when it comes up.
 *
 * Frames that wait for the flood worker hold no reference to a port: they name
 * their ingress port by an id that is never used again. They wait in a queue of
 * that port, and vnicx_port_leave() hands them over to a queue of the switch.
 *
 * The switch is freed after its last port has left and the lower device's
 * receive handler is gone. vnicx_switch_destroy() stops the workers first.
 */
#include <linux/etherdevice.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include <kunit/visibility.h>

#include "cache.h"
#include "deliver.h"
#include "flood.h"
#include "mark.h"
#include "out/noqueue.h"
#include "policy/holder.h"

/**
 * vnicx_switch_init() - prepare what all switches share
 * @threads: whether threads, not softirqs, receive frames between vNICs
 *
 * Context: may sleep.
 * Return: 0, -ENOMEM, or an errno of creating a thread
 */
int vnicx_switch_init(bool threads)
{
	int err;

	err = vnicx_queue_init(threads);
	if (err)
		return err;
	err = vnicx_cache_init();
	if (err)
		goto exit_queue;
	err = vnicx_flood_init();
	if (err)
		goto exit_cache;
	vnicx_noqueue_init();
	return 0;

exit_cache:
	vnicx_cache_exit();
exit_queue:
	vnicx_queue_exit();
	return err;
}

/**
 * vnicx_switch_exit() - undo vnicx_switch_init() when no switch is left
 *
 * Context: may sleep.
 */
void vnicx_switch_exit(void)
{
	vnicx_flood_exit();
	vnicx_cache_exit();
	vnicx_queue_exit();
	vnicx_mark_exit();
}

/**
 * vnicx_switch_create() - create a switch without vNICs
 * @lower: the lower device; the caller's reference must outlive the switch
 *
 * The host port has the lower device's address from the start.
 *
 * Context: may sleep. RTNL.
 * Return: the switch or an ERR_PTR(): -ENOMEM
 */
struct vnicx_switch *vnicx_switch_create(struct net_device *lower)
{
	struct vnicx_switch *sw;
	int err;

	ASSERT_RTNL();

	sw = kzalloc_obj(*sw, GFP_KERNEL_ACCOUNT);
	if (!sw)
		return ERR_PTR(-ENOMEM);

	sw->lower = lower;
	spin_lock_init(&sw->lock);
	INIT_LIST_HEAD(&sw->ports);
	vnicx_flood_start(sw);
	vnicx_announce_init(sw);

	err = vnicx_port_init(sw, &sw->uplink, lower, VNICX_PORT_UPLINK);
	if (err)
		goto free_switch;
	err = vnicx_port_init(sw, &sw->host, lower, VNICX_PORT_HOST);
	if (err)
		goto free_uplink;
	err = vnicx_mark_init(sw);
	if (err)
		goto free_host;
	err = vnicx_fdb_init(sw);
	if (err)
		goto destroy_mark;
	err = vnicx_groups_init(sw);
	if (err)
		goto destroy_fdb;
	ether_addr_copy(sw->host_addr, lower->dev_addr);
	err = vnicx_sources_init(sw);
	if (err)
		goto destroy_groups;
	err = vnicx_holders_init(sw);
	if (err)
		goto destroy_sources;
	sw->host.addr_rank = VNICX_FDB_ADMIN;
	err = vnicx_fdb_add(&sw->host, sw->host_addr, VNICX_VID_ANY,
			    VNICX_FDB_ADMIN, GFP_KERNEL);
	if (err)
		goto destroy_holders;

	sw->uplink.up = true;
	return sw;

destroy_holders:
	vnicx_holders_destroy(sw);
destroy_sources:
	vnicx_sources_destroy(sw);
destroy_groups:
	vnicx_groups_destroy(sw);
destroy_fdb:
	vnicx_fdb_destroy(sw);
destroy_mark:
	vnicx_mark_destroy(sw);
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

	vnicx_announce_stop(sw);
	vnicx_flood_stop(sw);
	vnicx_fdb_del(&sw->host, sw->host_addr, VNICX_VID_ANY,
		      sw->host.addr_rank);
	vnicx_holders_destroy(sw);
	vnicx_sources_destroy(sw);
	vnicx_groups_destroy(sw);
	vnicx_fdb_destroy(sw);
	vnicx_mark_destroy(sw);
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
 * If the administrator gave the address to a vNIC, the vNIC keeps it, and the
 * host has it when the vNIC gives it up. This cannot be refused, because some
 * drivers change their device's address without asking.
 *
 * Context: may sleep. RTNL.
 * Return: 0; 1 when a vNIC has the address before the host; or -ENOMEM, and
 * then the host has no address on the switch until the next change
 */
int vnicx_switch_set_host_addr(struct vnicx_switch *sw, const u8 *addr)
{
	struct vnicx_port *host = &sw->host;
	int err;

	ASSERT_RTNL();

	if (ether_addr_equal(sw->host_addr, addr))
		return 0;

	vnicx_fdb_del(host, sw->host_addr, VNICX_VID_ANY, host->addr_rank);
	ether_addr_copy(sw->host_addr, addr);
	host->addr_rank = VNICX_FDB_ADMIN;
	err = vnicx_fdb_add(host, addr, VNICX_VID_ANY, VNICX_FDB_ADMIN,
			    GFP_KERNEL);
	if (err == -EADDRINUSE) {
		host->addr_rank = VNICX_FDB_HEIR;
		err = vnicx_fdb_add(host, addr, VNICX_VID_ANY, VNICX_FDB_HEIR,
				    GFP_KERNEL) ?: 1;
	}
	/* Try again even if the same address is set again. */
	if (err < 0)
		eth_zero_addr(sw->host_addr);
	return err;
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_switch_set_host_addr);

/**
 * vnicx_switch_set_host() - put the host on the switch, or take it off
 * @sw: the switch
 * @on: whether frames between the host and the vNICs stay on the switch
 *
 * Context: RTNL.
 */
void vnicx_switch_set_host(struct vnicx_switch *sw, bool on)
{
	ASSERT_RTNL();
	sw->host.up = on;
	vnicx_port_set_role(&sw->host);
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_switch_set_host);

/**
 * vnicx_switch_has_host() - tell whether the host is on the switch
 * @sw: the switch
 *
 * Context: any.
 * Return: whether it is
 */
bool vnicx_switch_has_host(const struct vnicx_switch *sw)
{
	return READ_ONCE(sw->host.role);
}

/**
 * vnicx_switch_suppress() - send ARP requests to who answers them alone, or to all
 * @sw: the switch
 * @on: whether a request for an IPv4 address that one vNIC alone holds goes to no
 *	other station
 *
 * Context: RTNL.
 */
void vnicx_switch_suppress(struct vnicx_switch *sw, bool on)
{
	ASSERT_RTNL();
	WRITE_ONCE(sw->neigh_suppress, on);
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_switch_suppress);

/**
 * vnicx_switch_suppresses() - tell whether ARP requests go to who answers them
 *	alone
 * @sw: the switch
 *
 * Context: any.
 * Return: whether they do
 */
bool vnicx_switch_suppresses(const struct vnicx_switch *sw)
{
	return READ_ONCE(sw->neigh_suppress);
}

/**
 * vnicx_switch_host() - get the port that is the lower device's own stack
 * @sw: the switch
 *
 * Return: the port
 */
struct vnicx_port *vnicx_switch_host(struct vnicx_switch *sw)
{
	return &sw->host;
}

/**
 * vnicx_switch_uplink() - get the port that is the wire
 * @sw: the switch
 *
 * Return: the port
 */
struct vnicx_port *vnicx_switch_uplink(struct vnicx_switch *sw)
{
	return &sw->uplink;
}

/**
 * vnicx_switch_passthru() - get the vNIC that has the lower device to itself
 * @sw: the switch
 *
 * Context: RTNL.
 * Return: its port or NULL
 */
struct vnicx_port *vnicx_switch_passthru(const struct vnicx_switch *sw)
{
	return rtnl_dereference(sw->passthru);
}

/**
 * vnicx_switch_nr_ports() - count the vNICs
 * @sw: the switch
 *
 * Context: any.
 * Return: the number
 */
u32 vnicx_switch_nr_ports(const struct vnicx_switch *sw)
{
	return READ_ONCE(sw->nr_ports);
}

/**
 * vnicx_switch_queue_len() - get how many frames of a port may wait for the
 *	flood worker
 * @sw: the switch
 *
 * Context: any.
 * Return: frames
 */
u32 vnicx_switch_queue_len(const struct vnicx_switch *sw)
{
	return READ_ONCE(sw->flood.len);
}
