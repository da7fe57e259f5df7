// SPDX-License-Identifier: GPL-2.0
/*
 * A vNIC's options: parsed and applied. The table of them is in option.c, what
 * is refused in check.c.
 */
#include "../announce/announce.h"
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
					   vnicx_option_value(option, config));
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
		value = vnicx_option_value(option, config);
		changes = option->shared ?
				  vnicx_option_given(option, config) :
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
		return vnicx_lower_set_host(lower, false, extack) ?:
		       vnicx_config_apply(vnic, config, extack);
	return vnicx_source_list_check_op(port, config, extack) ?:
	       vnicx_source_list_apply(port, config, extack) ?:
	       vnicx_config_apply(vnic, config, extack);
}

/**
 * vnicx_config_warn() - warn the user of an option that has no effect as things are
 * @vnic: the vNIC
 * @config: the configuration, which was applied: a refusal must not have the warning
 *	for its message
 * @extack: gets the warning
 *
 * Context: RTNL.
 */
void vnicx_config_warn(const struct vnicx_vnic *vnic,
		       const struct vnicx_config *config,
		       struct netlink_ext_ack *extack)
{
	if (vnicx_config_gives_switch(config, IFLA_VNICX_SWITCH_ANNOUNCE) &&
	    config->announce)
		vnicx_bridge_warn(vnic->lower, extack);
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
	int err;

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
	err = vnicx_config_check_change(vnic, &config, extack) ?:
	      vnicx_vnic_set_policy(vnic, &config, extack) ?:
	      vnicx_config_apply(vnic, &config, extack) ?:
	      vnicx_source_list_apply(&vnic->port, &config, extack);
	if (!err)
		vnicx_config_warn(vnic, &config, extack);
	return err;
}
