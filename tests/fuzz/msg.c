// SPDX-License-Identifier: GPL-2.0
/*
 * Netlink messages: composed, sent, answered.
 */
#include <linux/genetlink.h>
#include <sys/socket.h>

#include "msg.h"
#include "world.h"

void msg_begin(struct msg *m, int type, int flags, const void *head, size_t len)
{
	memset(m, 0, NLMSG_HDRLEN + 128);
	m->nlh.nlmsg_type = type;
	m->nlh.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | flags;
	m->nlh.nlmsg_len = NLMSG_LENGTH(len);
	memcpy(NLMSG_DATA(&m->nlh), head, len);
	m->head = NLMSG_ALIGN(m->nlh.nlmsg_len);
}

/* An attribute that does not fit is left out: nobody asks for that much on purpose. */
struct nlattr *msg_put(struct msg *m, int type, const void *data, size_t len)
{
	size_t at = NLMSG_ALIGN(m->nlh.nlmsg_len);
	struct nlattr *nla = (void *)(m->bytes + at);

	if (at + NLA_HDRLEN + NLA_ALIGN(len) > MSG_MAX - 64)
		len = 0;
	memset(nla, 0, NLA_HDRLEN + NLA_ALIGN(len));
	nla->nla_type = type;
	nla->nla_len = NLA_HDRLEN + len;
	if (len)
		memcpy((char *)nla + NLA_HDRLEN, data, len);
	m->nlh.nlmsg_len = at + NLA_HDRLEN + NLA_ALIGN(len);
	return nla;
}

void msg_put_u8(struct msg *m, int type, uint8_t value)
{
	msg_put(m, type, &value, sizeof(value));
}

void msg_put_u16(struct msg *m, int type, uint16_t value)
{
	msg_put(m, type, &value, sizeof(value));
}

void msg_put_u32(struct msg *m, int type, uint32_t value)
{
	msg_put(m, type, &value, sizeof(value));
}

void msg_put_string(struct msg *m, int type, const char *s)
{
	msg_put(m, type, s, strlen(s) + 1);
}

struct nlattr *msg_nest(struct msg *m, int type)
{
	return msg_put(m, type, NULL, 0);
}

void msg_nest_end(struct msg *m, struct nlattr *nest)
{
	nest->nla_len = m->bytes + m->nlh.nlmsg_len - (uint8_t *)nest;
}

void link_begin(struct msg *m, int type, int flags, int ifindex,
		unsigned int ifi_flags, unsigned int change)
{
	struct ifinfomsg ifi = {
		.ifi_index = ifindex,
		.ifi_flags = ifi_flags,
		.ifi_change = change,
	};

	msg_begin(m, type, flags, &ifi, sizeof(ifi));
}

struct nlattr *info_begin(struct msg *m, const char *kind, struct nlattr **data)
{
	struct nlattr *info = msg_nest(m, IFLA_LINKINFO);

	msg_put_string(m, IFLA_INFO_KIND, kind);
	*data = msg_nest(m, IFLA_INFO_DATA);
	return info;
}

void info_end(struct msg *m, struct nlattr *info, struct nlattr *data)
{
	msg_nest_end(m, data);
	msg_nest_end(m, info);
}

static char answer[65536];
/* The last message of an answer that had anything to say, with the head of its family */
static struct msg told;

static void keep(const struct nlmsghdr *nlh)
{
	if (nlh->nlmsg_len <= MSG_MAX)
		memcpy(&told, nlh, nlh->nlmsg_len);
}

static const struct nlattr *find(const void *from, const uint8_t *end, int type)
{
	const struct nlattr *nla = from;

	while (end - (uint8_t *)nla >= NLA_HDRLEN && nla->nla_len >= NLA_HDRLEN) {
		if ((nla->nla_type & NLA_TYPE_MASK) == type)
			return nla;
		nla = (const void *)nla + NLA_ALIGN(nla->nla_len);
	}
	return NULL;
}

static const struct nlattr *find_behind(size_t head, int type)
{
	return find(told.bytes + NLMSG_SPACE(head), told.bytes + told.nlh.nlmsg_len, type);
}

const struct nlattr *msg_told(int type)
{
	return find_behind(sizeof(struct genlmsghdr), type);
}

const struct nlattr *msg_told_of_link(int type)
{
	return find_behind(sizeof(struct ifinfomsg), type);
}

const struct nlattr *nla_in(const struct nlattr *nest, int type)
{
	return find(nest + 1, (const uint8_t *)nest + nest->nla_len, type);
}

/* Returns 0 or an errno once there is an answer to @seq in a batch of messages of
 * @n bytes, or IDLE.
 */
static int find_answer(ssize_t n, uint32_t seq, bool *dump)
{
	struct nlmsghdr *nlh = (void *)answer;

	for (; NLMSG_OK(nlh, n); nlh = NLMSG_NEXT(nlh, n)) {
		if (nlh->nlmsg_seq != seq)
			continue;
		if (nlh->nlmsg_type == NLMSG_ERROR)
			return -((struct nlmsgerr *)NLMSG_DATA(nlh))->error;
		if (nlh->nlmsg_type == NLMSG_DONE)
			return 0;
		*dump |= !!(nlh->nlmsg_flags & NLM_F_MULTI);
		keep(nlh);
	}
	return IDLE;
}

/* The kernel answers before send() returns, if at all: one whose flags were spoiled
 * may ask for no answer, and one may have found no memory.
 */
int msg_talk_by(struct msg *m, int fd)
{
	static uint32_t seq;
	bool dump = false;
	ssize_t n;
	int error;

	m->nlh.nlmsg_seq = ++seq;
	told.nlh.nlmsg_len = 0;
	if (mutating)
		mutate(m);
	while (recv(fd, answer, sizeof(answer), MSG_DONTWAIT) > 0)
		;
	if (send(fd, m->bytes, m->nlh.nlmsg_len, 0) < 0)
		return errno;
	do {
		n = recv(fd, answer, sizeof(answer), MSG_DONTWAIT | MSG_TRUNC);
		if (n < 0 && errno == EAGAIN && dump)
			return 0;
		if (n < 0)
			return errno == EAGAIN && mutating ? IDLE : errno;
		if (n > (ssize_t)sizeof(answer))
			n = sizeof(answer);
		error = find_answer(n, m->nlh.nlmsg_seq, &dump);
	} while (error == IDLE);
	return error;
}

int msg_talk(struct msg *m, unsigned int ns)
{
	return msg_talk_by(m, world.rtnl[ns]);
}
