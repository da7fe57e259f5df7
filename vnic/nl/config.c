// SPDX-License-Identifier: GPL-2.0
/*
 * A vNIC's options: checks and changes. The table of them is in option.c.
 *
 * The attributes decide which ports a vNIC reaches and how the switch works.
 * Therefore only an administrator of the lower device's namespace may change
 * them. The root of the container that the vNIC lives in may not.
 */
#include "nl.h"
#include "option.h"

/**
 * vnicx_config_init() - set the configuration of a vNIC to the defaults
 * @config: the configuration
 */
void vnicx_config_init(struct vnicx_config *config)
{
	*config = (struct vnicx_config) {
		.mode = VNICX_MODE_BRIDGE,
		.bc_queue_len = VNICX_BC_QUEUE_LEN,
		.options.max_groups = VNICX_MAX_GROUPS_AUTO,
		.options.max_leases = VNICX_MAX_LEASES_DEFAULT,
		.host = IS_ENABLED(CONFIG_NETFILTER_EGRESS),
	};
}

static void vnicx_config_store(const struct vnicx_option *option, void *base,
			       u16 offset, u32 value)
{
	u8 *p = base + offset;

	if (option->size == sizeof(u32))
		WRITE_ONCE(*(u32 *)p, value);
	else
		WRITE_ONCE(*p, value);
}

/* Return the value of an option in a configuration. */
static u32 vnicx_config_value(const struct vnicx_config *config,
			      const struct vnicx_option *option)
{
	return vnicx_option_load(option, (const u8 *)config + option->config);
}

static bool vnicx_config_has(const struct vnicx_config *config,
			     const struct vnicx_option *option)
{
	return option->shared ? vnicx_config_gives_switch(config, option->attr) :
				vnicx_config_gives(config, option->attr);
}

/* Get the configuration that a vNIC has. */
static void vnicx_config_get(const struct vnicx_vnic *vnic,
			     struct vnicx_config *config)
{
	const struct vnicx_lower *lower = vnicx_lower_of(vnic->lower);
	const struct vnicx_option *option;
	u32 value;

	*config = (struct vnicx_config) {};
	for (option = vnicx_options; option->attr; option++) {
		if (!option->place)
			continue;
		value = vnicx_option_held(option, vnic, lower);
		vnicx_config_store(option, config, option->config, value);
	}
}

static void vnicx_config_parse_one(struct vnicx_config *config,
				   const struct vnicx_option *option,
				   const struct nlattr *nla)
{
	struct nla_bitfield32 flags;
	u32 value;

	if (option->flag) {
		flags = nla_get_bitfield32(nla);
		if (!(flags.selector & option->flag))
			return;
		value = !!(flags.value & option->flag);
	} else {
		value = option->len == sizeof(u32) ? nla_get_u32(nla) :
						     nla_get_u8(nla);
	}
	vnicx_config_store(option, config, option->config, value);
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
	const struct nlattr *nla, *nest;

	if (!data)
		return;
	config->sources = data[IFLA_VNICX_SOURCES];
	config->allowed = data[IFLA_VNICX_ALLOWED];
	config->vlan = data[IFLA_VNICX_VLAN];
	config->mirror = data[IFLA_VNICX_MIRROR];
	config->bpf_tx = data[IFLA_VNICX_BPF_TX];
	config->bpf_rx = data[IFLA_VNICX_BPF_RX];
	nest = data[IFLA_VNICX_SWITCH];
	for (option = vnicx_options; option->attr; option++) {
		if (!option->shared)
			nla = data[option->attr];
		else
			nla = nest ? nla_find_nested(nest, option->attr) : NULL;
		if (!nla || !option->size)
			continue;
		if (option->shared)
			config->switch_given |= BIT_ULL(option->attr);
		else
			config->given |= BIT_ULL(option->attr);
		vnicx_config_parse_one(config, option, nla);
	}
}

static int vnicx_config_check_leases(const struct vnicx_config *config,
				     struct netlink_ext_ack *extack)
{
	if (config->options.ipguard != VNICX_IPGUARD_DHCP ||
	    config->options.spoofchk != VNICX_OFF)
		return 0;
	NL_SET_ERR_MSG(extack, "ipguard dhcp needs spoofchk");
	return -EINVAL;
}

static int vnicx_config_check_rates(const struct vnicx_config *config,
				    struct netlink_ext_ack *extack)
{
	const struct vnicx_vnic_options *options = &config->options;

	if ((options->max_tx_rate && options->max_tx_rate < VNICX_RATE_MIN) ||
	    (options->max_rx_rate && options->max_rx_rate < VNICX_RATE_MIN)) {
		NL_SET_ERR_MSG_FMT(extack, "rate below %u kbit",
				   VNICX_RATE_MIN);
		return -EINVAL;
	}
	if (options->tx_burst && !options->max_tx_rate) {
		NL_SET_ERR_MSG(extack, "burst without a rate");
		return -EINVAL;
	}
	return 0;
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
	if (vnicx_config_gives_switch(config, IFLA_VNICX_SWITCH_HOST) &&
	    config->host && !IS_ENABLED(CONFIG_NETFILTER_EGRESS)) {
		NL_SET_ERR_MSG(extack, "the host needs an egress hook, which this kernel lacks");
		return -EOPNOTSUPP;
	}
	if (config->options.max_groups > VNICX_GROUPS_MAX &&
	    config->options.max_groups != VNICX_MAX_GROUPS_AUTO) {
		NL_SET_ERR_MSG_FMT(extack, "max-groups is at most %u, not %u",
				   VNICX_GROUPS_MAX, config->options.max_groups);
		return -EINVAL;
	}
	return vnicx_config_check_rates(config, extack) ?:
	       vnicx_config_check_leases(config, extack) ?:
	       (config->sources ?
			vnicx_source_list_check(config->sources, extack) : 0);
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
	if (config->mode != VNICX_MODE_PASSTHRU && config->options.nopromisc) {
		NL_SET_ERR_MSG(extack, "nopromisc is for passthru mode only");
		return -EINVAL;
	}
	if (config->mode == VNICX_MODE_PASSTHRU &&
	    ((config->neigh_suppress &&
	      vnicx_config_gives_switch(config, IFLA_VNICX_SWITCH_NEIGH_SUPPRESS)) ||
	     (config->host && vnicx_config_gives_switch(config, IFLA_VNICX_SWITCH_HOST)))) {
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
	const struct vnicx_option *option;
	u32 held;

	if (!vnicx_switch_nr_ports(lower->sw))
		return 0;
	for (option = vnicx_options; option->attr; option++) {
		if (!option->shared || !vnicx_config_has(config, option))
			continue;
		held = vnicx_option_held(option, NULL, lower);
		if (vnicx_config_value(config, option) == held)
			continue;
		NL_SET_ERR_MSG_FMT(extack,
				   "%s is %s for the vNICs of %s: change it at one of them",
				   option->name, held ? "on" : "off",
				   lower->dev->name);
		return -EBUSY;
	}
	return 0;
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
 * vnicx_config_prepare() - give a vNIC its own options before it is a port
 * @vnic: the vNIC
 * @config: the configuration, which vnicx_config_check_new() accepted
 */
void vnicx_config_prepare(struct vnicx_vnic *vnic,
			  const struct vnicx_config *config)
{
	const struct vnicx_option *option;

	for (option = vnicx_options; option->attr; option++) {
		if (option->place && !option->shared)
			vnicx_config_store(option, vnic, option->place,
					   vnicx_config_value(config, option));
	}
}

/* Apply the vNIC's own options that differ, and the shared ones that the user
 * gave, of a configuration that was checked. The vNIC is a port.
 */
static int vnicx_config_apply(struct vnicx_vnic *vnic,
			      const struct vnicx_config *config,
			      struct netlink_ext_ack *extack)
{
	const struct vnicx_option *option;
	bool changes;
	u32 value;
	int err;

	for (option = vnicx_options; option->attr; option++) {
		if (!option->place)
			continue;
		value = vnicx_config_value(config, option);
		changes = option->shared ?
				  vnicx_config_has(config, option) :
				  value != vnicx_option_held(option, vnic, NULL);
		if (!changes)
			continue;
		if (!option->set) {
			vnicx_config_store(option, vnic, option->place, value);
			continue;
		}
		err = option->set(vnic, value, extack);
		if (err)
			return err;
	}
	return 0;
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

	/* A passthru vNIC has the lower device to itself. */
	if (vnicx_port_is_passthru(port))
		return vnicx_lower_set_host(lower, false, extack);
	return vnicx_source_list_check_op(port, config, extack) ?:
	       vnicx_source_list_apply(port, config, extack) ?:
	       vnicx_config_apply(vnic, config, extack);
}

static int vnicx_config_check_change(struct vnicx_vnic *vnic,
				     const struct vnicx_config *config,
				     struct netlink_ext_ack *extack)
{
	bool passthru = config->mode == VNICX_MODE_PASSTHRU;
	int err;

	/* First, because later messages may name the lower device. */
	if (!net_eq(dev_net(vnic->port.dev), dev_net(vnic->lower)) &&
	    !vnicx_trust_administers(dev_net(vnic->lower))) {
		NL_SET_ERR_MSG(extack, "needs CAP_NET_ADMIN in the namespace of the lower device");
		return -EPERM;
	}
	err = vnicx_config_check(config, extack);
	if (err)
		return err;
	if (passthru != vnicx_port_is_passthru(&vnic->port)) {
		NL_SET_ERR_MSG(extack, "passthru mode can be neither entered nor left");
		return -EINVAL;
	}
	return vnicx_config_check_mode(config, extack) ?:
	       vnicx_netpoll_check(vnic, config, extack) ?:
	       vnicx_source_list_check_op(&vnic->port, config, extack);
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
	/* A burst belongs to the rate that it was given with; as in a mirror. */
	if (data[IFLA_VNICX_MAX_TX_RATE])
		config.options.tx_burst = 0;
	if (data[IFLA_VNICX_MIRROR]) {
		config.options.mirror_vlan = VNICX_VID_NONE;
		config.options.mirror_way = VNICX_WAY_BOTH;
	}
	vnicx_config_parse(&config, data);
	return vnicx_config_check_change(vnic, &config, extack) ?:
	       vnicx_vnic_set_policy(vnic, &config, extack) ?:
	       vnicx_config_apply(vnic, &config, extack) ?:
	       vnicx_source_list_apply(&vnic->port, &config, extack);
}
