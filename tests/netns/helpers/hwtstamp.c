// SPDX-License-Identifier: GPL-2.0
/*
 * Shows, or sets and shows, which frames a device timestamps in hardware.
 *
 *	hwtstamp DEVICE [TX-TYPE RX-FILTER]
 *
 * Prints the two numbers; those of linux/net_tstamp.h.
 */
#include <err.h>
#include <linux/net_tstamp.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

int main(int argc, char **argv)
{
	struct hwtstamp_config config = {};
	struct ifreq ifr = { .ifr_data = (void *)&config };
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	if (fd < 0)
		err(1, "socket");
	if (argc != 2 && argc != 4)
		errx(2, "usage: hwtstamp DEVICE [TX-TYPE RX-FILTER]");
	snprintf(ifr.ifr_name, IFNAMSIZ, "%s", argv[1]);
	if (argc == 4) {
		config.tx_type = atoi(argv[2]);
		config.rx_filter = atoi(argv[3]);
	}
	if (ioctl(fd, argc == 4 ? SIOCSHWTSTAMP : SIOCGHWTSTAMP, &ifr))
		err(1, "%s", argv[1]);
	printf("%d %d\n", config.tx_type, config.rx_filter);
	return 0;
}
