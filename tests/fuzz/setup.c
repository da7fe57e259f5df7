// SPDX-License-Identifier: GPL-2.0
/*
 * Namespaces for the roles, a wire between two of them, an unprivileged user.
 */
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "furnish.h"
#include "kinds.h"
#include "nft.h"
#include "setup.h"
#include "system.h"
#include "world.h"

#define NOBODY	65534

static int tenant_user = -1, shared_ns[NS_OWN];
static const char *missing[24];
static unsigned int nr_missing;

static void write_file(pid_t pid, const char *name, const char *text)
{
	char path[32];
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, name);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		err(2, "%s", path);
	close(fd);
}

static void open_ns(int *fd, pid_t pid, const char *name)
{
	char path[32];

	snprintf(path, sizeof(path), "/proc/%d/ns/%s", pid, name);
	*fd = open(path, O_RDONLY | O_CLOEXEC);
	if (*fd < 0)
		err(2, "%s", path);
}

/* Become root of user and network namespaces of its own, as any user may on most systems. */
static void become_tenant(void)
{
	if (setgid(NOBODY) || setuid(NOBODY) ||
	    unshare(CLONE_NEWUSER | CLONE_NEWNET))
		err(2, "user namespace");
}

/* The process that makes the tenant's namespaces need not stay: descriptors of
 * them do.
 */
static void make_tenant(void)
{
	int ready[2];
	pid_t pid;
	char byte;

	if (pipe2(ready, O_CLOEXEC))
		err(2, "pipe");
	pid = fork();
	if (!pid) {
		become_tenant();
		if (write(ready[1], "", 1) == 1)
			pause();
		_exit(2);
	}
	close(ready[1]);
	if (read(ready[0], &byte, 1) != 1)
		errx(2, "no user namespace");
	write_file(pid, "setgroups", "deny");
	write_file(pid, "uid_map", "0 65534 1");
	write_file(pid, "gid_map", "0 65534 1");
	open_ns(&tenant_user, pid, "user");
	open_ns(&shared_ns[NS_TENANT], pid, "net");
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static void make_ns(unsigned int last)
{
	unsigned int ns;

	for (ns = NS_HOST; ns <= last; ns++)
		shared_ns[ns] = world_unshare();
}

static void open_shared(void)
{
	unsigned int ns;

	for (ns = NS_HOST; ns < NS_OWN; ns++)
		world_open(ns, shared_ns[ns]);
}

static bool has_nft(void)
{
	return !nft(NS_GUEST, "add table netdev probe; delete table netdev probe");
}

static bool has_redirect(void)
{
	return !nft(NS_GUEST, "add table netdev probe; add chain netdev probe c; "
		    "add rule netdev probe c limit rate 1/second fwd to lo; "
		    "add rule netdev probe c dup to lo; "
		    "delete table netdev probe");
}

static bool has_netconsole(void)
{
	return !access("/sys/kernel/config/netconsole", W_OK);
}

static bool has_hotplug(void)
{
	return !access(PROCESSOR "/online", W_OK);
}

/* Needs of verbs other than a kind of device */
static const struct {
	const char *name;
	bool (*is_there)(void);
} things[] = {
	{ "nft", has_nft },
	{ "nft-redirect", has_redirect },
	{ "netconsole", has_netconsole },
	{ "hotplug", has_hotplug },
};

static void is_missing(const char *name)
{
	if (nr_missing == COUNT(missing))
		errx(2, "too much is missing");
	missing[nr_missing++] = name;
	printf("# this kernel has no %s\n", name);
}

/* This kernel must accept all verbs but those whose needs it lacks. */
static void look_for_needs(void)
{
	const struct verb *verb;
	unsigned int i;

	for (verb = kind_verbs; verb->name; verb++)
		if (verb->needs && !kind_is_there(verb->needs))
			is_missing(verb->needs);
	for (i = 0; i < COUNT(things); i++)
		if (!things[i].is_there())
			is_missing(things[i].name);
}

bool is_there(const char *kind)
{
	unsigned int i;

	for (i = 0; kind && i < nr_missing; i++)
		if (!strcmp(missing[i], kind))
			return false;
	return true;
}

bool has_fault_injection(void)
{
	return !access("/proc/self/fail-nth", W_OK);
}

void setup_world(void)
{
	unsigned int ns;

	make_tenant();
	make_ns(NS_GUEST);
	open_shared();
	look_for_needs();
	for (ns = NS_HOST; ns < NS_OWN; ns++)
		loopback_up(ns);
	make_wire(NS_HOST, NS_LAN);
	for (ns = NS_HOST; ns < NS_OWN; ns++) {
		close(world.rtnl[ns]);
		close(world.ctl[ns]);
	}
}

void setup_role(void)
{
	if (role_now == ROLE_TENANT) {
		/* the other namespaces are not to be had */
		world_open(NS_TENANT, shared_ns[NS_TENANT]);
		close(world.rtnl[NS_TENANT]);
		close(world.ctl[NS_TENANT]);
		world.ns[NS_HOST] = -1;
		world.ns[NS_LAN] = -1;
		world.ns[NS_GUEST] = -1;
		close(shared_ns[NS_HOST]);
		close(shared_ns[NS_LAN]);
		close(shared_ns[NS_GUEST]);
		if (setgid(NOBODY) || setuid(NOBODY) ||
		    setns(tenant_user, CLONE_NEWUSER))
			err(2, "tenant");
		world_open(NS_TENANT, shared_ns[NS_TENANT]);
	} else if (role_now == ROLE_NOMEM) {
		/* The others must not fail for want of memory that this role has taken. */
		make_ns(NS_TENANT);
		open_shared();
		loopback_up(NS_HOST);
		loopback_up(NS_LAN);
		make_wire(NS_HOST, NS_LAN);
	} else {
		open_shared();
	}
	world_open(NS_OWN, world_unshare());
	loopback_up(NS_OWN);
}
