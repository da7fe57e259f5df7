// SPDX-License-Identifier: GPL-2.0
/*
 * Prints the clock, in nanoseconds.
 *
 *	now begin|end	where a measurement does that
 */
#include <string.h>
#include <stdio.h>
#include <time.h>

#include "mark.h"

int main(int argc, char **argv)
{
	struct timespec t;

	if (argc > 1 && !strcmp(argv[1], "end"))
		mark_end();
	clock_gettime(CLOCK_MONOTONIC, &t);
	printf("%lld\n", t.tv_sec * 1000000000LL + t.tv_nsec);
	if (argc > 1 && !strcmp(argv[1], "begin"))
		mark_begin();
	return 0;
}
