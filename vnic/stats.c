// SPDX-License-Identifier: GPL-2.0
/*
 * A vNIC's counters as `ip -s link` shows them.
 */
#include "vnic.h"

/**
 * vnicx_get_stats64() - sum a vNIC's counters over the CPUs
 * @dev: the vNIC
 * @stats: where to add them
 *
 * Implements ndo_get_stats64. What the core drops for want of room in a CPU's
 * backlog it adds to rx_dropped itself.
 */
void vnicx_get_stats64(struct net_device *dev, struct rtnl_link_stats64 *stats)
{
	struct vnicx_vnic *vnic = netdev_priv(dev);
	int cpu;

	for_each_possible_cpu(cpu) {
		const struct vnicx_port_stats *s;
		struct rtnl_link_stats64 sum;
		unsigned int start;

		s = per_cpu_ptr(vnic->port.stats, cpu);
		do {
			start = u64_stats_fetch_begin(&s->syncp);
			sum.rx_packets = u64_stats_read(&s->rx_packets);
			sum.rx_bytes = u64_stats_read(&s->rx_bytes);
			sum.multicast = u64_stats_read(&s->rx_multicast);
			sum.tx_packets = u64_stats_read(&s->tx_packets);
			sum.tx_bytes = u64_stats_read(&s->tx_bytes);
			sum.rx_dropped = u64_stats_read(&s->rx_dropped);
			sum.tx_dropped = u64_stats_read(&s->tx_dropped);
		} while (u64_stats_fetch_retry(&s->syncp, start));

		stats->rx_packets += sum.rx_packets;
		stats->rx_bytes += sum.rx_bytes;
		stats->multicast += sum.multicast;
		stats->tx_packets += sum.tx_packets;
		stats->tx_bytes += sum.tx_bytes;
		stats->rx_dropped += sum.rx_dropped;
		stats->tx_dropped += sum.tx_dropped;
	}
}
