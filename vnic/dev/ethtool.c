// SPDX-License-Identifier: GPL-2.0
/*
 * ethtool for a vNIC: the driver, the lower device's link, and the counters
 * that `ip -s link` has no column for.
 */
#include <linux/ethtool.h>
#include <linux/module.h>

#include "../vnic.h"

static void vnicx_ethtool_get_drvinfo(struct net_device *dev,
				      struct ethtool_drvinfo *info)
{
	const struct vnicx_vnic *vnic = netdev_priv(dev);

	strscpy(info->driver, KBUILD_MODNAME, sizeof(info->driver));
	strscpy(info->version, VNICX_VERSION, sizeof(info->version));
	/* A tenant must not learn the names of devices in other namespaces. */
	if (net_eq(dev_net(dev), dev_net(vnic->lower)) ||
	    vnicx_trust_administers(dev_net(vnic->lower)))
		strscpy(info->bus_info, netdev_name(vnic->lower),
			sizeof(info->bus_info));
}

static int
vnicx_ethtool_get_link_ksettings(struct net_device *dev,
				 struct ethtool_link_ksettings *settings)
{
	const struct vnicx_vnic *vnic = netdev_priv(dev);

	return __ethtool_get_link_ksettings(vnic->lower, settings);
}

/* A vNIC has the queues that its creator asked for, or fewer. */
static void vnicx_ethtool_get_channels(struct net_device *dev,
				       struct ethtool_channels *ch)
{
	ch->max_rx = dev->num_rx_queues;
	ch->max_tx = dev->num_tx_queues;
	ch->rx_count = dev->real_num_rx_queues;
	ch->tx_count = dev->real_num_tx_queues;
}

/* A frame on its way has an RX queue recorded. If that queue went first, RPS
 * would warn about the frame: pause the port before RX queues are taken away.
 */
static int vnicx_ethtool_set_channels(struct net_device *dev,
				      struct ethtool_channels *ch)
{
	bool pause = netif_running(dev) &&
		     ch->rx_count < dev->real_num_rx_queues;
	struct vnicx_vnic *vnic = netdev_priv(dev);
	int err;

	if (pause) {
		vnicx_port_pause(&vnic->port);
		vnicx_xdp_drain(vnic);
	}
	err = netif_set_real_num_queues(dev, ch->tx_count, ch->rx_count);
	if (pause)
		vnicx_port_up(&vnic->port);
	return err;
}

static const char stat_names[][ETH_GSTRING_LEN] = {
	"flood_queued",
	"flood_overflow",
	"rx_overflow",
	"rx_backlog",
	"groups_refused",
	"addresses_refused",
};

/* Frames that the vNIC's policy dropped, by cause */
static const char cause_names[VNICX_NR_CAUSES][ETH_GSTRING_LEN] = {
	[VNICX_CAUSE_TX_DISABLED] = "tx_disabled",
	[VNICX_CAUSE_TX_SPOOFED] = "tx_spoofed",
	[VNICX_CAUSE_TX_STORM] = "tx_storm",
	[VNICX_CAUSE_TX_RATE] = "tx_rate",
	[VNICX_CAUSE_RX_RATE] = "rx_rate",
	[VNICX_CAUSE_TX_UNDETERMINED] = "tx_undetermined",
	[VNICX_CAUSE_TX_RESTRICTED] = "tx_restricted",
	[VNICX_CAUSE_TX_GUARDED_RA] = "tx_guarded_ra",
	[VNICX_CAUSE_TX_GUARDED_DHCP] = "tx_guarded_dhcp",
	[VNICX_CAUSE_TX_IP_SPOOFED] = "tx_ip_spoofed",
	[VNICX_CAUSE_RX_IP] = "rx_ip",
	[VNICX_CAUSE_TX_VLAN] = "tx_vlan",
	[VNICX_CAUSE_RX_VLAN] = "rx_vlan",
	[VNICX_CAUSE_TX_ISOLATED] = "tx_isolated",
	[VNICX_CAUSE_TX_BPF] = "tx_bpf",
	[VNICX_CAUSE_RX_BPF] = "rx_bpf",
	[VNICX_CAUSE_MIRROR_FAILED] = "mirror_failed",
	[VNICX_CAUSE_NEIGH_SUPPRESSED] = "neigh_suppressed",
	[VNICX_CAUSE_DHCP_LEARNED] = "dhcp_learned",
	[VNICX_CAUSE_DHCP_REFUSED] = "dhcp_refused",
};

/* Frames of XDP, by what became of them */
static const char xdp_names[VNICX_NR_XDP][ETH_GSTRING_LEN] = {
	[VNICX_XDP_DROP] = "xdp_drops",
	[VNICX_XDP_TX] = "xdp_tx",
	[VNICX_XDP_TX_ERROR] = "xdp_tx_errors",
	[VNICX_XDP_REDIRECT] = "xdp_redirect",
	[VNICX_XDP_REDIRECT_ERROR] = "xdp_redirect_errors",
	[VNICX_XSK_RX] = "xsk_rx",
	[VNICX_XSK_RX_ERROR] = "xsk_rx_errors",
	[VNICX_XDP_OVERFLOW] = "xdp_overflow",
	[VNICX_XDP_XMIT] = "xdp_xmit",
	[VNICX_XDP_XMIT_ERROR] = "xdp_xmit_errors",
	[VNICX_XSK_TX] = "xsk_tx",
	[VNICX_XSK_TX_ERROR] = "xsk_tx_errors",
	[VNICX_XSK_DIRECT] = "xsk_direct",
};

static int vnicx_ethtool_get_sset_count(struct net_device *dev, int sset)
{
	return sset == ETH_SS_STATS ?
	       ARRAY_SIZE(stat_names) + ARRAY_SIZE(cause_names) +
	       ARRAY_SIZE(xdp_names) : -EOPNOTSUPP;
}

static void vnicx_ethtool_get_strings(struct net_device *dev, u32 sset,
				      u8 *data)
{
	if (sset != ETH_SS_STATS)
		return;
	memcpy(data, stat_names, sizeof(stat_names));
	data += sizeof(stat_names);
	memcpy(data, cause_names, sizeof(cause_names));
	memcpy(data + sizeof(cause_names), xdp_names, sizeof(xdp_names));
}

static void vnicx_ethtool_get_stats(struct net_device *dev,
				    struct ethtool_stats *stats, u64 *data)
{
	const struct vnicx_vnic *vnic = netdev_priv(dev);
	u64 sum[VNICX_NR_COUNTERS];
	unsigned int i;

	vnicx_stats_sum(&vnic->port, sum);
	data[0] = sum[VNICX_FLOOD_QUEUED];
	data[1] = sum[VNICX_FLOOD_OVERFLOW];
	data[2] = atomic_long_read(&vnic->port.rx_overflow);
	/* Numbers of now, unlike the counters above */
	data[3] = vnicx_stats_backlog(&vnic->port);
	data[4] = READ_ONCE(vnic->groups_refused);
	data[5] = READ_ONCE(vnic->addrs_refused);
	data += ARRAY_SIZE(stat_names);
	for (i = 0; i < VNICX_NR_CAUSES; i++)
		*data++ = atomic_long_read(&vnic->port.causes[i]);
	for (i = 0; i < VNICX_NR_XDP; i++)
		*data++ = atomic_long_read(&vnic->xdp_count[i]);
}

const struct ethtool_ops vnicx_ethtool_ops = {
	.get_drvinfo = vnicx_ethtool_get_drvinfo,
	.get_link = ethtool_op_get_link,
	.get_link_ksettings = vnicx_ethtool_get_link_ksettings,
	.get_channels = vnicx_ethtool_get_channels,
	.set_channels = vnicx_ethtool_set_channels,
	.get_sset_count = vnicx_ethtool_get_sset_count,
	.get_strings = vnicx_ethtool_get_strings,
	.get_ethtool_stats = vnicx_ethtool_get_stats,
	.get_ts_info = vnicx_get_ts_info,
};
