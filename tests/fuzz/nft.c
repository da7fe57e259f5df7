// SPDX-License-Identifier: GPL-2.0
/*
 * Rules of nftables at the hooks of one device, by the program nft: what is received
 * and what is sent is dropped, changed, or sent elsewhere.
 */
#include <fcntl.h>
#include <stdarg.h>
#include <sys/wait.h>

#include "nft.h"
#include "world.h"

int nft(unsigned int ns, const char *format, ...)
{
	char text[512];
	int status, null;
	va_list args;
	pid_t pid;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	world_enter(ns);
	pid = fork();
	if (pid < 0)
		return errno;
	if (!pid) {
		null = open("/dev/null", O_RDWR);
		dup2(null, 0);
		dup2(null, 1);
		dup2(null, 2);
		execlp("nft", "nft", text, NULL);
		_exit(127);
	}
	while (waitpid(pid, &status, 0) != pid)
		;
	return status ? EINVAL : 0;
}

static const char *const statements[] = {
	"counter", "accept", "meta length > 600 drop", "ether type arp drop",
	"meta mark set 7", "meta priority set 1:1", "meta pkttype set broadcast",
	"ether saddr set 02:00:00:00:fa:05", "ether daddr set 02:00:00:00:fa:06",
	"ether daddr set ff:ff:ff:ff:ff:ff", "ip ttl set 9", "udp dport set 9",
	"tcp option maxseg size set 100", "vlan id set 5", "vlan id 5 drop",
};

static int add_rule(const struct verb *verb)
{
	const char *hook = one_in(2) ? "ingress" : "egress";
	struct device d;

	(void)verb;
	if (!(one_in(3) ? find_in(&d, NS_HOST, NAME_ADAPTER) : pick_device(&d)))
		return IDLE;
	return nft(d.ns, "add table netdev fuzz; "
		   "add chain netdev fuzz %s_%s { type filter hook %s device %s priority %u; }; "
		   "add rule netdev fuzz %s_%s %s",
		   d.name, hook, hook, d.name, below(3), d.name, hook,
		   PICK(statements));
}

/* To another device, or to that one as well. A frame can come back to the rule, so
 * there is a limit to how many.
 */
static int add_redirect(const struct verb *verb)
{
	const char *hook = one_in(2) ? "ingress" : "egress";
	struct device d, to;
	unsigned int tries = 6;

	(void)verb;
	if (!(one_in(3) ? find_in(&d, NS_HOST, NAME_ADAPTER) : pick_device(&d)))
		return IDLE;
	while (!find_in(&to, d.ns, one_in(4) ? NAME_ADAPTER : below(NR_NAMES)))
		if (!tries--)
			return IDLE;
	return nft(d.ns, "add table netdev fuzz; "
		   "add chain netdev fuzz %s_%s { type filter hook %s device %s priority 0; }; "
		   "add rule netdev fuzz %s_%s limit rate 100/second %s to %s",
		   d.name, hook, hook, d.name, d.name, hook,
		   one_in(2) ? "fwd" : "dup", to.name);
}

static int delete_rules(const struct verb *verb)
{
	(void)verb;
	return nft(pick_ns(), "delete table netdev fuzz");
}

/* How tables do without memory is their business. */
#define CONTROL	(ADMIN | TENANT)

const struct verb nft_verbs[] = {
	{ "nft-rule", add_rule, 8, CONTROL, false, NULL, "nft" },
	{ "nft-redirect", add_redirect, 6, CONTROL, false, NULL, "nft-redirect" },
	{ "nft-delete", delete_rules, 3, CONTROL, false, NULL, "nft" },
	{ }
};
