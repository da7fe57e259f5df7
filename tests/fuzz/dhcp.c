// SPDX-License-Identifier: GPL-2.0
/*
 * Exchanges that give vNICs addresses under ipguard dhcp: of DHCP, of both versions,
 * and questions whether an address is free. A client's message leaves by
 * a vNIC, a server's or a neighbour's comes from the wire, the host or another vNIC.
 * Many are sound, others have some bytes or their end changed.
 */
#include <linux/ethtool.h>
#include <linux/if_packet.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <sys/socket.h>

#include "../../include/uapi/linux/if_vnicx.h"
#include "dhcp.h"
#include "kinds.h"

/* Counters of one device, more than any has */
#define STATS_MAX	4096

static void add_bytes(unsigned int n)
{
	random_bytes(dhcp_room(n), n);
}

/* Some bytes, or the end, become something else. */
static void spoil(void)
{
	unsigned int n = 1 + below(4);

	if (one_in(3))
		dhcp_frame.len = 14 + below(dhcp_frame.len - 13);
	else if (one_in(3))
		add_bytes(below(40));
	while (n--)
		dhcp_frame.bytes[below(dhcp_frame.len)] =
			one_in(2) ? chance() : edge();
}

static int transmit(const struct device *d, int fd)
{
	struct sockaddr_ll to = {
		.sll_family = AF_PACKET,
		.sll_ifindex = d->ifindex,
	};

	if (one_in(6))
		spoil();
	return sendto(fd, dhcp_frame.bytes, dhcp_frame.len, MSG_DONTWAIT, (void *)&to,
		      sizeof(to)) < 0 ? errno : 0;
}

/* Sends what was made, by a device in its namespace. */
static int send_by(const struct device *d)
{
	int fd, error;

	if (!may_send(d))
		return IDLE;
	world_enter(d->ns);
	fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return errno;
	error = transmit(d, fd);
	close(fd);
	return error;
}

static bool own_mac(const struct device *d, uint8_t *mac)
{
	struct ifreq ifr;

	device_ifreq(d, &ifr);
	if (device_ioctl(d, SIOCGIFHWADDR, &ifr))
		return false;
	memcpy(mac, ifr.ifr_hwaddr.sa_data, 6);
	return true;
}

static bool pick_server(struct device *d)
{
	switch (below(8)) {
	case 0:
		return find_in(d, NS_HOST, NAME_ADAPTER);
	case 1:
		return pick_vnic(d);
	}
	return find_in(d, NS_LAN, NAME_WIRE) ||
	       find_in(d, NS_HOST, NAME_ADAPTER);
}

/* How many leases a vNIC was given or refused; 0 for another device. The kernel complains
 * when it has no memory for the names.
 */
static uint64_t judged(const struct device *d)
{
	static struct {
		struct ethtool_gstrings head;
		char name[STATS_MAX][ETH_GSTRING_LEN];
	} names;
	static struct {
		struct ethtool_stats head;
		uint64_t value[STATS_MAX];
	} stats;
	uint64_t sum = 0;
	struct ifreq ifr;
	unsigned int i;

	device_ifreq(d, &ifr);
	ifr.ifr_data = (void *)&names;
	names.head.cmd = ETHTOOL_GSTRINGS;
	names.head.string_set = ETH_SS_STATS;
	if (device_ioctl(d, SIOCETHTOOL, &ifr))
		return 0;
	device_ifreq(d, &ifr);
	ifr.ifr_data = (void *)&stats;
	stats.head.cmd = ETHTOOL_GSTATS;
	if (device_ioctl(d, SIOCETHTOOL, &ifr))
		return 0;
	for (i = 0; i < names.head.len && i < stats.head.n_stats; i++)
		if (!strncmp(names.name[i], "dhcp_", 5))
			sum += stats.value[i];
	return sum;
}

/* Puts a vNIC of either kind under ipguard dhcp. */
static void guard(const struct device *d)
{
	static const char *const kinds[] = { "vnicx", "vnicxtap" };
	struct nlattr *info, *data;
	struct msg m;
	unsigned int i;

	for (i = 0; i < COUNT(kinds); i++) {
		link_begin(&m, RTM_NEWLINK, 0, d->ifindex, 0, 0);
		info = info_begin(&m, kinds[i], &data);
		msg_put_u8(&m, IFLA_VNICX_SPOOFCHK, VNICX_ON);
		msg_put_u8(&m, IFLA_VNICX_IPGUARD, VNICX_IPGUARD_DHCP);
		info_end(&m, info, data);
		msg_talk(&m, d->ns);
	}
}

/**
 * struct talk - a message, and the one that answers it
 * @ask: makes the one that the vNIC sends
 * @answer: makes the one that another sends
 * @counted: a sound answer is counted with the vNIC
 */
struct talk {
	void (*ask)(void);
	void (*answer)(void);
	bool counted;
};

static int exchange(const struct verb *verb)
{
	const struct talk *talk = verb->arg;
	struct device d, server;
	uint64_t before;
	int error = 0;
	bool counted;

	if (!pick_vnic(&d) || !own_mac(&d, dhcp_now.mac) || !pick_server(&server))
		return IDLE;
	if (one_in(2))
		guard(&d);
	dhcp_now.xid = below(12);
	dhcp_now.addr = ip_of(below(NR_NAMES));
	counted = talk->counted && role_now != ROLE_NOMEM;
	before = counted ? judged(&d) : 0;
	if (!one_in(8)) {
		talk->ask();
		error = send_by(&d);
	}
	if (error)
		return error;
	talk->answer();
	error = send_by(&server);
	if (error || !counted)
		return error;
	return judged(&d) == before ? EAGAIN : 0;
}

static const struct talk
	dhcp4 = { dhcp_client4, dhcp_server4, true },
	dhcp6 = { dhcp_client6, dhcp_server6, true },
	dad = { dhcp_question, dhcp_answer, false },
	dad4 = { dhcp_probe, dhcp_defence, false };

#define SENDS	(ADMIN | FRAMES | NOMEM)

const struct verb dhcp_verbs[] = {
	{ "dhcp", exchange, 16, SENDS, false, &dhcp4, NULL },
	{ "dhcp6", exchange, 16, SENDS, false, &dhcp6, NULL },
	{ "dad", exchange, 12, SENDS, false, &dad, NULL },
	{ "dad4", exchange, 6, SENDS, false, &dad4, NULL },
	{ }
};
