// SPDX-License-Identifier: GPL-2.0
/*
 * Checks of a configuration before any of it is applied.
 *
 * The attributes decide which ports a vNIC reaches and how the switch works.
 * Therefore only an administrator of the lower device's namespace may change
 * them. The root of the container that the vNIC lives in may not.
 */
#include "nl.h"
#include "option.h"

static int vnicx_config_check_leases(const struct vnicx_config *config,
				     struct netlink_ext_ack *extack)
{
	if (!config->options.max_leases ||
	    config->options.max_leases > VNICX_MAX_LEASES) {
		NL_SET_ERR_MSG_FMT(extack, "max-leases is 1 to %u, not %u",
				   VNICX_MAX_LEASES, config->options.max_leases);
		return -EINVAL;
	}
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
	if (vnicx_config_gives_switch(config, IFLA_VNICX_SWITCH_ANNOUNCE) &&
	    config->announce && !IS_ENABLED(CONFIG_NET_SWITCHDEV)) {
		NL_SET_ERR_MSG(extack, "announce needs switchdev, which this kernel lacks");
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
		if (!option->shared || !vnicx_option_given(option, config))
			continue;
		held = vnicx_option_held(option, NULL, lower);
		if (vnicx_option_value(option, config) == held)
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
 * vnicx_config_check_change() - check the configuration that a vNIC is to get
 * @vnic: the vNIC
 * @config: the configuration
 * @extack: gets the cause of a refusal
 *
 * Context: RTNL.
 * Return: 0 or a negative errno
 */
int vnicx_config_check_change(const struct vnicx_vnic *vnic,
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
