// SPDX-License-Identifier: GPL-2.0
/*
 * Has a device receive many groups and unicast addresses, as devices on top of it
 * and sockets do, until it is ended. Prints "ready" when all are on its lists.
 *
 *	claim NAMESPACE DEVICE GROUPS ADDRESSES [allmulti]
 *
 * The groups are 01:00:5e:7f:xx:xx, the addresses 02:c1:a1:00:xx:xx; allmulti
 * stands for every group.
 */
#define _GNU_SOURCE
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "enter.h"

/* The kernel walks a socket's list at each addition. */
#define FOR_ONE_SOCKET	256

static void claim(int ifindex, int type, const unsigned char *base, int n)
{
	struct packet_mreq mreq = {
		.mr_ifindex = ifindex,
		.mr_type = type,
		.mr_alen = ETH_ALEN,
	};
	int i, fd = -1;

	memcpy(mreq.mr_address, base, ETH_ALEN);
	for (i = 0; i < n; i++) {
		if (i % FOR_ONE_SOCKET == 0)
			fd = socket(AF_PACKET, SOCK_DGRAM, 0);
		mreq.mr_address[4] = i >> 8;
		mreq.mr_address[5] = i;
		if (fd < 0 || setsockopt(fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP,
					 &mreq, sizeof(mreq)))
			err(1, "number %d", i);
	}
}

int main(int argc, char **argv)
{
	static const unsigned char group[] = { 0x01, 0x00, 0x5e, 0x7f, 0, 0 };
	static const unsigned char address[] = { 0x02, 0xc1, 0xa1, 0, 0, 0 };
	int ifindex;

	if (argc != 5 && (argc != 6 || strcmp(argv[5], "allmulti")))
		errx(2, "usage: claim NAMESPACE DEVICE GROUPS ADDRESSES [allmulti]");
	enter(argv[1]);
	ifindex = if_nametoindex(argv[2]);
	if (!ifindex)
		err(1, "%s", argv[2]);
	claim(ifindex, PACKET_MR_MULTICAST, group, atoi(argv[3]));
	claim(ifindex, PACKET_MR_UNICAST, address, atoi(argv[4]));
	claim(ifindex, PACKET_MR_ALLMULTI, group, argc == 6);
	puts("ready");
	fflush(stdout);
	pause();
	return 0;
}
