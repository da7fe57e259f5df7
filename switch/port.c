// SPDX-License-Identifier: GPL-2.0
/*
 * How ports join a switch and leave, and what is behind them. In between, reach.c
 * says what reaches them. The comment at the top of switch.c explains their locks
 * and lifetimes.
 */
#include <linux/rtnetlink.h>
#include <kunit/visibility.h>

#include "deliver.h"
#include "flood.h"
#include "policy/held.h"
#include "scope.h"

/* Frames from the wire pay for XDP programs only while a vNIC has one. */
DEFINE_STATIC_KEY_FALSE(vnicx_xdp_used);

static enum vnicx_exit vnicx_port_exit(const struct vnicx_port *port,
				       enum vnicx_port_kind kind)
{
	if (kind == VNICX_PORT_HOST)
		return VNICX_EXIT_HOST;
	return port->take ? VNICX_EXIT_QUEUE : VNICX_EXIT_STACK;
}

/**
 * vnicx_port_init() - initialise what every port has
 * @sw: the switch
 * @port: the port, zeroed except for the options of its vNIC
 * @dev: its device
 * @kind: what is behind it
 *
 * Context: may sleep. RTNL.
 * Return: 0 or -ENOMEM
 */
int vnicx_port_init(struct vnicx_switch *sw, struct vnicx_port *port,
		    struct net_device *dev, enum vnicx_port_kind kind)
{
	port->stats = netdev_alloc_pcpu_stats(struct vnicx_port_stats);
	if (!port->stats)
		return -ENOMEM;

	port->dev = dev;
	port->sw = sw;
	port->kind = kind;
	port->exit = vnicx_port_exit(port, kind);
	port->id = sw->next_id++;
	INIT_LIST_HEAD(&port->sources);
	vnicx_flow_init(sw, &port->flow, kind);
	return 0;
}

/**
 * vnicx_port_join() - make a net_device a port of a switch
 * @sw: the switch
 * @port: the port to be, zeroed except for the options of its vNIC
 * @dev: its device, with its address
 *
 * The port owns the device's address from here on, and is down. A port in
 * passthru mode has no entry for its address, which is the lower device's,
 * because it receives everything.
 *
 * Context: may sleep. RTNL.
 * Return: 0, -EADDRINUSE when another port has the address, or -ENOMEM
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

	err = vnicx_held_join(sw, port->held);
	if (err)
		return err;
	err = vnicx_port_init(sw, port, dev, VNICX_PORT_VNIC);
	if (err) {
		vnicx_held_leave(sw, port->held);
		return err;
	}

	if (vnicx_port_is_passthru(port))
		rcu_assign_pointer(sw->passthru, port);
	else
		err = vnicx_fdb_add(port, dev->dev_addr, VNICX_VID_ANY,
				    VNICX_FDB_ADMIN, GFP_KERNEL_ACCOUNT);
	vnicx_port_set_addr(port, dev->dev_addr, VNICX_FDB_ADMIN);
	if (err) {
		vnicx_held_leave(sw, port->held);
		free_percpu(port->stats);
		port->stats = NULL;
		port->sw = NULL;
		return err;
	}

	vnicx_port_count_mode(sw, port->mode, 1);
	if (vnicx_scope_choosy(port) & VNICX_ROLE_ISOLATED)
		WRITE_ONCE(sw->nr_private, sw->nr_private + 1);
	if (port->flood)
		WRITE_ONCE(sw->nr_flood, sw->nr_flood + 1);
	list_add_tail(&port->list, &sw->ports);
	WRITE_ONCE(sw->nr_ports, n);
	vnicx_port_set_queue_len(port, port->bc_queue_len);
	return 0;
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_port_join);

/**
 * vnicx_port_set_addr() - note the address that a port has
 * @port: the port
 * @addr: the address, which it has in the FDB
 * @rank: by which title
 *
 * Context: RTNL.
 */
void vnicx_port_set_addr(struct vnicx_port *port, const u8 *addr,
			 enum vnicx_fdb_rank rank)
{
	ASSERT_RTNL();

	ether_addr_copy(port->addr, addr);
	port->addr_rank = rank;
	vnicx_policy_set_self(port);
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_port_set_addr);

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

	/* Wait for frames that were queued for it before it went down. */
	vnicx_queue_drain();
	vnicx_share_leave(port);
	if (vnicx_port_is_passthru(port))
		RCU_INIT_POINTER(sw->passthru, NULL);
	else
		vnicx_fdb_del(port, port->addr, VNICX_VID_ANY, port->addr_rank);
	vnicx_source_flush(port);
	vnicx_port_count_mode(sw, port->mode, -1);
	vnicx_port_set_flood(port, false);
	list_del(&port->list);
	WRITE_ONCE(sw->nr_ports, sw->nr_ports - 1);
	vnicx_port_set_queue_len(port, 0);
	vnicx_policy_set(port, NULL);
	free_percpu(port->stats);
	port->stats = NULL;
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_port_leave);

/**
 * vnicx_port_unlist() - remove a vNIC that is to leave from the switch's list
 * @port: the port; vnicx_port_leave() need not follow at once
 *
 * Context: RTNL.
 */
void vnicx_port_unlist(struct vnicx_port *port)
{
	ASSERT_RTNL();
	list_del_init(&port->list);
}

/**
 * vnicx_port_first() - get the first vNIC of a switch
 * @sw: the switch
 *
 * Context: RTNL.
 * Return: its port or NULL
 */
struct vnicx_port *vnicx_port_first(struct vnicx_switch *sw)
{
	ASSERT_RTNL();
	return list_first_entry_or_null(&sw->ports, struct vnicx_port, list);
}

/**
 * vnicx_port_next() - get the next vNIC of a switch
 * @port: a port in the switch's list
 *
 * Context: RTNL.
 * Return: its port or NULL
 */
struct vnicx_port *vnicx_port_next(const struct vnicx_port *port)
{
	ASSERT_RTNL();
	if (list_is_last(&port->list, &port->sw->ports))
		return NULL;
	return list_entry(port->list.next, struct vnicx_port, list);
}

/**
 * vnicx_port_set_xdp() - put a port's frames before its XDP program, or no longer
 * @port: a vNIC's port, which has &vnicx_port.put
 * @on: whether to
 *
 * Returns when no frame goes the other way any more.
 *
 * Context: may sleep. RTNL.
 */
void vnicx_port_set_xdp(struct vnicx_port *port, bool on)
{
	ASSERT_RTNL();

	if (on)
		static_branch_inc(&vnicx_xdp_used);
	/* Pairs with vnicx_deliver_has_xdp(): the queue was made before. */
	smp_store_release(&port->exit, on ? VNICX_EXIT_XDP :
					    vnicx_port_exit(port, port->kind));
	synchronize_net();
	if (!on)
		static_branch_dec(&vnicx_xdp_used);
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_port_set_xdp);
