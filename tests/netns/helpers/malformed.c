// SPDX-License-Identifier: GPL-2.0
/*
 * Asks for a vNIC called "bad" in a way that ip does not know.
 *
 *	malformed LOWER CASE
 *
 * Prints the kernel's answer. Exit status 0 when it made the vNIC.
 */
#include <net/if.h>
#include <stdint.h>
#include <stdlib.h>

#include "rtnl.h"

enum part {
	NAME,
	LINK,
	ADDRESS,
	MTU,
	KIND,
	DATA,
	EXTRA,
};

/* What replaces, or adds to, a sound request: a number of bytes of one part */
static const struct bad_case {
	const char *name;
	enum part part;
	size_t len;
	const char *bytes;
} cases[] = {
	{ "nothing", EXTRA, 0, "" },
	{ "empty-data", DATA, 0, "" },
	{ "unknown-attribute", DATA, 8, "\x08\0\x40\0\0\0\0\0" },
	{ "large-attribute-type", DATA, 8, "\x08\0\xff\x3f\0\0\0\0" },
	{ "attribute-zero", DATA, 8, "\x08\0\0\0\0\0\0\0" },
	{ "truncated-attribute", DATA, 8, "\x40\0\x01\0\0\0\0\0" },
	{ "attribute-without-header", DATA, 3, "\x08\0\x01" },
	{ "attribute-shorter-than-header", DATA, 4, "\x02\0\x01\0" },
	{ "mode-of-five", DATA, 8, "\x08\0\1\0\5\0\0\0" },
	{ "mode-of-two-bytes", DATA, 8, "\6\0\1\0\1\0\0\0" },
	{ "flag-unknown", DATA, 12, "\x0c\0\2\0\4\0\0\0\4\0\0\0" },
	{ "flag-not-selected", DATA, 12, "\x0c\0\2\0\2\0\0\0\1\0\0\0" },
	{ "source-op-of-four", DATA, 8, "\x08\0\3\0\4\0\0\0" },
	{ "source-of-five-bytes", DATA, 24,
	  "\x08\0\1\0\4\0\0\0" "\x10\0\4\x80\x09\0\1\0\2\0\0\0\1\0\0\0" },
	{ "source-of-another-kind", DATA, 24,
	  "\x08\0\1\0\4\0\0\0" "\x10\0\4\x80\x0a\0\2\0\2\0\0\0\0\1\0\0" },
	{ "host-of-two", DATA, 8, "\5\0\5\0\2\0\0\0" },
	{ "host-of-four-bytes", DATA, 8, "\x08\0\5\0\1\0\0\0" },
	{ "queue-length-in-use", DATA, 8, "\x08\0\7\0\1\0\0\0" },
	{ "link-of-two-bytes", LINK, 2, "\x02\0" },
	{ "link-of-no-bytes", LINK, 0, "" },
	{ "link-zero", LINK, 4, "\0\0\0\0" },
	{ "link-negative", LINK, 4, "\xff\xff\xff\xff" },
	{ "address-of-no-bytes", ADDRESS, 0, "" },
	{ "address-of-five-bytes", ADDRESS, 5, "\x02\0\0\0\1" },
	{ "address-of-seven-bytes", ADDRESS, 7, "\x02\0\0\0\0\0\1" },
	{ "address-of-infiniband", ADDRESS, 20, "\x02\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1" },
	{ "address-too-long-for-any", ADDRESS, 33,
	  "\x02\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1" },
	{ "mtu-of-two-bytes", MTU, 2, "\xdc\x05" },
	{ "kind-too-long", KIND, 66,
	  "vnicx-and-so-on-and-so-on-and-so-on-and-so-on-and-so-on-and-so-on" },
	{ "kind-without-end", KIND, 5, "vnicx" },
	{ "name-too-long", NAME, 17, "a-name-too-long-" },
	{ "name-with-slash", NAME, 4, "a/b" },
	{ "name-with-colon", NAME, 4, "a:b" },
	{ "name-of-dots", NAME, 3, ".." },
	{ "name-with-two-numbers", NAME, 6, "a%d%d" },
	{ "name-with-string", NAME, 4, "a%s" },
};

static const struct bad_case *bad;

static void put_part(struct request *req, enum part part, int type,
		     const void *sound, size_t len)
{
	if (bad->part == part)
		put(req, type, bad->bytes, bad->len);
	else if (sound)
		put(req, type, sound, len);
}

static void build(struct request *req, uint32_t lower)
{
	struct rtattr *info;

	request_init(req, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL);
	put_part(req, NAME, IFLA_IFNAME, "bad", 4);
	put_part(req, LINK, IFLA_LINK, &lower, sizeof(lower));
	put_part(req, ADDRESS, IFLA_ADDRESS, NULL, 0);
	put_part(req, MTU, IFLA_MTU, NULL, 0);
	info = nest(req, IFLA_LINKINFO);
	put_part(req, KIND, IFLA_INFO_KIND, "vnicx", 6);
	put_part(req, DATA, IFLA_INFO_DATA, NULL, 0);
	nest_end(req, info);
}

int main(int argc, char **argv)
{
	char message[256];
	struct request req;
	uint32_t lower;
	size_t i;
	int fd, error;

	if (argc != 3)
		errx(2, "usage: malformed LOWER CASE");
	lower = if_nametoindex(argv[1]);
	if (!lower)
		err(2, "%s", argv[1]);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (!strcmp(cases[i].name, argv[2]))
			bad = &cases[i];
	if (!bad)
		errx(2, "no such case: %s", argv[2]);

	fd = rtnl_open();
	build(&req, lower);
	rtnl_send(fd, &req);
	error = rtnl_answer(fd, message, sizeof(message));
	printf("%s: %s\n", error ? strerror(error) : "made", message);
	return !!error;
}
