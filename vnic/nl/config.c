// SPDX-License-Identifier: GPL-2.0
/*
 * A vNIC's attributes: checks, changes and dumps.
 *
 * The attributes decide which ports a vNIC reaches and how the switch works.
 * Therefore only an administrator of the lower device's namespace may change
 * them. The root of the container that the vNIC lives in may not.
 */
#include <linux/etherdevice.h>
#include <linux/if_vnicx.h>
#include <linux/rtnetlink.h>

#include "../vnic.h"

/**
 * struct vnicx_option - the place of an option in &struct vnicx_config
 * @attr: the option's attribute
 * @flag: for IFLA_VNICX_FLAGS, the flag, whose member is a bool; else 0
 * @size: for other attributes, the number of bytes
 * @offset: offset of the member
 */
struct vnicx_option {
	u16 attr;
	u8 flag;
	u8 size;
	u8 offset;
};

#define VNICX_OPTION(a, type, member) {					\
	.attr = IFLA_VNICX_ ## a,					\
	.size = sizeof(type),						\
	.offset = offsetof(struct vnicx_config, member),		\
}

#define VNICX_OPTION_FLAG(f, member) {					\
	.attr = IFLA_VNICX_FLAGS,					\
	.flag = VNICX_FLAG_ ## f,					\
	.offset = offsetof(struct vnicx_config, member),		\
}

static const struct vnicx_option vnicx_options[] = {
	VNICX_OPTION(MODE, u32, mode),
	VNICX_OPTION_FLAG(NODST, nodst),
	VNICX_OPTION_FLAG(NOPROMISC, nopromisc),
	VNICX_OPTION(SOURCE_OP, u32, source_op),
	VNICX_OPTION(HOST, bool, host),
	VNICX_OPTION(BC_QUEUE_LEN, u32, bc_queue_len),
	VNICX_OPTION(FLOOD, bool, flood),
};

/**
 * vnicx_config_init() - set the configuration of a vNIC to the defaults
 * @config: the configuration
 */
void vnicx_config_init(struct vnicx_config *config)
{
	*config = (struct vnicx_config) {
		.mode = VNICX_MODE_BRIDGE,
		.bc_queue_len = VNICX_BC_QUEUE_LEN,
		.host = IS_ENABLED(CONFIG_NETFILTER_EGRESS),
	};
}

/* Get the configuration that a vNIC has. */
static void vnicx_config_get(const struct vnicx_vnic *vnic,
			     struct vnicx_config *config)
{
	const struct vnicx_port *port = &vnic->port;

	*config = (struct vnicx_config) {
		.mode = port->mode,
		.nodst = port->nodst,
		.nopromisc = vnic->nopromisc,
		.host = vnicx_lower_of(vnic->lower)->host_wanted,
		.bc_queue_len = port->bc_queue_len,
		.flood = port->flood,
	};
}

/**
 * vnicx_config_parse() - change a configuration by attributes
 * @config: the configuration; keeps the options that @data does not give
 * @data: IFLA_VNICX_* attributes, whose form vnicx_policy_validate() accepted,
 *	or NULL
 */
void vnicx_config_parse(struct vnicx_config *config, struct nlattr *data[])
{
	const struct vnicx_option *option;
	struct nla_bitfield32 flags;
	const struct nlattr *nla;
	unsigned int i;

	if (!data)
		return;
	for (i = 0; i < ARRAY_SIZE(vnicx_options); i++) {
		option = &vnicx_options[i];
		nla = data[option->attr];
		if (!nla)
			continue;
		config->given |= BIT(option->attr);
		if (!option->flag) {
			nla_memcpy((u8 *)config + option->offset, nla,
				   option->size);
			continue;
		}
		flags = nla_get_bitfield32(nla);
		if (flags.selector & option->flag)
			*((bool *)config + option->offset) =
				flags.value & option->flag;
	}
	config->sources = data[IFLA_VNICX_SOURCES];
}

static bool vnicx_config_gives(const struct vnicx_config *config,
			       unsigned int attr)
{
	return config->given & BIT(attr);
}

/* Check the options that do not depend on the vNIC's present ones. */
static int vnicx_config_check(const struct vnicx_config *config,
			      struct netlink_ext_ack *extack)
{
	if (vnicx_config_gives(config, IFLA_VNICX_BC_QUEUE_LEN) &&
	    config->bc_queue_len > VNICX_BC_QUEUE_LEN &&
	    !capable(CAP_NET_ADMIN)) {
		NL_SET_ERR_MSG_FMT(extack,
				   "queue length above %u needs CAP_NET_ADMIN over the machine",
				   VNICX_BC_QUEUE_LEN);
		return -EPERM;
	}
	if (vnicx_config_gives(config, IFLA_VNICX_HOST) && config->host &&
	    !IS_ENABLED(CONFIG_NETFILTER_EGRESS)) {
		NL_SET_ERR_MSG(extack, "the host needs an egress hook, which this kernel lacks");
		return -EOPNOTSUPP;
	}
	return config->sources ?
		       vnicx_source_list_check(config->sources, extack) :
		       0;
}

/* Check that the mode allows the other options. */
static int vnicx_config_check_mode(const struct vnicx_config *config,
				   struct netlink_ext_ack *extack)
{
	if (config->mode != VNICX_MODE_SOURCE &&
	    (config->sources ||
	     vnicx_config_gives(config, IFLA_VNICX_SOURCE_OP))) {
		NL_SET_ERR_MSG(extack, "only a vNIC in source mode has a list of sources");
		return -EINVAL;
	}
	if (config->mode != VNICX_MODE_SOURCE && config->nodst) {
		NL_SET_ERR_MSG(extack, "nodst is for source mode only");
		return -EINVAL;
	}
	if (config->mode != VNICX_MODE_PASSTHRU && config->nopromisc) {
		NL_SET_ERR_MSG(extack, "nopromisc is for passthru mode only");
		return -EINVAL;
	}
	if (config->mode == VNICX_MODE_PASSTHRU && config->host &&
	    vnicx_config_gives(config, IFLA_VNICX_HOST)) {
		NL_SET_ERR_MSG(extack, "a passthru vNIC has the lower device to itself");
		return -EINVAL;
	}
	return 0;
}

/* Check that a new vNIC does not change an option that all vNICs of a switch
 * share. Such an option changes by a request of its own: if rtnetlink fails to
 * create the vNIC later on, it deletes the vNIC, but does not change the option
 * back.
 */
static int vnicx_config_check_shared(const struct vnicx_config *config,
				     const struct vnicx_lower *lower,
				     struct netlink_ext_ack *extack)
{
	if (!vnicx_config_gives(config, IFLA_VNICX_HOST) ||
	    !vnicx_switch_nr_ports(lower->sw) ||
	    config->host == lower->host_wanted)
		return 0;
	NL_SET_ERR_MSG_FMT(extack,
			   "host is %s for the vNICs of %s: change it at one of them",
			   lower->host_wanted ? "on" : "off", lower->dev->name);
	return -EBUSY;
}

/**
 * vnicx_config_check_new() - check the configuration of a vNIC to be created
 * @config: the configuration
 * @lower: the lower device
 * @extack: gets the cause of a refusal
 *
 * Context: RTNL.
 * Return: 0 or a negative errno
 */
int vnicx_config_check_new(const struct vnicx_config *config,
			   struct vnicx_lower *lower,
			   struct netlink_ext_ack *extack)
{
	const struct vnicx_port *passthru = vnicx_switch_passthru(lower->sw);
	u32 nr_ports = vnicx_switch_nr_ports(lower->sw);
	int err;

	err = vnicx_config_check(config, extack) ?:
	      vnicx_config_check_mode(config, extack);
	if (err)
		return err;

	if (passthru) {
		NL_SET_ERR_MSG_FMT(extack, "%s has lower device %s to itself",
				   passthru->dev->name, lower->dev->name);
		return -EBUSY;
	}
	if (config->mode == VNICX_MODE_PASSTHRU && nr_ports) {
		NL_SET_ERR_MSG_FMT(extack,
				   "passthru needs a lower device to itself, %s has %u vNICs",
				   lower->dev->name, nr_ports);
		return -EBUSY;
	}
	return vnicx_config_check_shared(config, lower, extack);
}

/**
 * vnicx_config_prepare() - apply the options that a vNIC has before it is a
 *	port
 * @vnic: the vNIC
 * @config: the configuration, which vnicx_config_check_new() accepted
 */
void vnicx_config_prepare(struct vnicx_vnic *vnic,
			  const struct vnicx_config *config)
{
	struct vnicx_port *port = &vnic->port;

	port->mode = config->mode;
	port->nodst = config->nodst;
	port->bc_queue_len = config->bc_queue_len;
	port->flood = config->flood;
	vnic->nopromisc = config->nopromisc;
}

/**
 * vnicx_config_apply_new() - apply the options that need the vNIC to be a port
 * @vnic: the vNIC, registered
 * @config: the configuration, which vnicx_config_check_new() accepted
 * @extack: gets the cause of a refusal
 *
 * Context: may sleep. RTNL.
 * Return: 0 or a negative errno
 */
int vnicx_config_apply_new(struct vnicx_vnic *vnic,
			   const struct vnicx_config *config,
			   struct netlink_ext_ack *extack)
{
	struct vnicx_lower *lower = vnicx_lower_of(vnic->lower);
	struct vnicx_port *port = &vnic->port;
	int err;

	/* A passthru vNIC has the lower device to itself. */
	if (port->mode == VNICX_MODE_PASSTHRU)
		return vnicx_lower_set_host(lower, false, extack);
	err = vnicx_source_list_check_op(port, config, extack) ?:
	      vnicx_source_list_apply(port, config, extack);
	if (!err && vnicx_config_gives(config, IFLA_VNICX_HOST))
		err = vnicx_lower_set_host(lower, config->host, extack);
	return err;
}

static int vnicx_config_check_change(struct vnicx_vnic *vnic,
				     const struct vnicx_config *config,
				     struct netlink_ext_ack *extack)
{
	enum vnicx_mode mode = vnic->port.mode;
	int err;

	/* First, because later messages may name the lower device. */
	if (!rtnl_dev_link_net_capable(vnic->port.dev, dev_net(vnic->lower))) {
		NL_SET_ERR_MSG(extack, "needs CAP_NET_ADMIN in the namespace of the lower device");
		return -EPERM;
	}
	err = vnicx_config_check(config, extack);
	if (err)
		return err;
	if (config->mode != mode && (config->mode == VNICX_MODE_PASSTHRU ||
				     mode == VNICX_MODE_PASSTHRU)) {
		NL_SET_ERR_MSG(extack, "passthru mode can be neither entered nor left");
		return -EINVAL;
	}
	return vnicx_config_check_mode(config, extack) ?:
	       vnicx_source_list_check_op(&vnic->port, config, extack);
}

/* Apply a configuration that vnicx_config_check_change() accepted. */
static int vnicx_config_apply(struct vnicx_vnic *vnic,
			      const struct vnicx_config *config,
			      struct netlink_ext_ack *extack)
{
	struct vnicx_lower *lower = vnicx_lower_of(vnic->lower);
	struct vnicx_port *port = &vnic->port;
	int err;

	/* Only in passthru mode does this change anything. There the host can
	 * only be taken off the switch, which cannot fail.
	 */
	err = vnicx_filter_set_nopromisc(port->dev, config->nopromisc);
	if (err)
		return err;
	if (vnicx_config_gives(config, IFLA_VNICX_HOST)) {
		err = vnicx_lower_set_host(lower, config->host, extack);
		if (err)
			return err;
	}
	if (config->mode != port->mode) {
		vnicx_port_set_mode(port, config->mode);
		vnicx_l2fwd_update(lower);
	}
	WRITE_ONCE(port->nodst, config->nodst);
	vnicx_port_set_queue_len(port, config->bc_queue_len);
	vnicx_port_set_flood(port, config->flood);
	return vnicx_source_list_apply(port, config, extack);
}

/**
 * vnicx_changelink() - change a vNIC's attributes
 * @dev: the vNIC
 * @tb: IFLA_* attributes
 * @data: IFLA_VNICX_* attributes or NULL
 * @extack: gets the cause of a refusal
 *
 * Implements changelink of the rtnetlink kind. Either everything in the request
 * is changed or nothing, unless memory runs out.
 *
 * Context: may sleep. RTNL.
 * Return: 0 or a negative errno
 */
int vnicx_changelink(struct net_device *dev, struct nlattr *tb[],
		     struct nlattr *data[], struct netlink_ext_ack *extack)
{
	struct vnicx_vnic *vnic = netdev_priv(dev);
	struct vnicx_config config;

	if (!data)
		return 0;
	vnicx_config_get(vnic, &config);
	/* Leaving source mode clears nodst, unless the user asks for it. */
	if (data[IFLA_VNICX_MODE] &&
	    nla_get_u32(data[IFLA_VNICX_MODE]) != VNICX_MODE_SOURCE)
		config.nodst = false;
	vnicx_config_parse(&config, data);
	return vnicx_config_check_change(vnic, &config, extack) ?:
	       vnicx_config_apply(vnic, &config, extack);
}

/**
 * vnicx_get_size() - get the greatest size of what vnicx_fill_info() writes
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
 * vnicx_fill_info() - show a vNIC's attributes, which would create one like it
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
		host = vnicx_switch_has_host(port->sw) ? VNICX_HOST_ON :
							 VNICX_HOST_OFF;

	if (nla_put_u32(skb, IFLA_VNICX_MODE, READ_ONCE(port->mode)) ||
	    nla_put_bitfield32(skb, IFLA_VNICX_FLAGS, flags, VNICX_FLAGS) ||
	    vnicx_source_list_fill(skb, port) ||
	    nla_put_u8(skb, IFLA_VNICX_HOST, host) ||
	    nla_put_u32(skb, IFLA_VNICX_BC_QUEUE_LEN,
			READ_ONCE(port->bc_queue_len)) ||
	    nla_put_u32(skb, IFLA_VNICX_BC_QUEUE_LEN_USED,
			vnicx_switch_queue_len(port->sw)) ||
	    nla_put_u8(skb, IFLA_VNICX_FLOOD, READ_ONCE(port->flood)))
		return -EMSGSIZE;
	return 0;
}
