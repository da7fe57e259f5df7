// SPDX-License-Identifier: GPL-2.0
/*
 * Sends packets that no program would send, and says which devices' stacks, in
 * any namespace, received them, and which of the policy's counters rose.
 *
 *	craft [OPTION...] NAMESPACE/DEVICE WORD... [, WORD...]...
 *	  -b		past the queueing discipline (PACKET_QDISC_BYPASS)
 *	  -r		from a ring that it shares with the kernel (PACKET_TX_RING):
 *			what is behind the Ethernet header is in pages
 *	  -y		by an AF_XDP socket
 *	  -z		by a zero-copy one
 *	  -u COMMAND	by a command of the shell, behind which stands
 *			hex a BYTES for each packet, as helpers/tap.c has it
 *	  -t TYPE	by a packet socket of that EtherType, whatever the packets say
 *	  -c START.OFFSET	a checksum is to be stored there (PACKET_VNET_HDR)
 *	  -g TYPE.SIZE	a super-frame, with -c: VIRTIO_NET_HDR_GSO_*
 *	  -e 'NAMESPACE/DEVICE[:N]...'	wait until they have it, or N of them, as
 *			long as one comes every 5 s
 *	  -w NAMESPACE/DEVICE	whose counters; the sender's own
 *	  -p		how many packets the same device received as well
 *	  -x		print the packet in hexadecimal instead
 *
 * packet.h has the words. Of several packets, which begin behind a comma, it says how
 * many each receiver got.
 */
#include "listen.h"

#include <linux/virtio_net.h>
#include <stdbool.h>

#include "counters.h"
#include "packet.h"
#include "craft-send.h"
#include "xsk.h"

#define NAMES_MAX	512

/* The rest behind the tags, as a stack gets it */
static const unsigned char *untagged(const struct packet *p)
{
	const unsigned char *at = p->bytes + 2 * ETH_ALEN;

	while (at[0] == 0x81 && at[1] == 0)
		at += 4;
	return at;
}

static int open_device(const char *device, unsigned short protocol, unsigned char *own)
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
	at.sll_protocol = htons(protocol);
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

static char names[NAMES_MAX][NAME_SIZE];
static unsigned int nr_names;

static bool is_packet(const struct packet *p, const unsigned char *got, size_t n)
{
	const unsigned char *rest = untagged(p);
	size_t len = p->bytes + p->len - rest;

	return n == 2 * ETH_ALEN + len && !memcmp(got, p->bytes, 2 * ETH_ALEN) &&
	       !memcmp(got + 2 * ETH_ALEN, rest, len);
}

static bool is_ours(const unsigned char *got, size_t n)
{
	const struct packet *p;

	for (p = packets; p < packets + nr_packets; p++)
		if (is_packet(p, got, n))
			return true;
	return false;
}

static bool hear(int socket)
{
	static unsigned char got[65536];
	struct sockaddr_ll from;
	socklen_t size = sizeof(from);
	bool any = false;
	ssize_t n;

	while ((n = recvfrom(sockets[socket].fd, got, sizeof(got), 0,
			     (struct sockaddr *)&from, &size)) >= 0) {
		if (nr_names == NAMES_MAX || !is_ours(got, n))
			continue;
		receiver_name(socket, from.sll_ifindex, names[nr_names++]);
		any = true;
	}
	return any;
}

static unsigned int count(const char *name)
{
	unsigned int i, n = 0;

	for (i = 0; i < nr_names; i++)
		n += !strcmp(names[i], name);
	return n;
}

static bool all_have(const char *expected)
{
	char *list = strdup(expected), *name, *save, *colon;
	unsigned int wanted;
	bool all = true;

	for (name = strtok_r(list, " ", &save); name && all;
	     name = strtok_r(NULL, " ", &save)) {
		colon = strchr(name, ':');
		wanted = colon ? atoi(colon + 1) : 1;
		if (colon)
			*colon = '\0';
		all = count(name) >= wanted;
	}
	free(list);
	return all;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(a, b);
}

static void report(const char *expected)
{
	unsigned int i;

	hear_all(all_have, expected, hear);
	qsort(names, nr_names, NAME_SIZE, by_name);
	for (i = 0; i < nr_names; i++) {
		if (nr_packets == 1)
			printf("%s%s", i ? " " : "", names[i]);
		else if (!i || strcmp(names[i - 1], names[i]))
			printf("%s%s:%u", i ? " " : "", names[i], count(names[i]));
	}
}

/* How the core sees what is in IEEE 802.2: by a type of its own */
static uint16_t heard_type(const struct packet *p)
{
	unsigned int type = untagged(p)[0] << 8 | untagged(p)[1];

	return type < ETH_P_802_3_MIN ? ETH_P_802_2 : type;
}

static void build_all(const unsigned char *own)
{
	struct packet *p;

	for (;;) {
		if (nr_packets == PACKETS_MAX)
			errx(2, "too many packets");
		build(own);
		p = &packets[nr_packets++];
		p->len = end - frame.bytes;
		memcpy(p->bytes, frame.bytes, p->len);
		if (!*word)
			return;
		word++;
	}
}

static void listen_for_all(void)
{
	const struct packet *p, *q;

	for (p = packets; p < packets + nr_packets; p++) {
		for (q = packets; q < p && heard_type(q) != heard_type(p); q++)
			;
		if (q == p)
			listen_everywhere(heard_type(p));
	}
}

static void pair(const char *text, unsigned int *a, unsigned int *b)
{
	if (sscanf(text, "%u.%u", a, b) != 2)
		errx(2, "not two numbers: %s", text);
}

/* The options */
static struct {
	bool bypass, ring, vnet, hex, packets;
	const char *expected, *command;
	char *watched;
	unsigned short protocol;
	int xdp;
} how = { .expected = "" };

static void read_option(int option)
{
	unsigned int a, b;

	switch (option) {
	case 'b':
		how.bypass = true;
		break;
	case 'c':
		pair(optarg, &a, &b);
		how.vnet = true;
		frame.vnet.flags = VIRTIO_NET_HDR_F_NEEDS_CSUM;
		frame.vnet.csum_start = a;
		frame.vnet.csum_offset = b;
		break;
	case 'e':
		how.expected = optarg;
		break;
	case 'g':
		pair(optarg, &a, &b);
		how.vnet = true;
		frame.vnet.gso_type = a;
		frame.vnet.gso_size = b;
		frame.vnet.hdr_len = 42;
		break;
	case 'p':
		how.packets = true;
		break;
	case 'r':
		how.ring = true;
		break;
	case 't':
		how.protocol = strtoul(optarg, NULL, 16);
		break;
	case 'u':
		how.command = optarg;
		break;
	case 'w':
		how.watched = optarg;
		break;
	case 'x':
		how.hex = true;
		break;
	case 'y':
		how.xdp = XDP_COPY;
		break;
	case 'z':
		how.xdp = XDP_ZEROCOPY;
		break;
	default:
		exit(2);
	}
}

/* Sends all packets from this namespace. */
static void send_all(int fd, const char *device)
{
	struct xsk xsk = {};
	struct packet *p;

	if (how.bypass)
		set(fd, PACKET_QDISC_BYPASS);
	if (how.vnet)
		set(fd, PACKET_VNET_HDR);
	if (how.xdp)
		xsk_open(&xsk, device, how.xdp);
	if (how.command)
		send_by_command(how.command);
	for (p = packets; !how.command && p < packets + nr_packets; p++) {
		if (how.xdp)
			xsk_send(&xsk, p->bytes, p->len);
		else if (how.ring)
			send_by_ring(fd, p);
		else
			send_by_socket(fd, p, how.vnet);
	}
}

int main(int argc, char **argv)
{
	int option, fd, watch, dev = -1;
	unsigned char own[ETH_ALEN];
	char *device, *watched;
	unsigned long had = 0;

	while ((option = getopt(argc, argv, "bc:e:g:prt:u:w:xyz")) != -1)
		read_option(option);
	device = split(argv[optind]);
	word = argv + optind + 1;
	enter(argv[optind]);
	fd = open_device(device, how.protocol, own);
	build_all(own);
	if (how.hex) {
		print_hex(stdout, packets);
		printf("\n");
		return 0;
	}
	watched = device;
	if (how.watched) {
		watched = split(how.watched);
		enter(how.watched);
	}
	watch = socket(AF_PACKET, SOCK_RAW, 0);
	if (how.packets)
		dev = counts_open();
	listen_for_all();
	enter(argv[optind]);
	read_stats(watch, watched, &before.head);
	if (how.packets)
		had = counts_of(dev, watched).received;
	send_all(fd, device);
	report(how.expected);
	report_stats(watch, watched);
	if (how.packets)
		printf(", %lu received", counts_of(dev, watched).received - had);
	printf("\n");
	return 0;
}
