/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Namespaces by the names that ip gives them.
 */
#ifndef _ENTER_H
#define _ENTER_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <err.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <unistd.h>

#define NAMESPACES	"/run/netns/"

/* The process lives in that namespace from here on. */
static inline void enter(const char *namespace)
{
	char path[300];
	int fd;

	snprintf(path, sizeof(path), NAMESPACES "%s", namespace);
	fd = open(path, O_RDONLY);
	if (fd < 0 || setns(fd, CLONE_NEWNET))
		err(1, "%s", path);
	close(fd);
}

#endif /* _ENTER_H */
