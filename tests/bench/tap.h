/* SPDX-License-Identifier: GPL-2.0 */
/* Taps, as a virtual machine's process opens them */
#ifndef BENCH_TAP_H
#define BENCH_TAP_H

#include <err.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <stdio.h>
#include <sys/ioctl.h>

/* By the path of a character device, or by the name of a tap of tun's */
static int open_tap(const char *name)
{
	struct ifreq ifr = { .ifr_flags = IFF_TAP | IFF_NO_PI | IFF_VNET_HDR };
	int unlimited = INT_MAX;
	int fd = open(*name == '/' ? name : "/dev/net/tun", O_RDWR | O_NONBLOCK);

	if (fd >= 0 && *name != '/') {
		snprintf(ifr.ifr_name, IFNAMSIZ, "%s", name);
		if (ioctl(fd, TUNSETIFF, &ifr))
			err(1, "%s", name);
	}
	if (fd < 0)
		err(1, "%s", name);
	/* as QEMU does, for a virtual machine's driver that takes frames whole */
	if (ioctl(fd, TUNSETSNDBUF, &unlimited) ||
	    ioctl(fd, TUNSETOFFLOAD, TUN_F_CSUM | TUN_F_TSO4))
		err(1, "%s: settings", name);
	return fd;
}

#endif /* BENCH_TAP_H */
