// SPDX-License-Identifier: GPL-2.0
/*
 * Sends one packet that no program would send, and says which devices' stacks, in
 * any namespace, received it, and which of its policy's counters rose.
 *
 *	craft [OPTION...] NAMESPACE/DEVICE WORD...
 *	  -b		past the queueing discipline (PACKET_QDISC_BYPASS)
 *	  -r		from a ring that it shares with the kernel (PACKET_TX_RING):
 *			what is behind the Ethernet header is in pages
 *	  -c START.OFFSET	a checksum is to be stored there (PACKET_VNET_HDR)
 *	  -g TYPE.SIZE	a super-frame, with -c: VIRTIO_NET_HDR_GSO_*
 *	  -e 'NAMESPACE/DEVICE...'	wait until they have it (no longer than 5 s)
 *	  -w NAMESPACE/DEVICE	whose counters; the sender's own
 *	  -x		print the packet in hexadecimal instead
 *
 * packet.h has the words.
 */
#include "listen.h"

#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <linux/virtio_net.h>
#include <stdbool.h>
#include <sys/mman.h>
#include <time.h>

#include "frame.h"
#include "packet.h"

#define PATIENCE_MS	5000
#define BLOCK		4096

/* The rest behind the tags, as a stack gets it */
static const unsigned char *untagged(void)
{
	const unsigned char *at = frame.bytes + 2 * ETH_ALEN;

	while (at[0] == 0x81 && at[1] == 0)
		at += 4;
	return at;
}

static int open_device(const char *device, unsigned char *own)
{
	struct sockaddr_ll at = { .sll_family = AF_PACKET };
	struct ifreq ifr = {};
	int fd;

	fd = socket(AF_PACKET, SOCK_RAW, 0);
	snprintf(ifr.ifr_name, IFNAMSIZ, "%s", device);
	if (fd < 0 || ioctl(fd, SIOCGIFHWADDR, &ifr))
		err(1, "%s", device);
	memcpy(own, ifr.ifr_hwaddr.sa_data, ETH_ALEN);
	at.sll_ifindex = if_nametoindex(device);
	if (bind(fd, (struct sockaddr *)&at, sizeof(at)))
		err(1, "bind");
	return fd;
}

static void set(int fd, int option)
{
	int on = 1;

	if (setsockopt(fd, SOL_PACKET, option, &on, sizeof(on)))
		err(1, "setsockopt %d", option);
}

/* The Ethernet header is copied, and the rest stays in the ring's pages. */
static void send_by_ring(int fd, size_t len)
{
	struct tpacket_req req = {
		.tp_block_size = BLOCK,
		.tp_block_nr = 1,
		.tp_frame_size = BLOCK,
		.tp_frame_nr = 1,
	};
	int version = TPACKET_V2;
	struct tpacket2_hdr *hdr;

	if (setsockopt(fd, SOL_PACKET, PACKET_VERSION, &version, sizeof(version)) ||
	    setsockopt(fd, SOL_PACKET, PACKET_TX_RING, &req, sizeof(req)))
		err(1, "ring");
	hdr = mmap(NULL, BLOCK, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (hdr == MAP_FAILED)
		err(1, "mmap");
	memcpy((char *)hdr + TPACKET2_HDRLEN - sizeof(struct sockaddr_ll),
	       frame.bytes, len);
	hdr->tp_len = len;
	hdr->tp_status = TP_STATUS_SEND_REQUEST;
	if (send(fd, NULL, 0, 0) < 0 && errno != ENOBUFS)
		err(1, "send by ring");
}

static long now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static char names[64][NAME_SIZE];
static unsigned int nr_names;

static void hear(int socket)
{
	const unsigned char *rest = untagged(), *at = rest;
	static unsigned char got[65536];
	struct sockaddr_ll from;
	socklen_t size = sizeof(from);
	ssize_t n;

	while ((n = recvfrom(sockets[socket].fd, got, sizeof(got), 0,
			     (struct sockaddr *)&from, &size)) >= 0) {
		if (n != 2 * ETH_ALEN + (end - at) || nr_names == 64 ||
		    memcmp(got, frame.bytes, 2 * ETH_ALEN) ||
		    memcmp(got + 2 * ETH_ALEN, rest, end - at))
			continue;
		receiver_name(socket, from.sll_ifindex, names[nr_names++]);
	}
}

static bool all_have(const char *expected)
{
	char *list = strdup(expected), *name, *save;
	bool all = true;
	unsigned int i;

	for (name = strtok_r(list, " ", &save); name && all;
	     name = strtok_r(NULL, " ", &save)) {
		for (i = 0; i < nr_names && strcmp(names[i], name); i++)
			;
		all = i < nr_names;
	}
	free(list);
	return all;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(a, b);
}

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

/* Counters of the policy are named after a direction, but for one. */
static bool is_of_policy(const char *name)
{
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
	printf("%s\n", any ? "" : " nothing dropped");
}

static void report(const char *expected)
{
	long last = now_ms() + PATIENCE_MS;
	unsigned int i;
	int s;

	while (poll(sockets, nr_sockets, SETTLE_MS) ||
	       (!all_have(expected) && now_ms() < last))
		for (s = 0; s < nr_sockets; s++)
			if (sockets[s].revents)
				hear(s);
	qsort(names, nr_names, NAME_SIZE, by_name);
	for (i = 0; i < nr_names; i++)
		printf("%s%s", i ? " " : "", names[i]);
}

static void print_hex(void)
{
	const unsigned char *p;

	for (p = frame.bytes; p < end; p++)
		printf("%02x", *p);
	printf("\n");
}

/* How the core sees what is in IEEE 802.2: by a type of its own */
static uint16_t heard_type(void)
{
	unsigned int type = untagged()[0] << 8 | untagged()[1];

	return type < ETH_P_802_3_MIN ? ETH_P_802_2 : type;
}

static void pair(const char *text, unsigned int *a, unsigned int *b)
{
	if (sscanf(text, "%u.%u", a, b) != 2)
		errx(2, "not two numbers: %s", text);
}

int main(int argc, char **argv)
{
	bool bypass = false, ring = false, vnet = false, hex = false;
	unsigned char own[ETH_ALEN];
	const char *expected = "";
	unsigned int a, b;
	char *device, *watched = NULL;
	int option, fd, watch = -1;

	while ((option = getopt(argc, argv, "bc:e:g:rw:x")) != -1) {
		switch (option) {
		case 'b':
			bypass = true;
			break;
		case 'c':
			pair(optarg, &a, &b);
			vnet = true;
			frame.vnet.flags = VIRTIO_NET_HDR_F_NEEDS_CSUM;
			frame.vnet.csum_start = a;
			frame.vnet.csum_offset = b;
			break;
		case 'e':
			expected = optarg;
			break;
		case 'g':
			pair(optarg, &a, &b);
			vnet = true;
			frame.vnet.gso_type = a;
			frame.vnet.gso_size = b;
			frame.vnet.hdr_len = 42;
			break;
		case 'r':
			ring = true;
			break;
		case 'w':
			watched = optarg;
			break;
		case 'x':
			hex = true;
			break;
		default:
			return 2;
		}
	}
	device = optind < argc ? strchr(argv[optind], '/') : NULL;
	if (!device)
		errx(2, "usage: craft [OPTION...] NAMESPACE/DEVICE WORD...");
	*device++ = '\0';
	word = argv + optind + 1;

	if (watched) {
		*strchr(watched, '/') = '\0';
		enter(watched);
		watched += strlen(watched) + 1;
		watch = socket(AF_PACKET, SOCK_RAW, 0);
	}
	enter(argv[optind]);
	fd = open_device(device, own);
	build(own);
	if (hex) {
		print_hex();
		return 0;
	}
	if (!watched) {
		watched = device;
		watch = fd;
	}
	listen_everywhere(heard_type());
	read_stats(watch, watched, &before.head);
	if (bypass)
		set(fd, PACKET_QDISC_BYPASS);
	if (vnet)
		set(fd, PACKET_VNET_HDR);
	if (ring)
		send_by_ring(fd, end - frame.bytes);
	/* ENOBUFS says that it was dropped on the way */
	else if (send(fd, vnet ? (void *)&frame : frame.bytes,
		      end - (vnet ? (unsigned char *)&frame : frame.bytes), 0) < 0 &&
		 errno != ENOBUFS)
		err(1, "send by %s", device);
	report(expected);
	report_stats(watch, watched);
	return 0;
}
