/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Tell which counters of a vNIC's policy rise meanwhile, and how many packets the vNIC
 * receives. Included by craft.c and frames.c.
 */
#ifndef _VNICX_COUNTERS_H
#define _VNICX_COUNTERS_H

#include <err.h>
#include <fcntl.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* Asks for what ethtool shows of the device. */
static void ask(int fd, const char *device, void *data)
{
	struct ifreq ifr = { .ifr_data = data };

	snprintf(ifr.ifr_name, IFNAMSIZ, "%s", device);
	if (ioctl(fd, SIOCETHTOOL, &ifr))
		err(1, "ethtool %s", device);
}

#define STATS_MAX	128

static struct {
	struct ethtool_stats head;
	__u64 value[STATS_MAX];
} before, after;

static void read_stats(int fd, const char *device, struct ethtool_stats *stats)
{
	stats->cmd = ETHTOOL_GSTATS;
	/* no longer than the array: the kernel writes all that there are */
	stats->n_stats = 0;
	ask(fd, device, stats);
}

/* Counters of the policy are named after a direction, but for one. The length of the
 * queue before the stack is no counter.
 */
static bool is_of_policy(const char *name)
{
	if (!strcmp(name, "rx_backlog"))
		return false;
	return !strncmp(name, "tx_", 3) || !strncmp(name, "rx_", 3) ||
	       !strncmp(name, "neigh_", 6);
}

/* Tells which counters of the policy rose. */
static void report_stats(int fd, const char *device)
{
	static struct {
		struct ethtool_gstrings head;
		char name[STATS_MAX][ETH_GSTRING_LEN];
	} names = { .head = { .cmd = ETHTOOL_GSTRINGS, .string_set = ETH_SS_STATS } };
	bool any = false;
	unsigned int i;

	read_stats(fd, device, &after.head);
	names.head.len = after.head.n_stats;
	ask(fd, device, &names);
	printf(",");
	for (i = 0; i < names.head.len; i++) {
		if (!is_of_policy(names.name[i]) ||
		    before.value[i] == after.value[i])
			continue;
		printf(" %s %llu", names.name[i],
		       (unsigned long long)(after.value[i] - before.value[i]));
		any = true;
	}
	printf("%s", any ? "" : " nothing dropped");
}

/* Of a device, whichever its driver */
struct device_counts {
	unsigned long received;
	unsigned long rx_dropped;
	unsigned long tx_dropped;
};

/* Those of the devices in this namespace, whichever it will be later */
static int counts_open(void)
{
	int fd = open("/proc/thread-self/net/dev", O_RDONLY);

	if (fd < 0)
		err(1, "/proc/thread-self/net/dev");
	return fd;
}

static struct device_counts counts_of(int fd, const char *device)
{
	struct device_counts counts;
	static char text[16384];
	char *line, name[32];
	ssize_t n;

	n = pread(fd, text, sizeof(text) - 1, 0);
	if (n < 0)
		err(1, "counters of %s", device);
	text[n] = '\0';
	for (line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
		if (sscanf(line, " %31[^:]: %*u %lu %*u %lu %*u %*u %*u %*u %*u %*u %*u %lu",
			   name, &counts.received, &counts.rx_dropped,
			   &counts.tx_dropped) == 4 && !strcmp(name, device))
			return counts;
	errx(1, "no counters of %s", device);
}

#endif /* _VNICX_COUNTERS_H */
