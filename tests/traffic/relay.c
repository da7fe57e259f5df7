// SPDX-License-Identifier: GPL-2.0
/*
 * A virtual machine without the machine: what the character device of a vNIC has to
 * say goes to a tap device in another namespace, with all offloads, and back. Or it
 * is what an AF_XDP socket of a vNIC has to say, frame by frame.
 *
 *	traffic relay NS/VNIC NS/NAME READER [...]
 *
 * READER: "offloads" if the reader of the character device takes super-frames and
 * partial checksums, or "whole"; "zero-copy" or "copy" for an AF_XDP socket.
 *
 *	traffic move NS/NAME MAC NS/TAP NS/TAP
 *
 * A machine that moves from the one vNIC to the other. NAME is its device, with that
 * address, and both character devices are open from the beginning. Each byte of
 * standard input is a step, which the same byte on standard output answers: 0 and 1 have
 * the machine run behind that TAP, s stops it, and r has it say where it is by a RARP
 * request, as QEMU does for a machine that it goes on with.
 */
#include "traffic.h"
#include "xsk.h"

#include <fcntl.h>
#include <linux/if_arp.h>
#include <linux/if_ether.h>
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
/* The relays' vNICs, and which of them have an AF_XDP socket */
static char names[RELAYS_MAX][NAME_SIZE], devs[RELAYS_MAX][IFNAMSIZ];
static bool by_xsk[RELAYS_MAX];

static void split_name(const char *text, char *ns, char *dev)
{
	if (sscanf(text, "%31[^/]/%15s", ns, dev) != 2)
		errx(2, "not NAMESPACE/DEVICE: %s", text);
	enter(ns);
}

/* By its number, of which sysfs knows in the namespace that it was mounted in: the
 * tap's.
 */
static int open_character_device(const char *dev)
{
	char path[100], node[] = "/tmp/relay-XXXXXX";
	unsigned int major, minor;
	static bool alone;
	FILE *file;
	int fd;

	if (!alone && (unshare(CLONE_NEWNS) ||
		       mount("", "/", NULL, MS_REC | MS_PRIVATE, NULL)))
		err(2, "unshare");
	alone = true;
	/* It may be there already. */
	if (mount("sysfs", "/sys", "sysfs", 0, NULL) && errno != EBUSY)
		err(2, "sysfs");
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

static int open_tap(const char *tap, int offloads, unsigned char *mac)
{
	struct ifreq ifr = {};
	char ns[NAME_SIZE];
	int fd;

	split_name(tap, ns, ifr.ifr_name);
	fd = open_character_device(ifr.ifr_name);
	set_offloads(fd, offloads);
	if (ioctl(fd, SIOCGIFHWADDR, &ifr))
		err(2, "address of %s", tap);
	memcpy(mac, ifr.ifr_hwaddr.sa_data, 6);
	return fd;
}

static void get_mac(const char *dev, unsigned char *mac)
{
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	struct ifreq ifr = {};

	snprintf(ifr.ifr_name, IFNAMSIZ, "%s", dev);
	if (fd < 0 || ioctl(fd, SIOCGIFHWADDR, &ifr))
		err(2, "address of %s", dev);
	memcpy(mac, ifr.ifr_hwaddr.sa_data, 6);
	close(fd);
}

/* Returns what the reader reads. */
static int open_vnic(unsigned int i, const char *vnic, const char *reader, unsigned char *mac)
{
	if (strcmp(reader, "zero-copy") && strcmp(reader, "copy"))
		return open_tap(vnic, !strcmp(reader, "offloads"), mac);
	split_name(vnic, names[i], devs[i]);
	get_mac(devs[i], mac);
	by_xsk[i] = true;
	return xsk_open(i, names[i], devs[i], !strcmp(reader, "zero-copy"));
}

static int open_tun(const char *tun, int offloads, const unsigned char *mac)
{
	struct ifreq ifr = { .ifr_flags = IFF_TAP | IFF_NO_PI | IFF_VNET_HDR };
	char ns[NAME_SIZE];
	int fd;

	split_name(tun, ns, ifr.ifr_name);
	fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK);
	if (fd < 0 || ioctl(fd, TUNSETIFF, &ifr))
		err(2, "%s", tun);
	set_offloads(fd, offloads);
	ifr.ifr_hwaddr.sa_family = ARPHRD_ETHER;
	memcpy(ifr.ifr_hwaddr.sa_data, mac, 6);
	if (ioctl(fd, SIOCSIFHWADDR, &ifr))
		err(2, "address of %s", tun);
	return fd;
}

/* A frame of a socket has no header of virtio's, and one for it needs none. */
static ssize_t read_frame(unsigned int from, unsigned char *frame)
{
	const size_t vnet = sizeof(struct virtio_net_hdr_v1);
	ssize_t n;

	if (from & 1 || !by_xsk[from / 2])
		return read(fds[from].fd, frame, FRAME_MAX);
	memset(frame, 0, vnet);
	n = xsk_read(from / 2, frame + vnet, FRAME_MAX - vnet);
	return n < 0 ? n : n + (ssize_t)vnet;
}

static ssize_t write_frame(unsigned int to, const unsigned char *frame, size_t size)
{
	const size_t vnet = sizeof(struct virtio_net_hdr_v1);

	if (to & 1 || !by_xsk[to / 2])
		return write(fds[to].fd, frame, size);
	return xsk_write(to / 2, frame + vnet, size - vnet);
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
			n = read_frame(from, way->frame);
			if (n <= 0)
				return;
			way->size = n;
		}
		n = write_frame(from ^ 1, way->frame, way->size);
		if (n < 0 && errno == EAGAIN)
			return;
		way->size = 0;
	}
}

/* Waits for any of the descriptors, the first n of which are relays'. */
static void turn(unsigned int n, unsigned int all)
{
	unsigned int i;

	for (i = 0; i < n; i++) {
		/* a device that is down is always ready and never gives */
		fds[i].events = (ways[i].size ? 0 : POLLIN) |
				(ways[i ^ 1].size ? POLLOUT : 0);
	}
	for (; i < all; i++)
		fds[i].events = POLLIN;
	if (poll(fds, all, 1000) < 0)
		err(2, "poll");
	for (i = 0; i < n; i++)
		if (fds[i].revents & POLLERR)
			usleep(1000);
	for (i = 0; i < n; i++) {
		forward(i);
		if (i & 1 && by_xsk[i / 2])
			xsk_flush(i / 2);
	}
}

int relay(int argc, char **argv)
{
	unsigned int i, n = argc / 3 * 2;
	unsigned char mac[6];

	if (argc < 3 || argc % 3 || argc / 3 > RELAYS_MAX)
		errx(2, "usage: traffic relay NS/VNIC NS/NAME READER [...]");
	for (i = 0; i < n; i++) {
		ways[i].frame = malloc(FRAME_MAX);
		fds[i].fd = i & 1 ? open_tun(argv[i / 2 * 3 + 1], !by_xsk[i / 2], mac) :
				    open_vnic(i / 2, argv[i / 2 * 3], argv[i / 2 * 3 + 2], mac);
	}
	printf("ready\n");
	fflush(stdout);
	for (;;)
		turn(n, n);
}

/* The request for an address by its own, which nobody answers: it tells switches where
 * the machine is.
 */
static void say_where(int fd, const unsigned char *mac)
{
	static const unsigned char what[] = {
		0, ARPHRD_ETHER, 8, 0, ETH_ALEN, 4, 0, ARPOP_RREQUEST
	};
	unsigned char frame[sizeof(struct virtio_net_hdr_v1) + ETH_ZLEN] = {};
	unsigned char *at = frame + sizeof(struct virtio_net_hdr_v1);

	memset(at, 0xff, ETH_ALEN);
	memcpy(at + ETH_ALEN, mac, ETH_ALEN);
	at[12] = ETH_P_RARP >> 8;
	at[13] = ETH_P_RARP & 0xff;
	memcpy(at + ETH_HLEN, what, sizeof(what));
	memcpy(at + ETH_HLEN + 8, mac, ETH_ALEN);
	memcpy(at + ETH_HLEN + 18, mac, ETH_ALEN);
	if (write(fd, frame, sizeof(frame)) != sizeof(frame))
		err(2, "RARP request");
}

int move(int argc, char **argv)
{
	unsigned char mac[6], tap_mac[6];
	bool runs = false;
	int taps[2], i;
	char step;

	if (argc != 4 || sscanf(argv[1], "%hhx:%hhx:%hhx:%hhx:%hhx:%hhx", &mac[0], &mac[1],
				&mac[2], &mac[3], &mac[4], &mac[5]) != 6)
		errx(2, "usage: traffic move NS/NAME MAC NS/TAP NS/TAP");
	for (i = 0; i < 2; i++) {
		taps[i] = open_tap(argv[2 + i], 1, tap_mac);
		ways[i].frame = malloc(FRAME_MAX);
	}
	fds[1].fd = open_tun(argv[0], 1, mac);
	fds[2].fd = STDIN_FILENO;
	for (;;) {
		if (runs) {
			turn(2, 3);
		} else {
			fds[2].events = POLLIN;
			poll(&fds[2], 1, -1);
		}
		if (!fds[2].revents)
			continue;
		if (read(STDIN_FILENO, &step, 1) != 1)
			return 0;
		switch (step) {
		case '0':
		case '1':
			fds[0].fd = taps[step - '0'];
			ways[0].size = 0;
			ways[1].size = 0;
			runs = true;
			break;
		case 's':
			runs = false;
			break;
		case 'r':
			say_where(fds[0].fd, mac);
			break;
		default:
			continue;
		}
		printf("%c\n", step);
		fflush(stdout);
	}
}
