/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The queues that tap.c has open, and the words of its arguments. Included by it.
 */
#ifndef _VNICX_TAP_QUEUE_H
#define _VNICX_TAP_QUEUE_H

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/virtio_net.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "vhost.h"

#define HDR sizeof(struct virtio_net_hdr)
#define ROOM 131072

struct queue {
	char name[8];
	int fd;
	unsigned int hdr;
	bool big;
	struct vhost *vhost;
};

static struct queue queues[16];
static unsigned char buf[ROOM];
static size_t sent;
static char **arg;

static const char *next(void)
{
	if (!*arg) {
		fprintf(stderr, "a word is missing\n");
		exit(2);
	}
	return *arg++;
}

static unsigned long number(void)
{
	return strtoul(next(), NULL, 0);
}

static struct queue *find(const char *name)
{
	unsigned int i;

	for (i = 0; i < 16; i++)
		if (!strcmp(queues[i].name, name))
			return &queues[i];
	fprintf(stderr, "no queue %s\n", name);
	exit(2);
}

static struct queue *queue(void)
{
	return find(next());
}

/* Prints a result, or the error's name. */
static void tell(long result)
{
	if (result < 0)
		printf("%s\n", strerrorname_np(errno));
	else
		printf("%ld\n", result);
}

static void keep(const char *name, int fd)
{
	struct queue *q;

	if (fd >= 0) {
		q = find("");
		snprintf(q->name, sizeof(q->name), "%s", name);
		q->fd = fd;
		q->hdr = HDR;
		q->big = false;
		q->vhost = NULL;
	}
	tell(fd < 0 ? -1 : 0);
}

/* By its number, not by its name in /dev, which is for the initial namespace */
static int open_tap(const char *vnic)
{
	char path[PATH_MAX], node[] = "/tmp/tap-XXXXXX";
	unsigned int major, minor;
	struct dirent *entry;
	FILE *file = NULL;
	int fd;
	DIR *dir;

	snprintf(path, sizeof(path), "/sys/class/net/%s", vnic);
	dir = opendir(path);
	while (dir && !file && (entry = readdir(dir))) {
		if (strncmp(entry->d_name, "tap", 3))
			continue;
		snprintf(path, sizeof(path), "/sys/class/net/%s/%s/dev", vnic,
			 entry->d_name);
		file = fopen(path, "r");
	}
	if (dir)
		closedir(dir);
	if (!file || fscanf(file, "%u:%u", &major, &minor) != 2) {
		errno = ENOENT;
		return -1;
	}
	fclose(file);
	close(mkstemp(node));
	unlink(node);
	if (mknod(node, S_IFCHR | 0600, makedev(major, minor)))
		return -1;
	fd = open(node, O_RDWR | O_NONBLOCK | O_CLOEXEC);
	unlink(node);
	return fd;
}

#endif /* _VNICX_TAP_QUEUE_H */
