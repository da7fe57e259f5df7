// SPDX-License-Identifier: GPL-2.0
/*
 * A good message is spoiled: bits, lengths, types, attributes that are there
 * twice, in each other, not at all.
 */
#include "msg.h"

#define DEPTH	5

bool mutating;

/* Where an attribute is, and those that it is in */
struct place {
	size_t at;
	size_t in[DEPTH];
	unsigned int depth;
};

static struct place places[256];
static unsigned int nr_places;

static struct nlattr *nla_at(struct msg *m, size_t at)
{
	return (void *)(m->bytes + at);
}

/* A range that looks like attributes from one end to the other is taken for such. */
static bool is_nest(struct msg *m, size_t at, size_t end)
{
	if (at == end)
		return false;
	while (end - at >= NLA_HDRLEN) {
		struct nlattr *nla = nla_at(m, at);
		size_t len = NLA_ALIGN(nla->nla_len);

		if (nla->nla_len < NLA_HDRLEN || len > end - at ||
		    (nla->nla_type & NLA_TYPE_MASK) > 80)
			return false;
		at += len;
	}
	return at == end;
}

static void find_places(struct msg *m, size_t at, size_t end, const struct place *in)
{
	while (end > at && end - at >= NLA_HDRLEN && nr_places < COUNT(places)) {
		struct place *p = &places[nr_places];
		struct nlattr *nla = nla_at(m, at);
		size_t len = NLA_ALIGN(nla->nla_len);

		if (nla->nla_len < NLA_HDRLEN || len > end - at)
			return;
		nr_places++;
		*p = *in;
		p->at = at;
		if (p->depth < DEPTH && is_nest(m, at + NLA_HDRLEN, at + len)) {
			struct place inner = *p;

			inner.in[inner.depth++] = at;
			find_places(m, at + NLA_HDRLEN, at + len, &inner);
		}
		at += len;
	}
}

/* Makes or takes away room at some place; what is around it is told. */
static bool resize(struct msg *m, const struct place *p, size_t at, int delta)
{
	size_t end = NLMSG_ALIGN(m->nlh.nlmsg_len);
	unsigned int i;

	if (end + delta > MSG_MAX - 64)
		return false;
	if (delta > 0)
		memmove(m->bytes + at + delta, m->bytes + at, end - at);
	else
		memmove(m->bytes + at, m->bytes + at - delta, end - at + delta);
	m->nlh.nlmsg_len = end + delta;
	for (i = 0; i < p->depth; i++)
		nla_at(m, p->in[i])->nla_len += delta;
	return true;
}

static void flip(struct msg *m, const struct place *p)
{
	struct nlattr *nla = nla_at(m, p->at);
	size_t len = nla->nla_len - NLA_HDRLEN;

	if (len)
		m->bytes[p->at + NLA_HDRLEN + below(len)] ^= 1 << below(8);
}

static void wrong_length(struct msg *m, const struct place *p)
{
	static const int lengths[] = { 0, 1, 3, 4, 5, 8, 0x7fff, 0xffff };
	struct nlattr *nla = nla_at(m, p->at);

	if (one_in(2))
		nla->nla_len += (int)below(9) - 4;
	else
		nla->nla_len = PICK(lengths);
}

static void wrong_type(struct msg *m, const struct place *p)
{
	struct nlattr *nla = nla_at(m, p->at);

	if (one_in(4))
		nla->nla_type = chance();
	else
		nla->nla_type = below(72) | (one_in(3) ? NLA_F_NESTED : 0);
}

static void set_value(struct msg *m, const struct place *p)
{
	struct nlattr *nla = nla_at(m, p->at);
	size_t len = nla->nla_len - NLA_HDRLEN;
	uint32_t value = edge();

	memcpy(m->bytes + p->at + NLA_HDRLEN, &value, len < 4 ? len : 4);
}

static void duplicate(struct msg *m, const struct place *p)
{
	size_t len = NLA_ALIGN(nla_at(m, p->at)->nla_len);

	if (resize(m, p, p->at + len, len)) {
		memcpy(m->bytes + p->at + len, m->bytes + p->at, len);
		if (one_in(2))
			flip(m, p);
	}
}

static void omit(struct msg *m, const struct place *p)
{
	resize(m, p, p->at, -NLA_ALIGN(nla_at(m, p->at)->nla_len));
}

/* Payload is put in, or taken away, and the length says so. */
static void stretch(struct msg *m, const struct place *p)
{
	struct nlattr *nla = nla_at(m, p->at);
	size_t end = p->at + NLA_ALIGN(nla->nla_len);
	int delta = 4 * (1 + (one_in(8) ? below(300) : below(8)));

	if (one_in(3)) {
		if (nla->nla_len < NLA_HDRLEN + 4)
			return;
		delta = -4;
		end -= 4;
	}
	if (!resize(m, p, end, delta))
		return;
	nla->nla_len += delta;
	if (delta > 0)
		random_bytes(m->bytes + end, delta);
}

/* Within itself, some levels deep */
static void wrap(struct msg *m, const struct place *p)
{
	unsigned int n = 1 + below(one_in(4) ? 60 : 3);

	while (n--) {
		struct nlattr inner = *nla_at(m, p->at);

		if (inner.nla_len > 0x7000 ||
		    !resize(m, p, p->at, NLA_HDRLEN))
			return;
		*nla_at(m, p->at) = inner;
		nla_at(m, p->at)->nla_len += NLA_HDRLEN;
	}
}

/* Another attribute of the message takes its place. */
static void exchange(struct msg *m, const struct place *p)
{
	const struct place *other = &places[below(nr_places)];
	uint16_t type = nla_at(m, other->at)->nla_type;

	nla_at(m, other->at)->nla_type = nla_at(m, p->at)->nla_type;
	nla_at(m, p->at)->nla_type = type;
}

static void truncate_all(struct msg *m, const struct place *p)
{
	(void)p;
	m->nlh.nlmsg_len -= below(m->nlh.nlmsg_len - NLMSG_HDRLEN + 1);
}

static void trail(struct msg *m, const struct place *p)
{
	unsigned int n = below(40);

	(void)p;
	random_bytes(m->bytes + m->nlh.nlmsg_len, n);
	m->nlh.nlmsg_len += n;
}

/* The family's header */
static void flip_head(struct msg *m, const struct place *p)
{
	(void)p;
	m->bytes[NLMSG_HDRLEN + below(m->head - NLMSG_HDRLEN)] ^= 1 << below(8);
}

static void flip_flags(struct msg *m, const struct place *p)
{
	(void)p;
	m->nlh.nlmsg_flags ^= 1 << below(12);
}

static void (*const spoil[])(struct msg *m, const struct place *p) = {
	flip, flip, wrong_length, wrong_type, set_value, set_value, duplicate,
	duplicate, omit, stretch, stretch, wrap, exchange, truncate_all, trail,
	flip_head, flip_flags,
};

void mutate(struct msg *m)
{
	static const struct place top;
	unsigned int n;

	for (n = 1 + below(3); n; n--) {
		/* 64 bytes of room are left behind every message */
		nr_places = 0;
		if (m->nlh.nlmsg_len < m->head || m->nlh.nlmsg_len > MSG_MAX - 64)
			return;
		find_places(m, m->head, m->nlh.nlmsg_len, &top);
		if (!nr_places)
			return;
		PICK(spoil)(m, &places[below(nr_places)]);
	}
}
