// SPDX-License-Identifier: GPL-2.0
/*
 * vnicx_test_poller: polls a device as netpoll does when it has no memory for a message,
 * again and again, on the last processor. Writing a device's name to the parameter
 * "device" begins that, an empty one ends it.
 */
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/netpoll.h>
#include <linux/nsproxy.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include <net/net_namespace.h>

static struct task_struct *poller;
static struct netpoll *netpoll;

/* Polls without a pause: most of the time is to be spent in them. */
#define POLLS	200

static int poll(void *data)
{
	int i;

	while (!kthread_should_stop()) {
		local_irq_disable();
		rcu_read_lock_bh();
		for (i = 0; i < POLLS; i++)
			netpoll_poll_dev(netpoll->dev);
		rcu_read_unlock_bh();
		local_irq_enable();
		cond_resched();
	}
	return 0;
}

/* Under RTNL */
static void stop(void)
{
	if (!netpoll)
		return;
	kthread_stop(poller);
	__netpoll_free(netpoll);
	netpoll = NULL;
}

/* Under RTNL. The name is of a device in the writer's namespace. */
static int start(const char *name)
{
	struct net_device *dev = __dev_get_by_name(current->nsproxy->net_ns, name);
	int err;

	if (!dev)
		return -ENODEV;
	netpoll = kzalloc_obj(*netpoll, GFP_KERNEL);
	if (!netpoll)
		return -ENOMEM;
	err = __netpoll_setup(netpoll, dev);
	if (err)
		goto free;
	poller = kthread_create(poll, NULL, "vnicx-poller");
	if (IS_ERR(poller)) {
		err = PTR_ERR(poller);
		__netpoll_free(netpoll);
		netpoll = NULL;
		return err;
	}
	kthread_bind(poller, cpumask_last(cpu_online_mask));
	wake_up_process(poller);
	return 0;

free:
	kfree(netpoll);
	netpoll = NULL;
	return err;
}

static int set(const char *value, const struct kernel_param *kp)
{
	char name[IFNAMSIZ];
	int err = 0;

	strscpy(name, value, sizeof(name));
	rtnl_lock();
	stop();
	if (*strim(name))
		err = start(strim(name));
	rtnl_unlock();
	return err;
}

static const struct kernel_param_ops device_ops = { .set = set };
module_param_cb(device, &device_ops, NULL, 0200);
MODULE_PARM_DESC(device, "which device to poll, none if empty");

static int __init poller_init(void)
{
	return 0;
}

static void __exit poller_exit(void)
{
	rtnl_lock();
	stop();
	rtnl_unlock();
}

module_init(poller_init);
module_exit(poller_exit);

MODULE_DESCRIPTION("Polls a device as netpoll does, for tests");
MODULE_LICENSE("GPL");
