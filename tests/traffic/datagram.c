// SPDX-License-Identifier: GPL-2.0
/*
 * Numbered datagrams: whether each arrives, once, in order and as it was sent.
 */
#include "traffic.h"

#include <assert.h>
#include <poll.h>

#define MAGIC	0x76716e63
/* more than one call sends */
#define SENT_AT_ONCE	64
/* Between two attempts after an event, at first */
#define PROBE_MS	100
/* of a flow of which none arrives */
#define TRIES_MAX	(NUMBERS_MAX - SENT_AT_ONCE)

struct head {
	uint32_t magic;
	uint32_t id;
	uint32_t number;
	uint32_t size;
	uint32_t crc;
};

static_assert(sizeof(struct head) == DATAGRAM_MIN, "an empty datagram");

const struct kind *const kinds[] = {
	&udp4, &udp6, &udp4_fragments, &udp6_fragments, &udp4_gso, &udp6_gso,
	&multicast4, &multicast6, &multicast4_fragments, &multicast6_fragments,
	&echo4, &echo6, &raw, &arp, &nd, NULL
};

static uint32_t crc32(const unsigned char *data, size_t size)
{
	static uint32_t table[256];
	uint32_t crc = ~0u;
	unsigned int i, j;

	for (i = 0; !table[1] && i < 256; i++) {
		table[i] = i;
		for (j = 0; j < 8; j++)
			table[i] = table[i] >> 1 ^ (table[i] & 1 ? 0xedb88320 : 0);
	}
	while (size--)
		crc = crc >> 8 ^ table[(crc ^ *data++) & 255];
	return ~crc;
}

static void fill_pattern(uint32_t state, unsigned char *to, unsigned int size)
{
	for (; size; size--) {
		state = state * 1664525 + 1013904223;
		*to++ = state >> 24;
	}
}

unsigned int fill_datagram(const struct flow *f, unsigned int number,
			   unsigned char *to, unsigned int size)
{
	struct head head = {
		.magic = MAGIC,
		.id = f->id,
		.number = number,
		.size = size,
	};

	memcpy(to, &head, sizeof(head));
	fill_pattern(chance(f->id, number, size), to + sizeof(head),
		     size - sizeof(head));
	head.crc = crc32(to, size);
	memcpy(to, &head, sizeof(head));
	return size;
}

static const char *direction(const struct flow *f)
{
	return f->from ? "far to near" : "near to far";
}

void damaged(const struct flow *f, unsigned int number, const char *how)
{
	fault("%s, %s, number %u: %s", f->kind->name, direction(f), number, how);
}

/* The number that arrived is beyond doubt. */
void count_arrival(struct flow *f, unsigned int number, size_t size)
{
	unsigned char bit = 1 << (number & 7);

	/* f->sent follows when they are sent */
	if (number >= f->sent + SENT_AT_ONCE)
		return damaged(f, number, "was never sent");
	f->bytes += size;
	if (f->got[number / 8] & bit) {
		if (!may_repeat)
			damaged(f, number, "arrived twice");
		return;
	}
	f->got[number / 8] |= bit;
	if (number < f->next && !may_reorder)
		damaged(f, number, "arrived after a later one");
	if (number >= f->next)
		f->next = number + 1;
	if (f->strict && number >= f->strict)
		f->late++;
	f->unique++;
}

/* Take a datagram that arrived at a flow's socket. */
void take(struct flow *f, const unsigned char *data, size_t size)
{
	static unsigned char expected[DATAGRAM_MAX];
	struct head head;
	char text[80];
	size_t i;

	if (size < sizeof(head))
		return damaged(f, f->next, "shorter than any that was sent");
	memcpy(&head, data, sizeof(head));
	if (head.magic != MAGIC || head.number >= NUMBERS_MAX) {
		snprintf(text, sizeof(text), "%zu bytes that begin with %08x", size,
			 head.magic);
		return damaged(f, f->next, text);
	}
	if (head.id != f->id) {
		snprintf(text, sizeof(text), "is of flow %u, not %u", head.id, f->id);
		return damaged(f, head.number, text);
	}
	if (head.size != size) {
		snprintf(text, sizeof(text), "%zu bytes of %u", size, head.size);
		return damaged(f, head.number, text);
	}
	fill_datagram(f, head.number, expected, size);
	if (memcmp(data, expected, size)) {
		for (i = 0; data[i] == expected[i];)
			i++;
		snprintf(text, sizeof(text), "%zu bytes, wrong from byte %zu on",
			 size, i);
		return damaged(f, head.number, text);
	}
	count_arrival(f, head.number, size);
}

static int receiver(const struct flow *f)
{
	return f->kind->answered ? f->from : !f->from;
}

static void add_flow(const struct kind *kind, int from)
{
	struct flow *f = &shared->flows[shared->nr_flows];

	f->kind = kind;
	f->id = shared->nr_flows;
	f->from = from;
	f->total = kind->total;
	if (f->total > NUMBERS_MAX / 2)
		errx(2, "too many: %s", kind->name);
	if (kind->open(f))
		shared->nr_flows++;
}

void add_flows(void)
{
	bool ip6 = !IN6_IS_ADDR_UNSPECIFIED(&shared->end[0].ip6) &&
		   !IN6_IS_ADDR_UNSPECIFIED(&shared->end[1].ip6);
	const struct kind *const *kind;

	for (kind = kinds; *kind; kind++) {
		if (is_excluded((*kind)->excluded) || ((*kind)->ip6 && !ip6))
			continue;
		add_flow(*kind, 0);
		add_flow(*kind, 1);
	}
}

bool may_lose_now(const struct flow *f)
{
	return may_lose || (has_event && !f->strict);
}

/* After the event, one at a time, until the last one arrives: then nothing is on its
 * way any more.
 */
static bool is_drained(struct flow *f)
{
	if (!f->resumed) {
		f->resumed = f->sent;
		f->heard = f->sent;
		f->pause = PROBE_MS;
		f->probed = now_ms() - PROBE_MS;
	}
	if (f->sent > f->resumed && f->next >= f->sent)
		f->drained = true;
	return f->drained;
}

static bool are_all_drained(void)
{
	unsigned int i;

	for (i = 0; i < shared->nr_flows; i++)
		if (!shared->flows[i].drained)
			return false;
	return true;
}

/* How many are to be sent now. When all flows have recovered from the event, another
 * quarter, of which all must arrive.
 */
static unsigned int wanted(struct flow *f)
{
	if (!has_event)
		return f->unique || !may_lose ? f->total : TRIES_MAX;
	if (!shared->resumed)
		return f->total * 3 / 4;
	if (f->strict)
		return f->total;
	if (!is_drained(f)) {
		if (now_ms() - f->probed < f->pause)
			return f->sent;
		return f->sent < TRIES_MAX ? f->sent + 1 : f->sent;
	}
	if (!are_all_drained())
		return f->sent;
	f->lost = f->sent - f->unique;
	f->strict = f->sent;
	if (f->total < f->sent + f->total / 4)
		f->total = f->sent + f->total / 4;
	return f->total;
}

static int on_their_way(struct flow *f)
{
	return (int)(f->sent - f->unique - f->lost);
}

/* Where frames may be lost, waits for none too long. */
static void give_up(struct flow *f, long now)
{
	if (f->seen != f->unique) {
		f->seen = f->unique;
		f->since = now;
	} else if (may_lose_now(f) && on_their_way(f) > 0 && now - f->since > QUIET_MS) {
		f->lost = f->sent - f->unique;
	}
}

static bool send_some(struct flow *f, long now)
{
	bool any = false;
	int n;

	give_up(f, now);
	while (f->sent < wanted(f) && on_their_way(f) < (int)f->kind->window) {
		n = f->kind->send(f);
		if (n < 0 && (errno == EAGAIN || errno == ENOBUFS) && !may_lose_now(f))
			break;
		if (n < 0 && !may_lose_now(f)) {
			damaged(f, f->sent, strerror(errno));
			f->sent = f->total;
			break;
		}
		/* it is lost, like others */
		if (n < 0)
			n = 1;
		if (on_their_way(f) <= 0)
			f->since = now;
		f->probed = now;
		if (f->resumed && !f->drained) {
			/* One that came since, but was not the last, took longer. */
			if (f->next > f->heard)
				f->pause *= 2;
			f->heard = f->next;
		}
		f->sent += n;
		any = true;
	}
	return any;
}

static void rebind(int end)
{
	unsigned int i;

	for (i = 0; i < shared->nr_flows; i++) {
		struct flow *f = &shared->flows[i];

		if (receiver(f) == end && f->kind->rebind)
			f->kind->rebind(f);
	}
}

static void step(int end)
{
	static bool rebound;
	struct pollfd pfds[FLOWS_MAX];
	struct flow *f, *flows[FLOWS_MAX];
	long now = now_ms();
	unsigned int i, n = 0;
	bool any = false;

	if (shared->resumed && !rebound) {
		rebind(end);
		rebound = true;
	}
	for (i = 0; i < shared->nr_flows; i++) {
		f = &shared->flows[i];
		if (f->from == end && !shared->over)
			any |= send_some(f, now);
		if (receiver(f) == end) {
			flows[n] = f;
			pfds[n++] = (struct pollfd){ .fd = f->rx, .events = POLLIN };
		}
	}
	poll(pfds, n, any ? 0 : 1);
	for (i = 0; i < n; i++)
		if (pfds[i].revents)
			flows[i]->kind->receive(flows[i]);
}

static bool is_finished(const struct flow *f)
{
	if (f->sent < f->total)
		return false;
	if (has_event)
		return f->strict && (may_lose || f->late == f->sent - f->strict);
	return may_lose ? f->unique : f->unique == f->sent;
}

static bool is_done(void)
{
	unsigned int i;

	for (i = 0; i < shared->nr_flows; i++)
		if (!is_finished(&shared->flows[i]))
			return false;
	return true;
}

static bool is_half(void)
{
	unsigned int i;

	for (i = 0; i < shared->nr_flows; i++)
		if (shared->flows[i].sent < shared->flows[i].total / 2)
			return false;
	return true;
}

static unsigned long progress(void)
{
	unsigned long sum = 0;
	unsigned int i;

	for (i = 0; i < shared->nr_flows; i++) {
		const struct flow *f = &shared->flows[i];

		/* what is sent in addition is none */
		sum += f->unique + f->late + f->drained + !!f->strict +
		       (f->sent < f->kind->total ? f->sent : f->kind->total);
	}
	return sum;
}

static void complain_of(const struct flow *f)
{
	unsigned int first = f->strict;

	while (first < f->sent && f->got[first / 8] & 1 << (first & 7))
		first++;
	if (has_event && shared->resumed && !f->drained)
		fault("%s, %s: the last sent after the event did not arrive (%u of %u did)",
		      f->kind->name, direction(f), f->unique, f->sent);
	else if (f->strict)
		fault("%s, %s: %u of %u arrived after the event; the first that did not: %u",
		      f->kind->name, direction(f), f->late, f->sent - f->strict, first);
	else
		fault("%s, %s: %u of %u arrived, of %u; the first that did not: %u",
		      f->kind->name, direction(f), f->unique, f->sent, f->total,
		      first);
}

static void complain(void)
{
	/* those that have recovered wait for those that have not */
	bool waiting = has_event && shared->resumed && !are_all_drained();
	unsigned int i;

	for (i = 0; i < shared->nr_flows; i++)
		if (waiting ? !shared->flows[i].drained : !is_finished(&shared->flows[i]))
			complain_of(&shared->flows[i]);
}

void run_datagrams(void)
{
	run_stage(step, is_done, progress, is_half, complain);
}
