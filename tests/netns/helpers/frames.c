// SPDX-License-Identifier: GPL-2.0
/*
 * Sends Ethernet frames from a device and says which devices' stacks, in any
 * namespace, received them. One program for a whole question, because starting
 * one is slow in some guests.
 *
 *	frames [OPTION...] NAMESPACE/DEVICE DESTINATION
 *	  -n COUNT	how many frames (1), numbered
 *	  -l LENGTH	of each, from its header on (60)
 *	  -s ADDRESS	source (the device's own)
 *	  -t TYPE	EtherType, in hexadecimal (88b5, for local experiments)
 *	  -v VID	with a tag in the frame; twice: the outer one first
 *	  -e 'NAMESPACE/DEVICE...'	wait until they have it, as long as one comes
 *			every 5 s
 *	  -w NAMESPACE/DEVICE	which counters of its policy rose, and of what it dropped
 *	  -b		past the queueing discipline (PACKET_QDISC_BYPASS)
 *	  -x		by an AF_XDP socket, also past it
 *	  -z		by a zero-copy one
 *	  -q		do not listen, but send all before anybody else may run
 *	  -r		with room for all of them at once, so that it never waits
 *
 * Prints NAMESPACE/DEVICE of the receivers in alphabetical order, with :COUNT
 * behind one that did not get every frame once and (...) for what was wrong; with -w,
 * behind a comma, counters.
 */
#include "listen.h"

#include <stdbool.h>

#include "counters.h"
#include "xsk.h"

#define RECEIVERS_MAX	4096
#define FRAME_MAX	65536

struct receiver {
	char name[NAME_SIZE];
	unsigned int count;
	unsigned int length;
	bool disordered;
	bool damaged;
};

static struct receiver receivers[RECEIVERS_MAX];
static int nr_receivers;

static uint16_t type = 0x88b5;
static unsigned int count = 1, length = 60, tags;
static bool bypass, by_xdp, roomy;
static uint16_t xdp_flags = XDP_COPY;
static unsigned char frame[FRAME_MAX], got[FRAME_MAX];

static struct receiver *find_receiver(int socket, int ifindex)
{
	char name[NAME_SIZE];
	int i;

	receiver_name(socket, ifindex, name);
	for (i = 0; i < nr_receivers; i++)
		if (!strcmp(receivers[i].name, name))
			return &receivers[i];
	if (nr_receivers == RECEIVERS_MAX)
		errx(1, "too many receivers");
	memcpy(receivers[i].name, name, sizeof(name));
	receivers[i].length = length - 4 * tags;
	return &receivers[nr_receivers++];
}

/* Behind the header: the frame's number, where it fits, and a pattern. */
static void fill(unsigned char *payload, unsigned int size, uint32_t number)
{
	unsigned int i;

	for (i = 0; i < size; i++)
		payload[i] = i * 7 + number;
	if (size >= sizeof(number))
		memcpy(payload, &number, sizeof(number));
}

/* Tags are not in the frame any more, or not yet: they are beside it. */
static bool receive(int socket)
{
	static unsigned char expected[FRAME_MAX];
	struct sockaddr_ll from;
	socklen_t size = sizeof(from);
	struct receiver *r;
	bool any = false;
	uint32_t number;
	ssize_t n;

	while ((n = recvfrom(sockets[socket].fd, got, sizeof(got), 0,
			     (struct sockaddr *)&from, &size)) >= 0) {
		r = find_receiver(socket, from.sll_ifindex);
		number = r->count++;
		any = true;
		if ((unsigned int)n != length - 4 * tags) {
			r->length = n;
			continue;
		}
		if (n >= ETH_HLEN + 4) {
			memcpy(&number, got + ETH_HLEN, sizeof(number));
			r->disordered |= number != r->count - 1;
			fill(expected, n - ETH_HLEN, number);
			r->damaged |= memcmp(got + ETH_HLEN, expected,
					     n - ETH_HLEN) != 0;
		}
	}
	return any;
}

static bool is_expected(const char *expected)
{
	char *list = strdup(expected), *word, *save;
	bool all = true;
	int i;

	for (word = strtok_r(list, " ", &save); word && all;
	     word = strtok_r(NULL, " ", &save)) {
		for (i = 0; i < nr_receivers; i++)
			if (!strcmp(receivers[i].name, word) &&
			    receivers[i].count >= count)
				break;
		all = i < nr_receivers;
	}
	free(list);
	return all;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct receiver *)a)->name,
		      ((const struct receiver *)b)->name);
}

static void report(void)
{
	const struct receiver *r;

	qsort(receivers, nr_receivers, sizeof(*receivers), by_name);
	for (r = receivers; r < receivers + nr_receivers; r++) {
		printf("%s%s", r == receivers ? "" : " ", r->name);
		if (r->count != count)
			printf(":%u", r->count);
		if (r->length != length - 4 * tags)
			printf("(%u bytes)", r->length);
		else if (r->damaged)
			printf("(damaged)");
		else if (r->disordered)
			printf("(out of order)");
	}
}

/* The device whose counters are watched */
static struct {
	const char *name;
	int socket, file;
	struct device_counts had;
} watched;

static void watch(char *place)
{
	watched.name = split(place);
	enter(place);
	watched.socket = socket(AF_PACKET, SOCK_RAW, 0);
	watched.file = counts_open();
	read_stats(watched.socket, watched.name, &before.head);
	watched.had = counts_of(watched.file, watched.name);
}

static void report_watched(void)
{
	struct device_counts now = counts_of(watched.file, watched.name);

	report_stats(watched.socket, watched.name);
	if (now.rx_dropped != watched.had.rx_dropped)
		printf(" rx_dropped %lu", now.rx_dropped - watched.had.rx_dropped);
	if (now.tx_dropped != watched.had.tx_dropped)
		printf(" tx_dropped %lu", now.tx_dropped - watched.had.tx_dropped);
}

static void hurry(void)
{
	struct sched_param param = { .sched_priority = 1 };

	if (sched_setscheduler(0, SCHED_FIFO, &param))
		err(1, "real-time priority");
}

static void send_all(const char *device, const uint16_t *vids, bool own_source)
{
	struct sockaddr_ll to = { .sll_family = AF_PACKET };
	unsigned int i, header = 2 * ETH_ALEN;
	struct ifreq ifr = {};
	int fd, on = 1, room = 64 << 20;
	struct xsk xsk = {};

	fd = socket(AF_PACKET, SOCK_RAW, 0);
	snprintf(ifr.ifr_name, IFNAMSIZ, "%s", device);
	if (by_xdp)
		xsk_open(&xsk, device, xdp_flags);
	if (fd < 0 || ioctl(fd, SIOCGIFHWADDR, &ifr))
		err(1, "%s", device);
	if (bypass && setsockopt(fd, SOL_PACKET, PACKET_QDISC_BYPASS, &on, sizeof(on)))
		err(1, "PACKET_QDISC_BYPASS");
	if (roomy && setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &room, sizeof(room)))
		err(1, "SO_SNDBUFFORCE");
	if (own_source)
		memcpy(frame + ETH_ALEN, ifr.ifr_hwaddr.sa_data, ETH_ALEN);
	to.sll_ifindex = if_nametoindex(device);

	for (i = 0; i < tags; i++, header += 4) {
		*(uint16_t *)(frame + header) =
			htons(i + 1 < tags ? ETH_P_8021AD : ETHERTYPE_VLAN);
		*(uint16_t *)(frame + header + 2) = htons(vids[i]);
	}
	*(uint16_t *)(frame + header) = htons(type);
	header += 2;
	if (length < header)
		errx(1, "shorter than its header");

	for (i = 0; i < count; i++) {
		fill(frame + header, length - header, i);
		if (by_xdp) {
			xsk_send(&xsk, frame, length);
			continue;
		}
		/* ENOBUFS says that it was dropped on the way */
		if (sendto(fd, frame, length, 0, (struct sockaddr *)&to,
			   sizeof(to)) < 0 && errno != ENOBUFS)
			err(1, "send by %s", device);
	}
	close(fd);
}

int main(int argc, char **argv)
{
	bool own_source = true, quiet = false;
	char *device, *place = NULL;
	const char *expected = "";
	uint16_t vids[2];
	int option;

	while ((option = getopt(argc, argv, "n:l:s:t:v:e:w:bqrxz")) != -1) {
		switch (option) {
		case 'n':
			count = atoi(optarg);
			break;
		case 'l':
			length = atoi(optarg);
			break;
		case 's':
			parse_address(optarg, frame + ETH_ALEN);
			own_source = false;
			break;
		case 't':
			type = strtoul(optarg, NULL, 16);
			break;
		case 'v':
			if (tags == 2)
				errx(1, "more than two tags");
			vids[tags++] = atoi(optarg);
			break;
		case 'e':
			expected = optarg;
			break;
		case 'w':
			place = optarg;
			break;
		case 'b':
			bypass = true;
			break;
		case 'q':
			quiet = true;
			break;
		case 'r':
			roomy = true;
			break;
		case 'x':
			by_xdp = true;
			break;
		case 'z':
			by_xdp = true;
			xdp_flags = XDP_ZEROCOPY;
			break;
		default:
			return 2;
		}
	}
	if (argc - optind != 2 || length > FRAME_MAX)
		errx(2, "usage: frames [OPTION...] NAMESPACE/DEVICE DESTINATION");
	device = split(argv[optind]);
	parse_address(argv[optind + 1], frame);

	if (quiet)
		hurry();
	else
		listen_everywhere(type);
	if (place)
		watch(place);
	enter(argv[optind]);
	send_all(device, vids, own_source);
	if (!quiet) {
		hear_all(is_expected, expected, receive);
		report();
		if (place)
			report_watched();
		printf("\n");
	}
	return 0;
}
