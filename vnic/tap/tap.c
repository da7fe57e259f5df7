// SPDX-License-Identifier: GPL-2.0
/*
 * vnicx_tap: a vNIC whose other side is a character device, for a virtual
 * machine. The kernel's tap library does the device's work; this file adds a
 * vNIC, a number and a name, and frame.c readies frames for the library.
 *
 * The device is /dev/tapN, where N is the vNIC's ifindex, as for macvtap. An
 * ifindex has a meaning only in its namespace, and /dev knows no namespaces:
 * therefore a vNIC elsewhere has /dev/vnicxtap/MINOR. The owner of such a
 * namespace finds the number in its own /sys/class/vnicxtap/tapN/dev.
 *
 * The minor number is allocated on registration and freed on unregistration, so
 * a vNIC that moves to another namespace gets another device. A process that
 * has the old device open keeps the vNIC.
 */
#include <linux/cdev.h>
#include <linux/device.h>
#include <linux/device/class.h>
#include <linux/if_tap.h>
#include <linux/if_tun.h>
#include <linux/module.h>
#include <net/addrconf.h>

#include "../nl/nl.h"
#include "tap.h"

/* Offloads that a virtual machine is assumed to accept until it sets its own */
#define TAP_FEATURES							\
	(NETIF_F_HW_CSUM | NETIF_F_TSO | NETIF_F_TSO6 | NETIF_F_TSO_ECN)

static dev_t tap_major;
static struct cdev tap_cdev;

static u32 vnicx_tap_backlog(const struct vnicx_port *port)
{
	const struct vnicx_tap *vt = container_of(port, struct vnicx_tap,
						  vnic.port);
	u32 most = 0;
	int i;

	for (i = 0; i < vt->tap.numvtaps; i++) {
		const struct tap_queue *q = rtnl_dereference(vt->tap.taps[i]);

		most = max(most, vnicx_ring_len(&q->ring));
	}
	return most;
}

static struct net_device *vnicx_tap_vnic_dev(const struct device *classdev)
{
	return to_net_dev(classdev->parent);
}

static COMPAT_CLASS_NAMESPACE_RETURN
vnicx_tap_class_namespace(COMPAT_CLASS_CONST struct device *classdev)
{
	return compat_class_namespace(dev_net(vnicx_tap_vnic_dev(classdev)));
}

static char *vnicx_tap_class_devnode(COMPAT_CLASS_CONST struct device *classdev,
				     umode_t *mode)
{
	if (net_eq(dev_net(vnicx_tap_vnic_dev(classdev)), &init_net))
		return NULL;
	return kasprintf(GFP_KERNEL, "vnicxtap/%u", MINOR(classdev->devt));
}

static struct class tap_class = {
	.name = "vnicxtap",
	.devnode = vnicx_tap_class_devnode,
	.ns_type = &net_ns_type_operations,
	.namespace = vnicx_tap_class_namespace,
};

static int vnicx_tap_newlink(struct net_device *dev,
			     struct rtnl_newlink_params *params,
			     struct netlink_ext_ack *extack)
{
	struct vnicx_tap *vt = netdev_priv(dev);
	int err;

	INIT_LIST_HEAD(&vt->tap.queue_list);
	vt->tap.dev = dev;
	vt->tap.tap_features = TAP_FEATURES;
	vt->tap.count_tx_dropped = vnicx_tap_count_tx_dropped;
	vt->tap.count_rx_dropped = vnicx_tap_count_rx_overflow;
	vt->vnic.port.take = vnicx_tap_handle_frame;
	vt->vnic.port.backlog = vnicx_tap_backlog;

	err = netdev_rx_handler_register(dev, vnicx_tap_handle_frame, &vt->tap);
	if (err)
		return err;
	err = vnicx_link_new(dev, params, extack);
	if (err)
		netdev_rx_handler_unregister(dev);
	return err;
}

DEFINE_RTNL_NEWLINK(vnicx_tap_newlink);

static void vnicx_tap_dellink(struct net_device *dev, struct list_head *head)
{
	struct vnicx_tap *vt = netdev_priv(dev);

	netdev_rx_handler_unregister(dev);
	tap_del_queues(&vt->tap);
	vnicx_link_del(dev, head);
}

/* The virtual machine's filter is not known here, so the vNIC receives every
 * group until an administrator says "ip link set DEVICE allmulticast off".
 */
static void vnicx_tap_setup(struct net_device *dev)
{
	vnicx_setup(dev);
	dev->flags |= IFF_ALLMULTI;
	dev->gflags |= IFF_ALLMULTI;
	dev->allmulti = 1;
	dev->tx_queue_len = TUN_READQ_SIZE;
}

static struct rtnl_link_ops tap_link_ops = {
	.kind = VNICX_TAP_KIND,
	.priv_size = sizeof(struct vnicx_tap),
	.setup = vnicx_tap_setup,
	.newlink = RTNL_NEWLINK(vnicx_tap_newlink),
	.dellink = vnicx_tap_dellink,
};

/* Keep the IPv6 stack of the vNIC's namespace off the vNIC. It must not defend
 * or announce the address that the virtual machine makes of the same MAC
 * address. While nobody has the character device open, it must not learn of
 * routers by the vNIC either: it would send frames for the lower device's
 * network by the virtual machine's vNIC.
 */
static void vnicx_tap_leave_ipv6_to_guest(struct net_device *dev)
{
	struct inet6_dev *idev = __in6_dev_get(dev);

	if (!idev)
		return;
	WRITE_ONCE(idev->cnf.addr_gen_mode, IN6_ADDR_GEN_MODE_NONE);
	WRITE_ONCE(idev->cnf.accept_ra, 0);
}

static int vnicx_tap_add_device(struct net_device *dev)
{
	struct vnicx_tap *vt = netdev_priv(dev);
	struct device *classdev;
	char name[IFNAMSIZ];
	int err;

	err = tap_get_minor(tap_major, &vt->tap);
	if (err)
		return err;

	snprintf(name, sizeof(name), "tap%d", dev->ifindex);
	classdev = device_create(&tap_class, &dev->dev,
				 MKDEV(MAJOR(tap_major), vt->tap.minor), dev,
				 "%s", name);
	if (IS_ERR(classdev)) {
		err = PTR_ERR(classdev);
		goto free_minor;
	}
	err = sysfs_create_link(&dev->dev.kobj, &classdev->kobj, name);
	if (err)
		goto destroy_device;
	return 0;

destroy_device:
	device_destroy(&tap_class, MKDEV(MAJOR(tap_major), vt->tap.minor));
free_minor:
	tap_free_minor(tap_major, &vt->tap);
	return err;
}

static void vnicx_tap_remove_device(struct net_device *dev)
{
	struct vnicx_tap *vt = netdev_priv(dev);
	char name[IFNAMSIZ];

	/* vnicx_tap_add_device() failed, and made registration fail. */
	if (!vt->tap.minor)
		return;

	snprintf(name, sizeof(name), "tap%d", dev->ifindex);
	sysfs_remove_link(&dev->dev.kobj, name);
	device_destroy(&tap_class, MKDEV(MAJOR(tap_major), vt->tap.minor));
	tap_free_minor(tap_major, &vt->tap);
}

/* Tell udev of a vNIC's new name, after which its link is named. */
static void vnicx_tap_announce_rename(struct net_device *dev)
{
	struct vnicx_tap *vt = netdev_priv(dev);
	struct device *classdev;

	classdev = class_find_device_by_devt(&tap_class,
					     MKDEV(MAJOR(tap_major),
						   vt->tap.minor));
	if (!classdev)
		return;
	kobject_uevent(&classdev->kobj, KOBJ_CHANGE);
	put_device(classdev);
}

/* Nobody accounts for the frames in a ring, so a tenant gets none longer than it is for
 * all. Not refused: the core would write each refusal to the log.
 */
static int vnicx_tap_resize(struct vnicx_tap *vt, struct net_device *dev)
{
	if (dev->tx_queue_len > TUN_READQ_SIZE &&
	    !vnicx_trust_administers(dev_net(vt->vnic.lower)))
		WRITE_ONCE(dev->tx_queue_len, TUN_READQ_SIZE);
	return tap_queue_resize(&vt->tap);
}

static int vnicx_tap_event(struct notifier_block *nb, unsigned long event,
			   void *info)
{
	struct net_device *dev = netdev_notifier_info_to_dev(info);
	struct vnicx_tap *vt;
	int err = 0;

	if (dev->rtnl_link_ops != &tap_link_ops)
		return NOTIFY_DONE;
	vt = netdev_priv(dev);

	switch (event) {
	case NETDEV_REGISTER:
		vnicx_tap_leave_ipv6_to_guest(dev);
		err = vnicx_tap_add_device(dev);
		break;
	case NETDEV_UNREGISTER:
		vnicx_tap_remove_device(dev);
		break;
	case NETDEV_CHANGENAME:
		vnicx_tap_announce_rename(dev);
		break;
	case NETDEV_CHANGE_TX_QUEUE_LEN:
		err = vnicx_tap_resize(vt, dev);
		break;
	}
	return notifier_from_errno(err);
}

static struct notifier_block netdev_notifier = {
	.notifier_call = vnicx_tap_event,
};

static int __init vnicx_tap_init(void)
{
	int err;

	err = tap_create_cdev(&tap_cdev, &tap_major, "vnicxtap", THIS_MODULE);
	if (err)
		return err;
	err = class_register(&tap_class);
	if (err)
		goto destroy_cdev;
	err = register_netdevice_notifier(&netdev_notifier);
	if (err)
		goto unregister_class;
	err = vnicx_link_register(&tap_link_ops);
	if (err)
		goto unregister_notifier;
	return 0;

unregister_notifier:
	unregister_netdevice_notifier(&netdev_notifier);
unregister_class:
	class_unregister(&tap_class);
destroy_cdev:
	tap_destroy_cdev(tap_major, &tap_cdev);
	return err;
}

static void __exit vnicx_tap_exit(void)
{
	rtnl_link_unregister(&tap_link_ops);
	unregister_netdevice_notifier(&netdev_notifier);
	class_unregister(&tap_class);
	tap_destroy_cdev(tap_major, &tap_cdev);
}

module_init(vnicx_tap_init);
module_exit(vnicx_tap_exit);

MODULE_DESCRIPTION("Virtual NICs with a character device, for virtual machines");
MODULE_VERSION(VNICX_VERSION);
MODULE_LICENSE("GPL");
MODULE_ALIAS_RTNL_LINK(VNICX_TAP_KIND);
