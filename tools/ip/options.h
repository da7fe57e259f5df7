/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The options that the words after "type vnicx" ask for.
 */
#ifndef _VNICX_OPTIONS_H
#define _VNICX_OPTIONS_H

#include <stdbool.h>
#include <stdio.h>
#include <linux/if_ether.h>
#include <linux/netlink.h>

/**
 * struct options - the words, and what they ask for
 * @kind: the type that they belong to
 * @argc: how many words are left
 * @argv: the words that are left
 * @given: IFLA_VNICX_* given, one bit each
 * @mode: for IFLA_VNICX_MODE
 * @flags: for IFLA_VNICX_FLAGS
 * @source_op: for IFLA_VNICX_SOURCE_OP
 * @sources: the first of the words that are addresses, which parse_mac() takes
 * @nr_sources: how many there are
 * @host: for IFLA_VNICX_HOST
 * @bc_queue_len: for IFLA_VNICX_BC_QUEUE_LEN
 * @flood: for IFLA_VNICX_FLOOD
 */
struct options {
	const char *kind;
	int argc;
	char **argv;
	unsigned int given;
	__u32 mode;
	struct nla_bitfield32 flags;
	__u32 source_op;
	char **sources;
	int nr_sources;
	__u32 host;
	__u32 bc_queue_len;
	__u32 flood;
};

/* Both return 0, or -1; options_parse() has said what is wrong then. */
int options_parse(struct options *opts);
int parse_mac(const char *word, unsigned char mac[ETH_ALEN]);

void options_usage(const char *kind, FILE *f);

static inline bool options_given(const struct options *opts, int attr)
{
	return opts->given & 1U << attr;
}

#endif /* _VNICX_OPTIONS_H */
