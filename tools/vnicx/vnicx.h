/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The commands of the program.
 */
#ifndef _VNICX_TOOL_VNICX_H
#define _VNICX_TOOL_VNICX_H

#include <stdbool.h>

/**
 * struct options - of a command
 * @json: print JSON
 * @lower: name of a lower device, or NULL for all
 * @count: how often top prints, 0 for without end
 * @interval: seconds between two times
 */
struct options {
	bool json;
	const char *lower;
	long count;
	double interval;
};

int show(const struct options *opts);
int stats(const struct options *opts);
int top(const struct options *opts);

#endif /* _VNICX_TOOL_VNICX_H */
