// SPDX-License-Identifier: GPL-2.0
/*
 * vnicx_tap: a vNIC whose other side is a character device, for a virtual
 * machine. The kernel's tap library does the device's work; this file adds a
 * vNIC, a number and a name.
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
#include <net/gso.h>

#include "../nl/nl.h"

/**
 * struct vnicx_tap - the private area of a vNIC with a character device
 * @vnic: the vNIC, first because the rest of the driver finds it there
 * @tap: the tap library's part
 */
struct vnicx_tap {
	struct vnicx_vnic vnic;
	struct tap_dev tap;
};

/* Offloads that a virtual machine is assumed to accept until it sets its own */
#define TAP_FEATURES							\
	(NETIF_F_HW_CSUM | NETIF_F_TSO | NETIF_F_TSO6 | NETIF_F_TSO_ECN)

/* Forms that a segment may have */
#define TAP_SEGMENT	(NETIF_F_SG | NETIF_F_FRAGLIST)

static dev_t tap_major;
static struct cdev tap_cdev;

static void vnicx_tap_count_dropped(struct tap_dev *tap,
				    enum vnicx_counter counter)
{
	struct vnicx_tap *vt = container_of(tap, struct vnicx_tap, tap);

	local_bh_disable();
	vnicx_port_inc(&vt->vnic.port, counter);
	local_bh_enable();
}

static void vnicx_tap_count_tx_dropped(struct tap_dev *tap)
{
	vnicx_tap_count_dropped(tap, VNICX_TX_DROPPED);
}

static void vnicx_tap_count_rx_dropped(struct tap_dev *tap)
{
	vnicx_tap_count_dropped(tap, VNICX_RX_DROPPED);
}

/* The library drops frames because the queue is full, and hardly ever because
 * there is no memory for segments or a checksum.
 */
static void vnicx_tap_count_rx_overflow(struct tap_dev *tap)
{
	struct vnicx_tap *vt = container_of(tap, struct vnicx_tap, tap);

	atomic_long_inc(&vt->vnic.port.rx_overflow);
	vnicx_tap_count_rx_dropped(tap);
}

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

/* Tell whether the tap library would hand a frame to its reader unfinished: it
 * takes a CRC32c for an internet checksum, forgets the checksum of a tunnel's
 * header when it segments a super-frame, and passes more bytes than a reader
 * has room for, or than a header can tell of.
 */
static bool vnicx_tap_is_unfinished(struct sk_buff *skb)
{
	const unsigned int tunnels = SKB_GSO_UDP_TUNNEL_CSUM | SKB_GSO_GRE_CSUM;

	if (unlikely(skb_csum_is_sctp(skb)))
		return skb->ip_summed == CHECKSUM_PARTIAL;
	return skb_is_gso(skb) &&
	       unlikely(skb->len > GSO_LEGACY_MAX_SIZE ||
			skb_shinfo(skb)->gso_type & tunnels);
}

/* Tell whether the tap library would segment a super-frame, because the reader
 * accepts none of its kind. It counts no segment that finds the queue full. Queues
 * without virtio headers accept none; the first one speaks for all.
 */
static bool vnicx_tap_is_cut(const struct tap_dev *tap, struct sk_buff *skb)
{
	const struct tap_queue *q = rcu_dereference(tap->taps[0]);
	netdev_features_t features = TAP_SEGMENT;

	if (q && READ_ONCE(q->flags) & IFF_VNET_HDR)
		features |= READ_ONCE(tap->tap_features);
	return !skb_gso_ok(skb, features | NETIF_F_GSO_ROBUST);
}

/* Segment a super-frame, consumed, and give the segments to the library.
 * @features tells what it may be left to finish.
 */
static void vnicx_tap_take_pieces(struct tap_dev *tap, struct sk_buff *skb,
				  netdev_features_t features)
{
	struct sk_buff *segs, *next;

	__skb_push(skb, ETH_HLEN);
	segs = __skb_gso_segment(skb, features, false);
	if (IS_ERR_OR_NULL(segs)) {
		vnicx_tap_count_rx_dropped(tap);
		kfree_skb_reason(skb, SKB_DROP_REASON_SKB_GSO_SEG);
		return;
	}
	consume_skb(skb);

	skb_list_walk_safe(segs, skb, next) {
		skb_mark_not_on_list(skb);
		if (skb->ip_summed == CHECKSUM_PARTIAL &&
		    !(features & NETIF_F_HW_CSUM) && skb_checksum_help(skb)) {
			vnicx_tap_count_rx_dropped(tap);
			kfree_skb_reason(skb, SKB_DROP_REASON_SKB_CSUM);
			continue;
		}
		skb_reset_mac_header(skb);
		__skb_pull(skb, ETH_HLEN);
		/* The reader may have closed the last queue meanwhile. */
		if (tap_handle_frame(&skb) != RX_HANDLER_CONSUMED) {
			vnicx_tap_count_rx_dropped(tap);
			kfree_skb_reason(skb, SKB_DROP_REASON_FULL_RING);
		}
	}
}

static noinline rx_handler_result_t
vnicx_tap_finish_frame(struct sk_buff **pskb, struct tap_dev *tap,
		       netdev_features_t features)
{
	struct sk_buff *skb = *pskb;

	/* Nobody reads: the frame goes to the stack, as it is. */
	if (!READ_ONCE(tap->numvtaps))
		return RX_HANDLER_PASS;

	skb = skb_share_check(skb, GFP_ATOMIC);
	if (unlikely(!skb)) {
		vnicx_tap_count_rx_dropped(tap);
		return RX_HANDLER_CONSUMED;
	}
	*pskb = skb;
	/* Segmentation computes the CRCs as well. */
	if (skb_is_gso(skb)) {
		vnicx_tap_take_pieces(tap, skb, features);
		return RX_HANDLER_CONSUMED;
	}
	if (skb_crc32c_csum_help(skb)) {
		vnicx_tap_count_rx_dropped(tap);
		kfree_skb_reason(skb, SKB_DROP_REASON_SKB_CSUM);
		return RX_HANDLER_CONSUMED;
	}
	return tap_handle_frame(pskb);
}

/* Receive handler of a vNIC with a character device: put a frame into its
 * queue. The switch calls it past the core, so that the handler may be gone
 * already, and its data with it: vnicx_tap_dellink() takes it from each of
 * several vNICs before the first goes down.
 */
static rx_handler_result_t vnicx_tap_handle_frame(struct sk_buff **pskb)
{
	struct sk_buff *skb = *pskb;
	struct tap_dev *tap = rcu_dereference(skb->dev->rx_handler_data);

	if (unlikely(!tap))
		return RX_HANDLER_PASS;
	if (unlikely(vnicx_tap_is_unfinished(skb)))
		return vnicx_tap_finish_frame(pskb, tap, TAP_SEGMENT);
	if (skb_is_gso(skb) && unlikely(vnicx_tap_is_cut(tap, skb)))
		return vnicx_tap_finish_frame(pskb, tap, TAP_SEGMENT |
					      (READ_ONCE(tap->tap_features) &
					       NETIF_F_HW_CSUM));
	return tap_handle_frame(pskb);
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
		err = tap_queue_resize(&vt->tap);
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
