// SPDX-License-Identifier: GPL-2.0
/*
 * vNICs that the module creates when it is loaded: insmod vnicx.ko lower=eth0
 * count=4. It looks for lower devices by name in the initial namespace. A lower
 * device that does not exist gets its vNICs when a device of that name appears.
 * If it is removed, the next device of that name gets vNICs again.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>
#include <linux/rtnetlink.h>
#include <linux/workqueue.h>
#include <kunit/visibility.h>

#include "nl/nl.h"
#include "params.h"

static struct vnicx_params params = { .name = "vnic%d", .mode = "bridge" };

module_param_array_named(lower, params.lower, charp, &params.nr_lower, 0444);
MODULE_PARM_DESC(lower, "lower devices to create vNICs over, by name");
module_param_array_named(count, params.count, int, &params.nr_count, 0444);
MODULE_PARM_DESC(count, "vNICs over each lower device: one number for all, or one for each (default 1)");
module_param_named(name, params.name, charp, 0444);
MODULE_PARM_DESC(name, "name of the vNICs, with one %d for a number (default vnic%d)");
module_param_named(mode, params.mode, charp, 0444);
MODULE_PARM_DESC(mode, "mode of the vNICs: bridge, vepa, private, passthru or source (default bridge)");

/* For each lower=, the device that got its vNICs; only compared. Under RTNL. */
static const struct net_device *populated[VNICX_PARAMS_LOWER_MAX];

/* Whether devices that appear are looked at; under RTNL. False until
 * vnicx_params_init(): when the notifier is registered, it is called for all
 * existing devices, and a later step of the module's init may fail.
 */
static bool vnicx_params_listening;

static int vnicx_params_check_lower(const struct vnicx_params *p)
{
	unsigned int i, j;

	for (i = 0; i < p->nr_lower; i++) {
		if (!dev_valid_name(p->lower[i])) {
			pr_err("lower=%s: not a device name (1 to %d characters, no '/', ':' or space)\n",
			       p->lower[i], IFNAMSIZ - 1);
			return -EINVAL;
		}
		for (j = 0; j < i; j++) {
			if (strcmp(p->lower[i], p->lower[j]))
				continue;
			pr_err("lower=%s: given twice\n", p->lower[i]);
			return -EINVAL;
		}
	}
	return 0;
}

static int vnicx_params_check_count(const struct vnicx_params *p)
{
	unsigned int i;

	if (p->nr_count > 1 && p->nr_count != p->nr_lower) {
		pr_err("count= has %u values for %u lower devices\n",
		       p->nr_count, p->nr_lower);
		return -EINVAL;
	}
	for (i = 0; i < p->nr_count; i++) {
		if (p->count[i] < 1 || p->count[i] > VNICX_PARAMS_COUNT_MAX) {
			pr_err("count=%d: not between 1 and %d\n", p->count[i],
			       VNICX_PARAMS_COUNT_MAX);
			return -ERANGE;
		}
	}
	return 0;
}

static int vnicx_params_check_name(const struct vnicx_params *p)
{
	const char *percent = strchr(p->name, '%');

	if (!dev_valid_name(p->name) ||
	    (percent && (percent[1] != 'd' || strchr(percent + 1, '%')))) {
		pr_err("name=%s: not a device name or a pattern with one %%d\n",
		       p->name);
		return -EINVAL;
	}
	if (!percent && (p->nr_lower > 1 || vnicx_params_count(p, 0) > 1)) {
		pr_err("name=%s: needs a %%d for more than one vNIC\n", p->name);
		return -EINVAL;
	}
	return 0;
}

/**
 * vnicx_params_mode() - get the mode for the vNICs
 * @p: the parameters
 *
 * Return: enum vnicx_mode, or -EINVAL when there is no mode of that name
 */
int vnicx_params_mode(const struct vnicx_params *p)
{
	static const char * const names[] = {
		[VNICX_MODE_BRIDGE] = "bridge",
		[VNICX_MODE_VEPA] = "vepa",
		[VNICX_MODE_PRIVATE] = "private",
		[VNICX_MODE_PASSTHRU] = "passthru",
		[VNICX_MODE_SOURCE] = "source",
	};

	return match_string(names, ARRAY_SIZE(names), p->mode);
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_params_mode);

static int vnicx_params_check_mode(const struct vnicx_params *p)
{
	int mode = vnicx_params_mode(p);

	if (mode < 0) {
		pr_err("mode=%s: not bridge, vepa, private, passthru or source\n",
		       p->mode);
		return mode;
	}
	return 0;
}

/**
 * vnicx_params_count() - get the number of vNICs for a lower device
 * @p: the parameters
 * @i: which of the lower devices
 *
 * Return: the number
 */
int vnicx_params_count(const struct vnicx_params *p, unsigned int i)
{
	if (!p->nr_count)
		return 1;
	return p->count[p->nr_count == 1 ? 0 : i];
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_params_count);

/**
 * vnicx_params_check() - check that parameters make sense
 * @p: the parameters
 *
 * Logs the first value that does not.
 *
 * Return: 0, -EINVAL, or -ERANGE for a number
 */
int vnicx_params_check(const struct vnicx_params *p)
{
	if (!p->nr_lower && p->nr_count) {
		pr_err("count=%d: needs lower=\n", p->count[0]);
		return -EINVAL;
	}
	return vnicx_params_check_lower(p) ?: vnicx_params_check_count(p) ?:
	       vnicx_params_check_name(p) ?: vnicx_params_check_mode(p);
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_params_check);

static struct net_device *
vnicx_params_create_one(struct net_device *lower,
			struct netlink_ext_ack *extack)
{
	struct nlattr *tb[IFLA_MAX + 1] = {};
	struct vnicx_config config;
	struct net_device *dev;
	int err;

	vnicx_config_init(&config);
	config.mode = vnicx_params_mode(&params);

	dev = rtnl_create_link(dev_net(lower), params.name,
			       strchr(params.name, '%') ? NET_NAME_ENUM :
							  NET_NAME_USER,
			       &vnicx_link_ops, tb, extack);
	if (IS_ERR(dev))
		return dev;

	err = vnicx_link_create(dev, lower, tb, &config, extack);
	if (err) {
		free_netdev(dev);
		return ERR_PTR(err);
	}
	/* Notify userspace of the new device; fails only for requests. */
	rtnl_configure_link(dev, NULL, 0, NULL);
	return dev;
}

/* Remove the last @n vNICs over a lower device. */
static void vnicx_params_remove_last(struct net_device *lower, u32 n)
{
	struct vnicx_port *port, *next;
	struct vnicx_switch *sw;
	LIST_HEAD(doomed);
	u32 skip;

	if (!n)
		return;
	sw = vnicx_lower_of(lower)->sw;
	port = vnicx_port_first(sw);
	for (skip = vnicx_switch_nr_ports(sw) - n; skip; skip--)
		port = vnicx_port_next(port);
	for (; port; port = next) {
		next = vnicx_port_next(port);
		vnicx_link_ops.dellink(port->dev, &doomed);
	}
	unregister_netdevice_many(&doomed);
}

static int vnicx_params_populate(unsigned int i, struct net_device *lower)
{
	int n, count = vnicx_params_count(&params, i);
	struct netlink_ext_ack extack = {};
	struct net_device *dev;

	for (n = 0; n < count; n++) {
		dev = vnicx_params_create_one(lower, &extack);
		if (!IS_ERR(dev))
			continue;
		pr_err("lower=%s: cannot create vNIC %d of %d: %s (%pe)\n",
		       params.lower[i], n + 1, count,
		       extack._msg ?: "no further cause", dev);
		vnicx_params_remove_last(lower, n);
		return PTR_ERR(dev);
	}
	populated[i] = lower;
	return 0;
}

/* Create the vNICs whose lower device exists. Under RTNL. Returns the first
 * error.
 */
static int vnicx_params_populate_all(void)
{
	struct net_device *lower;
	unsigned int i;
	int err = 0;

	for (i = 0; i < params.nr_lower; i++) {
		lower = __dev_get_by_name(&init_net, params.lower[i]);
		if (lower && !populated[i])
			err = err ?: vnicx_params_populate(i, lower);
	}
	return err;
}

static void vnicx_params_populate_work(struct work_struct *work)
{
	rtnl_lock();
	if (vnicx_params_listening)
		vnicx_params_populate_all();
	rtnl_unlock();
}

/* Registers vNICs from a work item: if a notifier did it, userspace would not
 * have been notified of their lower device yet.
 */
static DECLARE_WORK(populate_later, vnicx_params_populate_work);

static bool vnicx_params_is_awaited(const struct net_device *dev)
{
	unsigned int i;

	if (!net_eq(dev_net(dev), &init_net))
		return false;
	for (i = 0; i < params.nr_lower; i++)
		if (!populated[i] && !strcmp(params.lower[i], dev->name))
			return true;
	return false;
}

static void vnicx_params_forget(const struct net_device *dev)
{
	unsigned int i;

	for (i = 0; i < params.nr_lower; i++)
		if (populated[i] == dev)
			populated[i] = NULL;
}

/**
 * vnicx_params_event() - follow lower devices that appear or go
 * @dev: the device that the event is about
 * @event: NETDEV_*
 *
 * Context: RTNL.
 */
void vnicx_params_event(const struct net_device *dev, unsigned long event)
{
	if (!vnicx_params_listening)
		return;

	switch (event) {
	case NETDEV_REGISTER:
	case NETDEV_CHANGENAME:
		if (vnicx_params_is_awaited(dev))
			schedule_work(&populate_later);
		break;
	case NETDEV_UNREGISTER:
		if (dev->reg_state == NETREG_UNREGISTERING)
			vnicx_params_forget(dev);
		break;
	}
}

/**
 * vnicx_params_init() - create the vNICs that the parameters ask for
 *
 * This is the last step of the module's init. When it fails, the module is
 * freed, so no work item may be left.
 *
 * Context: may sleep.
 * Return: 0, also when a lower device is still awaited, or a negative errno;
 * then vnicx_params_exit() has been called
 */
int vnicx_params_init(void)
{
	unsigned int i;
	int err;

	rtnl_lock();
	/* One of the new vNICs may be a lower device that is awaited. */
	vnicx_params_listening = true;
	err = vnicx_params_populate_all();
	vnicx_params_listening = !err;
	for (i = 0; !err && i < params.nr_lower; i++)
		if (!populated[i])
			pr_info("lower=%s: waiting for it to appear\n",
				params.lower[i]);
	rtnl_unlock();
	if (err)
		vnicx_params_exit();
	return err;
}

/**
 * vnicx_params_exit() - create no more vNICs
 *
 * Context: may sleep; events may still arrive.
 */
void vnicx_params_exit(void)
{
	rtnl_lock();
	vnicx_params_listening = false;
	rtnl_unlock();
	cancel_work_sync(&populate_later);
}

/**
 * vnicx_params_valid() - check the parameters that the module was given
 *
 * Return: 0, -EINVAL or -ERANGE
 */
int vnicx_params_valid(void)
{
	return vnicx_params_check(&params);
}
