// SPDX-License-Identifier: GPL-2.0
/*
 * Makes a tun or tap device that stays, or finds it, and makes it of another
 * type, which any user may do in a namespace of his own. It has a carrier as
 * long as it is open.
 *
 *	tun-type tun|tap DEVICE ARPHRD-NUMBER [open]
 */
#include <err.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	struct ifreq ifr = { .ifr_flags = IFF_NO_PI };
	int fd;

	if (argc < 4 || argc > 5 || strlen(argv[2]) >= IFNAMSIZ)
		errx(2, "usage: tun-type tun|tap DEVICE ARPHRD-NUMBER [open]");

	fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC);
	if (fd < 0)
		err(2, "/dev/net/tun");
	ifr.ifr_flags |= strcmp(argv[1], "tap") ? IFF_TUN : IFF_TAP;
	memcpy(ifr.ifr_name, argv[2], strlen(argv[2]) + 1);
	if (ioctl(fd, TUNSETIFF, &ifr))
		err(2, "TUNSETIFF");
	if (ioctl(fd, TUNSETPERSIST, 1L))
		err(2, "TUNSETPERSIST");
	if (ioctl(fd, TUNSETLINK, strtoul(argv[3], NULL, 0)))
		err(1, "TUNSETLINK");
	if (argc == 5)
		pause();
	return 0;
}
