// SPDX-License-Identifier: GPL-2.0
/*
 * The options of type vnicx. The meaning of a word is checked here; whether a vNIC
 * may have it is for the kernel to say.
 */
#include <ctype.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "options.h"
#include "words.h"

/**
 * struct option - an option
 * @name: the word for it
 * @attr: the attribute it is for
 * @again: another for the same attribute may follow: it touches a part of it
 * @parse: reads the words after it; returns -1 when it said what is wrong
 */
struct option {
	const char *name;
	int attr;
	bool again;
	int (*parse)(const struct option *option, struct options *opts);
};

static const struct option *find_option(const char *word);

static char *peek(const struct options *opts)
{
	return opts->argc > 0 ? *opts->argv : NULL;
}

static void advance(struct options *opts)
{
	opts->argc--;
	opts->argv++;
}

static int find(const char *word, const char *const names[], int count)
{
	int i;

	for (i = 0; i < count; i++)
		if (!strcmp(word, names[i]))
			return i;
	return -1;
}

/* Reads a word that is one of @names, and sets @value to its place there. */
static int choose(const struct option *option, struct options *opts,
		  const char *const names[], int count, __u32 *value)
{
	char *word = peek(opts);
	int i;

	i = word ? find(word, names, count) : -1;
	if (i >= 0) {
		advance(opts);
		*value = i;
		return 0;
	}

	fprintf(stderr, "Error: argument of \"%s\" must be ", option->name);
	for (i = 0; i < count; i++)
		fprintf(stderr, "%s\"%s\"",
			!i ? "" : i < count - 1 ? ", " : " or ", names[i]);
	if (word)
		fprintf(stderr, ", not \"%s\".\n", word);
	else
		fprintf(stderr, ", and is missing.\n");
	return -1;
}

static int parse_mode(const struct option *option, struct options *opts)
{
	return choose(option, opts, vnicx_modes, ARRAY_SIZE(vnicx_modes),
		      &opts->mode);
}

static int parse_host(const struct option *option, struct options *opts)
{
	return choose(option, opts, vnicx_hosts, VNICX_HOST_SHOWN_ONLY,
		      &opts->host);
}

static int parse_flood(const struct option *option, struct options *opts)
{
	return choose(option, opts, vnicx_switches, ARRAY_SIZE(vnicx_switches),
		      &opts->flood);
}

static int parse_bc_queue_len(const struct option *option, struct options *opts)
{
	char *word = peek(opts), *end;
	unsigned long long value;

	if (word && isdigit((unsigned char)*word)) {
		errno = 0;
		value = strtoull(word, &end, 0);
		if (!*end && !errno && value <= UINT32_MAX) {
			advance(opts);
			opts->bc_queue_len = value;
			return 0;
		}
	}

	fprintf(stderr,
		"Error: argument of \"%s\" must be a number of frames, 0 to %u, ",
		option->name, UINT32_MAX);
	if (word)
		fprintf(stderr, "not \"%s\".\n", word);
	else
		fprintf(stderr, "and is missing.\n");
	return -1;
}

static int set_flags(struct options *opts, __u32 flags, bool on)
{
	__u32 twice = opts->flags.selector & flags;

	if (twice) {
		fprintf(stderr, "Error: flag \"%s\" is given twice.\n",
			vnicx_flags[__builtin_ctz(twice)]);
		return -1;
	}
	opts->flags.selector |= flags;
	if (on)
		opts->flags.value |= flags;
	return 0;
}

/* A flag by its name, as macvlan has it, and a way to clear it. */
static int parse_flag_name(const struct option *option, struct options *opts)
{
	int flag = find(option->name, vnicx_flags, VNICX_NR_FLAGS);
	char *word = peek(opts);
	bool on = true;

	if (word && (!strcmp(word, "on") || !strcmp(word, "off"))) {
		on = !strcmp(word, "on");
		advance(opts);
	}
	return set_flags(opts, 1U << flag, on);
}

/* macvlan's other way to say it */
static int parse_flag(const struct option *option, struct options *opts)
{
	static const char *const words[] = { "nopromisc", "nodst", "null" };
	__u32 i;

	if (choose(option, opts, words, ARRAY_SIZE(words), &i))
		return -1;
	if (i == VNICX_NR_FLAGS)
		return set_flags(opts, VNICX_FLAGS, false);
	return set_flags(opts, 1U << i, true);
}

int parse_mac(const char *word, unsigned char mac[ETH_ALEN])
{
	char *end;
	int i;

	for (i = 0; i < ETH_ALEN; i++) {
		/* strtoul() would take blanks and signs. */
		if (!isxdigit((unsigned char)*word))
			return -1;
		mac[i] = strtoul(word, &end, 16);
		if (end - word > 2 || *end != (i < ETH_ALEN - 1 ? ':' : '\0'))
			return -1;
		word = end + 1;
	}
	return 0;
}

/* All words up to the next option are addresses. */
static int parse_sources(struct options *opts)
{
	unsigned char mac[ETH_ALEN];
	char *word;

	opts->sources = opts->argv;
	while ((word = peek(opts)) && !find_option(word)) {
		if (parse_mac(word, mac)) {
			fprintf(stderr,
				"Error: \"%s\" after \"macaddr %s\" is neither a MAC address, like 02:00:00:00:00:01, nor an option.\n",
				word, vnicx_source_ops[opts->source_op]);
			return -1;
		}
		advance(opts);
		opts->nr_sources++;
	}
	return 0;
}

static int parse_macaddr(const struct option *option, struct options *opts)
{
	if (choose(option, opts, vnicx_source_ops,
		   ARRAY_SIZE(vnicx_source_ops), &opts->source_op))
		return -1;
	if (opts->source_op == VNICX_SOURCE_FLUSH)
		return 0;
	if (parse_sources(opts))
		return -1;
	if (opts->source_op != VNICX_SOURCE_SET && !opts->nr_sources) {
		fprintf(stderr,
			"Error: \"macaddr %s\" needs a MAC address, or several.\n",
			vnicx_source_ops[opts->source_op]);
		return -1;
	}
	return 0;
}

static const struct option options[] = {
	{ "mode", IFLA_VNICX_MODE, false, parse_mode },
	{ "flag", IFLA_VNICX_FLAGS, true, parse_flag },
	{ "nopromisc", IFLA_VNICX_FLAGS, true, parse_flag_name },
	{ "nodst", IFLA_VNICX_FLAGS, true, parse_flag_name },
	{ "macaddr", IFLA_VNICX_SOURCE_OP, false, parse_macaddr },
	{ "host", IFLA_VNICX_HOST, false, parse_host },
	{ "bcqueuelen", IFLA_VNICX_BC_QUEUE_LEN, false, parse_bc_queue_len },
	{ "flood", IFLA_VNICX_FLOOD, false, parse_flood },
};

static const struct option *find_option(const char *word)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(options); i++)
		if (!strcmp(word, options[i].name))
			return &options[i];
	return NULL;
}

int options_parse(struct options *opts)
{
	const struct option *option;
	char *word;

	while ((word = peek(opts))) {
		if (!strcmp(word, "help")) {
			options_usage(opts->kind, stderr);
			return -1;
		}
		option = find_option(word);
		if (!option) {
			fprintf(stderr,
				"Error: \"%s\" is not an option of type %s. Try \"ip link help %s\".\n",
				word, opts->kind, opts->kind);
			return -1;
		}
		if (options_given(opts, option->attr) && !option->again) {
			fprintf(stderr, "Error: \"%s\" is given twice.\n", word);
			return -1;
		}
		advance(opts);
		if (option->parse(option, opts))
			return -1;
		opts->given |= 1U << option->attr;
	}
	return 0;
}

void options_usage(const char *kind, FILE *f)
{
	fprintf(f,
		"Usage: ... %s [ mode { bridge | vepa | private | passthru | source } ]\n"
		"                 [ nopromisc [ on | off ] ] [ nodst [ on | off ] ]\n"
		"                 [ macaddr { { add | del } MAC... | set [ MAC... ] | flush } ]\n"
		"                 [ host { on | off } ] [ bcqueuelen FRAMES ]\n"
		"                 [ flood { on | off } ]\n"
		"\n"
		"mode        whom the vNIC reaches, and by what way (bridge)\n"
		"nopromisc   passthru: leave the lower device's promiscuity alone\n"
		"nodst       source: what is received by the list, nobody else receives\n"
		"macaddr     source: the list of addresses to receive from\n"
		"host        for all vNICs over the device: its own stack is on the switch (on)\n"
		"bcqueuelen  how many broadcast and multicast frames may wait\n"
		"flood       while promiscuous, receive what vNICs and the host send to unknown addresses (off)\n"
		"\n"
		"See ip-link-vnicx(8).\n",
		kind);
}
