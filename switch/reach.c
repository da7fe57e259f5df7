// SPDX-License-Identifier: GPL-2.0
/*
 * A port's reach: the frames that get to it, by its state, its mode, and the flags
 * by which it wants more than its own.
 */
#include <linux/rtnetlink.h>
#include <kunit/visibility.h>

#include "deliver.h"
#include "scope.h"
#include "watch.h"

/**
 * vnicx_port_set_role() - set a port's role and reach by its state and mode
 * @port: a vNIC's port or the host
 *
 * Context: RTNL.
 */
void vnicx_port_set_role(struct vnicx_port *port)
{
	bool on = port->up && !(port->tx_checks & VNICX_CHECK_DISABLED);
	u8 role = VNICX_ROLE_HOST, reach = VNICX_REACH_HOST;
	u32 only = vnicx_vlan_raw(VNICX_VLAN_NOWHERE);

	ASSERT_RTNL();

	if (port->kind == VNICX_PORT_VNIC) {
		if (on)
			only = vnicx_scope_only(port);
		role = vnicx_scope_choosy(port) ?: BIT(port->mode);
		reach = vnicx_mode_reach[port->mode].direct;
	}
	WRITE_ONCE(port->only, only);
	WRITE_ONCE(port->role, on ? role : 0);
	WRITE_ONCE(port->reach, on ? reach : 0);
	/* A policy may come before the switch. */
	if (port->sw)
		vnicx_watch_tell(port->sw);
}

/**
 * vnicx_port_count_mode() - count a port that enters or leaves a mode
 * @sw: the switch
 * @mode: the mode
 * @n: 1 or -1
 *
 * Frames from the wire pay for private mode only while a port is in it.
 *
 * Context: RTNL.
 */
void vnicx_port_count_mode(struct vnicx_switch *sw, enum vnicx_mode mode, int n)
{
	if (mode == VNICX_MODE_PRIVATE)
		WRITE_ONCE(sw->nr_private, sw->nr_private + n);
}

/**
 * vnicx_port_set_mode() - change a port's mode
 * @port: the port, not in passthru mode
 * @mode: the new mode, not passthru
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
	vnicx_port_count_mode(sw, port->mode, -1);
	vnicx_port_count_mode(sw, mode, 1);
	WRITE_ONCE(port->mode, mode);
	vnicx_port_set_role(port);
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_port_set_mode);

/**
 * vnicx_port_set_flood() - flood unknown addresses to a port, or stop it
 * @port: the port
 * @on: whether the port, while it is promiscuous, receives frames that vNICs
 *	and the host send to addresses that no port of the switch has
 *
 * Context: RTNL.
 */
void vnicx_port_set_flood(struct vnicx_port *port, bool on)
{
	struct vnicx_switch *sw = port->sw;

	ASSERT_RTNL();

	if (port->flood == on)
		return;
	WRITE_ONCE(port->flood, on);
	WRITE_ONCE(sw->nr_flood, sw->nr_flood + (on ? 1 : -1));
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_port_set_flood);

/**
 * vnicx_port_disable() - let nothing pass at a port, or end that
 * @port: the port
 * @on: whether nothing passes
 *
 * Context: RTNL.
 */
void vnicx_port_disable(struct vnicx_port *port, bool on)
{
	vnicx_policy_set_checks(port, VNICX_CHECK_DISABLED, on);
	vnicx_port_set_role(port);
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_port_disable);

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
	port->up = true;
	vnicx_port_set_role(port);
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_port_up);

/**
 * vnicx_port_down() - make a port unreachable, the first phase of leaving
 * @port: the port; before the grace period, its device leaves its groups and
 *	clears its rx_flags under the addr_list_lock
 *
 * Frames may be on their way to it until a grace period has passed.
 *
 * Context: RTNL.
 */
void vnicx_port_down(struct vnicx_port *port)
{
	struct vnicx_switch *sw = port->sw;

	ASSERT_RTNL();

	port->up = false;
	vnicx_port_set_role(port);
	spin_lock_bh(&sw->lock);
	vnicx_members_del(sw, &sw->broadcast, port);
	spin_unlock_bh(&sw->lock);
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_port_down);

/**
 * vnicx_port_pause() - make a port unreachable and wait until no frame is on
 *	its way to it
 * @port: the port, which vnicx_port_up() makes reachable again
 *
 * Context: may sleep. RTNL.
 */
void vnicx_port_pause(struct vnicx_port *port)
{
	vnicx_port_down(port);
	synchronize_net();
	vnicx_queue_drain();
}

static void vnicx_port_set_member(struct vnicx_port *port,
				  struct vnicx_members __rcu **members,
				  bool member)
{
	struct vnicx_switch *sw = port->sw;

	if (member)
		WARN_ON_ONCE(vnicx_members_add(sw, members, port));
	else
		vnicx_members_del(sw, members, port);
}

/**
 * vnicx_port_set_rx_flags() - set which frames a port wants beside its own
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
		vnicx_port_set_member(port, &sw->allmulti,
				      flags & VNICX_RX_ALLMULTI);
	if (changed & VNICX_RX_PROMISC)
		vnicx_port_set_member(port, &sw->promisc,
				      flags & VNICX_RX_PROMISC);
	spin_unlock_bh(&sw->lock);
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_port_set_rx_flags);
