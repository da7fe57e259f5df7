// SPDX-License-Identifier: GPL-2.0
/*
 * Dumps of switches and ports. Each part fills one buffer under RTNL, and says
 * where the next one begins; a dump of which parts saw different sets of ports is
 * marked as interrupted.
 */
#include <linux/jhash.h>
#include <linux/rtnetlink.h>
#include <net/sock.h>

#include "genl.h"

/**
 * struct vnicx_genl_cursor - where the next part of a dump begins
 * @lower: the number of the switch
 * @port: the number of the port
 * @passed: behind the switches: devices of the namespace that had their turn
 */
struct vnicx_genl_cursor {
	u32 lower;
	u32 port;
	u32 passed;
};

static_assert(sizeof(struct vnicx_genl_cursor) <=
	      sizeof_field(struct netlink_callback, ctx));

static struct vnicx_genl_cursor *
vnicx_genl_cursor(struct netlink_callback *cb)
{
	return (struct vnicx_genl_cursor *)cb->ctx;
}

static struct vnicx_genl_asker vnicx_genl_dump_asker(struct netlink_callback *cb,
						     u8 cmd)
{
	return (struct vnicx_genl_asker) {
		.net = sock_net(cb->skb->sk),
		.request = cb->skb,
		.nlh = cb->nlh,
		.cmd = cmd,
		.flags = NLM_F_MULTI,
	};
}

/* A number that changes with the ports that a namespace sees */
static u32 vnicx_genl_dump_seq(const struct net *net)
{
	u32 seq = READ_ONCE(net->dev_base_seq);
	struct vnicx_switch_shown shown;
	struct vnicx_lower *lower;

	for (lower = vnicx_lower_first(); lower;
	     lower = vnicx_lower_next(lower)) {
		if (!net_eq(dev_net(lower->dev), net))
			continue;
		vnicx_switch_show(lower->sw, &shown);
		seq = jhash_3words(lower->id, shown.joined,
				   vnicx_switch_nr_ports(lower->sw), seq);
	}
	/* 0 stands for none. */
	return seq ?: 1;
}

/* Find the first switch that is shown, this one or one behind it. Its lower device
 * is in the asker's namespace, and is the one that the request names, if it does.
 */
static struct vnicx_lower *
vnicx_genl_dump_shown(const struct net *net, const struct nlattr *wanted,
		      struct vnicx_lower *lower)
{
	while (lower && !(net_eq(dev_net(lower->dev), net) &&
			  (!wanted ||
			   nla_get_u32(wanted) == lower->dev->ifindex)))
		lower = vnicx_lower_next(lower);
	return lower;
}

static struct vnicx_lower *
vnicx_genl_dump_next(const struct net *net, const struct nlattr *wanted,
		     struct vnicx_lower *lower)
{
	return vnicx_genl_dump_shown(net, wanted, vnicx_lower_next(lower));
}

/* Find the first switch that is shown, from a number on. */
static struct vnicx_lower *
vnicx_genl_dump_lower(const struct net *net, const struct nlattr *wanted,
		      u32 from)
{
	struct vnicx_lower *lower = vnicx_lower_first();

	while (lower && lower->id < from)
		lower = vnicx_lower_next(lower);
	return vnicx_genl_dump_shown(net, wanted, lower);
}

static bool vnicx_genl_dump_one(struct sk_buff *skb,
				struct netlink_callback *cb,
				const struct vnicx_genl_asker *asker,
				const struct vnicx_lower *lower,
				struct vnicx_port *port)
{
	void *hdr = vnicx_genl_begin(skb, asker);

	if (!hdr)
		return false;
	genl_dump_check_consistent(cb, hdr);
	if (port ? vnicx_genl_fill_port(skb, asker, port) :
		   vnicx_genl_fill_switch(skb, lower)) {
		genlmsg_cancel(skb, hdr);
		return false;
	}
	genlmsg_end(skb, hdr);
	return true;
}

/* Refuse to show a lower device that is none, or not in the namespace. */
static int vnicx_genl_start_lower(struct netlink_callback *cb,
				  const struct nlattr *wanted)
{
	if (!wanted ||
	    vnicx_genl_dump_lower(sock_net(cb->skb->sk), wanted, 0))
		return 0;
	NL_SET_ERR_MSG_ATTR(cb->extack, wanted,
			    "no lower device of vNICs has this index here");
	return -ENODEV;
}

/**
 * vnicx_genl_start_switches() - check the request for switches
 * @cb: the dump
 *
 * Context: may sleep.
 * Return: 0 or -ENODEV
 */
int vnicx_genl_start_switches(struct netlink_callback *cb)
{
	int err;

	rtnl_lock();
	err = vnicx_genl_start_lower(cb,
				     genl_dump_attrs(cb)[VNICX_A_SWITCH_IFINDEX]);
	rtnl_unlock();
	return err;
}

/**
 * vnicx_genl_dump_switches() - show the next switches
 * @skb: where to put them
 * @cb: the dump
 *
 * Context: may sleep.
 * Return: bytes; 0 at the end; or -EMSGSIZE
 */
int vnicx_genl_dump_switches(struct sk_buff *skb, struct netlink_callback *cb)
{
	const struct vnicx_genl_asker asker =
		vnicx_genl_dump_asker(cb, VNICX_CMD_SWITCH_GET);
	struct nlattr *wanted = genl_dump_attrs(cb)[VNICX_A_SWITCH_IFINDEX];
	struct vnicx_genl_cursor *cursor = vnicx_genl_cursor(cb);
	struct vnicx_lower *lower;

	rtnl_lock();
	cb->seq = vnicx_genl_dump_seq(asker.net);
	lower = vnicx_genl_dump_lower(asker.net, wanted, cursor->lower);
	while (lower) {
		cursor->lower = lower->id;
		if (!vnicx_genl_dump_one(skb, cb, &asker, lower, NULL))
			break;
		cursor->lower++;
		lower = vnicx_genl_dump_next(asker.net, wanted, lower);
	}
	rtnl_unlock();
	return skb->len || !lower ? skb->len : -EMSGSIZE;
}

/* The ports in their order: the wire, the host, the vNICs. The numbers of these
 * two are below those of all vNICs.
 */
static struct vnicx_port *vnicx_genl_port_next(struct vnicx_switch *sw,
					       struct vnicx_port *port)
{
	if (!port)
		return vnicx_switch_uplink(sw);
	if (port == vnicx_switch_uplink(sw))
		return vnicx_switch_host(sw);
	if (port == vnicx_switch_host(sw))
		return vnicx_port_first(sw);
	return vnicx_port_next(port);
}

/* Show the ports of a switch from a number on. Return whether all had room. */
static bool vnicx_genl_dump_lower_ports(struct sk_buff *skb,
					struct netlink_callback *cb,
					const struct vnicx_genl_asker *asker,
					const struct vnicx_lower *lower)
{
	struct vnicx_genl_cursor *cursor = vnicx_genl_cursor(cb);
	struct vnicx_port *port = NULL;

	while ((port = vnicx_genl_port_next(lower->sw, port))) {
		if (port->id < cursor->port)
			continue;
		cursor->port = port->id;
		if (!vnicx_genl_dump_one(skb, cb, asker, lower, port))
			return false;
		cursor->port++;
	}
	return true;
}

/* Tell whether a device is a vNIC whose lower device is in another namespace: one
 * that its user sees without the switch.
 */
static bool vnicx_genl_is_guest(const struct net_device *dev)
{
	const struct vnicx_vnic *vnic = netdev_priv(dev);

	return dev->netdev_ops == &vnicx_netdev_ops &&
	       !net_eq(dev_net(dev), dev_net(vnic->lower));
}

/* Show the vNICs of the asker's namespace whose switch is another namespace's. A
 * device that comes or goes marks the dump as interrupted.
 */
static bool vnicx_genl_dump_guests(struct sk_buff *skb,
				   struct netlink_callback *cb,
				   const struct vnicx_genl_asker *asker)
{
	struct vnicx_genl_cursor *cursor = vnicx_genl_cursor(cb);
	struct vnicx_vnic *vnic;
	struct net_device *dev;
	u32 n = 0;

	for_each_netdev(asker->net, dev) {
		if (n++ < cursor->passed)
			continue;
		vnic = netdev_priv(dev);
		if (vnicx_genl_is_guest(dev) &&
		    !vnicx_genl_dump_one(skb, cb, asker, NULL, &vnic->port))
			return false;
		cursor->passed = n;
	}
	return true;
}

/**
 * vnicx_genl_start_ports() - check the request for ports, and have buffers be long
 *	enough for the longest answer
 * @cb: the dump
 *
 * A list that has become longer when its turn comes may be left out, which is marked.
 *
 * Context: may sleep.
 * Return: 0 or -ENODEV
 */
int vnicx_genl_start_ports(struct netlink_callback *cb)
{
	const struct net *net = sock_net(cb->skb->sk);
	struct vnicx_lower *lower;
	struct vnicx_vnic *vnic;
	struct net_device *dev;
	size_t size = 0;
	int err;

	rtnl_lock();
	err = vnicx_genl_start_lower(cb, genl_dump_attrs(cb)[VNICX_A_PORT_LOWER]);
	for (lower = vnicx_genl_dump_lower(net, NULL, 0); lower;
	     lower = vnicx_genl_dump_next(net, NULL, lower)) {
		struct vnicx_port *port = NULL;

		while ((port = vnicx_genl_port_next(lower->sw, port)))
			size = max(size, vnicx_genl_port_size(port));
	}
	for_each_netdev(net, dev) {
		if (!vnicx_genl_is_guest(dev))
			continue;
		vnic = netdev_priv(dev);
		size = max(size, vnicx_genl_port_size(&vnic->port));
	}
	rtnl_unlock();
	cb->min_dump_alloc = NLMSG_HDRLEN + GENL_HDRLEN + size;
	return err;
}

/**
 * vnicx_genl_dump_ports() - show the next ports
 * @skb: where to put them
 * @cb: the dump
 *
 * Context: may sleep.
 * Return: bytes; 0 at the end; or -EMSGSIZE
 */
int vnicx_genl_dump_ports(struct sk_buff *skb, struct netlink_callback *cb)
{
	const struct vnicx_genl_asker asker =
		vnicx_genl_dump_asker(cb, VNICX_CMD_PORT_GET);
	struct nlattr *wanted = genl_dump_attrs(cb)[VNICX_A_PORT_LOWER];
	struct vnicx_genl_cursor *cursor = vnicx_genl_cursor(cb);
	struct vnicx_lower *lower;
	bool done = true;

	rtnl_lock();
	cb->seq = vnicx_genl_dump_seq(asker.net);
	lower = vnicx_genl_dump_lower(asker.net, wanted, cursor->lower);
	while (done && lower) {
		if (lower->id != cursor->lower)
			cursor->port = 0;
		cursor->lower = lower->id;
		done = vnicx_genl_dump_lower_ports(skb, cb, &asker, lower);
		if (done) {
			cursor->lower++;
			cursor->port = 0;
			lower = vnicx_genl_dump_next(asker.net, wanted, lower);
		}
	}
	if (done && !wanted)
		done = vnicx_genl_dump_guests(skb, cb, &asker);
	rtnl_unlock();
	return skb->len || done ? skb->len : -EMSGSIZE;
}
