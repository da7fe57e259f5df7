// SPDX-License-Identifier: GPL-2.0
/*
 * The plugin by which ip(8) knows the options of "type vnicx" and, under a
 * second name, those of "type vnicxtap", which are the same.
 */
#include <linux/if_vnicx.h>

#include "link_util.h"
#include "options.h"
#include "show.h"

static int put(struct nlmsghdr *n, int type, const void *data, int len)
{
	return addattr_l(n, LINK_REQUEST_MAX, type, data, len);
}

static int put_given(struct nlmsghdr *n, const struct options *opts, int type,
		     const void *data, int len)
{
	return options_given(opts, type) ? put(n, type, data, len) : 0;
}

/* The only option that can be too long for a request, so it comes last. */
static int put_sources(struct nlmsghdr *n, const struct options *opts)
{
	int start = NLMSG_ALIGN(n->nlmsg_len);
	int room = LINK_REQUEST_MAX - start - (int)RTA_LENGTH(0);
	int most = room < 0 ? 0 : room / (int)RTA_SPACE(ETH_ALEN);
	unsigned char mac[ETH_ALEN];
	struct rtattr *nest;
	int i;

	if (opts->nr_sources > most) {
		fprintf(stderr,
			"Error: %d MAC addresses are too many for one command, which takes %d here. Give the others by \"macaddr add\".\n",
			opts->nr_sources, most);
		return -1;
	}

	nest = (struct rtattr *)((char *)n + start);
	if (put(n, IFLA_VNICX_SOURCES | NLA_F_NESTED, NULL, 0))
		return -1;
	for (i = 0; i < opts->nr_sources; i++) {
		parse_mac(opts->sources[i], mac);
		if (put(n, IFLA_VNICX_SOURCE, mac, sizeof(mac)))
			return -1;
	}
	nest->rta_len = NLMSG_ALIGN(n->nlmsg_len) - start;
	return 0;
}

static int put_options(struct nlmsghdr *n, const struct options *opts)
{
	__u8 host = opts->host, flood = opts->flood;
	int err;

	err = put_given(n, opts, IFLA_VNICX_MODE, &opts->mode,
			sizeof(opts->mode)) ?:
	      put_given(n, opts, IFLA_VNICX_FLAGS, &opts->flags,
			sizeof(opts->flags)) ?:
	      put_given(n, opts, IFLA_VNICX_HOST, &host, sizeof(host)) ?:
	      put_given(n, opts, IFLA_VNICX_BC_QUEUE_LEN, &opts->bc_queue_len,
			sizeof(opts->bc_queue_len)) ?:
	      put_given(n, opts, IFLA_VNICX_FLOOD, &flood, sizeof(flood)) ?:
	      put_given(n, opts, IFLA_VNICX_SOURCE_OP, &opts->source_op,
			sizeof(opts->source_op));
	if (!err && opts->sources)
		err = put_sources(n, opts);
	return err;
}

static int parse_opt(struct link_util *lu, int argc, char **argv,
		     struct nlmsghdr *n)
{
	struct options opts = { .kind = lu->id, .argc = argc, .argv = argv };

	return options_parse(&opts) ?: put_options(n, &opts);
}

static void print_opt(struct link_util *lu, FILE *f, struct rtattr *tb[])
{
	(void)lu;
	(void)f; /* ip's functions know where to */
	if (tb)
		show_attributes(tb);
}

static void print_help(struct link_util *lu, int argc, char **argv, FILE *f)
{
	(void)argc;
	(void)argv;
	options_usage(lu->id, f);
}

/* ip looks for them by these names. */
__attribute__((visibility("default")))
struct link_util vnicx_link_util = {
	.id = VNICX_KIND,
	.maxattr = IFLA_VNICX_MAX,
	.parse_opt = parse_opt,
	.print_opt = print_opt,
	.print_help = print_help,
};

__attribute__((visibility("default")))
struct link_util vnicxtap_link_util = {
	.id = VNICX_TAP_KIND,
	.maxattr = IFLA_VNICX_MAX,
	.parse_opt = parse_opt,
	.print_opt = print_opt,
	.print_help = print_help,
};
