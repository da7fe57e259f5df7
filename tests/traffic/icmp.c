// SPDX-License-Identifier: GPL-2.0
/*
 * Echoes: what the other end's kernel sends back is what it was sent.
 */
#include "traffic.h"

#include <netinet/icmp6.h>

#include "../netns/helpers/frame.h"

/* linux/icmp.h and net/if.h exclude each other. */
#define ICMP_ECHOREPLY	0
#define ICMP_ECHO	8
#define ICMP_FILTER	1

#define HEADER		8
#define ID		0x7600

static unsigned char buffer[DATAGRAM_MAX], got[DATAGRAM_MAX];

static bool open_echo(struct flow *f)
{
	int family = f->kind->ip6 ? AF_INET6 : AF_INET;
	struct sockaddr_storage address;
	struct icmp6_filter filter6;
	uint32_t filter4 = ~(1u << ICMP_ECHOREPLY);
	int never = IP_PMTUDISC_DONT;

	f->rx = open_socket(f->from, family, SOCK_RAW,
			    family == AF_INET ? IPPROTO_ICMP : (int)IPPROTO_ICMPV6);
	f->tx = f->rx;
	any_address(f->from, family, 0, &address);
	if (f->rx < 0 || bind(f->rx, (struct sockaddr *)&address, address_size(family)))
		err(2, "%s", f->kind->name);
	if (family == AF_INET) {
		setsockopt(f->rx, SOL_RAW, ICMP_FILTER, &filter4, sizeof(filter4));
		setsockopt(f->rx, IPPROTO_IP, IP_MTU_DISCOVER, &never, sizeof(never));
	} else {
		ICMP6_FILTER_SETBLOCKALL(&filter6);
		ICMP6_FILTER_SETPASS(ICMP6_ECHO_REPLY, &filter6);
		setsockopt(f->rx, IPPROTO_ICMPV6, ICMP6_FILTER, &filter6,
			   sizeof(filter6));
		setsockopt(f->rx, IPPROTO_IPV6, IPV6_MTU_DISCOVER, &never, sizeof(never));
	}
	return true;
}

/* The kernel fills in the checksum of ICMPv6. */
static int send_echo(struct flow *f)
{
	unsigned int size = DATAGRAM_MIN +
			    chance(f->id, f->sent, 1) % (3 * shared->end[f->from].mtu);
	struct sockaddr_storage to;

	memset(buffer, 0, HEADER);
	buffer[0] = f->kind->ip6 ? ICMP6_ECHO_REQUEST : ICMP_ECHO;
	put16(buffer + 4, ID + f->id);
	put16(buffer + 6, f->sent);
	fill_datagram(f, f->sent, buffer + HEADER, size);
	if (!f->kind->ip6)
		put16(buffer + 2, ~fold(sum16(buffer, HEADER + size)));
	any_address(!f->from, f->kind->ip6 ? AF_INET6 : AF_INET, 0, &to);
	return sendto(f->tx, buffer, HEADER + size, 0, (struct sockaddr *)&to,
		      address_size(to.ss_family)) < 0 ? -1 : 1;
}

static void receive_echo(struct flow *f)
{
	unsigned int header;
	ssize_t n;

	while ((n = recv(f->rx, got, sizeof(got), 0)) >= 0) {
		header = HEADER + (f->kind->ip6 ? 0 : (got[0] & 15) * 4);
		if (n >= header &&
		    (got[header - 4] << 8 | got[header - 3]) == (int)(ID + f->id))
			take(f, got + header, n - header);
	}
}

const struct kind echo4 = {
	.name = "ICMP echo",
	.excluded = "icmp",
	.answered = true,
	.window = 2,
	.total = 50,
	.open = open_echo,
	.send = send_echo,
	.receive = receive_echo,
};

const struct kind echo6 = {
	.name = "ICMPv6 echo",
	.excluded = "icmp",
	.ip6 = true,
	.answered = true,
	.window = 2,
	.total = 50,
	.open = open_echo,
	.send = send_echo,
	.receive = receive_echo,
};
