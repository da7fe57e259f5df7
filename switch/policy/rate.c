// SPDX-License-Identifier: GPL-2.0
/*
 * Rates: GCRA with debt, and credit for each CPU.
 *
 * A bucket is one time: all that was taken from it is earned by then (`due`).
 * To take something moves that time ahead by what it costs. While it is in the
 * future, nothing can be taken. It is never further in the past than the burst
 * allows, so a pause accumulates no more than that.
 *
 * A CPU that may take something may take all it needs. So a super-frame passes
 * at any rate, and no later frame passes until it is earned: the average is
 * exact.
 *
 * A CPU takes a chunk at once, some 11 full frames, and pays frames by its
 * credit, without an atomic operation, a clock or a lock. All CPUs' credit
 * together is part of the burst. The credit of a CPU that goes offline stays
 * until the CPU returns; it is less than a chunk, and paid.
 */
#include <linux/math64.h>
#include <linux/tcp.h>
#include <linux/timekeeping.h>
#include <linux/udp.h>
#include <kunit/visibility.h>

#include "parse.h"
#include "rate.h"

/* The greatest chunk, in units */
#define VNICX_RATE_CHUNK	16384

/* The least number of chunks each second: at a low rate, frames do not pass in
 * groups with long waits between them.
 */
#define VNICX_RATE_CHUNKS	1000

/* The least chunk, in nanoseconds, and in units if these take less than a
 * nanosecond each: rounding changes a rate by 1/512 at most.
 */
#define VNICX_RATE_EXACT	256

/* Headers that each segment has, behind the network header's, in bytes */
static u32 vnicx_rate_transport_len(const struct sk_buff *skb, int offset)
{
	unsigned int type = skb_shinfo(skb)->gso_type;
	struct tcphdr _th;
	const struct tcphdr *th;

	if (type & (SKB_GSO_TCPV4 | SKB_GSO_TCPV6)) {
		th = skb_header_pointer(skb, offset, sizeof(_th), &_th);
		return th ? max_t(u32, __tcp_hdrlen(th), sizeof(_th)) : sizeof(_th);
	}
	/* In fragments of a datagram, only the first one has it. */
	return type & SKB_GSO_UDP ? 0 : sizeof(struct udphdr);
}

/* Get the length of the headers of a super-frame up to a transport header, 0 if there
 * is no payload behind them.
 */
static u32 vnicx_rate_headers_to(const struct sk_buff *skb, u32 len, int offset)
{
	u32 headers = offset - skb_mac_offset(skb) +
		      vnicx_rate_transport_len(skb, offset);

	return headers < len ? headers : 0;
}

/* Get the length of the headers that each of a super-frame's frames has, 0 if that is
 * not known: the least and the most that it may be.
 *
 * A virtual machine, and the owner of a packet socket, say where the headers end: too far
 * back, and the frame would be few segments; too far in front, and these would be short.
 * Their word and the parser's bound each other, so that nobody pays less for a lie. Where
 * the parser finds no end, the core may find another one than they say: such a super-frame
 * pays as if each of its frames was as long as it is itself.
 */
static void vnicx_rate_gso_headers(const struct sk_buff *skb, u32 len,
				   u32 *least, u32 *most)
{
	struct vnicx_parsed p;
	u32 read;

	*least = 0;
	if (skb->encapsulation)
		*least = vnicx_rate_headers_to(skb, len,
					       skb_inner_transport_offset(skb));
	else if (skb_transport_header_was_set(skb))
		*least = vnicx_rate_headers_to(skb, len,
					       skb_transport_offset(skb));
	*most = *least;
	if (!(skb_shinfo(skb)->gso_type & SKB_GSO_DODGY))
		return;
	vnicx_parse(skb, &p);
	if (p.packet != VNICX_PACKET_IPV4 && p.packet != VNICX_PACKET_IPV6) {
		*least = 0;
		*most = len;
		return;
	}
	read = vnicx_rate_headers_to(skb, len,
				     (p.at ?: p.end) + skb_mac_offset(skb));
	*least = min(*least, read);
	*most = max(*most, read);
}

/* Get the number of frames that a super-frame is. */
static u32 vnicx_rate_gso_segs(const struct sk_buff *skb, u32 len, u32 headers)
{
	const struct skb_shared_info *shinfo = skb_shinfo(skb);

	if ((!shinfo->gso_segs || shinfo->gso_type & SKB_GSO_DODGY) &&
	    shinfo->gso_size != GSO_BY_FRAGS)
		return DIV_ROUND_UP(len - headers, shinfo->gso_size);
	return max_t(u32, shinfo->gso_segs, 1);
}

/**
 * vnicx_rate_gso_frames() - get the number of frames that a super-frame is
 * @skb: the super-frame, its MAC header set; if a virtual machine made it, what
 *	it says about itself need not be true
 * @len: its bytes from the Ethernet header on
 *
 * Return: frames, at most VNICX_RATE_UNITS_MAX / VNICX_RATE_FRAME
 */
u32 vnicx_rate_gso_frames(const struct sk_buff *skb, u32 len)
{
	u32 least, most;

	vnicx_rate_gso_headers(skb, len, &least, &most);
	return min_t(u32, vnicx_rate_gso_segs(skb, len, least),
		     VNICX_RATE_UNITS_MAX / VNICX_RATE_FRAME);
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_rate_gso_frames);

/**
 * vnicx_rate_gso_len() - get the length of the frames that a super-frame is
 * @skb: the super-frame, its MAC header set; if a virtual machine made it, what
 *	it says about itself need not be true
 * @len: its bytes from the Ethernet header on
 *
 * Return: bytes, at most VNICX_RATE_UNITS_MAX
 */
u32 vnicx_rate_gso_len(const struct sk_buff *skb, u32 len)
{
	u32 least, most, segs;

	vnicx_rate_gso_headers(skb, len, &least, &most);
	if (unlikely(!most))
		return len;
	segs = vnicx_rate_gso_segs(skb, len, least);
	return min_t(u64, len + (segs - 1) * (u64)most, VNICX_RATE_UNITS_MAX);
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_rate_gso_len);

/**
 * vnicx_rate_init() - compute a rate
 * @rate: the rate, to be filled
 * @per_second: units a second: bytes, or frames times VNICX_RATE_FRAME; at
 *	least 1, and less than 2^50
 * @burst: units that may pass at once after a pause
 * @cpus: number of CPUs that may have credit
 */
void vnicx_rate_init(struct vnicx_rate *rate, u64 per_second, u32 burst,
		     unsigned int cpus)
{
	u64 burst_ns = div64_u64((u64)burst * NSEC_PER_SEC, per_second);
	u64 chunk, ns;

	chunk = min_t(u64, VNICX_RATE_CHUNK,
		      div_u64(per_second, VNICX_RATE_CHUNKS));
	chunk = clamp(burst / (2 * cpus), 1U, max_t(u32, chunk, 1));
	chunk = max(chunk, div64_u64(VNICX_RATE_EXACT * per_second +
				     NSEC_PER_SEC - 1, NSEC_PER_SEC));
	ns = DIV64_U64_ROUND_CLOSEST(chunk * NSEC_PER_SEC, per_second);
	/* Of the two, round the greater one. */
	if (ns < chunk)
		chunk = DIV64_U64_ROUND_CLOSEST(ns * per_second,
						(u64)NSEC_PER_SEC);
	rate->chunk = chunk;
	rate->chunk_ns = ns;
	/* Not less than a half, if a chunk is longer than it should be */
	rate->burst_ns = burst_ns - min(burst_ns / 2, cpus * ns);
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_rate_init);

/**
 * vnicx_rate_start() - empty a bucket
 * @bucket: the bucket
 * @now: the time
 */
void vnicx_rate_start(struct vnicx_bucket *bucket, u64 now)
{
	atomic64_set(&bucket->due, now);
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_rate_start);

/**
 * vnicx_rate_take() - take whole chunks from a bucket
 * @rate: the rate
 * @bucket: the bucket
 * @need: units that are needed, at most 2 * VNICX_RATE_UNITS_MAX
 * @now: the time, in nanoseconds
 *
 * Return: the units taken, @need or more, or 0 while the bucket is in debt
 */
u32 vnicx_rate_take(const struct vnicx_rate *rate, struct vnicx_bucket *bucket,
		    u32 need, u64 now)
{
	u32 chunks = likely(need <= rate->chunk) ?
			     1 : DIV_ROUND_UP(need, rate->chunk);
	s64 due = atomic64_read(&bucket->due);
	s64 rest, start;

	do {
		rest = now - due;
		if (rest < 0)
			return 0;
		start = rest > rate->burst_ns ? now - rate->burst_ns : due;
	} while (!atomic64_try_cmpxchg(&bucket->due, &due,
				       start + chunks * rate->chunk_ns));
	return chunks * rate->chunk;
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_rate_take);

/**
 * vnicx_rate_refill() - pay for a frame for which this CPU has too little
 * @rate: the rate
 * @bucket: the bucket
 * @credit: the units that each CPU has
 * @units: the frame's, at most VNICX_RATE_UNITS_MAX
 * @now: the time, in nanoseconds
 *
 * Context: bottom halves disabled.
 * Return: whether it is paid; if not, the frame is over the rate
 */
bool vnicx_rate_refill(const struct vnicx_rate *rate,
		       struct vnicx_bucket *bucket, s32 __percpu *credit,
		       u32 units, u64 now)
{
	u32 taken = vnicx_rate_take(rate, bucket,
				    units - this_cpu_read(*credit), now);

	if (!taken)
		return false;
	this_cpu_add(*credit, taken - units);
	return true;
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_rate_refill);

/**
 * vnicx_rate_refill_port() - pay for a frame of a port for which this CPU has
 *	too little
 * @port: the port
 * @kind: the rate
 * @units: the frame's, at most VNICX_RATE_UNITS_MAX
 *
 * The clock is the monotonic one: it does not go back from one CPU to the next.
 *
 * Context: RCU read side, bottom halves disabled.
 * Return: whether it is paid, or the port has no such rate; if not, the frame is
 * over the rate
 */
bool vnicx_rate_refill_port(struct vnicx_port *port, enum vnicx_rate_kind kind,
			    u32 units)
{
	const struct vnicx_policy *policy = rcu_dereference(port->policy);

	if (unlikely(!policy || !policy->rate[kind].chunk))
		return true;
	return vnicx_rate_refill(&policy->rate[kind], &port->bucket[kind],
				 &port->stats->credit[kind], units,
				 ktime_get_ns());
}

/**
 * vnicx_rate_checks() - tell which checks the rates of a policy ask for
 * @policy: the policy
 *
 * Return: VNICX_CHECK_*
 */
u8 vnicx_rate_checks(const struct vnicx_policy *policy)
{
	return (policy->rate[VNICX_RATE_STORM].chunk ? VNICX_CHECK_TX : 0) |
	       (policy->rate[VNICX_RATE_TX].chunk ? VNICX_CHECK_TX_RATE : 0) |
	       (policy->rate[VNICX_RATE_RX].chunk ? VNICX_CHECK_RX_RATE : 0);
}

static bool vnicx_rate_equals(const struct vnicx_rate *a,
			      const struct vnicx_rate *b)
{
	return a->chunk == b->chunk && a->chunk_ns == b->chunk_ns &&
	       a->burst_ns == b->burst_ns;
}

/**
 * vnicx_rates_set() - begin anew with those rates that change
 * @port: the port
 * @old: its policy, or NULL
 * @policy: its new policy, not yet in use, or NULL
 *
 * Buckets of rates that do not change keep their debts.
 *
 * Context: RTNL.
 */
void vnicx_rates_set(struct vnicx_port *port, const struct vnicx_policy *old,
		     const struct vnicx_policy *policy)
{
	unsigned int i;

	for (i = 0; policy && i < VNICX_NR_RATES; i++) {
		if (!old || !vnicx_rate_equals(&old->rate[i], &policy->rate[i]))
			vnicx_rate_start(&port->bucket[i], ktime_get_ns());
	}
}
