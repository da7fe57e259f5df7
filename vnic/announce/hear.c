// SPDX-License-Identifier: GPL-2.0
/*
 * When the bridges behind lower devices are told: after changes of a switch,
 * events of devices, and when a bridge says that it lost an entry.
 *
 * Some of these come from softirq, or many at a time. A single work item answers
 * them all, at most once in HEAR_PAUSE. Another one waits for what is left to a
 * later round.
 */
#include <linux/rculist.h>
#include <linux/rtnetlink.h>
#include <linux/workqueue.h>
#include <net/switchdev.h>

#include "announce.h"

/* From the end of a round to the next one, in jiffies */
#define HEAR_PAUSE	DIV_ROUND_UP(HZ, 10)

/* The lower devices with announce; written under RTNL, readers RCU */
static LIST_HEAD(vnicx_hear_all);

static void vnicx_hear_work(struct work_struct *work);
static DECLARE_DELAYED_WORK(vnicx_hear_later, vnicx_hear_work);
static DECLARE_DELAYED_WORK(vnicx_hear_again, vnicx_hear_work);
/* When one of them last ran, in jiffies */
static unsigned long vnicx_hear_ran;

static void vnicx_hear_schedule(void)
{
	unsigned long next = READ_ONCE(vnicx_hear_ran) + HEAR_PAUSE;
	unsigned long now = jiffies;

	schedule_delayed_work(&vnicx_hear_later,
			      time_in_range(now, next - HEAR_PAUSE, next) ?
			      next - now : 0);
}

static void vnicx_hear_change(struct vnicx_told *told)
{
	WRITE_ONCE(told->changed, 1);
	vnicx_hear_schedule();
}

static void vnicx_hear_watch(struct vnicx_watch *watch)
{
	vnicx_hear_change(container_of(watch, struct vnicx_told, watch));
}

static void vnicx_hear_work(struct work_struct *work)
{
	unsigned long wait = VNICX_TOLD_NEVER;
	struct vnicx_told *told;

	rtnl_lock();
	list_for_each_entry(told, &vnicx_hear_all, list)
		wait = min(wait, vnicx_round_run(told));
	WRITE_ONCE(vnicx_hear_ran, jiffies);
	cancel_delayed_work(&vnicx_hear_again);
	if (wait != VNICX_TOLD_NEVER)
		schedule_delayed_work(&vnicx_hear_again,
				      max_t(unsigned long, wait, HEAR_PAUSE));
	rtnl_unlock();
}

/**
 * vnicx_hear_set() - tell the bridge behind a lower device of addresses, or
 *	withdraw them all
 * @lower: the lower device
 * @on: whether to tell
 *
 * Context: may sleep. RTNL.
 * Return: 0 or -ENOMEM
 */
int vnicx_hear_set(struct vnicx_lower *lower, bool on)
{
	struct vnicx_told *told = lower->told;

	if (on == !!told)
		return 0;
	if (!on) {
		vnicx_switch_watch(lower->sw, NULL);
		list_del_rcu(&told->list);
		lower->told = NULL;
		vnicx_told_withdraw(told, U32_MAX);
		vnicx_told_free(told);
		return 0;
	}

	told = vnicx_told_alloc(lower);
	if (!told)
		return -ENOMEM;
	told->watch.changed = vnicx_hear_watch;
	lower->told = told;
	list_add_tail_rcu(&told->list, &vnicx_hear_all);
	vnicx_switch_watch(lower->sw, &told->watch);
	vnicx_hear_change(told);
	return 0;
}

static bool vnicx_hear_concerns(const struct vnicx_told *told,
				const struct net_device *dev)
{
	const struct vnicx_vnic *vnic = netdev_priv(dev);
	struct net_device *lower = told->lower->dev;

	return dev == lower || dev == told->port ||
	       dev == vnicx_bridge_peer(lower) ||
	       (dev->netdev_ops == &vnicx_netdev_ops && vnic->lower == lower);
}

/**
 * vnicx_hear_event() - see whether an event changes what a bridge is to be told
 * @dev: any device
 * @event: NETDEV_*
 *
 * Context: may sleep. RTNL.
 */
void vnicx_hear_event(const struct net_device *dev, unsigned long event)
{
	struct vnicx_told *told;
	struct net_device *bridge;

	switch (event) {
	case NETDEV_UP:
	case NETDEV_DOWN:
	case NETDEV_CHANGE:
	case NETDEV_CHANGEUPPER:
	case NETDEV_REGISTER:
	case NETDEV_UNREGISTER:
		break;
	default:
		return;
	}
	list_for_each_entry(told, &vnicx_hear_all, list) {
		if (!vnicx_hear_concerns(told, dev))
			continue;
		vnicx_hear_change(told);
		if (dev != told->port)
			continue;
		/* A port that leaves has lost its entries. It may be back in its
		 * bridge before the next round.
		 */
		bridge = vnicx_bridge_of(told->port);
		if (event == NETDEV_UNREGISTER || !bridge ||
		    bridge->ifindex != told->bridge)
			vnicx_told_forget(told);
	}
}

/* Tell whether a bridge may have lost an entry that it was told of. An entry that it
 * now has at another port may have been at this one. The bridge says nothing when
 * another lower device announces or withdraws an address, but that is heard itself.
 */
static bool vnicx_hear_loses(const struct vnicx_told *told, unsigned long event,
			     const struct net_device *dev)
{
	switch (event) {
	case SWITCHDEV_FDB_DEL_TO_DEVICE:
		return true;
	case SWITCHDEV_FDB_ADD_TO_DEVICE:
	case SWITCHDEV_FDB_ADD_TO_BRIDGE:
	case SWITCHDEV_FDB_DEL_TO_BRIDGE:
		return dev != READ_ONCE(told->port);
	default:
		return false;
	}
}

/* An entry of a bridge changes. Context: RCU read side, maybe softirq. */
static int vnicx_hear_fdb(struct notifier_block *nb, unsigned long event,
			  void *ptr)
{
	const struct switchdev_notifier_fdb_info *info = ptr;
	struct net_device *dev = switchdev_notifier_info_to_dev(ptr);
	struct net_device *bridge;
	struct vnicx_told *told;

	if (list_empty(&vnicx_hear_all))
		return NOTIFY_DONE;
	rcu_read_lock();
	list_for_each_entry_rcu(told, &vnicx_hear_all, list) {
		if (!vnicx_hear_loses(told, event, dev))
			continue;
		/* An entry of the bridge's own is told of the bridge itself. */
		bridge = netif_is_bridge_master(dev) ? dev :
			 netdev_master_upper_dev_get_rcu(dev);
		if (!bridge || READ_ONCE(told->bridge) != bridge->ifindex ||
		    !net_eq(dev_net(bridge), dev_net(told->lower->dev)) ||
		    !vnicx_fdb_has(told->lower->sw, info->addr))
			continue;
		WRITE_ONCE(told->lost, true);
		vnicx_hear_schedule();
	}
	rcu_read_unlock();
	return NOTIFY_DONE;
}

/* Tell whether an event is a change of VLANs, or of what spanning tree says. Others are
 * of groups that stations join and leave.
 */
static bool vnicx_hear_is_of_vlans(unsigned long event, void *ptr)
{
	const struct switchdev_notifier_port_attr_info *attr = ptr;
	const struct switchdev_notifier_port_obj_info *obj = ptr;

	switch (event) {
	case SWITCHDEV_PORT_OBJ_ADD:
	case SWITCHDEV_PORT_OBJ_DEL:
		return obj->obj->id == SWITCHDEV_OBJ_ID_PORT_VLAN;
	case SWITCHDEV_PORT_ATTR_SET:
		return attr->attr->id != SWITCHDEV_ATTR_ID_PORT_MROUTER &&
		       attr->attr->id != SWITCHDEV_ATTR_ID_BRIDGE_MROUTER &&
		       attr->attr->id != SWITCHDEV_ATTR_ID_BRIDGE_MC_DISABLED;
	default:
		return false;
	}
}

/* VLANs of a bridge or of a port change, or the state that spanning tree gives a
 * port. Context: RTNL.
 */
static int vnicx_hear_vlans(struct notifier_block *nb, unsigned long event,
			    void *ptr)
{
	const struct net_device *dev = switchdev_notifier_info_to_dev(ptr);
	struct net_device *port;
	struct vnicx_told *told;

	ASSERT_RTNL();
	if (!vnicx_hear_is_of_vlans(event, ptr))
		return NOTIFY_DONE;
	list_for_each_entry(told, &vnicx_hear_all, list) {
		port = vnicx_bridge_peer(told->lower->dev);
		if (port && (dev == port || dev == vnicx_bridge_of(port)))
			vnicx_hear_change(told);
	}
	return NOTIFY_DONE;
}

static struct notifier_block vnicx_hear_fdb_nb = {
	.notifier_call = vnicx_hear_fdb,
};

static struct notifier_block vnicx_hear_vlans_nb = {
	.notifier_call = vnicx_hear_vlans,
};

/**
 * vnicx_hear_init() - start to listen to bridges
 *
 * Return: 0 or a negative errno
 */
int vnicx_hear_init(void)
{
	int err;

	err = register_switchdev_notifier(&vnicx_hear_fdb_nb);
	if (err)
		return err;
	err = register_switchdev_blocking_notifier(&vnicx_hear_vlans_nb);
	if (err)
		unregister_switchdev_notifier(&vnicx_hear_fdb_nb);
	return err;
}

/**
 * vnicx_hear_exit() - undo vnicx_hear_init()
 *
 * Context: may sleep. Not under RTNL; there is no lower device any more.
 */
void vnicx_hear_exit(void)
{
	unregister_switchdev_blocking_notifier(&vnicx_hear_vlans_nb);
	unregister_switchdev_notifier(&vnicx_hear_fdb_nb);
	cancel_delayed_work_sync(&vnicx_hear_later);
	cancel_delayed_work_sync(&vnicx_hear_again);
}
