/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The options of type vnicx, and what the words after "type vnicx" ask for.
 */
#ifndef _VNICX_OPTIONS_H
#define _VNICX_OPTIONS_H

#include <stdbool.h>
#include <stdio.h>
#include <linux/if_ether.h>
#include <linux/if_vnicx.h>
#include <linux/netlink.h>

#include "allowed.h"
/* Ranges of VLANs that fit into a request beside the other options */
#define VLAN_RANGES_MAX	128

/**
 * struct vlan_words - the words about VLANs
 * @given: the option that they belong to, NULL without any
 * @has_qos: @qos was given
 * @kind: enum vnicx_vlan_kind
 * @qos: for IFLA_VNICX_VLAN_QOS
 * @vid: for IFLA_VNICX_VLAN_VID, 0 if it was not given
 * @native: for IFLA_VNICX_VLAN_NATIVE, 0 if it was not given
 * @proto: for IFLA_VNICX_VLAN_PROTO in the host's byte order, 0 if it was not
 *	given
 * @nr_ranges: number of entries in @ranges
 * @ranges: for IFLA_VNICX_VLAN_RANGES
 */
struct vlan_words {
	const char *given;
	bool has_qos;
	__u8 kind;
	__u8 qos;
	__u16 vid;
	__u16 native;
	__u16 proto;
	int nr_ranges;
	struct vnicx_vlan_range ranges[VLAN_RANGES_MAX];
};

/**
 * struct options - the words, and what they ask for
 * @kind: the type that they belong to
 * @argc: how many words are left
 * @argv: the words that are left
 * @given: IFLA_VNICX_* given, one bit each
 * @preset: IFLA_VNICX_* that a word for several options gives, one bit each, unless
 *	they are in @given
 * @switch_given: IFLA_VNICX_SWITCH_* given, one bit each
 * @values: the numbers for IFLA_VNICX_*
 * @switch_values: the numbers for IFLA_VNICX_SWITCH_*
 * @flags: for IFLA_VNICX_FLAGS
 * @vlan: for IFLA_VNICX_VLAN
 * @mirror: the mirror's device, "" for none; NULL when it is not given
 * @sources: the first of the words that are addresses, which parse_mac() takes
 * @nr_sources: how many there are
 * @allowed: the IP prefixes
 * @nr_allowed: how many there are
 */
struct options {
	const char *kind;
	int argc;
	char **argv;
	__u64 given;
	__u64 preset;
	__u64 switch_given;
	__u32 values[IFLA_VNICX_MAX + 1];
	__u32 switch_values[IFLA_VNICX_SWITCH_MAX + 1];
	struct nla_bitfield32 flags;
	struct vlan_words vlan;
	const char *mirror;
	char **sources;
	int nr_sources;
	struct allowed allowed[ALLOWED_MAX];
	int nr_allowed;
};

/**
 * struct option - an option
 * @name: the word for it, by which it is given and shown
 * @args: the words after it, as the usage has them; NULL when the usage does not
 *	tell of the option
 * @help: what the usage says of it
 * @show: shows a value other than 0, which is not shown; NULL for a plain number
 *	or word
 * @parse: reads the words after it; returns -1 when it said what is wrong; NULL
 *	for one that is shown only
 * @attr: its attribute: IFLA_VNICX_SWITCH_* if it is shared, else IFLA_VNICX_*
 * @shared: all vNICs of a switch share it; its attribute is in the nest
 * @again: another for the same attribute may follow: it touches a part of it
 * @len: bytes of the attribute if it is a number, 1 or 4
 * @flag: the flag of IFLA_VNICX_FLAGS that it is
 * @words: the words for the numbers from 0 on
 * @nr_words: how many of them can be given
 * @nr_shown: how many there are
 * @unit: of a number without words
 * @most: the word for the greatest number, or NULL
 */
struct option {
	const char *name;
	const char *args;
	const char *help;
	int (*parse)(const struct option *option, struct options *opts);
	void (*show)(const char *key, __u32 value);
	int attr;
	bool shared;
	bool again;
	int len;
	__u32 flag;
	const char *const *words;
	int nr_words;
	int nr_shown;
	const char *unit;
	const char *most;
};

/* The table ends with one without a name. */
extern const struct option options[];

#define for_each_option(option) \
	for ((option) = options; (option)->name; (option)++)

/* Returns the option that @word gives, or NULL. */
const struct option *find_option(const char *word);

/* Both return 0, or -1; options_parse() has said what is wrong then. */
int options_parse(struct options *opts);
int parse_mac(const char *word, unsigned char mac[ETH_ALEN]);

void options_usage(const char *kind, FILE *f);

/* For the table: how the words after an option are read */
int parse_word(const struct option *option, struct options *opts);
int parse_number(const struct option *option, struct options *opts);
int parse_flag_name(const struct option *option, struct options *opts);
int parse_flag(const struct option *option, struct options *opts);
int parse_macaddr(const struct option *option, struct options *opts);
int parse_clean_traffic(const struct option *option, struct options *opts);

/* attach.c: mirrors and programs */
int parse_mirror(const struct option *option, struct options *opts);
int parse_bpf(const struct option *option, struct options *opts);
void show_mirror(const char *name, __u32 vid, __u32 way);
void show_bpf(const char *key, __u32 id);
void show_nothing(const char *key, __u32 value);

/* rate.c: rates, sizes and classes; the word "off" is 0 */
int parse_rate(const struct option *option, struct options *opts);
int parse_size(const struct option *option, struct options *opts);
int parse_storm(const struct option *option, struct options *opts);
int parse_class(const struct option *option, struct options *opts);
void show_rate(const char *key, __u32 value);
void show_plain(const char *key, __u32 value);
void show_class(const char *key, __u32 value);

static inline bool option_given(const struct option *option,
				const struct options *opts)
{
	return (option->shared ? opts->switch_given : opts->given) >>
	       option->attr & 1;
}

static inline __u32 option_value(const struct option *option,
				 const struct options *opts)
{
	return option->shared ? opts->switch_values[option->attr] :
				opts->values[option->attr];
}

#endif /* _VNICX_OPTIONS_H */
