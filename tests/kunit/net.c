// SPDX-License-Identifier: GPL-2.0
/*
 * The devices of net.h: how they are made, and what they do with frames.
 */
#include <linux/etherdevice.h>
#include <linux/rtnetlink.h>

#include "net.h"

/* The lower device's private data */
struct lower {
	struct vnicx_test_net *net;
};

static netdev_tx_t lower_xmit(struct sk_buff *skb, struct net_device *dev)
{
	struct lower *lower = netdev_priv(dev);

	lower->net->depth = dev_recursion_level();
	skb_queue_tail(&lower->net->wire, skb);
	return lower->net->xmit;
}

/* Does as the real one does, and keeps what it would have passed on. */
static rx_handler_result_t lower_receive(struct sk_buff **pskb)
{
	struct vnicx_test_net *net = rcu_dereference((*pskb)->dev->rx_handler_data);

	if (vnicx_receive(net->sw, pskb) != VNICX_PASS)
		return RX_HANDLER_CONSUMED;
	skb_queue_tail(&net->host, *pskb);
	return RX_HANDLER_CONSUMED;
}

static netdev_tx_t vnic_xmit(struct sk_buff *skb, struct net_device *dev)
{
	kfree_skb(skb);
	return NETDEV_TX_OK;
}

static rx_handler_result_t vnic_receive(struct sk_buff **pskb)
{
	struct vnicx_test_vnic *vnic;

	vnic = rcu_dereference((*pskb)->dev->rx_handler_data);
	skb_queue_tail(&vnic->rx, *pskb);
	return RX_HANDLER_CONSUMED;
}

/* As a tap does: a frame for which there is no room is counted and gone. */
static rx_handler_result_t vnic_take(struct sk_buff **pskb)
{
	struct vnicx_test_vnic *vnic = netdev_priv((*pskb)->dev);

	if (!vnic->room)
		return RX_HANDLER_PASS;
	if (skb_queue_len(&vnic->ring) < vnic->room) {
		skb_queue_tail(&vnic->ring, *pskb);
	} else {
		vnicx_port_inc(&vnic->port, VNICX_RX_DROPPED);
		kfree_skb_reason(*pskb, SKB_DROP_REASON_FULL_RING);
	}
	return RX_HANDLER_CONSUMED;
}

static void vnic_free(struct net_device *dev)
{
	struct vnicx_test_vnic *vnic = netdev_priv(dev);

	skb_queue_purge(&vnic->rx);
	skb_queue_purge(&vnic->ring);
}

static const struct net_device_ops lower_ops = {
	.ndo_start_xmit = lower_xmit,
};

static const struct net_device_ops vnic_ops = {
	.ndo_start_xmit = vnic_xmit,
};

/* Without anything that makes the kernel's own protocols send. */
static void setup(struct net_device *dev)
{
	ether_setup(dev);
	dev->flags = IFF_NOARP;
	dev->priv_flags |= IFF_NO_QUEUE | IFF_NO_ADDRCONF;
	dev->needs_free_netdev = true;
}

/* Registers a device and sets it up. Under RTNL. */
static int start_device(struct net_device *dev, unsigned int n,
			rx_handler_func_t *receive, void *receiver)
{
	u8 addr[ETH_ALEN];
	int err;

	vnicx_test_addr(addr, n);
	eth_hw_addr_set(dev, addr);
	err = register_netdevice(dev);
	if (err) {
		free_netdev(dev);
		return err;
	}

	err = netdev_rx_handler_register(dev, receive, receiver) ?:
	      dev_open(dev, NULL);
	if (err)
		unregister_netdevice(dev);
	return err;
}

static void stop_device(struct net_device *dev)
{
	netdev_rx_handler_unregister(dev);
	unregister_netdevice(dev);
}

static int add_lower(struct vnicx_test_net *net)
{
	struct net_device *dev = alloc_netdev_mqs(sizeof(struct lower), "ktlower%d",
						  NET_NAME_ENUM, setup, 2, 1);
	struct lower *lower;
	int err;

	if (!dev)
		return -ENOMEM;
	dev->real_num_tx_queues = 1;
	dev->netdev_ops = &lower_ops;
	lower = netdev_priv(dev);
	lower->net = net;
	err = start_device(dev, VNICX_TEST_LOWER, lower_receive, net);
	if (err)
		return err;
	net->lower = dev;

	net->sw = vnicx_switch_create(dev);
	if (IS_ERR(net->sw)) {
		err = PTR_ERR(net->sw);
		net->sw = NULL;
		return err;
	}
	vnicx_switch_set_host(net->sw, true);
	return 0;
}

static int add_vnic(struct vnicx_test_net *net)
{
	struct vnicx_test_vnic *vnic;
	struct net_device *dev;
	int err;

	dev = alloc_netdev(sizeof(*vnic), "ktvnic%d", NET_NAME_ENUM, setup);
	if (!dev)
		return -ENOMEM;
	dev->netdev_ops = &vnic_ops;
	dev->priv_destructor = vnic_free;
	vnic = netdev_priv(dev);
	skb_queue_head_init(&vnic->rx);
	skb_queue_head_init(&vnic->ring);
	err = start_device(dev, net->nr_vnics, vnic_receive, vnic);
	if (err)
		return err;

	vnic->port.bc_queue_len = VNICX_BC_QUEUE_LEN;
	err = vnicx_port_join(net->sw, &vnic->port, dev);
	if (err) {
		stop_device(dev);
		return err;
	}
	vnicx_port_up(&vnic->port);
	net->vnic[net->nr_vnics++] = vnic;
	return 0;
}

static void remove_vnics(struct vnicx_test_net *net)
{
	unsigned int i;

	for (i = 0; i < net->nr_vnics; i++) {
		vnicx_port_set_rx_flags(&net->vnic[i]->port, 0);
		vnicx_port_down(&net->vnic[i]->port);
	}
	synchronize_net();
	for (i = 0; i < net->nr_vnics; i++) {
		struct net_device *dev = net->vnic[i]->port.dev;

		vnicx_port_leave(&net->vnic[i]->port);
		stop_device(dev);
	}
}

static void net_destroy(void *context)
{
	struct vnicx_test_net *net = context;

	rtnl_lock();
	remove_vnics(net);
	if (net->sw)
		vnicx_switch_destroy(net->sw);
	if (net->lower)
		stop_device(net->lower);
	rtnl_unlock();
	skb_queue_purge(&net->wire);
	skb_queue_purge(&net->host);
	skb_queue_purge(&net->returned);
}

/**
 * vnicx_test_net() - make a lower device and vNICs over it, all of them up
 * @test: the test
 * @nr_vnics: how many vNICs
 *
 * Return: the net
 */
struct vnicx_test_net *vnicx_test_net(struct kunit *test, unsigned int nr_vnics)
{
	struct vnicx_test_net *net = kunit_kzalloc(test, sizeof(*net), GFP_KERNEL);
	int err;

	KUNIT_ASSERT_NOT_NULL(test, net);
	net->vnic = kunit_kcalloc(test, nr_vnics, sizeof(*net->vnic), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, net->vnic);
	skb_queue_head_init(&net->wire);
	skb_queue_head_init(&net->host);
	skb_queue_head_init(&net->returned);
	net->xmit = NETDEV_TX_OK;
	net->walk = vnicx_receive;

	err = kunit_add_action(test, net_destroy, net);
	KUNIT_ASSERT_EQ(test, err, 0);

	rtnl_lock();
	err = add_lower(net);
	while (!err && net->nr_vnics < nr_vnics)
		err = add_vnic(net);
	rtnl_unlock();
	KUNIT_ASSERT_EQ(test, err, 0);
	return net;
}

/**
 * vnicx_test_net_destroy() - undo vnicx_test_net() before the test's end
 * @test: the test
 * @net: the net
 */
void vnicx_test_net_destroy(struct kunit *test, struct vnicx_test_net *net)
{
	kunit_release_action(test, net_destroy, net);
}

/**
 * vnicx_test_ring() - give a vNIC a queue of its own, as a tap has
 * @net: the net
 * @i: the vNIC's number
 * @room: how many frames fit; 0 while nobody reads them
 *
 * Return: the queue
 */
struct sk_buff_head *vnicx_test_ring(struct vnicx_test_net *net, unsigned int i,
				     unsigned int room)
{
	struct vnicx_test_vnic *vnic = net->vnic[i];

	vnic->port.take = vnic_take;
	vnic->port.exit = VNICX_EXIT_QUEUE;
	vnic->room = room;
	return &vnic->ring;
}

/**
 * vnicx_test_down() - set a vNIC down
 * @net: the net
 * @i: its number
 */
void vnicx_test_down(struct vnicx_test_net *net, unsigned int i)
{
	rtnl_lock();
	vnicx_port_down(&net->vnic[i]->port);
	rtnl_unlock();
	synchronize_net();
}
