// SPDX-License-Identifier: GPL-2.0
/*
 * Does for a team device what teamd would: sets the mode, active-backup, while
 * it has no port, or else the active port.
 *
 *	team-active TEAM [PORT]
 */
#include <err.h>
#include <errno.h>
#include <linux/genetlink.h>
#include <linux/if_team.h>
#include <linux/netlink.h>
#include <net/if.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* of struct nlattr in the kernel, by which options say what they hold */
#define OPTION_U32	3
#define OPTION_STRING	5

struct request {
	struct nlmsghdr nlh;
	struct genlmsghdr genl;
	char attrs[256];
};

static int sock;

static struct nlattr *put(struct request *req, int type, const void *data, int len)
{
	struct nlattr *nla = (void *)((char *)req + req->nlh.nlmsg_len);

	nla->nla_type = type;
	nla->nla_len = NLA_HDRLEN + len;
	if (len)
		memcpy((char *)nla + NLA_HDRLEN, data, len);
	req->nlh.nlmsg_len += NLA_ALIGN(nla->nla_len);
	return nla;
}

static void begin(struct request *req, int family, int cmd, int version)
{
	memset(req, 0, sizeof(*req));
	req->nlh.nlmsg_len = NLMSG_LENGTH(GENL_HDRLEN);
	req->nlh.nlmsg_type = family;
	req->nlh.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
	req->genl.cmd = cmd;
	req->genl.version = version;
}

/* Sends a request; the answer, or the acknowledgment, replaces it. */
static void ask(struct request *req, const char *what)
{
	struct nlmsgerr *error;
	char rest[1024];

	if (send(sock, req, req->nlh.nlmsg_len, 0) < 0 ||
	    recv(sock, req, sizeof(*req), 0) < 0)
		err(1, "%s", what);
	if (req->nlh.nlmsg_type != NLMSG_ERROR) {
		recv(sock, rest, sizeof(rest), 0);
		return;
	}
	error = (void *)&req->genl;
	/* that nobody listens for the announcement of what was done */
	if (error->error && error->error != -ESRCH)
		errx(1, "%s: %s", what, strerror(-error->error));
}

static int team_family(void)
{
	struct request req;
	struct nlattr *nla;
	char *pos, *end;

	begin(&req, GENL_ID_CTRL, CTRL_CMD_GETFAMILY, 1);
	put(&req, CTRL_ATTR_FAMILY_NAME, TEAM_GENL_NAME, sizeof(TEAM_GENL_NAME));
	ask(&req, "family");
	end = (char *)&req + (req.nlh.nlmsg_len < sizeof(req) ? req.nlh.nlmsg_len : sizeof(req));
	for (pos = req.attrs; pos + NLA_HDRLEN < end; pos += NLA_ALIGN(nla->nla_len)) {
		nla = (void *)pos;
		if (nla->nla_type == CTRL_ATTR_FAMILY_ID)
			return *(uint16_t *)(pos + NLA_HDRLEN);
	}
	errx(1, "no id in the answer");
}

static void set(int family, uint32_t team, const char *name, uint8_t type,
		const void *data, int len)
{
	struct nlattr *list, *item;
	struct request req;

	begin(&req, family, TEAM_CMD_OPTIONS_SET, TEAM_GENL_VERSION);
	put(&req, TEAM_ATTR_TEAM_IFINDEX, &team, sizeof(team));
	list = put(&req, TEAM_ATTR_LIST_OPTION | NLA_F_NESTED, NULL, 0);
	item = put(&req, TEAM_ATTR_ITEM_OPTION | NLA_F_NESTED, NULL, 0);
	put(&req, TEAM_ATTR_OPTION_NAME, name, strlen(name) + 1);
	put(&req, TEAM_ATTR_OPTION_TYPE, &type, sizeof(type));
	put(&req, TEAM_ATTR_OPTION_DATA, data, len);
	item->nla_len = (char *)&req + req.nlh.nlmsg_len - (char *)item;
	list->nla_len = (char *)&req + req.nlh.nlmsg_len - (char *)list;
	ask(&req, name);
}

int main(int argc, char **argv)
{
	uint32_t team, port;
	int family;

	if (argc < 2 || argc > 3)
		errx(2, "usage: team-active TEAM [PORT]");
	sock = socket(AF_NETLINK, SOCK_RAW, NETLINK_GENERIC);
	team = if_nametoindex(argv[1]);
	port = argc > 2 ? if_nametoindex(argv[2]) : 1;
	if (!team || !port || sock < 0)
		err(1, "%s", argv[argc - 1]);
	family = team_family();
	if (argc > 2)
		set(family, team, "activeport", OPTION_U32, &port, sizeof(port));
	else
		set(family, team, "mode", OPTION_STRING, "activebackup",
		    sizeof("activebackup"));
	return 0;
}
