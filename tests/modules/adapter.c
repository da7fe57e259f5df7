// SPDX-License-Identifier: GPL-2.0
/*
 * vnicx_test_adapter: an Ethernet device with L2 forwarding offload, "adapter0", and
 * the other end of its wire, "adapter1". No emulated hardware has that offload.
 *
 * It treats stations as ixgbe does: who has further queues, or does not say of
 * itself that it goes by addresses, is refused; a station's frames come in by
 * the station itself and are counted there; what it sends has a queue of the
 * device. A frame for none of them must pass the filter. `ethtool -S`
 * shows what each queue sent and received; queue 0 is no station's. It also shows
 * how often the filter was programmed, which takes a card's driver a walk over
 * all that is in it.
 *
 * With the parameter own_time, what a frame has for a timestamp is the driver's own to
 * understand, as with igc. There it is a pointer; here it is one second.
 */
#include <linux/etherdevice.h>
#include <linux/ethtool.h>
#include <linux/if_macvlan.h>
#include <linux/module.h>
#include <linux/rtnetlink.h>

#define STATIONS	2
#define QUEUES		(STATIONS + 1)

/**
 * struct station - the device's state of one station
 * @dev: the station, NULL while there is none; under RTNL, read under RCU
 * @addr: its address
 */
struct station {
	struct net_device __rcu *dev;
	u8 addr[ETH_ALEN];
};

/* Two CPUs may count at the same time. */
struct adapter {
	struct station station[STATIONS];
	atomic_long_t sent[QUEUES];
	atomic_long_t received[QUEUES];
	atomic_long_t programmed;
	unsigned int nr_vids;
};

static struct net_device *adapter, *wire;

static bool own_time;
module_param(own_time, bool, 0644);
MODULE_PARM_DESC(own_time, "frames have the driver's own form of timestamps");
static bool wire_time;
module_param(wire_time, bool, 0644);
MODULE_PARM_DESC(wire_time, "frames have timestamps");

static unsigned int vids;
module_param(vids, uint, 0444);
MODULE_PARM_DESC(vids, "VLANs that the filter has room for; 0: all pass");

static struct station *find_station(struct adapter *priv, const u8 *addr)
{
	unsigned int i;

	for (i = 0; i < STATIONS; i++)
		if (rcu_access_pointer(priv->station[i].dev) &&
		    ether_addr_equal(priv->station[i].addr, addr))
			return &priv->station[i];
	return NULL;
}

static bool passes_filter(struct net_device *dev, const u8 *addr)
{
	struct netdev_hw_addr *ha;
	bool found = false;

	if (dev->flags & IFF_PROMISC || is_multicast_ether_addr(addr) ||
	    ether_addr_equal(addr, dev->dev_addr))
		return true;
	netif_addr_lock_bh(dev);
	netdev_for_each_uc_addr(ha, dev)
		found |= ether_addr_equal(addr, ha->addr);
	netif_addr_unlock_bh(dev);
	return found;
}

/* A frame that is sent at the wire's end arrives at the device. */
static netdev_tx_t wire_xmit(struct sk_buff *skb, struct net_device *dev)
{
	struct adapter *priv = netdev_priv(adapter);
	const u8 *addr = skb->data;
	struct station *station;

	skb_scrub_packet(skb, true);
	if (READ_ONCE(own_time))
		skb_shinfo(skb)->tx_flags |= SKBTX_HW_TSTAMP_NETDEV;
	if (READ_ONCE(own_time) || READ_ONCE(wire_time))
		skb_hwtstamps(skb)->hwtstamp = NSEC_PER_SEC;
	rcu_read_lock();
	station = find_station(priv, addr);
	if (!netif_running(adapter) ||
	    (!station && !passes_filter(adapter, addr))) {
		kfree_skb(skb);
	} else if (station) {
		struct net_device *up = rcu_dereference(station->dev);

		skb->protocol = eth_type_trans(skb, up);
		macvlan_count_rx(netdev_priv(up), skb->len + ETH_HLEN, true,
				 false);
		atomic_long_inc(&priv->received[station - priv->station + 1]);
		netif_rx(skb);
	} else {
		skb->protocol = eth_type_trans(skb, adapter);
		atomic_long_inc(&priv->received[0]);
		netif_rx(skb);
	}
	rcu_read_unlock();
	return NETDEV_TX_OK;
}

static netdev_tx_t adapter_xmit(struct sk_buff *skb, struct net_device *dev)
{
	struct adapter *priv = netdev_priv(dev);

	atomic_long_inc(&priv->sent[skb_get_queue_mapping(skb)]);
	skb_scrub_packet(skb, true);
	skb->protocol = eth_type_trans(skb, wire);
	netif_rx(skb);
	return NETDEV_TX_OK;
}

static void *add_station(struct net_device *dev, struct net_device *up)
{
	struct adapter *priv = netdev_priv(dev);
	unsigned int i;
	int err;

	if (netif_is_multiqueue(up))
		return ERR_PTR(-ERANGE);
	if (!netif_is_macvlan(up) || !macvlan_supports_dest_filter(up))
		return ERR_PTR(-EMEDIUMTYPE);

	for (i = 0; i < STATIONS; i++)
		if (!rtnl_dereference(priv->station[i].dev))
			break;
	if (i == STATIONS)
		return ERR_PTR(-EBUSY);

	err = netdev_set_sb_channel(up, i + 1) ?:
	      netdev_bind_sb_channel_queue(dev, up, 0, 1, i + 1);
	if (err) {
		netdev_set_sb_channel(up, 0);
		return ERR_PTR(err);
	}
	ether_addr_copy(priv->station[i].addr, up->dev_addr);
	rcu_assign_pointer(priv->station[i].dev, up);
	return &priv->station[i];
}

static void forget_station(struct net_device *dev, struct station *station)
{
	struct net_device *up = rtnl_dereference(station->dev);

	RCU_INIT_POINTER(station->dev, NULL);
	synchronize_net();
	netdev_unbind_sb_channel(dev, up);
	netdev_set_sb_channel(up, 0);
}

static void del_station(struct net_device *dev, void *station)
{
	forget_station(dev, station);
}

/* Without the feature, it puts its stations back into its filter. */
static int set_features(struct net_device *dev, netdev_features_t features)
{
	struct adapter *priv = netdev_priv(dev);
	unsigned int i;

	for (i = 0; i < STATIONS && !(features & NETIF_F_HW_L2FW_DOFFLOAD); i++) {
		struct net_device *up = rtnl_dereference(priv->station[i].dev);

		if (!up)
			continue;
		forget_station(dev, &priv->station[i]);
		macvlan_release_l2fw_offload(up);
	}
	return 0;
}

static void set_rx_mode(struct net_device *dev)
{
	struct adapter *priv = netdev_priv(dev);

	atomic_long_inc(&priv->programmed);
}

static int add_vid(struct net_device *dev, __be16 proto, u16 vid)
{
	struct adapter *priv = netdev_priv(dev);

	if (priv->nr_vids == vids)
		return -ENOSPC;
	priv->nr_vids++;
	return 0;
}

static int kill_vid(struct net_device *dev, __be16 proto, u16 vid)
{
	struct adapter *priv = netdev_priv(dev);

	priv->nr_vids--;
	return 0;
}

static const struct net_device_ops adapter_ops = {
	.ndo_start_xmit = adapter_xmit,
	.ndo_set_rx_mode = set_rx_mode,
	.ndo_set_features = set_features,
	.ndo_vlan_rx_add_vid = add_vid,
	.ndo_vlan_rx_kill_vid = kill_vid,
	.ndo_dfwd_add_station = add_station,
	.ndo_dfwd_del_station = del_station,
	.ndo_set_mac_address = eth_mac_addr,
};

static const struct net_device_ops wire_ops = {
	.ndo_start_xmit = wire_xmit,
	.ndo_set_mac_address = eth_mac_addr,
};

static int get_sset_count(struct net_device *dev, int sset)
{
	return sset == ETH_SS_STATS ? 2 * QUEUES + 2 : -EOPNOTSUPP;
}

static void get_strings(struct net_device *dev, u32 sset, u8 *data)
{
	unsigned int i;

	for (i = 0; i < QUEUES; i++)
		ethtool_sprintf(&data, "sent_%u", i);
	for (i = 0; i < QUEUES; i++)
		ethtool_sprintf(&data, "received_%u", i);
	ethtool_sprintf(&data, "%s", "programmed");
	ethtool_sprintf(&data, "%s", "vids");
}

static void get_stats(struct net_device *dev, struct ethtool_stats *stats,
		      u64 *data)
{
	struct adapter *priv = netdev_priv(dev);
	unsigned int i;

	for (i = 0; i < QUEUES; i++) {
		data[i] = atomic_long_read(&priv->sent[i]);
		data[QUEUES + i] = atomic_long_read(&priv->received[i]);
	}
	data[2 * QUEUES] = atomic_long_read(&priv->programmed);
	data[2 * QUEUES + 1] = priv->nr_vids;
}

static const struct ethtool_ops adapter_ethtool_ops = {
	.get_sset_count = get_sset_count,
	.get_strings = get_strings,
	.get_ethtool_stats = get_stats,
};

static void setup_adapter(struct net_device *dev)
{
	ether_setup(dev);
	eth_hw_addr_random(dev);
	dev->netdev_ops = &adapter_ops;
	dev->ethtool_ops = &adapter_ethtool_ops;
	dev->priv_flags |= IFF_UNICAST_FLT;
	dev->features |= NETIF_F_HW_L2FW_DOFFLOAD;
	dev->hw_features |= NETIF_F_HW_L2FW_DOFFLOAD;
	if (vids)
		dev->features |= NETIF_F_HW_VLAN_CTAG_FILTER;
}

static void setup_wire(struct net_device *dev)
{
	ether_setup(dev);
	eth_hw_addr_random(dev);
	dev->netdev_ops = &wire_ops;
}

/* Neither end is registered without the other, nor gone before it. */
static int __init adapter_init(void)
{
	int err = -ENOMEM;

	adapter = alloc_netdev_mq(sizeof(struct adapter), "adapter0",
				  NET_NAME_USER, setup_adapter, QUEUES);
	wire = alloc_netdev(0, "adapter1", NET_NAME_USER, setup_wire);
	if (!adapter || !wire)
		goto free;

	rtnl_lock();
	err = register_netdevice(wire);
	if (err)
		goto unlock;
	err = register_netdevice(adapter) ?:
	      netdev_set_num_tc(adapter, 1) ?:
	      netdev_set_tc_queue(adapter, 0, 1, 0);
	if (err) {
		if (adapter->reg_state == NETREG_REGISTERED)
			unregister_netdevice(adapter);
		unregister_netdevice(wire);
	}
unlock:
	rtnl_unlock();
	if (!err)
		return 0;
free:
	if (wire)
		free_netdev(wire);
	if (adapter)
		free_netdev(adapter);
	return err;
}

static void __exit adapter_exit(void)
{
	LIST_HEAD(both);

	rtnl_lock();
	unregister_netdevice_queue(adapter, &both);
	unregister_netdevice_queue(wire, &both);
	unregister_netdevice_many(&both);
	rtnl_unlock();
	free_netdev(wire);
	free_netdev(adapter);
}

module_init(adapter_init);
module_exit(adapter_exit);

MODULE_DESCRIPTION("An Ethernet device with L2 forwarding offload, for tests");
MODULE_LICENSE("GPL");
