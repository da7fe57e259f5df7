// SPDX-License-Identifier: GPL-2.0
/*
 * Names the interfaces as a program of the C library sees them, which asks with a
 * small buffer and without the mask that ip sends.
 */
#include <err.h>
#include <ifaddrs.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

int main(void)
{
	struct ifaddrs *list, *one;

	/* it may try for ever */
	alarm(20);
	if (getifaddrs(&list))
		err(1, "getifaddrs");
	for (one = list; one; one = one->ifa_next)
		if (one->ifa_addr && one->ifa_addr->sa_family == AF_PACKET)
			puts(one->ifa_name);
	freeifaddrs(list);
	return 0;
}
