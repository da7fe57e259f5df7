// SPDX-License-Identifier: GPL-2.0
/*
 * A virtual machine without the machine: what the character device of a vNIC has to
 * say goes to a tap device in another namespace, with all offloads, and back.
 *
 *	traffic relay NS/TAP NS/NAME OFFLOADS [...]
 *
 * OFFLOADS: 1 if the reader takes super-frames and partial checksums, or 0.
 */
#include "traffic.h"

#include <fcntl.h>
#include <linux/if_tun.h>
#include <linux/virtio_net.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "../netns/helpers/enter.h"

#define FRAME_MAX	(600 << 10)
#define RELAYS_MAX	4

/* A frame that was read and not yet written */
struct way {
	unsigned char *frame;
	ssize_t size;
};

static struct pollfd fds[2 * RELAYS_MAX];
static struct way ways[2 * RELAYS_MAX];

static void split_name(const char *text, char *ns, char *dev)
{
	if (sscanf(text, "%31[^/]/%15s", ns, dev) != 2)
		errx(2, "not NAMESPACE/DEVICE: %s", text);
	enter(ns);
}

/* By its number, of which sysfs knows in the namespace that it was mounted in: that of
 * all taps.
 */
static int open_character_device(const char *dev)
{
	char path[100], node[] = "/tmp/relay-XXXXXX";
	unsigned int major, minor;
	static bool mounted;
	FILE *file;
	int fd;

	if (!mounted && (unshare(CLONE_NEWNS) ||
			 mount("", "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
			 mount("sysfs", "/sys", "sysfs", 0, NULL)))
		err(2, "sysfs");
	mounted = true;
	snprintf(path, sizeof(path), "/sys/class/net/%s/tap%u/dev", dev,
		 if_nametoindex(dev));
	file = fopen(path, "r");
	if (!file || fscanf(file, "%u:%u", &major, &minor) != 2)
		err(2, "%s", path);
	fclose(file);
	close(mkstemp(node));
	unlink(node);
	if (mknod(node, S_IFCHR | 0600, makedev(major, minor)))
		err(2, "mknod");
	fd = open(node, O_RDWR | O_NONBLOCK);
	if (fd < 0)
		err(2, "%s", dev);
	unlink(node);
	return fd;
}

static void set_offloads(int fd, int on)
{
	const int flags = TUN_F_CSUM | TUN_F_TSO4 | TUN_F_TSO6;
	int size = sizeof(struct virtio_net_hdr_v1);

	if (ioctl(fd, TUNSETVNETHDRSZ, &size) ||
	    ioctl(fd, TUNSETOFFLOAD, (unsigned long)(on ? flags : 0)))
		err(2, "offloads");
}

static void open_relay(unsigned int i, const char *tap, const char *tun, int offloads)
{
	struct ifreq ifr = {};
	char ns[NAME_SIZE], dev[IFNAMSIZ];
	unsigned char mac[6];

	split_name(tap, ns, dev);
	fds[2 * i].fd = open_character_device(dev);
	set_offloads(fds[2 * i].fd, offloads);
	snprintf(ifr.ifr_name, IFNAMSIZ, "%s", dev);
	if (ioctl(fds[2 * i].fd, SIOCGIFHWADDR, &ifr))
		err(2, "address of %s", tap);
	memcpy(mac, ifr.ifr_hwaddr.sa_data, 6);

	split_name(tun, ns, dev);
	fds[2 * i + 1].fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK);
	memset(&ifr, 0, sizeof(ifr));
	ifr.ifr_flags = IFF_TAP | IFF_NO_PI | IFF_VNET_HDR;
	snprintf(ifr.ifr_name, IFNAMSIZ, "%s", dev);
	if (fds[2 * i + 1].fd < 0 || ioctl(fds[2 * i + 1].fd, TUNSETIFF, &ifr))
		err(2, "%s", tun);
	set_offloads(fds[2 * i + 1].fd, 1);
	ifr.ifr_hwaddr.sa_family = 1;
	memcpy(ifr.ifr_hwaddr.sa_data, mac, 6);
	if (ioctl(fds[2 * i + 1].fd, SIOCSIFHWADDR, &ifr))
		err(2, "address of %s", tun);
}

/* Reads what there is, writes it to the other side. A frame without room waits;
 * one that is refused (the device is down) is lost.
 */
static void forward(unsigned int from)
{
	struct way *way = &ways[from];
	unsigned int budget = 64;
	ssize_t n;

	while (budget--) {
		if (!way->size) {
			n = read(fds[from].fd, way->frame, FRAME_MAX);
			if (n <= 0)
				return;
			way->size = n;
		}
		n = write(fds[from ^ 1].fd, way->frame, way->size);
		if (n < 0 && errno == EAGAIN)
			return;
		way->size = 0;
	}
}

int relay(int argc, char **argv)
{
	unsigned int i, n = argc / 3 * 2;

	if (argc < 3 || argc % 3 || argc / 3 > RELAYS_MAX)
		errx(2, "usage: traffic relay NS/TAP NS/NAME OFFLOADS [...]");
	for (i = 0; i < n; i++) {
		ways[i].frame = malloc(FRAME_MAX);
		if (!(i & 1))
			open_relay(i / 2, argv[i / 2 * 3], argv[i / 2 * 3 + 1],
				   atoi(argv[i / 2 * 3 + 2]));
	}
	printf("ready\n");
	fflush(stdout);
	for (;;) {
		for (i = 0; i < n; i++) {
			/* a device that is down is always ready and never gives */
			fds[i].events = (ways[i].size ? 0 : POLLIN) |
					(ways[i ^ 1].size ? POLLOUT : 0);
		}
		if (poll(fds, n, 1000) < 0)
			err(2, "poll");
		for (i = 0; i < n; i++)
			if (fds[i].revents & POLLERR)
				usleep(1000);
		for (i = 0; i < n; i++)
			forward(i);
	}
}
