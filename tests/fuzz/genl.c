// SPDX-License-Identifier: GPL-2.0
/*
 * The generic netlink family vnicx: switches and ports, one or all of them; what the
 * switch would do with a frame; dumps that nobody reads to their end; nonsense.
 */
#include <linux/genetlink.h>
#include <sys/socket.h>

#include "msg.h"
#include "world.h"
#include "../../include/uapi/linux/vnicx.h"

static void begin(struct msg *m, int family, int cmd, int flags)
{
	struct genlmsghdr head = { .cmd = cmd, .version = VNICX_FAMILY_VERSION };

	msg_begin(m, family, flags, &head, sizeof(head));
}

/* The number of the family, which it keeps as long as the module is there; 0 if there
 * was no memory to ask for it
 */
static int family_by(int fd)
{
	static int family;
	const struct nlattr *number;
	bool spoil = mutating;
	struct msg m;

	if (family)
		return family;
	mutating = false;
	begin(&m, GENL_ID_CTRL, CTRL_CMD_GETFAMILY, 0);
	msg_put_string(&m, CTRL_ATTR_FAMILY_NAME, VNICX_FAMILY_NAME);
	if (!msg_talk_by(&m, fd)) {
		number = msg_told(CTRL_ATTR_FAMILY_ID);
		family = number ? *(uint16_t *)(number + 1) : 0;
	}
	mutating = spoil;
	return family;
}

/* Opens a socket in a namespace, and begins a request; returns the socket or -errno. */
static int request(struct msg *m, unsigned int ns, int cmd, int flags)
{
	int fd, family;

	world_enter(ns);
	fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);
	if (fd < 0)
		return -errno;
	family = family_by(fd);
	if (!family) {
		close(fd);
		return -ENOMEM;
	}
	begin(m, family, cmd, flags);
	return fd;
}

static int answer_to(struct msg *m, int fd)
{
	int error = msg_talk_by(m, fd);

	close(fd);
	return error;
}

/* All that there is, or of one lower device. @arg: VNICX_CMD_* */
static int dump(const struct verb *verb)
{
	int cmd = *(const int *)verb->arg, fd;
	struct device d;
	struct msg m;

	if (!pick_vnic(&d))
		return IDLE;
	if (one_in(3) && !pick_lower(&d, d.ns))
		return IDLE;
	fd = request(&m, d.ns, cmd, NLM_F_DUMP);
	if (fd < 0)
		return -fd;
	if (one_in(3))
		msg_put_u32(&m, cmd == VNICX_CMD_PORT_GET ? VNICX_A_PORT_LOWER :
			    VNICX_A_SWITCH_IFINDEX, d.ifindex);
	return answer_to(&m, fd);
}

static int get(const struct verb *verb)
{
	int cmd = *(const int *)verb->arg, fd;
	struct device d;
	struct msg m;

	if (!(cmd == VNICX_CMD_PORT_GET ? pick_vnic(&d) : pick_lower(&d, pick_ns())))
		return IDLE;
	fd = request(&m, d.ns, cmd, 0);
	if (fd < 0)
		return -fd;
	msg_put_u32(&m, cmd == VNICX_CMD_PORT_GET ? VNICX_A_PORT_IFINDEX :
		    VNICX_A_SWITCH_IFINDEX, d.ifindex);
	return answer_to(&m, fd);
}

static uint32_t told_number(int type)
{
	const struct nlattr *nla = msg_told(type);

	return nla ? *(uint32_t *)(nla + 1) : edge();
}

/* Of a vNIC that has just been asked for, mostly. Its lower device's index is good in
 * the namespace of that one alone.
 */
static int explain(const struct verb *verb)
{
	uint32_t lower, id;
	struct device d;
	uint8_t mac[6];
	struct msg m;
	int fd;

	(void)verb;
	if (!pick_vnic(&d))
		return IDLE;
	fd = request(&m, d.ns, VNICX_CMD_PORT_GET, 0);
	if (fd < 0)
		return -fd;
	msg_put_u32(&m, VNICX_A_PORT_IFINDEX, d.ifindex);
	if (msg_talk_by(&m, fd)) {
		close(fd);
		return IDLE;
	}
	lower = one_in(16) ? edge() : told_number(VNICX_A_PORT_LOWER);
	id = one_in(16) ? below(64) : told_number(VNICX_A_PORT_ID);
	begin(&m, m.nlh.nlmsg_type, VNICX_CMD_EXPLAIN, 0);
	msg_put_u32(&m, VNICX_A_EXPLAIN_LOWER, lower);
	msg_put_u32(&m, VNICX_A_EXPLAIN_ID, id);
	pick_mac(mac);
	msg_put(&m, VNICX_A_EXPLAIN_DEST, mac, sizeof(mac));
	if (one_in(2)) {
		pick_mac(mac);
		msg_put(&m, VNICX_A_EXPLAIN_SOURCE, mac, sizeof(mac));
	}
	if (one_in(2))
		msg_put_u16(&m, VNICX_A_EXPLAIN_VID, one_in(4) ? edge() : 1 + below(20));
	return answer_to(&m, fd);
}

/* The socket goes in the middle of a dump, or of two. */
static int half_dump(const struct verb *verb)
{
	static char some[4096];
	struct msg m;
	int fd, error = 0;

	(void)verb;
	fd = request(&m, pick_ns(), VNICX_CMD_PORT_GET, NLM_F_DUMP);
	if (fd < 0)
		return -fd;
	if (send(fd, m.bytes, m.nlh.nlmsg_len, MSG_DONTWAIT) < 0 ||
	    (one_in(2) && recv(fd, some, below(sizeof(some)), MSG_DONTWAIT) < 0))
		error = errno;
	if (one_in(2))
		send(fd, m.bytes, m.nlh.nlmsg_len, MSG_DONTWAIT);
	close(fd);
	return error;
}

/* A request with random attributes, maybe for no command of the family */
static int noise(const struct verb *verb)
{
	unsigned int n = below(6);
	uint8_t bytes[64];
	struct msg m;
	int fd;

	(void)verb;
	fd = request(&m, pick_ns(), one_in(8) ? below(256) : 1 + below(VNICX_CMD_MAX),
		     one_in(2) ? NLM_F_DUMP : chance() & 0xf00);
	if (fd < 0)
		return -fd;
	while (n--) {
		random_bytes(bytes, sizeof(bytes));
		msg_put(&m, below(VNICX_A_EXPLAIN_MAX + 4), bytes,
			one_in(2) ? 4 : below(sizeof(bytes)));
	}
	return answer_to(&m, fd);
}

#define CONTROL	(ADMIN | TENANT | NOMEM)

static const int switch_get = VNICX_CMD_SWITCH_GET, port_get = VNICX_CMD_PORT_GET;

const struct verb genl_verbs[] = {
	{ "genl-switches", dump, 3, CONTROL, true, &switch_get, NULL },
	{ "genl-ports", dump, 4, CONTROL, true, &port_get, NULL },
	{ "genl-switch", get, 3, CONTROL, true, &switch_get, NULL },
	{ "genl-port", get, 3, CONTROL, true, &port_get, NULL },
	{ "genl-explain", explain, 6, CONTROL, true, NULL, NULL },
	{ "genl-half-dump", half_dump, 2, ADMIN | TENANT, false, NULL, NULL },
	{ "genl-noise", noise, 6, CONTROL, false, NULL, NULL },
	{ }
};
