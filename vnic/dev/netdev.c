// SPDX-License-Identifier: GPL-2.0
/*
 * The net_device of a vNIC.
 */
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/netpoll.h>
#include <kunit/visibility.h>
#include <net/netdev_lock.h>

#include "../addr/addr.h"
#include "../xdp/xdp.h"

/* Offloads of the switch, whatever the lower device can do: on the way to the
 * wire, the core does in software what the lower device lacks.
 */
#define SWITCH_FEATURES							\
	(NETIF_F_SG | NETIF_F_FRAGLIST | NETIF_F_HW_CSUM |		\
	 NETIF_F_SCTP_CRC | NETIF_F_HIGHDMA | NETIF_F_GSO_SOFTWARE |	\
	 NETIF_F_GSO_ROBUST | NETIF_F_GSO_ENCAP_ALL |			\
	 NETIF_F_HW_VLAN_CTAG_TX | NETIF_F_HW_VLAN_STAG_TX)

/* Offloads that a vNIC has only if its lower device has them */
#define LOWER_FEATURES							\
	(NETIF_F_RXCSUM | NETIF_F_HW_VLAN_CTAG_FILTER |			\
	 NETIF_F_HW_VLAN_STAG_FILTER)

static netdev_tx_t vnicx_netdev_start_xmit(struct sk_buff *skb,
					   struct net_device *dev)
{
	struct vnicx_vnic *vnic = netdev_priv(dev);

	if (unlikely(netpoll_tx_running(dev)))
		return vnicx_netpoll_xmit(dev, skb);

	return (int)vnicx_send(&vnic->port, skb);
}

/* A frame that is gone has a code by which the core knows that. The verdicts that
 * vnicx_send() never returns are none of the core's codes.
 */
static_assert((int)VNICX_DONE == (int)NETDEV_TX_OK);
static_assert((int)VNICX_DROPPED < NET_XMIT_MASK);
static_assert((int)VNICX_CONGESTED < NET_XMIT_MASK);
static_assert((int)VNICX_ANOTHER > NET_XMIT_CN);
static_assert((int)VNICX_PASS > (int)VNICX_ANOTHER);
static_assert((int)VNICX_PASS < (int)NETDEV_TX_BUSY);

/* Bound on the room around frames that a vNIC asks for. A lower driver that
 * needs more must make it itself, as it must for frames of a sender who left
 * none. The core counts room in 16 bits, a lower device may ask for any room,
 * and vNICs on top of vNICs add up. ip_tunnel has the same bound.
 */
#define VNICX_ROOM_MAX	512

/**
 * vnicx_follow_lower() - make a vNIC's room and MTU bounds follow its lower
 *	device
 * @dev: the vNIC
 *
 * The room is what frames need before and behind them.
 *
 * Context: RTNL.
 */
void vnicx_follow_lower(struct net_device *dev)
{
	struct vnicx_vnic *vnic = netdev_priv(dev);
	struct net_device *lower = vnic->lower;
	unsigned int header = max(lower->hard_header_len, ETH_HLEN);

	dev->needed_headroom = min(lower->needed_headroom + header - ETH_HLEN,
				   VNICX_ROOM_MAX);
	dev->needed_tailroom = min(lower->needed_tailroom, VNICX_ROOM_MAX);
	dev->max_mtu = vnicx_max_mtu(lower);
	/* The MTU of a dummy may be below ETH_MIN_MTU; the vNIC follows. */
	dev->min_mtu = min(dev->max_mtu, ETH_MIN_MTU);
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_follow_lower);

/**
 * vnicx_follow_operstate() - make a vNIC's carrier follow its lower device, or
 *	what the administrator wants instead
 * @dev: the vNIC
 *
 * Context: RTNL.
 */
void vnicx_follow_operstate(struct net_device *dev)
{
	struct vnicx_vnic *vnic = netdev_priv(dev);

	switch (vnic->options.state) {
	case VNICX_STATE_ENABLE:
		netif_testing_off(dev);
		netif_dormant_off(dev);
		netif_carrier_on(dev);
		break;
	case VNICX_STATE_DISABLE:
		netif_carrier_off(dev);
		break;
	default:
		netif_stacked_transfer_operstate(vnic->lower, dev);
		break;
	}
}

/* Tell whether the lower device may have no stations while this vNIC exists. */
static bool vnicx_netdev_has_rules(const struct vnicx_vnic *vnic)
{
	return vnic->lower->features & NETIF_F_HW_L2FW_DOFFLOAD &&
	       (vnic->port.mode == VNICX_MODE_PRIVATE ||
		vnic->port.mode == VNICX_MODE_SOURCE);
}

static int vnicx_netdev_init(struct net_device *dev)
{
	struct vnicx_vnic *vnic = netdev_priv(dev);
	struct net_device *lower_dev = vnic->lower;
	struct vnicx_lower *lower;
	int err;

	INIT_LIST_HEAD(&vnic->entries);
	vnic->port.put = vnicx_xdp_put;
	lower = vnicx_lower_get(lower_dev, NULL);
	if (IS_ERR(lower))
		return PTR_ERR(lower);

	if (vnic->derive_addr) {
		err = vnicx_addr_assign(lower, dev);
		if (err)
			goto put_lower;
	}
	err = vnicx_port_join(lower->sw, &vnic->port, dev);
	if (err)
		goto put_lower;

	dev->features |= SWITCH_FEATURES |
			 (lower_dev->features & LOWER_FEATURES);
	dev->hw_features |= SWITCH_FEATURES;
	dev->hw_enc_features |= SWITCH_FEATURES;
	dev->vlan_features |= SWITCH_FEATURES & ~(NETIF_F_HW_VLAN_CTAG_TX |
						  NETIF_F_HW_VLAN_STAG_TX);
	netdev_set_lltx(dev);
	netdev_set_xdp_features(dev, NETDEV_XDP_ACT_BASIC |
				     NETDEV_XDP_ACT_REDIRECT |
				     NETDEV_XDP_ACT_NDO_XMIT |
				     NETDEV_XDP_ACT_XSK_ZEROCOPY |
				     NETDEV_XDP_ACT_RX_SG |
				     NETDEV_XDP_ACT_NDO_XMIT_SG);
	vnicx_meta_setup(dev);
	netif_set_tso_max_size(dev, GSO_MAX_SIZE);
	vnicx_follow_lower(dev);
	netdev_lockdep_set_classes(dev);

	netdev_hold(lower_dev, &vnic->lower_tracker, GFP_KERNEL);
	if (vnicx_netdev_has_rules(vnic))
		vnicx_l2fwd_update(lower);
	return 0;

put_lower:
	vnicx_lower_put(lower);
	return err;
}

static void vnicx_netdev_uninit(struct net_device *dev)
{
	struct vnicx_vnic *vnic = netdev_priv(dev);
	struct vnicx_lower *lower = vnicx_lower_of(vnic->lower);

	vnicx_entries_free(dev);
	vnicx_vnic_end_policy(vnic);
	vnicx_port_leave(&vnic->port);
	if (vnicx_port_is_passthru(&vnic->port))
		vnicx_addr_restore(vnic);
	if (vnicx_netdev_has_rules(vnic))
		vnicx_l2fwd_update(lower);
	vnicx_lower_put(lower);
}

/* ndo_get_iflink asks the lower device for its index until the very end. */
static void vnicx_netdev_destructor(struct net_device *dev)
{
	struct vnicx_vnic *vnic = netdev_priv(dev);

	vnicx_xsk_free(vnic);
	free_percpu(vnic->station.pcpu_stats);
	netdev_put(vnic->lower, &vnic->lower_tracker);
}

static int vnicx_netdev_open(struct net_device *dev)
{
	struct vnicx_vnic *vnic = netdev_priv(dev);
	int err;

	/* The lower device may have taken the address: not every driver asks
	 * before it changes its own.
	 */
	if (!vnicx_port_is_passthru(&vnic->port) &&
	    ether_addr_equal(vnic->port.addr, vnic->lower->dev_addr)) {
		vnicx_tenant_warn(dev, "address %pM is that of the lower device %s\n",
				  vnic->port.addr, netdev_name(vnic->lower));
		return -EADDRINUSE;
	}
	err = vnicx_xdp_start(vnic);
	if (err)
		return err;
	err = vnicx_entries_open(dev);
	if (err)
		goto stop_xdp;
	err = vnicx_filter_open(dev);
	if (err)
		goto stop_entries;
	return 0;

stop_entries:
	vnicx_entries_stop(dev);
stop_xdp:
	vnicx_xdp_stop(vnic);
	return err;
}

static int vnicx_netdev_stop(struct net_device *dev)
{
	vnicx_filter_stop(dev);
	vnicx_entries_stop(dev);
	vnicx_xdp_stop(netdev_priv(dev));
	return 0;
}

static int vnicx_netdev_set_mac_address(struct net_device *dev, void *p)
{
	struct vnicx_vnic *vnic = netdev_priv(dev);
	const struct sockaddr *sa = p;
	int err;

	err = eth_prepare_mac_addr_change(dev, p);
	if (err)
		return err;
	/* Refused by an event already, see notify.c, unless a driver asks here. */
	if (!ether_addr_equal(vnic->port.addr, sa->sa_data) &&
	    !vnicx_trust_allows(vnic))
		return -EPERM;
	if (vnicx_port_is_passthru(&vnic->port)) {
		if (ether_addr_equal(dev->dev_addr, sa->sa_data))
			return 0;
		/* The vNIC's own address follows by an event, see notify.c. */
		vnic->changes_lower = true;
		err = dev_set_mac_address(vnic->lower, p, NULL);
		vnic->changes_lower = false;
		return err;
	}
	return vnicx_filter_change_addr(dev, sa->sa_data);
}

static netdev_features_t vnicx_netdev_fix_features(struct net_device *dev,
						   netdev_features_t features)
{
	struct vnicx_vnic *vnic = netdev_priv(dev);

	return (features & ~LOWER_FEATURES) |
	       (vnic->lower->features & LOWER_FEATURES);
}

/* Needed beside max_mtu, of which 0 means that there is no bound. */
static int vnicx_change_mtu(struct net_device *dev, int mtu)
{
	struct vnicx_vnic *vnic = netdev_priv(dev);

	if (mtu > vnicx_max_mtu(vnic->lower))
		return -EINVAL;
	WRITE_ONCE(dev->mtu, mtu);
	return 0;
}

static int vnicx_netdev_add_vid(struct net_device *dev, __be16 proto, u16 vid)
{
	struct vnicx_vnic *vnic = netdev_priv(dev);

	if (!vnicx_vids_follows_upper(vnic))
		return 0;
	return vlan_vid_add(vnic->lower, proto, vid);
}

static int vnicx_netdev_kill_vid(struct net_device *dev, __be16 proto, u16 vid)
{
	struct vnicx_vnic *vnic = netdev_priv(dev);

	if (vnicx_vids_follows_upper(vnic))
		vlan_vid_del(vnic->lower, proto, vid);
	return 0;
}

static int vnicx_netdev_get_iflink(const struct net_device *dev)
{
	const struct vnicx_vnic *vnic = netdev_priv(dev);

	return READ_ONCE(vnic->lower->ifindex);
}

DEFINE_NDO_FDB_ADD(vnicx_ndo_fdb_add);
DEFINE_NDO_FDB_DEL(vnicx_ndo_fdb_del);
DEFINE_NDO_FDB_DEL_BULK(vnicx_ndo_fdb_del_bulk);
DEFINE_NDO_HWTSTAMP(vnicx_hwtstamp);
#ifdef CONFIG_NET_POLL_CONTROLLER
DEFINE_NDO_NETPOLL_SETUP(vnicx_netpoll_setup);
#endif

const struct net_device_ops vnicx_netdev_ops = {
	.ndo_init = vnicx_netdev_init,
	.ndo_uninit = vnicx_netdev_uninit,
	.ndo_open = vnicx_netdev_open,
	.ndo_stop = vnicx_netdev_stop,
	.ndo_start_xmit = vnicx_netdev_start_xmit,
	.ndo_features_check = passthru_features_check,
	.ndo_set_rx_mode = vnicx_set_rx_mode,
	.ndo_change_rx_flags = vnicx_change_rx_flags,
	.ndo_set_mac_address = vnicx_netdev_set_mac_address,
	.ndo_validate_addr = eth_validate_addr,
	.ndo_fix_features = vnicx_netdev_fix_features,
	.ndo_change_mtu = vnicx_change_mtu,
	.ndo_vlan_rx_add_vid = vnicx_netdev_add_vid,
	.ndo_vlan_rx_kill_vid = vnicx_netdev_kill_vid,
	.ndo_get_stats64 = vnicx_get_stats64,
	.ndo_get_iflink = vnicx_netdev_get_iflink,
	.ndo_fdb_add = NDO_FDB_ADD(vnicx_ndo_fdb_add),
	.ndo_fdb_del = NDO_FDB_DEL(vnicx_ndo_fdb_del),
	.ndo_fdb_del_bulk = NDO_FDB_DEL_BULK(vnicx_ndo_fdb_del_bulk),
	.ndo_fdb_dump = vnicx_ndo_fdb_dump,
	.ndo_bpf = vnicx_ndo_bpf,
	.ndo_xdp_xmit = vnicx_ndo_xdp_xmit,
	.ndo_xsk_wakeup = vnicx_ndo_xsk_wakeup,
	NDO_HWTSTAMP(vnicx_hwtstamp),
#ifdef CONFIG_NET_POLL_CONTROLLER
	.ndo_netpoll_setup = NDO_NETPOLL_SETUP(vnicx_netpoll_setup),
	.ndo_netpoll_cleanup = vnicx_netpoll_cleanup,
#endif
};

/**
 * vnicx_setup() - prepare a net_device to be a vNIC
 * @dev: the device, just allocated
 */
void vnicx_setup(struct net_device *dev)
{
	ether_setup(dev);
	/* The bound until vnicx_follow_lower() sets that of the lower device */
	dev->max_mtu = ETH_MAX_MTU;
	dev->priv_flags &= ~IFF_TX_SKB_SHARING;
	dev->priv_flags |= IFF_UNICAST_FLT | IFF_LIVE_ADDR_CHANGE |
			   IFF_NO_QUEUE;
	netdev_set_change_proto_down(dev);
	dev->netdev_ops = &vnicx_netdev_ops;
	dev->ethtool_ops = &vnicx_ethtool_ops;
	dev->needs_free_netdev = true;
	dev->priv_destructor = vnicx_netdev_destructor;
}
EXPORT_SYMBOL_GPL(vnicx_setup);
