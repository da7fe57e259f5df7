// SPDX-License-Identifier: GPL-2.0
/*
 * Names the vNICs of which a program with a small buffer is told that lists are missing
 * (IFLA_VNICX_TRUNCATED). It asks without the mask that ip sends, as the C library does.
 */
#include <net/if.h>
#include <stdlib.h>

#include "../../../include/uapi/linux/if_vnicx.h"
#include "rtnl.h"

static const struct rtattr *find(const struct rtattr *rta, int len, int type)
{
	for (; RTA_OK(rta, len); rta = RTA_NEXT(rta, len))
		if ((rta->rta_type & NLA_TYPE_MASK) == type)
			return rta;
	return NULL;
}

static const struct rtattr *find_in(const struct rtattr *nest, int type)
{
	return nest ? find(RTA_DATA(nest), RTA_PAYLOAD(nest), type) : NULL;
}

/* Returns whether there is more to come. */
static int show(const struct nlmsghdr *nlh)
{
	const struct ifinfomsg *ifi = NLMSG_DATA(nlh);
	const struct rtattr *info;
	char name[IF_NAMESIZE];

	if (nlh->nlmsg_type == NLMSG_ERROR)
		err(1, "the kernel refuses");
	if (nlh->nlmsg_type != RTM_NEWLINK)
		return nlh->nlmsg_type != NLMSG_DONE;
	info = find(IFLA_RTA(ifi), IFLA_PAYLOAD(nlh), IFLA_LINKINFO);
	info = find_in(info, IFLA_INFO_DATA);
	if (find_in(info, IFLA_VNICX_TRUNCATED) &&
	    !strncmp(if_indextoname(ifi->ifi_index, name) ?: "", "v", 1))
		puts(name);
	return 1;
}

int main(void)
{
	static char answer[4096] __attribute__((aligned(NLMSG_ALIGNTO)));
	const struct nlmsghdr *nlh;
	struct request req;
	int fd, more = 1;
	ssize_t len;

	fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
	request_init(&req, RTM_GETLINK, NLM_F_DUMP);
	req.nlh.nlmsg_flags &= ~NLM_F_ACK;
	if (fd < 0 || send(fd, &req, req.nlh.nlmsg_len, 0) < 0)
		err(1, "netlink");
	while (more) {
		len = recv(fd, answer, sizeof(answer), 0);
		if (len < 0)
			err(1, "recv");
		for (nlh = (void *)answer; NLMSG_OK(nlh, len) && more;
		     nlh = NLMSG_NEXT(nlh, len))
			more = show(nlh);
	}
	return 0;
}
