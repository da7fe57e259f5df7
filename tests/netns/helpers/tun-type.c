// SPDX-License-Identifier: GPL-2.0
/*
 * Makes a tun or tap device that stays, or finds it, and makes it of another
 * type, which any user may do in a namespace of his own.
 *
 *	tun-type tun|tap DEVICE ARPHRD-NUMBER
 */
#include <err.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

int main(int argc, char **argv)
{
	struct ifreq ifr = { .ifr_flags = IFF_NO_PI };
	int fd;

	if (argc != 4 || strlen(argv[2]) >= IFNAMSIZ)
		errx(2, "usage: tun-type tun|tap DEVICE ARPHRD-NUMBER");

	fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC);
	if (fd < 0)
		err(2, "/dev/net/tun");
	ifr.ifr_flags |= strcmp(argv[1], "tap") ? IFF_TUN : IFF_TAP;
	strcpy(ifr.ifr_name, argv[2]);
	if (ioctl(fd, TUNSETIFF, &ifr))
		err(2, "TUNSETIFF");
	if (ioctl(fd, TUNSETPERSIST, 1L))
		err(2, "TUNSETPERSIST");
	if (ioctl(fd, TUNSETLINK, strtoul(argv[3], NULL, 0)))
		err(1, "TUNSETLINK");
	return 0;
}
