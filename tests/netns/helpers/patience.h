/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Waiting for what may not come.
 */
#ifndef _PATIENCE_H
#define _PATIENCE_H

#include <poll.h>

/* The pieces of a time */
#define PIECES	5

/* As poll(), but in pieces. A busy host may let the whole guest stand still until the time
 * is over: then one piece is over, and in the others the guest's threads, which have what
 * is waited for, come to run.
 */
static inline int poll_patiently(struct pollfd *fds, nfds_t n, int ms)
{
	int i, ready = 0;

	for (i = 0; i < PIECES && !ready; i++)
		ready = poll(fds, n, ms / PIECES);
	return ready;
}

#endif /* _PATIENCE_H */
