// SPDX-License-Identifier: GPL-2.0
/*
 * A port's counters, summed over the CPUs.
 */
#include "../vnic.h"

/**
 * vnicx_stats_sum() - sum a port's counters over the CPUs
 * @port: the port
 * @sum: where to put the sums
 */
void vnicx_stats_sum(const struct vnicx_port *port, u64 sum[VNICX_NR_COUNTERS])
{
	u64 one[VNICX_NR_COUNTERS];
	int cpu, i;

	memset(sum, 0, sizeof(one));
	for_each_possible_cpu(cpu) {
		const struct vnicx_port_stats *stats;
		unsigned int start;

		stats = per_cpu_ptr(port->stats, cpu);
		do {
			start = u64_stats_fetch_begin(&stats->syncp);
			for (i = 0; i < VNICX_NR_COUNTERS; i++)
				one[i] = u64_stats_read(&stats->count[i]);
		} while (u64_stats_fetch_retry(&stats->syncp, start));

		for (i = 0; i < VNICX_NR_COUNTERS; i++)
			sum[i] += one[i];
	}
}

/**
 * vnicx_stats_backlog() - get how many frames wait to be received by a port
 * @port: the port of a vNIC or of the host
 *
 * They wait before the vNIC's XDP program, in the queues of its character device,
 * or, with those for all other ports, in the CPUs' queues before the stacks,
 * whose lengths anybody may learn: /proc/net/softnet_stat is for all as well.
 *
 * Context: RTNL.
 * Return: the number in the fullest of these queues now
 */
u32 vnicx_stats_backlog(const struct vnicx_port *port)
{
	if (READ_ONCE(port->exit) == VNICX_EXIT_XDP)
		return vnicx_xdp_backlog(container_of(port, struct vnicx_vnic,
						      port));
	return port->backlog ? port->backlog(port) : vnicx_queue_backlog();
}

/* Add the frames that drivers count themselves, see addr/l2fwd.c. */
static void vnicx_stats_add_station(const struct macvlan_dev *station,
				    struct rtnl_link_stats64 *stats)
{
	const struct vlan_pcpu_stats __percpu *pcpu_stats;
	int cpu;

	/* vnicx_l2fwd_add() may allocate them while this runs. */
	pcpu_stats = READ_ONCE(station->pcpu_stats);
	if (!pcpu_stats)
		return;
	for_each_possible_cpu(cpu) {
		const struct vlan_pcpu_stats *one;
		u64 packets, bytes, multicast;
		unsigned int start;

		one = per_cpu_ptr(pcpu_stats, cpu);
		do {
			start = u64_stats_fetch_begin(&one->syncp);
			packets = u64_stats_read(&one->rx_packets);
			bytes = u64_stats_read(&one->rx_bytes);
			multicast = u64_stats_read(&one->rx_multicast);
		} while (u64_stats_fetch_retry(&one->syncp, start));

		stats->rx_packets += packets;
		stats->rx_bytes += bytes;
		stats->multicast += multicast;
	}
}

/**
 * vnicx_get_stats64() - fill in the counters that `ip -s link` shows of a vNIC
 * @dev: the vNIC
 * @stats: where to put it
 *
 * Implements ndo_get_stats64. The core adds to rx_dropped the frames that find
 * a CPU's queue full.
 */
void vnicx_get_stats64(struct net_device *dev, struct rtnl_link_stats64 *stats)
{
	struct vnicx_vnic *vnic = netdev_priv(dev);
	u64 sum[VNICX_NR_COUNTERS];

	vnicx_stats_sum(&vnic->port, sum);
	stats->rx_packets = sum[VNICX_RX_PACKETS];
	stats->rx_bytes = sum[VNICX_RX_BYTES];
	stats->multicast = sum[VNICX_RX_MULTICAST];
	stats->rx_dropped = sum[VNICX_RX_DROPPED];
	/* netpoll has counters of its own, see netpoll.c. */
	stats->tx_packets = sum[VNICX_TX_PACKETS] +
			    DEV_STATS_READ(dev, tx_packets);
	stats->tx_bytes = sum[VNICX_TX_BYTES] + DEV_STATS_READ(dev, tx_bytes);
	stats->tx_dropped = sum[VNICX_TX_DROPPED] +
			    DEV_STATS_READ(dev, tx_dropped);
	vnicx_stats_add_station(&vnic->station, stats);
}
