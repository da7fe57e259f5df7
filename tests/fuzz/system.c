// SPDX-License-Identifier: GPL-2.0
/*
 * Operations of the machine's administrator alone: the kernel's log leaves by a vNIC
 * (netconsole), and a processor goes.
 */
#include <fcntl.h>
#include <sys/stat.h>

#include "furnish.h"
#include "msg.h"
#include "system.h"
#include "world.h"

/* tests/fuzz.sh removes it in the end. */
#define TARGET	"/sys/kernel/config/netconsole/fuzz"

static int put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC), error = 0;

	if (fd < 0)
		return errno;
	if (write(fd, text, strlen(text)) < 0)
		error = errno;
	close(fd);
	return error;
}

static int delete_device(unsigned int number)
{
	struct device d;
	struct msg m;

	if (!find_in(&d, NS_HOST, number))
		return IDLE;
	link_begin(&m, RTM_DELLINK, 0, d.ifindex, 0, 0);
	return msg_talk(&m, d.ns);
}

/* By a vNIC over a dummy, which alone have these names, so that nothing else is above or
 * below them. Over a cable, netpoll is refused; over a tunnel, the kernel warns by itself
 * (dst_cache), because netpoll disables interrupts, and no softirqs.
 */
static int console_on(const struct verb *verb)
{
	struct device d;
	char name[16];

	(void)verb;
	if (one_in(6))
		return delete_device(NAME_LOG + below(2));
	if (!find_in(&d, NS_HOST, NAME_LOG_LOWER))
		make_device(NS_HOST, NAME_LOG_LOWER, "dummy", NONE);
	if (!find_in(&d, NS_HOST, NAME_LOG))
		make_device(NS_HOST, NAME_LOG, "vnicx", NAME_LOG_LOWER);
	if (mkdir(TARGET, 0700) && errno != EEXIST)
		return errno;
	name_of(name, NAME_LOG);
	put(TARGET "/enabled", "0");
	put(TARGET "/dev_name", name);
	put(TARGET "/local_ip", "10.9.0.1");
	put(TARGET "/remote_ip", "10.9.0.2");
	put(TARGET "/remote_mac", one_in(2) ? "02:00:00:00:fa:01" :
					      "ff:ff:ff:ff:ff:ff");
	/* the device is looked for in the namespace of who writes that */
	world_enter(NS_HOST);
	return put(TARGET "/enabled", "1");
}

static int console_off(const struct verb *verb)
{
	(void)verb;
	if (one_in(4))
		return rmdir(TARGET) ? errno : 0;
	return put(TARGET "/enabled", "0");
}

static int say(const struct verb *verb)
{
	(void)verb;
	return put("/dev/kmsg", "<4>fuzz: a line for whom it may concern");
}

static int processor(const struct verb *verb)
{
	return put(PROCESSOR "/online", verb->arg);
}

const struct verb system_verbs[] = {
	{ "netconsole", console_on, 12, ADMIN, false, NULL, "netconsole" },
	{ "no-netconsole", console_off, 4, ADMIN, false, NULL, "netconsole" },
	{ "say", say, 4, ADMIN, false, NULL, NULL },
	{ "processor-off", processor, 1, ADMIN, false, "0", "hotplug" },
	{ "processor-on", processor, 2, ADMIN, false, "1", "hotplug" },
	{ }
};
