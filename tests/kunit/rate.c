// SPDX-License-Identifier: GPL-2.0
/*
 * Rates: their average, their bursts and their debts, by a clock that the test
 * sets.
 */
#include <linux/time64.h>

#include "../../switch/policy/rate.h"
#include "fixture.h"

#define CPUS		2
#define SHORTEST	60
#define LONGEST		(512 << 10)
#define FULL		1514
/* More than passes at once: ends a test that would not end by itself */
#define MANY		(16 << 20)

/**
 * struct rate_test - a rate and the clock
 * @rate: the rate
 * @bucket: its bucket
 * @credit: of each CPU that the test plays
 * @now: the time
 * @random: state of the generator of lengths
 */
struct rate_test {
	struct vnicx_rate rate;
	struct vnicx_bucket bucket;
	s32 __percpu *credit[CPUS];
	u64 now;
	u32 random;
};

struct rate_case {
	const char *desc;
	u64 per_second;
	u32 burst;
	u32 cpus;
};

/* Burst 0 stands for a quarter of a second. */
static const struct rate_case rate_cases[] = {
	{ "8 kbit/s", 1000, 0, CPUS },
	{ "8 kbit/s, 512 CPUs", 1000, 0, 512 },
	{ "1 Mbit/s", 125000, 0, CPUS },
	{ "100 Mbit/s", 12500000, 0, CPUS },
	{ "100 Mbit/s, 8192 CPUs", 12500000, 0, 8192 },
	{ "7.777 Gbit/s", 972125000, 0, CPUS },
	{ "8.001 Gbit/s", 1000125000, 0, CPUS },
	{ "100 Gbit/s, short burst", 12500000000, 20000, CPUS },
	{ "301.3 Gbit/s, 8192 CPUs", 37662500000, 65536, 8192 },
	{ "400 Gbit/s", 50000000000, U32_MAX, CPUS },
	{ "34 Tbit/s", 4294967295ULL * 1000, U32_MAX, 1 },
};

KUNIT_ARRAY_PARAM_DESC(rate, rate_cases, desc);

static int init(struct kunit *test)
{
	struct rate_test *t = kunit_kzalloc(test, sizeof(*t), GFP_KERNEL);
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, t);
	test->priv = t;
	for (i = 0; i < CPUS; i++) {
		t->credit[i] = alloc_percpu(s32);
		KUNIT_ASSERT_NOT_NULL(test, (void __force *)t->credit[i]);
	}
	/* A machine that has been up for some years */
	t->now = 5ULL * 366 * 86400 * NSEC_PER_SEC;
	t->random = 1;
	return 0;
}

static void exit(struct kunit *test)
{
	struct rate_test *t = test->priv;
	unsigned int i;

	if (!t)
		return;
	for (i = 0; i < CPUS; i++)
		free_percpu(t->credit[i]);
}

static u32 quarter(u64 per_second)
{
	return min_t(u64, per_second / 4, U32_MAX);
}

static void set(struct rate_test *t, u64 per_second, u32 burst)
{
	vnicx_rate_init(&t->rate, per_second, burst, CPUS);
	vnicx_rate_start(&t->bucket, t->now);
}

/* As the data path does it, on the CPU that the test plays */
static bool admits(struct rate_test *t, unsigned int cpu, u32 units)
{
	bool ok;

	local_bh_disable();
	migrate_disable();
	ok = vnicx_rate_pays(t->credit[cpu], units) ||
	     vnicx_rate_refill(&t->rate, &t->bucket, t->credit[cpu], units,
			       t->now);
	migrate_enable();
	local_bh_enable();
	return ok;
}

/* Lengths of all magnitudes between the bounds */
static u32 length(struct rate_test *t, u32 most)
{
	t->random = t->random * 1664525 + 1013904223;
	return clamp_t(u32, t->random >> (13 + (t->random >> 4) % 13),
		       SHORTEST, most);
}

static u64 nsec(u64 units, u64 per_second)
{
	return div64_u64(units * NSEC_PER_SEC, per_second);
}

/* Send frames by all CPUs, with attempts that are never further apart than the
 * burst allows, until @total bytes have passed; return them.
 */
static u64 saturate(struct rate_test *t, u64 per_second, u32 most, u64 total)
{
	u64 passed = 0, rest = 0, step;
	unsigned int cpu = 0;
	u32 len;

	while (passed < total) {
		cpu = (cpu + (t->random >> 7)) % CPUS;
		len = length(t, most);
		if (admits(t, cpu, len))
			passed += len;
		/* Time passes by fractions of a nanosecond, too. */
		rest += (u64)len * NSEC_PER_SEC / 4;
		step = div64_u64(rest, per_second);
		rest -= step * per_second;
		t->now += min(step, t->rate.burst_ns / 2);
	}
	return passed;
}

static void expect_average(struct kunit *test, u64 passed, u64 since,
			   u64 per_second, u64 slack)
{
	struct rate_test *t = test->priv;
	u64 earned;

	/* In microseconds, to not overflow */
	earned = div64_u64((t->now - since) / 1000 * per_second, USEC_PER_SEC);
	KUNIT_EXPECT_LE(test, passed, earned + earned / 400 + slack);
	KUNIT_EXPECT_GE(test, passed + slack, earned - earned / 400);
}

/* Lengths from 60 bytes to 512 KiB: the average of a long time is that of the
 * rate, but for the debt of one frame.
 */
static void test_average(struct kunit *test)
{
	const struct rate_case *c = test->param_value;
	struct rate_test *t = test->priv;
	u64 since = t->now, passed;

	vnicx_rate_init(&t->rate, c->per_second,
			c->burst ?: quarter(c->per_second), c->cpus);
	vnicx_rate_start(&t->bucket, t->now);
	passed = saturate(t, c->per_second, LONGEST,
			  c->per_second < 10000000 ? 1 << 28 : 1 << 30);
	expect_average(test, passed, since, c->per_second,
		       2 * LONGEST + CPUS * t->rate.chunk);
}

/* The shortest frames alone, and the longest alone */
static void test_average_of_equal_frames(struct kunit *test)
{
	const u32 lengths[] = { SHORTEST, FULL, 65536, LONGEST };
	struct rate_test *t = test->priv;
	const u64 rate = 12500000;
	u64 since, passed;
	unsigned int i, j;

	for (i = 0; i < ARRAY_SIZE(lengths); i++) {
		set(t, rate, quarter(rate));
		since = t->now;
		passed = 0;
		for (j = 0; j < 40000; j++) {
			if (admits(t, j % CPUS, lengths[i]))
				passed += lengths[i];
			t->now += nsec(lengths[i], rate) / 3;
		}
		expect_average(test, passed, since, rate, LONGEST);
	}
}

static void test_nothing_passes_at_the_start(struct kunit *test)
{
	struct rate_test *t = test->priv;

	set(t, 125000, 100000);
	/* One frame's debt, and nothing else */
	KUNIT_EXPECT_TRUE(test, admits(t, 0, FULL));
	t->now += nsec(FULL, 125000) / 2;
	KUNIT_EXPECT_FALSE(test, admits(t, 1, FULL));
}

/* A super-frame passes at once at a rate at which it takes nine minutes, and
 * no other one before it is earned.
 */
static void test_longest_frame_passes_at_the_lowest_rate(struct kunit *test)
{
	struct rate_test *t = test->priv;
	u64 earned;

	set(t, 1000, 250);
	KUNIT_EXPECT_TRUE(test, admits(t, 0, LONGEST));
	earned = t->now + nsec(LONGEST, 1000);
	t->now = earned - NSEC_PER_SEC;
	KUNIT_EXPECT_FALSE(test, admits(t, 1, SHORTEST));
	t->now = earned + NSEC_PER_SEC;
	KUNIT_EXPECT_TRUE(test, admits(t, 1, LONGEST));
	KUNIT_EXPECT_FALSE(test, admits(t, 0, LONGEST));
}

/* A pause of an hour, or of a century, is worth one burst. */
static void test_pause_accumulates_one_burst(struct kunit *test)
{
	const u64 pauses[] = { 3600, 100ULL * 366 * 86400 };
	struct rate_test *t = test->priv;
	unsigned int i, cpu;
	u32 passed;

	for (i = 0; i < ARRAY_SIZE(pauses); i++) {
		set(t, 12500000, 300000);
		t->now += pauses[i] * NSEC_PER_SEC;
		passed = 0;
		for (cpu = 0; cpu < CPUS; cpu++)
			while (passed < MANY && admits(t, cpu, FULL))
				passed += FULL;
		KUNIT_EXPECT_LE(test, passed, 300000 + 2 * FULL);
		KUNIT_EXPECT_GE(test, passed, 300000 / 2);
	}
}

/* Bursts come with the credit of all CPUs, and after a frame on each. */
static void test_credit_is_part_of_the_burst(struct kunit *test)
{
	struct rate_test *t = test->priv;
	unsigned int cpu;
	u32 passed = 0;

	set(t, 12500000, 300000);
	t->now += NSEC_PER_SEC;
	for (cpu = 0; cpu < CPUS; cpu++)
		KUNIT_ASSERT_TRUE(test, admits(t, cpu, SHORTEST));
	t->now += NSEC_PER_SEC;
	for (cpu = 0; cpu < CPUS; cpu++)
		while (passed < MANY && admits(t, cpu, SHORTEST))
			passed += SHORTEST;
	KUNIT_EXPECT_LE(test, passed, 300000 + t->rate.chunk + SHORTEST);
	KUNIT_EXPECT_GE(test, passed, 300000 - CPUS * t->rate.chunk);
}

/* Each CPU takes the bucket's time once for ten full frames. */
static void test_chunk_is_ten_full_frames(struct kunit *test)
{
	struct rate_test *t = test->priv;
	unsigned int i, taken = 0;
	s64 due;

	set(t, 125000000, quarter(125000000));
	t->now += NSEC_PER_SEC;
	for (i = 0; i < 100; i++) {
		due = atomic64_read(&t->bucket.due);
		KUNIT_ASSERT_TRUE(test, admits(t, i % CPUS, FULL));
		taken += due != atomic64_read(&t->bucket.due);
	}
	KUNIT_EXPECT_LE(test, taken, 10);
}

/* A CPU that has gone offline leaves no more than a chunk behind. */
static void test_cpu_that_leaves_takes_one_chunk_along(struct kunit *test)
{
	struct rate_test *t = test->priv;
	u64 since = t->now, passed = 0;

	set(t, 125000, quarter(125000));
	KUNIT_ASSERT_TRUE(test, admits(t, 1, SHORTEST));
	while (passed < 1 << 20) {
		if (admits(t, 0, FULL))
			passed += FULL;
		t->now += NSEC_PER_MSEC;
	}
	expect_average(test, passed, since, 125000, t->rate.chunk + FULL);
	KUNIT_EXPECT_TRUE(test, admits(t, 1, SHORTEST));
}

/* A new rate begins without the debts of the former one. */
static void test_rate_changes_in_mid_stream(struct kunit *test)
{
	struct rate_test *t = test->priv;
	u64 since, passed;

	set(t, 1000, 250);
	KUNIT_ASSERT_TRUE(test, admits(t, 0, LONGEST));
	set(t, 125000000, quarter(125000000));
	since = t->now;
	passed = saturate(t, 125000000, LONGEST, 1 << 28);
	expect_average(test, passed, since, 125000000, LONGEST);

	set(t, 1250000, quarter(1250000));
	since = t->now;
	passed = saturate(t, 1250000, FULL, 1 << 24);
	expect_average(test, passed, since, 1250000, LONGEST);
}

/* Frames a second, with less than one in a burst */
static void test_frames_per_second(struct kunit *test)
{
	const u32 rates[] = { 1, 7, 1000, 14880952, U32_MAX };
	struct rate_test *t = test->priv;
	u64 per_second, since, passed, step;
	unsigned int i, j;

	for (i = 0; i < ARRAY_SIZE(rates); i++) {
		per_second = (u64)rates[i] * VNICX_RATE_FRAME;
		set(t, per_second, quarter(per_second));
		since = t->now;
		passed = 0;
		step = max(1, NSEC_PER_SEC / 8 / rates[i]);
		for (j = 0; j < 20000; j++) {
			if (admits(t, j % CPUS, VNICX_RATE_FRAME))
				passed += VNICX_RATE_FRAME;
			t->now += step;
		}
		/* No more can be tried than one frame each nanosecond. */
		expect_average(test, passed, since,
			       min(per_second, VNICX_RATE_FRAME * NSEC_PER_SEC),
			       CPUS * t->rate.chunk);
	}
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(test_average, rate_gen_params),
	KUNIT_CASE(test_average_of_equal_frames),
	KUNIT_CASE(test_nothing_passes_at_the_start),
	KUNIT_CASE(test_longest_frame_passes_at_the_lowest_rate),
	KUNIT_CASE(test_pause_accumulates_one_burst),
	KUNIT_CASE(test_credit_is_part_of_the_burst),
	KUNIT_CASE(test_chunk_is_ten_full_frames),
	KUNIT_CASE(test_cpu_that_leaves_takes_one_chunk_along),
	KUNIT_CASE(test_rate_changes_in_mid_stream),
	KUNIT_CASE(test_frames_per_second),
	{}
};

static struct kunit_suite suite = {
	.name = "vnicx_rate",
	.init = init,
	.exit = exit,
	.test_cases = cases,
};

kunit_test_suite(suite);
