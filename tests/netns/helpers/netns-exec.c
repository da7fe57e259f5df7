// SPDX-License-Identifier: GPL-2.0
/*
 * Does what "ip netns exec" does: a command in a network namespace, with the sysfs of
 * that one. It is static, and so starts in a fraction of the time: tests call it at every
 * turn.
 *
 *	netns-exec NAMESPACE COMMAND...
 */
#define _GNU_SOURCE
#include <err.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <sys/mount.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	char path[128];
	int fd;

	if (argc < 3)
		errx(2, "usage: netns-exec NAMESPACE COMMAND...");
	snprintf(path, sizeof(path), "/run/netns/%s", argv[1]);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		err(1, "%s", path);
	if (setns(fd, CLONE_NEWNET))
		err(1, "setns: %s", path);
	if (unshare(CLONE_NEWNS) || mount("", "/", "none", MS_SLAVE | MS_REC, NULL))
		err(1, "no mounts of its own");
	if (umount2("/sys", MNT_DETACH) || mount(argv[1], "/sys", "sysfs", 0, NULL))
		err(1, "/sys");
	execvp(argv[2], argv + 2);
	err(127, "exec of \"%s\" failed", argv[2]);
}
