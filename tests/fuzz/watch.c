// SPDX-License-Identifier: GPL-2.0
/*
 * Waits for the roles, notices one that hangs, and says what they did.
 */
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>

#include "setup.h"

/* The watchdog looks that often, in microseconds */
#define TICK	200000

/* An operation hangs when the others have ended so many since it began, which takes
 * them minutes: a clock that is as slow as the machine. Or when all roles stand still for
 * so many looks, two minutes, of which a machine that is too busy takes fewer.
 */
#define MANY	200000
#define STILL	600

/* A role that uses more at its end than it needs leaks: kB, descriptors */
#define MEMORY_MAX	(32 << 10)
#define DESCRIPTORS_MAX	300

struct look {
	unsigned long ended;	/* of its own operations */
	unsigned long others;	/* of all, when that changed last */
};

static unsigned long all_ended(void)
{
	unsigned long sum = 0;
	int role;

	for (role = 0; role < NR_ROLES; role++)
		sum += shared->role[role].ended;
	return sum;
}

static bool hangs(enum role role, unsigned int still)
{
	static struct look looks[NR_ROLES];
	unsigned long ended = shared->role[role].ended, all = all_ended();
	struct look *look = &looks[role];

	if (!shared->role[role].busy || ended != look->ended) {
		look->ended = ended;
		look->others = all;
		return false;
	}
	return still > STILL || all - look->others > MANY;
}

static void say_where(enum role role, const char *what)
{
	printf("# %s %s operation %lu%s, %s\n", role_names[role], what,
	       shared->role[role].op, shared->end ? "" : " of the first pass",
	       verbs[shared->role[role].verb]->name);
}

/* Print what the kernel knows of a process that hangs, to the log and the report. */
static void interrogate(pid_t pid, enum role role)
{
	char path[32], line[128];
	int sysrq = open("/proc/sysrq-trigger", O_WRONLY);
	FILE *stack;

	say_where(role, "hangs in");
	snprintf(path, sizeof(path), "/proc/%d/stack", pid);
	stack = fopen(path, "r");
	while (stack && fgets(line, sizeof(line), stack))
		printf("#   %s", line);
	if (write(sysrq, "w", 1) < 0)
		warn("sysrq");
}

/* Returns whether this role has failed; sets *pid to 0 when it need not be waited
 * for any longer: who hangs in the kernel cannot be.
 */
static bool look_at(enum role role, pid_t *pid, unsigned int still)
{
	int status;

	if (waitpid(*pid, &status, WNOHANG)) {
		*pid = 0;
		if (!status)
			return false;
		printf("# ended with status %#x: ", status);
		say_where(role, "in");
		return true;
	}
	if (!hangs(role, still))
		return false;
	interrogate(*pid, role);
	kill(*pid, SIGKILL);
	*pid = 0;
	return true;
}

int watch(pid_t *pids)
{
	unsigned int still = 0, left, role;
	unsigned long before = 0;

	do {
		usleep(TICK);
		still = all_ended() == before ? still + 1 : 0;
		before = all_ended();
		left = 0;
		for (role = 0; role < NR_ROLES; role++) {
			if (pids[role] && look_at(role, &pids[role], still))
				shared->stop = true;
			left += !!pids[role];
		}
	} while (left);
	return shared->stop;
}

/* A verb that is always refused tests nothing. */
static int report_refused(enum role role)
{
	unsigned int i;
	int failed = 0;

	for (i = 0; i < nr_verbs; i++) {
		if (!shared->role[role].refused[i])
			continue;
		printf("# %s: %s was never accepted in the first pass\n",
		       role_names[role], verbs[i]->name);
		failed = 1;
	}
	return failed;
}

static int report_role(enum role role)
{
	unsigned long memory = shared->role[role].memory, ran = 0, accepted = 0;
	unsigned int descriptors = shared->role[role].descriptors, i;

	for (i = 0; i < nr_verbs; i++) {
		const struct counts *c = &shared->role[role].counts[i];

		if (!verb_is_for(i, role) || !is_there(verbs[i]->needs))
			continue;
		printf("# %s %s: %lu accepted of %lu\n", role_names[role],
		       verbs[i]->name, c->accepted, c->ran);
		ran += c->ran;
		accepted += c->accepted;
	}
	printf("# %s: %lu operations, %lu accepted; %lu kB, %u descriptors at the end\n",
	       role_names[role], ran, accepted, memory, descriptors);
	if (memory <= MEMORY_MAX && descriptors <= DESCRIPTORS_MAX)
		return 0;
	printf("# %s leaks\n", role_names[role]);
	return 1;
}

int report(unsigned int roles, bool replay)
{
	int failed = 0, role;

	for (role = 0; role < NR_ROLES; role++) {
		if (!(roles & 1 << role))
			continue;
		failed |= report_role(role);
		if (!replay)
			failed |= report_refused(role);
	}
	return failed;
}
