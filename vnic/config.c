// SPDX-License-Identifier: GPL-2.0
/*
 * A vNIC's attributes: checked, applied, shown.
 *
 * All of them say what a vNIC may reach or what the switch does, so only who
 * administers the lower device's namespace may change them, not the root of
 * the container that the vNIC lives in.
 */
#include <linux/etherdevice.h>
#include <linux/if_vnicx.h>
#include <linux/rtnetlink.h>

#include "vnic.h"

const struct nla_policy vnicx_policy[IFLA_VNICX_MAX + 1] = {
	[IFLA_VNICX_UNSPEC] = { .type = NLA_REJECT },
	[IFLA_VNICX_MODE] = NLA_POLICY_MAX(NLA_U32, VNICX_MODE_MAX),
	[IFLA_VNICX_FLAGS] = NLA_POLICY_BITFIELD32(VNICX_FLAGS),
	[IFLA_VNICX_SOURCE_OP] = NLA_POLICY_MAX(NLA_U32, VNICX_SOURCE_OP_MAX),
	[IFLA_VNICX_SOURCES] = NLA_POLICY_NESTED(vnicx_source_policy),
	[IFLA_VNICX_HOST] = NLA_POLICY_MAX(NLA_U8, VNICX_HOST_ON),
	[IFLA_VNICX_BC_QUEUE_LEN] = { .type = NLA_U32 },
	[IFLA_VNICX_BC_QUEUE_LEN_USED] = { .type = NLA_REJECT },
	[IFLA_VNICX_FLOOD] = NLA_POLICY_MAX(NLA_U8, 1),
};

/* Returns the attribute that holds a vNIC's options, NULL if there is none, or
 * an ERR_PTR(). Of several, rtnetlink parses the last one: a check of any other
 * would be a check of bytes that nobody uses.
 */
static const struct nlattr *
vnicx_config_find(const struct nlattr *linkinfo, struct netlink_ext_ack *extack)
{
	const struct nlattr *nla, *found = NULL;
	int rem;

	nla_for_each_nested(nla, linkinfo, rem) {
		if (nla_type(nla) != IFLA_INFO_DATA)
			continue;
		if (found) {
			NL_SET_ERR_MSG_ATTR(extack, nla,
					    "options come in one IFLA_INFO_DATA, not in several");
			return ERR_PTR(-EINVAL);
		}
		found = nla;
	}
	return found;
}

static int vnicx_config_check_once(const struct nlattr *options,
				   struct netlink_ext_ack *extack)
{
	const struct nlattr *nla;
	u64 seen = 0;
	int rem;

	BUILD_BUG_ON(BITS_PER_TYPE(seen) <= IFLA_VNICX_MAX);

	nla_for_each_nested(nla, options, rem) {
		if (seen & BIT_ULL(nla_type(nla))) {
			NL_SET_ERR_MSG_ATTR(extack, nla,
					    "option is given more than once");
			return -EINVAL;
		}
		seen |= BIT_ULL(nla_type(nla));
	}
	return 0;
}

/**
 * vnicx_config_validate() - check the form of a vNIC's options
 * @linkinfo: the IFLA_LINKINFO attribute or NULL
 * @extack: gets the cause of a refusal
 *
 * rtnetlink parses them liberally: it passes over options that it does not know,
 * and does not look at all into what is nested in them. Here, an unknown option
 * is an error, and so is any of the wrong length, at any depth.
 *
 * Return: 0 or a negative errno
 */
int vnicx_config_validate(const struct nlattr *linkinfo,
			  struct netlink_ext_ack *extack)
{
	const struct nlattr *options;
	int err;

	if (!linkinfo)
		return 0;
	options = vnicx_config_find(linkinfo, extack);
	if (IS_ERR_OR_NULL(options))
		return PTR_ERR_OR_ZERO(options);

	err = __nla_validate(nla_data(options), nla_len(options),
			     IFLA_VNICX_MAX, vnicx_policy,
			     NL_VALIDATE_TRAILING | NL_VALIDATE_MAXTYPE |
			     NL_VALIDATE_UNSPEC | NL_VALIDATE_STRICT_ATTRS,
			     extack);
	return err ?: vnicx_config_check_once(options, extack);
}

static bool flag_set(const struct nlattr *flags, u32 flag, bool now)
{
	struct nla_bitfield32 bits;

	if (!flags)
		return now;
	bits = nla_get_bitfield32(flags);
	return bits.selector & flag ? bits.value & flag : now;
}

/* What does not depend on the vNIC as it is. */
static int check_data(struct nlattr *data[], struct netlink_ext_ack *extack)
{
	struct nlattr *len = data[IFLA_VNICX_BC_QUEUE_LEN];

	if (len && nla_get_u32(len) > VNICX_BC_QUEUE_LEN &&
	    !capable(CAP_NET_ADMIN)) {
		NL_SET_ERR_MSG_FMT(extack,
				   "queue length above %u needs CAP_NET_ADMIN over the machine",
				   VNICX_BC_QUEUE_LEN);
		return -EPERM;
	}
	if (data[IFLA_VNICX_HOST] && nla_get_u8(data[IFLA_VNICX_HOST]) &&
	    !IS_ENABLED(CONFIG_NETFILTER_EGRESS)) {
		NL_SET_ERR_MSG(extack, "this kernel lacks the egress hook that it needs");
		return -EOPNOTSUPP;
	}
	return data[IFLA_VNICX_SOURCES] ?
	       vnicx_sources_check(data[IFLA_VNICX_SOURCES], extack) : 0;
}

/* What the mode allows of the rest. */
static int check_mode(enum vnicx_mode mode, struct nlattr *data[],
		      struct netlink_ext_ack *extack)
{
	if (mode != VNICX_MODE_SOURCE &&
	    (data[IFLA_VNICX_SOURCES] || data[IFLA_VNICX_SOURCE_OP])) {
		NL_SET_ERR_MSG(extack, "only a vNIC in source mode has a list of sources");
		return -EINVAL;
	}
	if (mode != VNICX_MODE_SOURCE &&
	    flag_set(data[IFLA_VNICX_FLAGS], VNICX_FLAG_NODST, false)) {
		NL_SET_ERR_MSG(extack, "nodst is for source mode only");
		return -EINVAL;
	}
	if (mode != VNICX_MODE_PASSTHRU &&
	    flag_set(data[IFLA_VNICX_FLAGS], VNICX_FLAG_NOPROMISC, false)) {
		NL_SET_ERR_MSG(extack, "nopromisc is for passthru mode only");
		return -EINVAL;
	}
	if (mode == VNICX_MODE_PASSTHRU && data[IFLA_VNICX_HOST] &&
	    nla_get_u8(data[IFLA_VNICX_HOST])) {
		NL_SET_ERR_MSG(extack, "a passthru vNIC has the lower device to itself");
		return -EINVAL;
	}
	return 0;
}

/* What all vNICs of a switch share changes by its own request, not on creation:
 * rtnetlink may yet fail to create the vNIC, and then it only deletes it.
 */
static int vnicx_config_check_shared(const struct vnicx_switch *sw,
				     struct nlattr *data[],
				     struct netlink_ext_ack *extack)
{
	const struct nlattr *host = data[IFLA_VNICX_HOST];

	if (!host || !sw->nr_ports || !!nla_get_u8(host) == sw->host_wanted)
		return 0;
	NL_SET_ERR_MSG_FMT(extack,
			   "host is %s for the vNICs of %s: change it at one of them",
			   sw->host_wanted ? "on" : "off", sw->lower->name);
	return -EBUSY;
}

/**
 * vnicx_config_check_new() - check what a vNIC is to be created with
 * @vnic: the vNIC; what needs no switch is set
 * @sw: the switch it is to be a port of
 * @data: IFLA_VNICX_* attributes, whose form is good, or NULL
 * @extack: gets the cause of a refusal
 *
 * Context: RTNL.
 * Return: 0 or a negative errno
 */
int vnicx_config_check_new(struct vnicx_vnic *vnic, struct vnicx_switch *sw,
			   struct nlattr *data[],
			   struct netlink_ext_ack *extack)
{
	struct vnicx_port *passthru = rtnl_dereference(sw->passthru);
	struct vnicx_port *port = &vnic->port;
	int err;

	port->mode = VNICX_MODE_BRIDGE;
	port->bc_queue_len = VNICX_BC_QUEUE_LEN;
	if (data) {
		err = check_data(data, extack);
		if (err)
			return err;
		if (data[IFLA_VNICX_MODE])
			port->mode = nla_get_u32(data[IFLA_VNICX_MODE]);
		err = check_mode(port->mode, data, extack) ?:
		      vnicx_config_check_shared(sw, data, extack);
		if (err)
			return err;
		port->nodst = flag_set(data[IFLA_VNICX_FLAGS],
				       VNICX_FLAG_NODST, false);
		vnic->nopromisc = flag_set(data[IFLA_VNICX_FLAGS],
					   VNICX_FLAG_NOPROMISC, false);
		if (data[IFLA_VNICX_BC_QUEUE_LEN])
			port->bc_queue_len =
				nla_get_u32(data[IFLA_VNICX_BC_QUEUE_LEN]);
		if (data[IFLA_VNICX_FLOOD])
			port->flood = nla_get_u8(data[IFLA_VNICX_FLOOD]);
	}

	if (passthru) {
		NL_SET_ERR_MSG_FMT(extack, "%s has lower device %s to itself",
				   passthru->dev->name, sw->lower->name);
		return -EBUSY;
	}
	if (port->mode == VNICX_MODE_PASSTHRU && sw->nr_ports) {
		NL_SET_ERR_MSG_FMT(extack,
				   "passthru needs a lower device to itself, %s has %u vNICs",
				   sw->lower->name, sw->nr_ports);
		return -EBUSY;
	}
	return 0;
}

/**
 * vnicx_config_apply_new() - apply what needs the new vNIC to be a port
 * @vnic: the vNIC, registered
 * @data: IFLA_VNICX_* attributes or NULL
 * @extack: gets the cause of a refusal
 *
 * Context: may sleep. RTNL.
 * Return: 0 or a negative errno
 */
int vnicx_config_apply_new(struct vnicx_vnic *vnic, struct nlattr *data[],
			   struct netlink_ext_ack *extack)
{
	struct vnicx_port *port = &vnic->port;
	int err;

	/* It has the lower device to itself. */
	if (port->mode == VNICX_MODE_PASSTHRU)
		return vnicx_lower_set_host(port->sw, false, extack);
	if (!data)
		return 0;
	err = vnicx_sources_check_op(port, data, extack) ?:
	      vnicx_sources_apply(port, data, extack);
	if (!err && data[IFLA_VNICX_HOST])
		err = vnicx_lower_set_host(port->sw,
					   nla_get_u8(data[IFLA_VNICX_HOST]),
					   extack);
	return err;
}

static int check_change(struct vnicx_vnic *vnic, struct nlattr *data[],
			enum vnicx_mode mode, struct netlink_ext_ack *extack)
{
	struct net_device *dev = vnic->port.dev;
	int err;

	/* The lower device's name is not for who lacks it. */
	if (!rtnl_dev_link_net_capable(dev, dev_net(vnic->lower))) {
		NL_SET_ERR_MSG(extack, "needs CAP_NET_ADMIN in the namespace of the lower device");
		return -EPERM;
	}
	err = check_data(data, extack);
	if (err)
		return err;
	if (mode != vnic->port.mode &&
	    (mode == VNICX_MODE_PASSTHRU ||
	     vnic->port.mode == VNICX_MODE_PASSTHRU)) {
		NL_SET_ERR_MSG(extack, "passthru mode can be neither entered nor left");
		return -EINVAL;
	}
	return check_mode(mode, data, extack) ?:
	       vnicx_sources_check_op(&vnic->port, data, extack);
}

/**
 * vnicx_changelink() - change a vNIC's attributes
 * @dev: the vNIC
 * @tb: IFLA_* attributes
 * @data: IFLA_VNICX_* attributes or NULL
 * @extack: gets the cause of a refusal
 *
 * Implements changelink of the rtnetlink kind. Nothing is changed unless all
 * of it can be, short of running out of memory.
 *
 * Context: may sleep. RTNL.
 * Return: 0 or a negative errno
 */
int vnicx_changelink(struct net_device *dev, struct nlattr *tb[],
		     struct nlattr *data[], struct netlink_ext_ack *extack)
{
	struct vnicx_vnic *vnic = netdev_priv(dev);
	struct vnicx_port *port = &vnic->port;
	enum vnicx_mode mode = port->mode;
	struct nlattr *flags;
	int err;

	if (!data)
		return 0;
	if (data[IFLA_VNICX_MODE])
		mode = nla_get_u32(data[IFLA_VNICX_MODE]);
	err = check_change(vnic, data, mode, extack);
	if (err)
		return err;

	/* In passthru mode, where nopromisc changes something, the host can only
	 * be taken off, which does not fail.
	 */
	flags = data[IFLA_VNICX_FLAGS];
	err = vnicx_filter_set_nopromisc(dev, flag_set(flags,
						       VNICX_FLAG_NOPROMISC,
						       vnic->nopromisc));
	if (err)
		return err;
	if (data[IFLA_VNICX_HOST]) {
		err = vnicx_lower_set_host(port->sw,
					   nla_get_u8(data[IFLA_VNICX_HOST]),
					   extack);
		if (err)
			return err;
	}
	if (mode != port->mode) {
		vnicx_port_set_mode(port, mode);
		vnicx_stations_update(port->sw);
	}
	WRITE_ONCE(port->nodst, mode == VNICX_MODE_SOURCE &&
		   flag_set(flags, VNICX_FLAG_NODST, port->nodst));
	if (data[IFLA_VNICX_BC_QUEUE_LEN])
		vnicx_port_set_queue_len(port,
					 nla_get_u32(data[IFLA_VNICX_BC_QUEUE_LEN]));
	if (data[IFLA_VNICX_FLOOD])
		vnicx_port_set_flood(port, nla_get_u8(data[IFLA_VNICX_FLOOD]));
	return vnicx_sources_apply(port, data, extack);
}

/**
 * vnicx_get_size() - bound what vnicx_fill_info() writes
 * @dev: the vNIC
 *
 * Return: bytes
 */
size_t vnicx_get_size(const struct net_device *dev)
{
	const struct vnicx_vnic *vnic = netdev_priv(dev);

	return nla_total_size(sizeof(u32)) + /* IFLA_VNICX_MODE */
	       nla_total_size(sizeof(struct nla_bitfield32)) +
	       nla_total_size(0) + /* IFLA_VNICX_SOURCES */
	       READ_ONCE(vnic->port.nr_sources) * nla_total_size(ETH_ALEN) +
	       nla_total_size(sizeof(u8)) + /* IFLA_VNICX_HOST */
	       nla_total_size(sizeof(u32)) + /* IFLA_VNICX_BC_QUEUE_LEN */
	       nla_total_size(sizeof(u32)) + /* IFLA_VNICX_BC_QUEUE_LEN_USED */
	       nla_total_size(sizeof(u8)); /* IFLA_VNICX_FLOOD */
}

/**
 * vnicx_fill_info() - show a vNIC's attributes, which would make one like it
 * @skb: where to put them
 * @dev: the vNIC
 *
 * Context: RTNL or RCU read side.
 * Return: 0 or -EMSGSIZE
 */
int vnicx_fill_info(struct sk_buff *skb, const struct net_device *dev)
{
	const struct vnicx_vnic *vnic = netdev_priv(dev);
	const struct vnicx_port *port = &vnic->port;
	u32 flags = (READ_ONCE(port->nodst) ? VNICX_FLAG_NODST : 0) |
		    (READ_ONCE(vnic->nopromisc) ? VNICX_FLAG_NOPROMISC : 0);
	u8 host = VNICX_HOST_UNAVAILABLE;

	if (IS_ENABLED(CONFIG_NETFILTER_EGRESS))
		host = READ_ONCE(port->sw->host.role) ? VNICX_HOST_ON :
						      VNICX_HOST_OFF;

	if (nla_put_u32(skb, IFLA_VNICX_MODE, READ_ONCE(port->mode)) ||
	    nla_put_bitfield32(skb, IFLA_VNICX_FLAGS, flags, VNICX_FLAGS) ||
	    vnicx_sources_fill(skb, port) ||
	    nla_put_u8(skb, IFLA_VNICX_HOST, host) ||
	    nla_put_u32(skb, IFLA_VNICX_BC_QUEUE_LEN,
			READ_ONCE(port->bc_queue_len)) ||
	    nla_put_u32(skb, IFLA_VNICX_BC_QUEUE_LEN_USED,
			READ_ONCE(port->sw->flood.len)) ||
	    nla_put_u8(skb, IFLA_VNICX_FLOOD, READ_ONCE(port->flood)))
		return -EMSGSIZE;
	return 0;
}
