// SPDX-License-Identifier: GPL-2.0
/*
 * Namespaces, devices and addresses.
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "msg.h"
#include "world.h"

struct world world = {
	.ns = { -1, -1, -1, -1, -1 },
};

bool contained;

/* Returns a new namespace; the process is in it from then on. */
int world_unshare(void)
{
	int fd;

	if (unshare(CLONE_NEWNET))
		return -1;
	do {
		fd = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
	} while (fd < 0 && errno == ENOMEM);
	if (fd < 0)
		err(2, "ns/net");
	return fd;
}

/* The fuzzer asks for its own needs until there is memory. */
void world_enter(unsigned int ns)
{
	if (contained)
		return;
	while (setns(world.ns[ns], CLONE_NEWNET))
		if (errno != ENOMEM)
			err(2, "setns");
}

static int own_socket(int family, int type, int protocol)
{
	int fd;

	do {
		fd = socket(family, type | SOCK_CLOEXEC, protocol);
	} while (fd < 0 && (errno == ENOMEM || errno == ENOBUFS || errno == ENFILE));
	if (fd < 0)
		err(2, "socket");
	return fd;
}

/* The sockets stay in it wherever the process goes. */
void world_open(unsigned int ns, int fd)
{
	int on = 1, size = 1 << 20;

	world.ns[ns] = fd;
	world.member[ns] = -1;
	world_enter(ns);
	world.rtnl[ns] = own_socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
	world.ctl[ns] = own_socket(AF_INET, SOCK_DGRAM, 0);
	setsockopt(world.rtnl[ns], SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof(on));
	setsockopt(world.rtnl[ns], SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof(on));
	setsockopt(world.rtnl[ns], SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
}

/* With its last descriptor, and its last process, the namespace goes. */
void world_close(unsigned int ns)
{
	close(world.ns[ns]);
	close(world.rtnl[ns]);
	close(world.ctl[ns]);
	if (world.member[ns] >= 0)
		close(world.member[ns]);
	world.ns[ns] = -1;
}

unsigned int pick_ns(void)
{
	unsigned int ns;

	do {
		ns = one_in(2) ? NS_HOST : below(NR_NS);
	} while (world.ns[ns] < 0);
	return ns;
}

void name_of(char *name, unsigned int number)
{
	static const char *const first[] = { "e0", "w0", "b0" };

	if (number < NAME_FIRST)
		sprintf(name, "%s", first[number]);
	else if (number >= NAME_LOG)
		sprintf(name, "log%u", number - NAME_LOG);
	else
		sprintf(name, "f%u", number);
}

void device_ifreq(const struct device *d, void *ifreq)
{
	struct ifreq *ifr = ifreq;

	memset(ifr, 0, sizeof(*ifr));
	memcpy(ifr->ifr_name, d->name, IFNAMSIZ);
}

int device_ioctl(const struct device *d, unsigned long request, void *ifreq)
{
	return ioctl(world.ctl[d->ns], request, ifreq) ? errno : 0;
}

bool find_in(struct device *d, unsigned int ns, unsigned int number)
{
	struct ifreq ifr;

	memset(d, 0, sizeof(*d));
	d->ns = ns;
	d->number = number;
	name_of(d->name, number);
	if (world.ns[ns] < 0)
		return false;
	device_ifreq(d, &ifr);
	if (device_ioctl(d, SIOCGIFINDEX, &ifr))
		return false;
	d->ifindex = ifr.ifr_ifindex;
	return true;
}

/* A few tries, or most operations would find nothing to do it to. */
static bool pick_among(struct device *d, unsigned int first, unsigned int end)
{
	unsigned int tries, i, ns;

	for (tries = 0; tries < 6; tries++) {
		unsigned int number = first + below(end - first);

		ns = below(NR_NS);
		for (i = 0; i < NR_NS; i++)
			if (find_in(d, (ns + i) % NR_NS, number))
				return true;
	}
	return false;
}

bool pick_device(struct device *d)
{
	return pick_among(d, one_in(8) ? NAME_ADAPTER : NAME_BOND, NR_NAMES);
}

bool pick_vnic(struct device *d)
{
	if (one_in(32) && find_in(d, NS_HOST, NAME_LOG))
		return true;
	return pick_among(d, NAME_FIRST, NAME_OTHER);
}

/* The kernel (7.3) loops for ever in team_select_queue() when a packet socket had to
 * wait for memory and the team is unregistered by then: it has no queue.
 */
bool may_send(const struct device *d)
{
	struct ethtool_drvinfo info = { .cmd = ETHTOOL_GDRVINFO };
	struct ifreq ifr;

	device_ifreq(d, &ifr);
	ifr.ifr_data = (void *)&info;
	return device_ioctl(d, SIOCETHTOOL, &ifr) || strcmp(info.driver, "team");
}

bool pick_lower(struct device *d, unsigned int ns)
{
	unsigned int tries;

	if (!one_in(3) && find_in(d, ns, one_in(4) ? NAME_BOND : NAME_ADAPTER))
		return true;
	for (tries = 0; tries < 12; tries++)
		if (find_in(d, ns, below(NR_NAMES)))
			return true;
	return false;
}

void mac_of(uint8_t *mac, unsigned int number)
{
	static const uint8_t prefix[] = { 0x02, 0, 0, 0, 0xfa };

	memcpy(mac, prefix, sizeof(prefix));
	mac[5] = number;
}

void pick_group(uint8_t *mac)
{
	static const uint8_t groups[][6] = {
		{ 0x01, 0x80, 0xc2, 0, 0, 0 }, { 0x01, 0x80, 0xc2, 0, 0, 0x0e },
		{ 0x01, 0x80, 0xc2, 0, 0, 0x01 }, { 0x01, 0, 0x5e, 0, 0, 1 },
		{ 0x33, 0x33, 0, 0, 0, 1 }, { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff },
	};

	memcpy(mac, PICK(groups), 6);
	if (one_in(2)) {
		memcpy(mac, groups[3], 6);
		mac[4] = 1;
		mac[5] = below(64);
	}
}

void pick_mac(uint8_t *mac)
{
	switch (below(16)) {
	case 0:
		random_bytes(mac, 6);
		break;
	case 1:
		memset(mac, 0, 6);
		break;
	case 2:
	case 3:
		pick_group(mac);
		break;
	case 4:
		/* VRRP's */
		memcpy(mac, "\x00\x00\x5e\x00\x01\x01", 6);
		break;
	default:
		mac_of(mac, below(NR_NAMES + 4));
	}
}

uint32_t ip_of(unsigned int number)
{
	return htonl(0x0a090001 + number);
}
