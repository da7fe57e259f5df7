// SPDX-License-Identifier: GPL-2.0
/*
 * The roles' processes, the watchdog and the report.
 *
 *	fuzz [-v] [-r ROLE,...] [-o FIRST-LAST,...] [-x VERB,...] SECONDS SEED
 *
 *	-v	each operation is written to the kernel's log before it is begun
 *	-r	only these roles
 *	-o	only the operations with these numbers, then no more: a replay
 *	-x	without these verbs
 *	-l	prints the verbs of all roles and ends
 *
 * Exit status 0 when no operation hung and each verb was accepted once, by one role or
 * another.
 */
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "setup.h"
#include "world.h"

/* An operation that takes longer hangs: longer than a guest of a busy machine
 * needs to delete a namespace full of devices.
 */
#define HANG	60

/* Seconds that are added while a verb has not been accepted */
#define MORE	180

struct shared *shared;
enum role role_now;

static unsigned int seconds, only_roles = (1 << NR_ROLES) - 1;
static bool verbose;
static uint64_t seed;
static char *only_numbers;
static int kmsg = -1;

static time_t now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec;
}

static void say_operation(const struct verb *verb, unsigned long n)
{
	dprintf(kmsg, "<4>fuzz: %s %lu %s\n", role_names[role_now], n,
		verb->name);
}

int carry_out(const struct verb *verb)
{
	struct counts *counts;
	unsigned int i = 0;
	int result;

	while (verbs[i] != verb)
		i++;
	shared->role[role_now].verb = i;
	shared->role[role_now].since = now();
	if (verbose)
		say_operation(verb, shared->role[role_now].op);
	result = verb->run(verb);
	shared->role[role_now].since = 0;
	counts = &shared->role[role_now].counts[i];
	if (result != IDLE)
		counts->ran++;
	if (!result)
		counts->accepted++;
	return result;
}

static void operate(unsigned long n)
{
	const struct verb *verb;

	shared->role[role_now].op = n;
	chance_begin(seed, role_now, n);
	verb = verb_pick(role_now, false);
	if (verb)
		carry_out(verb);
}

/* Whether the operation is among those of -o; sets @last when none is behind it. */
static bool is_wanted(unsigned long n, bool *last)
{
	char *at = only_numbers;
	bool wanted = false;

	if (!at)
		return true;
	*last = true;
	while (*at) {
		unsigned long from = strtoul(at, &at, 10), to = from;

		if (*at == '-')
			to = strtoul(at + 1, &at, 10);
		wanted |= n >= from && n <= to;
		*last &= n >= to;
		at += *at == ',';
	}
	return wanted;
}

/* Whether a verb of the chosen roles has not been accepted by any of them */
static bool never_accepted(unsigned int i)
{
	bool wanted = false;
	int role;

	for (role = 0; role < NR_ROLES; role++) {
		if (shared->role[role].counts[i].accepted)
			return false;
		wanted |= only_roles & 1 << role && verb_is_for(i, role);
	}
	return wanted && is_there(verbs[i]->needs);
}

static bool all_accepted(void)
{
	unsigned int i;

	for (i = 0; i < nr_verbs; i++)
		if (never_accepted(i))
			return false;
	return true;
}

/* On a busy machine it takes longer until everything has had its turn. */
static bool is_over(time_t end)
{
	return now() >= end && (now() >= end + MORE || all_accepted());
}

static void play(time_t end)
{
	unsigned long n;
	bool last = false;

	for (n = 0; !last && !is_over(end); n++)
		if (is_wanted(n, &last))
			operate(n);
	shared->role[role_now].done = true;
}

static pid_t begin_role(enum role role, time_t end)
{
	char name[16];
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	snprintf(name, sizeof(name), "fuzz-%s", role_names[role]);
	prctl(PR_SET_NAME, name);
	role_now = role;
	signal(SIGPIPE, SIG_IGN);
	setup_role();
	play(end);
	/* see tap_close() */
	sleep(2);
	_exit(0);
}

/* What the kernel knows of a process that hangs, for the log and the report */
static void interrogate(pid_t pid, enum role role)
{
	char path[32], line[128];
	int sysrq = open("/proc/sysrq-trigger", O_WRONLY);
	FILE *stack;

	printf("# %s hangs in operation %lu, %s\n", role_names[role],
	       shared->role[role].op, verbs[shared->role[role].verb]->name);
	snprintf(path, sizeof(path), "/proc/%d/stack", pid);
	stack = fopen(path, "r");
	while (stack && fgets(line, sizeof(line), stack))
		printf("#   %s", line);
	if (write(sysrq, "w", 1) < 0)
		warn("sysrq");
}

static bool hangs(enum role role)
{
	time_t since = shared->role[role].since;

	return since && now() - since > HANG;
}

static int wait_for(const pid_t *pids, time_t end)
{
	int failed = 0, status, role;

	for (role = 0; role < NR_ROLES; role++) {
		while (pids[role] && !waitpid(pids[role], &status, WNOHANG)) {
			usleep(200000);
			if (hangs(role) || now() > end + MORE + 2 * HANG) {
				interrogate(pids[role], role);
				kill(pids[role], SIGKILL);
				/* who hangs in the kernel cannot be waited for */
				status = -1;
				break;
			}
		}
		if (pids[role] && status) {
			printf("# %s ended with status %#x in operation %lu, %s\n",
			       role_names[role], status, shared->role[role].op,
			       verbs[shared->role[role].verb]->name);
			failed = 1;
		}
	}
	return failed;
}

/* A role that is refused nearly everything tests little. */
static int report_role(enum role role)
{
	unsigned long ran = 0, accepted = 0;
	unsigned int i;

	for (i = 0; i < nr_verbs; i++) {
		const struct counts *c = &shared->role[role].counts[i];

		if (!verb_is_for(i, role) || !is_there(verbs[i]->needs))
			continue;
		printf("# %s %s: %lu accepted of %lu\n", role_names[role],
		       verbs[i]->name, c->accepted, c->ran);
		ran += c->ran;
		accepted += c->accepted;
	}
	printf("# %s: %lu operations, %lu accepted\n", role_names[role], ran,
	       accepted);
	if (only_numbers || accepted > ran / 8)
		return 0;
	printf("# %s: too few were accepted\n", role_names[role]);
	return 1;
}

static int report_never(void)
{
	int failed = 0;
	unsigned int i;

	for (i = 0; i < nr_verbs && !only_numbers; i++) {
		if (!never_accepted(i))
			continue;
		printf("# %s was never accepted\n", verbs[i]->name);
		failed = 1;
	}
	return failed;
}

static void each_word(char *words, void (*function)(const char *))
{
	char *word;

	for (word = strtok(words, ","); word; word = strtok(NULL, ","))
		function(word);
}

static void add_role(const char *name)
{
	unsigned int role;

	for (role = 0; role < NR_ROLES; role++) {
		if (!strcmp(role_names[role], name)) {
			only_roles |= 1 << role;
			return;
		}
	}
	errx(2, "no such role: %s", name);
}

static void list_verbs(const char *unused)
{
	unsigned int i, role;

	(void)unused;
	for (role = 0; role < NR_ROLES; role++)
		for (i = 0; i < nr_verbs; i++)
			if (verb_is_for(i, role))
				printf("%s %s\n", role_names[role], verbs[i]->name);
	exit(0);
}

static void parse(int argc, char **argv)
{
	int option;

	while ((option = getopt(argc, argv, "vlr:o:x:")) != -1) {
		switch (option) {
		case 'v':
			verbose = true;
			break;
		case 'l':
			list_verbs(NULL);
			break;
		case 'r':
			only_roles = 0;
			each_word(optarg, add_role);
			break;
		case 'o':
			only_numbers = optarg;
			break;
		case 'x':
			each_word(optarg, verbs_exclude);
			break;
		default:
			optind = argc;
		}
	}
	if (argc - optind != 2)
		errx(2, "usage: fuzz [-vl] [-r ROLES] [-o NUMBERS] [-x VERBS] SECONDS SEED");
	seconds = strtoul(argv[optind], NULL, 0);
	seed = strtoull(argv[optind + 1], NULL, 0);
}

int main(int argc, char **argv)
{
	pid_t pids[NR_ROLES] = {};
	int role, failed;
	time_t end;

	verbs_collect();
	parse(argc, argv);
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED)
		err(2, "mmap");
	kmsg = open("/dev/kmsg", O_WRONLY | O_CLOEXEC);
	setup_world();
	if (!has_fault_injection())
		only_roles &= ~NOMEM;

	end = now() + seconds;
	for (role = 0; role < NR_ROLES; role++)
		if (only_roles & 1 << role)
			pids[role] = begin_role(role, end);
	failed = wait_for(pids, end);
	for (role = 0; role < NR_ROLES; role++)
		if (only_roles & 1 << role)
			failed |= report_role(role);
	return failed | report_never();
}
