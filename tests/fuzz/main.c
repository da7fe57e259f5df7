// SPDX-License-Identifier: GPL-2.0
/*
 * The roles' processes.
 *
 *	fuzz [-v] [-r ROLE,...] [-o FIRST-LAST,...] [-x VERB,...] SECONDS SEED
 *
 *	-v	each operation is written to the kernel's log before it is begun
 *	-r	only these roles
 *	-o	only the operations with these numbers, then no more: a replay
 *	-x	without these verbs
 *	-l	prints the verbs of all roles and ends
 *
 * Exit status 0 when each role had each of its verbs accepted, in a first pass that is the
 * same for all seeds, and then no operation hung.
 */
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>

#include "setup.h"
#include "world.h"

struct shared *shared;
enum role role_now;

static unsigned int seconds, only_roles = (1 << NR_ROLES) - 1;
static bool verbose;
static uint64_t seed;
static char *only_numbers;
static int kmsg = -1;

time_t clock_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec;
}

static void say_operation(const struct verb *verb, unsigned long n)
{
	char line[80];
	int len;

	/* in one write(): no buffer, of which dprintf() never frees one here */
	len = snprintf(line, sizeof(line), "<4>fuzz: %s%s %lu %s\n",
		       role_names[role_now], shared->end ? "" : " first", n,
		       verb->name);
	if (write(kmsg, line, len) < 0)
		warn("kmsg");
}

int carry_out(const struct verb *verb)
{
	struct counts *counts;
	unsigned int i = 0;
	int result;

	while (verbs[i] != verb)
		i++;
	shared->role[role_now].verb = i;
	shared->role[role_now].busy = true;
	if (verbose)
		say_operation(verb, shared->role[role_now].op);
	result = verb->run(verb);
	shared->role[role_now].busy = false;
	shared->role[role_now].ended++;
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
	if (verb && is_there(verb->needs))
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

/* One role after the other makes its first pass, while no other disturbs it. Then
 * all of them begin at once.
 */
static void take_turn(unsigned int turn)
{
	while (shared->passed < turn && !shared->stop)
		usleep(10000);
	first_pass();
	memset(shared->role[role_now].counts, 0,
	       sizeof(shared->role[role_now].counts));
	if (turn == shared->roles - 1)
		shared->end = clock_now() + seconds;
	shared->passed++;
	while (shared->passed < shared->roles && !shared->stop)
		usleep(10000);
}

static void play(void)
{
	unsigned long n;
	bool last = false;

	for (n = 0; !last && !shared->stop && clock_now() < shared->end; n++)
		if (is_wanted(n, &last))
			operate(n);
}

/* A process that never gives back what it uses starves the next hour's run. */
static void weigh(void)
{
	FILE *statm = fopen("/proc/self/statm", "r");
	unsigned long pages = 0;
	int fd;

	if (statm && fscanf(statm, "%*u %lu", &pages) == 1)
		shared->role[role_now].memory = pages * getpagesize() / 1024;
	for (fd = 0; fd < 4096; fd++)
		shared->role[role_now].descriptors += fcntl(fd, F_GETFD) >= 0;
}

static pid_t begin_role(enum role role, unsigned int turn)
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
	take_turn(turn);
	play();
	weigh();
	/* see tap_close() */
	sleep(2);
	_exit(0);
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
	unsigned int turn = 0;
	int role, failed;

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

	shared->roles = __builtin_popcount(only_roles);
	for (role = 0; role < NR_ROLES; role++)
		if (only_roles & 1 << role)
			pids[role] = begin_role(role, turn++);
	failed = watch(pids);
	return failed | report(only_roles, only_numbers);
}
