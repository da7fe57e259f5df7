// SPDX-License-Identifier: GPL-2.0
/*
 * The check of insmod parameters: bad ones leave a line each in
 * the kernel's log.
 */
#include <kunit/test.h>

#include "../../vnic/params.h"

struct params_case {
	const char *desc;
	struct vnicx_params p;
	int err;
};

#define ONE_LOWER	.lower = { "eth0" }, .nr_lower = 1
#define TWO_LOWER	.lower = { "eth0", "eth1" }, .nr_lower = 2
#define LOWER(_name)	.lower = { _name }, .nr_lower = 1
#define COUNT(_count)	.count = { _count }, .nr_count = 1
#define PATTERN		.name = "vnic%d"
#define MANY		VNICX_PARAMS_COUNT_MAX

static const struct params_case cases_of_check[] = {
	/* lower= */
	{ "nothing asked for", { PATTERN }, 0 },
	{ "one lower device", { ONE_LOWER, PATTERN }, 0 },
	{ "two lower devices", { TWO_LOWER, PATTERN }, 0 },
	{ "longest name of a lower device",
	  { LOWER("abcdefghijklmno"), PATTERN }, 0 },
	{ "too long a name of a lower device",
	  { LOWER("abcdefghijklmnop"), PATTERN }, -EINVAL },
	{ "lower device without a name", { LOWER(""), PATTERN }, -EINVAL },
	{ "lower device with a slash", { LOWER("a/b"), PATTERN }, -EINVAL },
	{ "lower device with a colon", { LOWER("eth0:1"), PATTERN }, -EINVAL },
	{ "lower device with a space", { LOWER("eth 0"), PATTERN }, -EINVAL },
	{ "lower device called .", { LOWER("."), PATTERN }, -EINVAL },
	{ "lower device called ..", { LOWER(".."), PATTERN }, -EINVAL },
	{ "second lower device without a name",
	  { .lower = { "eth0", "" }, .nr_lower = 2, PATTERN }, -EINVAL },
	{ "lower device given twice",
	  { .lower = { "eth0", "eth0" }, .nr_lower = 2, PATTERN }, -EINVAL },
	{ "first and third lower device equal",
	  { .lower = { "eth0", "eth1", "eth0" }, .nr_lower = 3, PATTERN },
	  -EINVAL },
	/* mode= */
	{ "mode vepa", { ONE_LOWER, PATTERN, .mode = "vepa" }, 0 },
	{ "mode source", { ONE_LOWER, PATTERN, .mode = "source" }, 0 },
	{ "no such mode", { ONE_LOWER, PATTERN, .mode = "route" }, -EINVAL },
	{ "half a mode", { ONE_LOWER, PATTERN, .mode = "bri" }, -EINVAL },
	{ "empty mode", { ONE_LOWER, PATTERN, .mode = "" }, -EINVAL },
	/* count= */
	{ "count without lower", { COUNT(4), PATTERN }, -EINVAL },
	{ "count of one", { ONE_LOWER, COUNT(1), PATTERN }, 0 },
	{ "greatest count", { ONE_LOWER, COUNT(MANY), PATTERN }, 0 },
	{ "count for all", { TWO_LOWER, COUNT(4), PATTERN }, 0 },
	{ "count for each",
	  { TWO_LOWER, .count = { 4, 5 }, .nr_count = 2, PATTERN }, 0 },
	{ "count of zero", { ONE_LOWER, COUNT(0), PATTERN }, -ERANGE },
	{ "negative count", { ONE_LOWER, COUNT(-1), PATTERN }, -ERANGE },
	{ "too great a count", { ONE_LOWER, COUNT(MANY + 1), PATTERN }, -ERANGE },
	{ "second count of zero",
	  { TWO_LOWER, .count = { 4, 0 }, .nr_count = 2, PATTERN }, -ERANGE },
	{ "more counts than lower devices",
	  { ONE_LOWER, .count = { 4, 5 }, .nr_count = 2, PATTERN }, -EINVAL },
	{ "fewer counts than lower devices",
	  { .lower = { "a", "b", "c" }, .nr_lower = 3,
	    .count = { 4, 5 }, .nr_count = 2, PATTERN }, -EINVAL },
	/* name= */
	{ "pattern that begins with %d", { ONE_LOWER, .name = "%dv" }, 0 },
	{ "pattern for many",
	  { TWO_LOWER, COUNT(4), .name = "v%d-x" }, 0 },
	{ "fixed name for one vNIC", { ONE_LOWER, .name = "guest" }, 0 },
	{ "fixed name, count of one",
	  { ONE_LOWER, COUNT(1), .name = "guest" }, 0 },
	{ "fixed name for two vNICs",
	  { ONE_LOWER, COUNT(2), .name = "guest" }, -EINVAL },
	{ "fixed name for two lower devices",
	  { TWO_LOWER, .name = "guest" }, -EINVAL },
	{ "empty name", { ONE_LOWER, .name = "" }, -EINVAL },
	{ "empty name, no lower device", { .name = "" }, -EINVAL },
	{ "name with a slash", { ONE_LOWER, .name = "v/%d" }, -EINVAL },
	{ "name with a space", { ONE_LOWER, .name = "v %d" }, -EINVAL },
	{ "longest name", { ONE_LOWER, .name = "abcdefghijklmno" }, 0 },
	{ "too long a name", { ONE_LOWER, .name = "abcdefghijklmnop" }, -EINVAL },
	{ "pattern with %s", { ONE_LOWER, .name = "v%s" }, -EINVAL },
	{ "pattern with %x", { ONE_LOWER, .name = "v%x" }, -EINVAL },
	{ "pattern with a width", { ONE_LOWER, .name = "v%2d" }, -EINVAL },
	{ "pattern with %%d", { ONE_LOWER, .name = "v%%d" }, -EINVAL },
	{ "pattern with two %d", { ONE_LOWER, .name = "v%d%d" }, -EINVAL },
	{ "pattern with %d and %s", { ONE_LOWER, .name = "v%d%s" }, -EINVAL },
	{ "pattern that ends in %", { ONE_LOWER, .name = "v%" }, -EINVAL },
	{ "pattern with %d that ends in %", { ONE_LOWER, .name = "v%d%" }, -EINVAL },
};

KUNIT_ARRAY_PARAM_DESC(check, cases_of_check, desc);

static void test_check(struct kunit *test)
{
	const struct params_case *c = test->param_value;
	struct vnicx_params p = c->p;

	if (!p.mode)
		p.mode = "bridge";
	KUNIT_EXPECT_EQ(test, vnicx_params_check(&p), c->err);
}

static void test_most_lower_devices(struct kunit *test)
{
	struct vnicx_params *p = kunit_kzalloc(test, sizeof(*p), GFP_KERNEL);
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, p);
	p->name = "vnic%d";
	for (i = 0; i < VNICX_PARAMS_LOWER_MAX; i++) {
		p->lower[i] = kunit_kzalloc(test, IFNAMSIZ, GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, p->lower[i]);
		snprintf(p->lower[i], IFNAMSIZ, "eth%u", i);
		p->count[i] = i + 1;
	}
	p->nr_lower = i;
	p->nr_count = i;
	p->mode = "bridge";
	KUNIT_EXPECT_EQ(test, vnicx_params_check(p), 0);
	KUNIT_EXPECT_EQ(test, vnicx_params_count(p, i - 1), i);
}

static void test_count_default(struct kunit *test)
{
	static const struct vnicx_params p = { TWO_LOWER, PATTERN };

	KUNIT_EXPECT_EQ(test, vnicx_params_count(&p, 0), 1);
	KUNIT_EXPECT_EQ(test, vnicx_params_count(&p, 1), 1);
}

static void test_count_for_all(struct kunit *test)
{
	static const struct vnicx_params p = { TWO_LOWER, COUNT(4), PATTERN };

	KUNIT_EXPECT_EQ(test, vnicx_params_count(&p, 0), 4);
	KUNIT_EXPECT_EQ(test, vnicx_params_count(&p, 1), 4);
}

static void test_count_for_each(struct kunit *test)
{
	static const struct vnicx_params p = {
		TWO_LOWER, .count = { 4, 5 }, .nr_count = 2, PATTERN
	};

	KUNIT_EXPECT_EQ(test, vnicx_params_count(&p, 0), 4);
	KUNIT_EXPECT_EQ(test, vnicx_params_count(&p, 1), 5);
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(test_check, check_gen_params),
	KUNIT_CASE(test_most_lower_devices),
	KUNIT_CASE(test_count_default),
	KUNIT_CASE(test_count_for_all),
	KUNIT_CASE(test_count_for_each),
	{}
};

static struct kunit_suite suite = {
	.name = "vnicx_params",
	.test_cases = cases,
};

kunit_test_suite(suite);
