// SPDX-License-Identifier: GPL-2.0
/*
 * Sends and receives between two ends, and says what was wrong with it.
 *
 *	traffic [OPTION...] END END
 *	traffic relay NS/VNIC NS/NAME READER [...]	see relay.c
 *	traffic move NS/NAME MAC NS/TAP NS/TAP		likewise
 *
 *	END is NAMESPACE/DEVICE,IPv4,IPv6,MTU; IPv6 may be "-"
 *	  -s SEED	of sizes and contents
 *	  -x WORDS	kinds of traffic to leave out
 *	  -l, -d, -o	frames may be lost, be doubled, come out of order
 *	  -e		prints "event" in the middle and waits for a line
 *	  -r NS/DEV	waits until that device runs
 *	  -w NS/DEV	a device that must get nothing of it
 *	  -u NS/DEV	a device that must get none but what is for many
 *
 * Prints a line "fail ..." for each fault and "sum DATAGRAMS BYTES".
 */
#include "traffic.h"

#include <arpa/inet.h>
#include <stdarg.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <time.h>

#include "../netns/helpers/enter.h"

#define FAULTS_SHOWN	8

struct shared *shared;
uint32_t seed = 1;
bool may_lose, may_repeat, may_reorder, has_event;
const char *excluded = "";

long now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* The same for the same seed */
uint32_t chance(uint32_t a, uint32_t b, uint32_t c)
{
	uint32_t x = seed * 0x9e3779b9 + a * 0x85ebca6b + b * 0xc2b2ae35 + c;

	x ^= x >> 16;
	x *= 0x7feb352d;
	x ^= x >> 15;
	x *= 0x846ca68b;
	return x ^ x >> 16;
}

void fault(const char *format, ...)
{
	va_list args;

	if (shared->faults++ < FAULTS_SHOWN) {
		printf("fail ");
		va_start(args, format);
		vprintf(format, args);
		va_end(args);
		printf("\n");
		fflush(stdout);
	}
}

bool is_excluded(const char *word)
{
	const char *at = strstr(excluded, word);
	size_t length = strlen(word);

	return at && (at == excluded || at[-1] == ' ') &&
	       (!at[length] || at[length] == ' ');
}

socklen_t address_size(int family)
{
	return family == AF_INET ? sizeof(struct sockaddr_in) :
				   sizeof(struct sockaddr_in6);
}

/* The address of an end, with a port */
void any_address(int end, int family, unsigned int port, struct sockaddr_storage *to)
{
	struct sockaddr_in6 *in6 = (void *)to;
	struct sockaddr_in *in = (void *)to;

	memset(to, 0, sizeof(*to));
	to->ss_family = family;
	if (family == AF_INET) {
		in->sin_addr = shared->end[end].ip4;
		in->sin_port = htons(port);
	} else {
		in6->sin6_addr = shared->end[end].ip6;
		in6->sin6_port = htons(port);
	}
}

/* A socket in an end's namespace that does not block, or -1 */
int open_socket(int end, int family, int type, int protocol)
{
	int fd, on = 1, size = 16 << 20;

	enter(shared->end[end].ns);
	fd = socket(family, type | SOCK_NONBLOCK, protocol);
	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (type != SOCK_STREAM)
		setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size));
	return fd;
}

void learn_mac(int number)
{
	struct end *end = &shared->end[number];
	struct ifreq ifr = {};

	snprintf(ifr.ifr_name, IFNAMSIZ, "%s", end->dev);
	if (ioctl(end->fd, SIOCGIFHWADDR, &ifr))
		err(2, "%s/%s", end->ns, end->dev);
	memcpy(end->mac, ifr.ifr_hwaddr.sa_data, sizeof(end->mac));
}

/* A device that is put up runs a while later; before that, it drops what it is to send. */
static void await_running(const char *ns, const char *dev)
{
	long end = now_ms() + STALL_MS;
	struct ifreq ifr = {};
	int fd;

	enter(ns);
	fd = socket(AF_INET, SOCK_DGRAM, 0);
	snprintf(ifr.ifr_name, IFNAMSIZ, "%s", dev);
	while (!ioctl(fd, SIOCGIFFLAGS, &ifr) && !(ifr.ifr_flags & IFF_RUNNING)) {
		if (now_ms() > end)
			errx(2, "%s/%s does not run", ns, dev);
		usleep(5000);
	}
	close(fd);
}

/* Fragments of several flows come mixed, and out of order at that: 64 others in
 * between would have those before taken for old.
 */
static void allow_mixed_fragments(void)
{
	FILE *knob = fopen("/proc/sys/net/ipv4/ipfrag_max_dist", "w");

	if (!knob || fputs("0", knob) < 0 || fclose(knob))
		err(2, "ipfrag_max_dist");
}

static void await_named(const char *text)
{
	char ns[NAME_SIZE], dev[NAME_SIZE];

	if (sscanf(text, "%31[^/]/%31s", ns, dev) != 2)
		errx(2, "not NAMESPACE/DEVICE: %s", text);
	await_running(ns, dev);
	/* a switch may reassemble what it copies */
	allow_mixed_fragments();
}

static void parse_end(int number, char *text)
{
	struct end *end = &shared->end[number];
	char ip4[64], ip6[64];

	if (sscanf(text, "%31[^/]/%31[^,],%63[^,],%63[^,],%u", end->ns, end->dev,
		   ip4, ip6, &end->mtu) != 5 ||
	    inet_pton(AF_INET, ip4, &end->ip4) != 1)
		errx(2, "not an end: %s", text);
	if (strcmp(ip6, "-") && inet_pton(AF_INET6, ip6, &end->ip6) != 1)
		errx(2, "not an address: %s", ip6);
	end->fd = open_socket(number, AF_INET, SOCK_DGRAM, 0);
	end->ifindex = if_nametoindex(end->dev);
	if (!end->ifindex)
		err(2, "%s", text);
	learn_mac(number);
	await_running(end->ns, end->dev);
	allow_mixed_fragments();
}

static void report(void)
{
	unsigned long bytes = 0, datagrams = 0;
	unsigned int i;

	for (i = 0; i < shared->nr_flows; i++) {
		datagrams += shared->flows[i].unique;
		bytes += shared->flows[i].bytes;
	}
	for (i = 0; i < shared->nr_streams; i++)
		bytes += shared->streams[i].got[0] + shared->streams[i].got[1];
	if (shared->faults > FAULTS_SHOWN)
		printf("fail and %u more\n", shared->faults - FAULTS_SHOWN);
	printf("sum %lu %lu\n", datagrams, bytes);
}

int main(int argc, char **argv)
{
	int option;

	if (argc > 1 && !strcmp(argv[1], "relay"))
		return relay(argc - 2, argv + 2);
	if (argc > 1 && !strcmp(argv[1], "move"))
		return move(argc - 2, argv + 2);
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED)
		err(2, "mmap");
	signal(SIGPIPE, SIG_IGN);
	while ((option = getopt(argc, argv, "s:x:ldoer:w:u:")) != -1) {
		switch (option) {
		case 's':
			seed = strtoul(optarg, NULL, 0);
			break;
		case 'x':
			excluded = optarg;
			break;
		case 'l':
			may_lose = true;
			break;
		case 'd':
			may_repeat = true;
			break;
		case 'o':
			may_reorder = true;
			break;
		case 'e':
			has_event = true;
			break;
		case 'r':
			await_named(optarg);
			break;
		case 'w':
		case 'u':
			watch(optarg, option == 'w');
			break;
		default:
			return 2;
		}
	}
	if (argc - optind != 2)
		errx(2, "usage: traffic [OPTION...] END END");
	parse_end(0, argv[optind]);
	parse_end(1, argv[optind + 1]);
	add_flows();
	run_datagrams();
	if (!shared->faults)
		run_streams();
	report();
	return shared->faults != 0;
}
