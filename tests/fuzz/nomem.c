// SPDX-License-Identifier: GPL-2.0
/*
 * Other verbs are carried out while allocations fail: the first one that they make,
 * then the second, until none is left to fail; or some by chance. The script that
 * runs this says which allocations can fail.
 */
#include <fcntl.h>

#include "fuzz.h"

/* An operation that allocates more often is left alone then. */
#define NTH_MAX	200

static int open_own(const char *path)
{
	int fd = open(path, O_RDWR | O_CLOEXEC);

	if (fd < 0)
		err(2, "%s", path);
	return fd;
}

static void set(int fd, unsigned int value)
{
	char text[16];
	int len = snprintf(text, sizeof(text), "%u", value);

	if (pwrite(fd, text, len, 0) != len)
		err(2, "fault injection");
}

static bool is_used_up(int fd)
{
	char text[16] = {};

	return pread(fd, text, sizeof(text) - 1, 0) > 0 && !atoi(text);
}

/* Not one of these in the other */
static const struct verb *pick_other(void)
{
	const struct verb *verb = verb_pick(role_now, false);

	return verb && strstr(verb->name, "-allocation") ? NULL : verb;
}

/* The same operation again and again: what it chose by chance it chooses again. */
static int each(const struct verb *verb)
{
	uint64_t seed = (uint64_t)chance() << 32 | chance();
	int fd = open_own("/proc/thread-self/fail-nth"), result = IDLE;
	const struct verb *other;
	unsigned int nth;

	(void)verb;
	chance_begin(seed, 0, 0);
	other = pick_other();
	for (nth = 1; other && nth <= NTH_MAX; nth++) {
		chance_begin(seed, 0, 1);
		set(fd, nth);
		result = carry_out(other);
		if (!is_used_up(fd))
			break;
	}
	set(fd, 0);
	close(fd);
	return result;
}

/* Later ones fail, too, in whatever the kernel does in this process. */
static int some(const struct verb *verb)
{
	int fd = open_own("/proc/thread-self/make-it-fail"), result = IDLE;
	const struct verb *other;
	unsigned int n;

	(void)verb;
	set(fd, 1);
	for (n = 4 + below(8); n; n--) {
		other = pick_other();
		if (other)
			result = carry_out(other);
	}
	set(fd, 0);
	close(fd);
	return result;
}

const struct verb nomem_verbs[] = {
	{ "each-allocation", each, 500, NOMEM, false, NULL, NULL },
	{ "some-allocations", some, 200, NOMEM, false, NULL, NULL },
	{ }
};
