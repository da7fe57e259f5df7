// SPDX-License-Identifier: GPL-2.0
/*
 * Does something to a vNIC again and again, with the first allocation that the
 * kernel does for it failing, then the second, until none is left to fail. An
 * operation that fails must change nothing, and one that succeeds is undone.
 *
 *	fail-nth create|delete|up|address|group|unicast|open|send LOWER NAME [KIND]
 *
 * The vNIC must be there, except for create; it is of the kind vnicx unless
 * another one is given. Its character device is opened, or a super-frame to
 * everybody sent by it. Prints how many
 * allocations there were and how often that made it fail.
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/if_packet.h>
#include <linux/virtio_net.h>
#include <net/if.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/ioctl.h>

#include "frame.h"
#include "rtnl.h"

/* More allocations than anything here does */
#define NTH_MAX	5000

static const char *lower, *name, *kind = "vnicx";
static int rtnl, ctl, packet, fail_nth, flags_before, device = -1;
static const uint8_t address[2][6] = {
	{ 0x02, 0, 0, 0, 0xfa, 0x01 }, { 0x02, 0, 0, 0, 0xfa, 0x02 },
};

/* The answer may be what there was no memory for. */
static int talk(const struct request *req)
{
	char message[256];

	if (send(rtnl, req, req->nlh.nlmsg_len, 0) < 0)
		return errno;
	return rtnl_answer(rtnl, message, sizeof(message));
}

/* As the kernel has them: an ioctl hides promiscuity that nobody asked for. */
static int flags(const char *dev)
{
	char path[64];
	int value = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/sys/class/net/%s/flags", dev);
	file = fopen(path, "re");
	if (!file || fscanf(file, "%x", (unsigned int *)&value) != 1)
		err(2, "%s", path);
	fclose(file);
	return value;
}

/* Asked for by name, the kernel would look for a module of that name. */
static bool exists(void)
{
	char path[64];

	snprintf(path, sizeof(path), "/sys/class/net/%s", name);
	return !access(path, F_OK);
}

/* With the character device, if its kind has one */
static bool is_whole(void)
{
	char path[32];

	if (!exists() || !strcmp(kind, "vnicx"))
		return exists();
	snprintf(path, sizeof(path), "/dev/tap%u", if_nametoindex(name));
	return !access(path, F_OK);
}

static bool is_up(void)
{
	return flags(name) & IFF_UP;
}

static bool has_second_address(void)
{
	struct ifreq ifr = {};

	snprintf(ifr.ifr_name, sizeof(ifr.ifr_name), "%s", name);
	if (ioctl(ctl, SIOCGIFHWADDR, &ifr))
		err(2, "address of %s", name);
	return !memcmp(ifr.ifr_hwaddr.sa_data, address[1], 6);
}

static int create(void)
{
	uint32_t link = if_nametoindex(lower);
	struct request req;
	struct rtattr *info;

	request_init(&req, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL);
	put_string(&req, IFLA_IFNAME, name);
	put(&req, IFLA_LINK, &link, sizeof(link));
	put(&req, IFLA_ADDRESS, address[0], 6);
	info = nest(&req, IFLA_LINKINFO);
	put_string(&req, IFLA_INFO_KIND, kind);
	nest_end(&req, info);
	return talk(&req);
}

static int delete(void)
{
	struct request req;

	request_init(&req, RTM_DELLINK, 0);
	put_string(&req, IFLA_IFNAME, name);
	return talk(&req);
}

static int set_flags(unsigned int set)
{
	struct request req;

	request_init(&req, RTM_NEWLINK, 0);
	req.ifi.ifi_flags = set;
	req.ifi.ifi_change = IFF_UP;
	put_string(&req, IFLA_IFNAME, name);
	return talk(&req);
}

static int up(void)
{
	return set_flags(IFF_UP);
}

static int down(void)
{
	return set_flags(0);
}

static int set_address(int i)
{
	struct request req;

	request_init(&req, RTM_NEWLINK, 0);
	put_string(&req, IFLA_IFNAME, name);
	put(&req, IFLA_ADDRESS, address[i], 6);
	return talk(&req);
}

static int second_address(void)
{
	return set_address(1);
}

static int first_address(void)
{
	return set_address(0);
}

static bool member, was_sent;

static int membership(int op, int type)
{
	struct packet_mreq mreq = {
		.mr_ifindex = if_nametoindex(name),
		.mr_type = type,
		.mr_alen = 6,
		.mr_address = { type == PACKET_MR_UNICAST ? 2 : 1, 0, 0, 0, 0xfa, 3 },
	};

	if (setsockopt(packet, SOL_PACKET, op, &mreq, sizeof(mreq)))
		return errno;
	member = op == PACKET_ADD_MEMBERSHIP;
	return 0;
}

static bool is_member(void)
{
	return member;
}

static int join(void)
{
	return membership(PACKET_ADD_MEMBERSHIP, PACKET_MR_MULTICAST);
}

static int leave(void)
{
	return membership(PACKET_DROP_MEMBERSHIP, PACKET_MR_MULTICAST);
}

static int take(void)
{
	return membership(PACKET_ADD_MEMBERSHIP, PACKET_MR_UNICAST);
}

static int give_back(void)
{
	return membership(PACKET_DROP_MEMBERSHIP, PACKET_MR_UNICAST);
}

static bool is_gone(void)
{
	return !exists();
}

static int open_device(void)
{
	char path[32];

	snprintf(path, sizeof(path), "/dev/tap%u", if_nametoindex(name));
	device = open(path, O_RDWR | O_CLOEXEC);
	return device < 0 ? errno : 0;
}

static int close_device(void)
{
	int fd = device;

	device = -1;
	return close(fd) ? errno : 0;
}

static bool is_open(void)
{
	return device >= 0;
}

/* A TCP segment to everybody, to be cut by who cannot take it whole */
static int send_frame(void)
{
	static struct {
		struct virtio_net_hdr vnet;
		unsigned char frame[ETH_HLEN + 40 + 20000];
	} packet = {
		.vnet = {
			.flags = VIRTIO_NET_HDR_F_NEEDS_CSUM,
			.gso_type = VIRTIO_NET_HDR_GSO_TCPV4,
			.hdr_len = ETH_HLEN + 40,
			.gso_size = 1448,
			.csum_start = ETH_HLEN + 20,
			.csum_offset = 16,
		},
	};
	unsigned char *ip = packet.frame + ETH_HLEN;

	memset(packet.frame, 0xff, 6);
	memcpy(packet.frame + 6, address[0], 6);
	fill_ip(ip, IPPROTO_TCP, 20 + 20000);
	ip[32] = 5 << 4;
	put16(ip + 36, fold(pseudo(ip, 20 + 20000)));
	if (write(device, &packet, sizeof(packet)) < 0)
		return errno;
	was_sent = true;
	return 0;
}

static int forget_frame(void)
{
	was_sent = false;
	return 0;
}

static bool is_sent(void)
{
	return was_sent;
}

static const struct action {
	const char *name;
	int (*act)(void);
	int (*undo)(void);
	bool (*done)(void);
} actions[] = {
	{ "create", create, delete, is_whole },
	{ "delete", delete, create, is_gone },
	{ "up", up, down, is_up },
	{ "address", second_address, first_address, has_second_address },
	{ "group", join, leave, is_member },
	{ "unicast", take, give_back, is_member },
	{ "open", open_device, close_device, is_open },
	{ "send", send_frame, forget_frame, is_sent },
};

/* Writes which allocation is to fail next, 0 for none. */
static void arm(int nth)
{
	char buf[16];
	int len = snprintf(buf, sizeof(buf), "%d", nth);

	if (pwrite(fail_nth, buf, len, 0) != len)
		err(2, "fail-nth");
}

static bool has_failed(void)
{
	char buf[16] = {};

	if (pread(fail_nth, buf, sizeof(buf) - 1, 0) < 0)
		err(2, "fail-nth");
	return !atoi(buf);
}

/* Returns whether there was an allocation to fail. */
static bool try(const struct action *action, int nth, int *failures)
{
	bool injected;
	int error;

	arm(nth);
	error = action->act();
	injected = has_failed();
	arm(0);

	if (error)
		++*failures;
	if (!injected && error)
		errx(1, "%s: nothing failed, and yet: %s", action->name,
		     strerror(error));
	/* With no memory for the answer, ENOBUFS says nothing of the deed. */
	if (error && error != ENOBUFS && action->done())
		errx(1, "%s, allocation %d: %s, and yet it was done",
		     action->name, nth, strerror(error));
	if (!error && !action->done())
		errx(1, "%s, allocation %d: no error, and yet it was not done",
		     action->name, nth);
	if (action->done()) {
		error = action->undo();
		if (error)
			errx(1, "%s, allocation %d: cannot be undone: %s",
			     action->name, nth, strerror(error));
	}
	if (flags(lower) != flags_before)
		errx(1, "%s, allocation %d: flags of %s are %x, were %x",
		     action->name, nth, lower, flags(lower), flags_before);
	return injected;
}

int main(int argc, char **argv)
{
	const struct action *action = NULL;
	int nth, failures = 0;
	size_t i;

	for (i = 0; (argc == 4 || argc == 5) && i < sizeof(actions) / sizeof(actions[0]); i++)
		if (!strcmp(actions[i].name, argv[1]))
			action = &actions[i];
	if (!action)
		errx(2, "usage: fail-nth WHAT LOWER NAME [KIND]");
	lower = argv[2];
	name = argv[3];
	if (argv[4])
		kind = argv[4];

	rtnl = rtnl_open();
	ctl = socket(AF_INET, SOCK_DGRAM, 0);
	packet = socket(AF_PACKET, SOCK_RAW, 0);
	fail_nth = open("/proc/self/fail-nth", O_RDWR);
	if (ctl < 0 || packet < 0 || fail_nth < 0)
		err(2, "sockets and fail-nth");

	if (action->act == send_frame && open_device())
		err(2, "device of %s", name);

	flags_before = flags(lower);
	for (nth = 1; try(action, nth, &failures); nth++)
		if (nth == NTH_MAX)
			errx(1, "%s: no end of allocations", action->name);
	printf("%s: %d allocations, %d times it failed\n", action->name,
	       nth - 1, failures);
	return nth == 1;
}
