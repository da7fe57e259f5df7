// SPDX-License-Identifier: GPL-2.0
/*
 * The plugin by which ip(8) knows the options of "type vnicx" and, under a
 * second name, those of "type vnicxtap", which are the same.
 */
#include <arpa/inet.h>
#include <string.h>
#include <linux/if_vnicx.h>

#include "link_util.h"
#include "options.h"
#include "show.h"

static int put(struct nlmsghdr *n, int type, const void *data, int len)
{
	return addattr_l(n, LINK_REQUEST_MAX, type, data, len);
}

static struct rtattr *nest_begin(struct nlmsghdr *n, int type)
{
	int start = NLMSG_ALIGN(n->nlmsg_len);

	if (put(n, type | NLA_F_NESTED, NULL, 0))
		return NULL;
	return (struct rtattr *)((char *)n + start);
}

static void nest_end(struct nlmsghdr *n, struct rtattr *nest)
{
	nest->rta_len = (char *)n + NLMSG_ALIGN(n->nlmsg_len) - (char *)nest;
}

/* The numbers of a vNIC, or those of its switch */
static int put_numbers(struct nlmsghdr *n, const struct options *opts,
		       bool shared)
{
	const struct option *option;
	__u32 value;
	__u8 byte;

	for_each_option(option) {
		if (option->shared != shared || !option->len ||
		    !(option_given(option, opts) ||
		      (!shared && opts->preset >> option->attr & 1)))
			continue;
		value = option_value(option, opts);
		byte = value;
		if (put(n, option->attr,
			option->len == sizeof(byte) ? (void *)&byte : &value,
			option->len))
			return -1;
	}
	return 0;
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

	nest = nest_begin(n, IFLA_VNICX_SOURCES);
	if (!nest)
		return -1;
	for (i = 0; i < opts->nr_sources; i++) {
		parse_mac(opts->sources[i], mac);
		if (put(n, IFLA_VNICX_SOURCE, mac, sizeof(mac)))
			return -1;
	}
	nest_end(n, nest);
	return 0;
}

static int put_switch(struct nlmsghdr *n, const struct options *opts)
{
	struct rtattr *nest = nest_begin(n, IFLA_VNICX_SWITCH);

	if (!nest || put_numbers(n, opts, true))
		return -1;
	nest_end(n, nest);
	return 0;
}

static int put_vlan(struct nlmsghdr *n, const struct vlan_words *vlan)
{
	struct rtattr *nest = nest_begin(n, IFLA_VNICX_VLAN);
	__u16 proto = htons(vlan->proto);

	if (!nest ||
	    put(n, IFLA_VNICX_VLAN_KIND, &vlan->kind, sizeof(vlan->kind)) ||
	    (vlan->vid &&
	     put(n, IFLA_VNICX_VLAN_VID, &vlan->vid, sizeof(vlan->vid))) ||
	    (vlan->proto &&
	     put(n, IFLA_VNICX_VLAN_PROTO, &proto, sizeof(proto))) ||
	    (vlan->has_qos &&
	     put(n, IFLA_VNICX_VLAN_QOS, &vlan->qos, sizeof(vlan->qos))) ||
	    (vlan->native && put(n, IFLA_VNICX_VLAN_NATIVE, &vlan->native,
				 sizeof(vlan->native))) ||
	    (vlan->nr_ranges &&
	     put(n, IFLA_VNICX_VLAN_RANGES, vlan->ranges,
		 vlan->nr_ranges * sizeof(vlan->ranges[0]))))
		return -1;
	nest_end(n, nest);
	return 0;
}

static int put_options(struct nlmsghdr *n, const struct options *opts)
{
	if (put_numbers(n, opts, false))
		return -1;
	if (opts->flags.selector &&
	    put(n, IFLA_VNICX_FLAGS, &opts->flags, sizeof(opts->flags)))
		return -1;
	if (opts->vlan.given && put_vlan(n, &opts->vlan))
		return -1;
	if (opts->mirror &&
	    put(n, IFLA_VNICX_MIRROR, opts->mirror, strlen(opts->mirror) + 1))
		return -1;
	if (opts->switch_given && put_switch(n, opts))
		return -1;
	if (opts->sources && put_sources(n, opts))
		return -1;
	return opts->nr_allowed ? put_allowed(n, opts) : 0;
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
