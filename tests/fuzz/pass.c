// SPDX-License-Identifier: GPL-2.0
/*
 * The first pass: each verb of a role, while all other roles wait, in a small world
 * with one of everything, until the kernel accepts it. It is the same for all seeds, so
 * a verb that the kernel always refuses fails every run, and chance fails none.
 */
#include "furnish.h"
#include "setup.h"

#define SEED	0x76696e7863ULL

/* Most verbs need one or two tries, the rarest some hundred (TCP that is accepted: one
 * that listens, another that reaches it). From time to time the world is made anew.
 */
#define TRIES	3000
#define ANEW	60

/* A verb that needs another one first (a queue that is open) has a try after it, sooner
 * or later: between two tries, there is something else.
 */
static void something_else(unsigned int i, unsigned long n)
{
	const struct verb *verb;

	chance_begin(SEED, role_now, n);
	verb = one_in(4) ? verb_pick(role_now, false) : verb_pick_near(role_now, i);
	if (verb && is_there(verb->needs) && !strstr(verb->name, "-allocation"))
		carry_out(verb);
}

static bool is_accepted(const struct verb *verb, unsigned int i)
{
	unsigned int try;

	for (try = 0; try < TRIES && !shared->stop; try++) {
		unsigned long n = 2 * (i * TRIES + try);

		if (!(try % ANEW))
			furnish(try);
		shared->role[role_now].op = n;
		chance_begin(SEED, role_now, n);
		if (!carry_out(verb))
			return true;
		something_else(i, n + 1);
	}
	return false;
}

void first_pass(void)
{
	unsigned int i;

	for (i = 0; i < nr_verbs; i++)
		if (verb_is_for(i, role_now) && is_there(verbs[i]->needs))
			shared->role[role_now].refused[i] = !is_accepted(verbs[i], i);
}
