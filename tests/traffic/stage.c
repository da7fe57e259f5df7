// SPDX-License-Identifier: GPL-2.0
/*
 * A stage: both ends run at once until all has arrived or nothing more does. In
 * the middle of it, whoever started this program makes an event happen: it is
 * asked by the line "event" and answers with a line when that is over.
 */
#include "traffic.h"

#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>

static void stay_on_processor(int number)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(number % sysconf(_SC_NPROCESSORS_ONLN), &set);
	sched_setaffinity(0, sizeof(set), &set);
}

static bool has_answer(void)
{
	struct pollfd pfd = { .fd = STDIN_FILENO, .events = POLLIN };
	char line[64];

	if (poll(&pfd, 1, 0) <= 0)
		return false;
	if (read(STDIN_FILENO, line, sizeof(line)) <= 0)
		errx(2, "nobody makes the event happen");
	return true;
}

/* Asks for the event when half is sent. */
static void attend_event(bool half, bool *asked)
{
	if (!has_event || shared->resumed)
		return;
	if (!*asked && half) {
		printf("event\n");
		fflush(stdout);
		*asked = true;
	} else if (*asked && has_answer()) {
		learn_mac(0);
		learn_mac(1);
		shared->resumed = true;
	}
}

void run_stage(void (*step)(int end), bool (*is_done)(void),
	       unsigned long (*progress)(void), bool (*is_half)(void),
	       void (*complain)(void))
{
	unsigned long before = 0, now;
	bool asked = false;
	long since;
	pid_t child;

	shared->over = false;
	shared->resumed = false;
	fflush(stdout);
	child = fork();
	if (child < 0)
		err(2, "fork");
	if (!child) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		stay_on_processor(1);
		while (!shared->over)
			step(1);
		/* what is still on its way, should it be too much */
		step(1);
		_exit(0);
	}

	stay_on_processor(0);
	since = now_ms();
	while (!is_done()) {
		step(0);
		look();
		attend_event(is_half(), &asked);
		now = progress() + shared->resumed;
		/* an event may take its time */
		if (now != before || (asked && !shared->resumed)) {
			before = now;
			since = now_ms();
		} else if (now_ms() - since > STALL_MS) {
			fault("no progress for %d s", STALL_MS / 1000);
			complain();
			break;
		}
	}
	since = now_ms();
	while (now_ms() - since < QUIET_MS) {
		step(0);
		look();
	}
	shared->over = true;
	waitpid(child, NULL, 0);
}
