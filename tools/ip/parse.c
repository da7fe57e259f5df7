// SPDX-License-Identifier: GPL-2.0
/*
 * How the words after an option are read.
 */
#include <ctype.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "options.h"
#include "words.h"

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

static __u32 *value_of(const struct option *option, struct options *opts)
{
	return option->shared ? &opts->switch_values[option->attr] :
				&opts->values[option->attr];
}

int parse_word(const struct option *option, struct options *opts)
{
	return choose(option, opts, option->words, option->nr_words,
		      value_of(option, opts));
}

int parse_number(const struct option *option, struct options *opts)
{
	__u32 most = option->len == sizeof(__u8) ? UINT8_MAX : UINT32_MAX;
	char *word = peek(opts), *end;
	unsigned long long value;

	if (word && option->most && !strcmp(word, option->most)) {
		advance(opts);
		*value_of(option, opts) = most;
		return 0;
	}
	/* A word stands for the greatest number. */
	if (option->most)
		most--;
	if (word && isdigit((unsigned char)*word)) {
		errno = 0;
		value = strtoull(word, &end, 0);
		if (!*end && !errno && value <= most) {
			advance(opts);
			*value_of(option, opts) = value;
			return 0;
		}
	}

	fprintf(stderr,
		"Error: argument of \"%s\" must be a number of %s, 0 to %u, ",
		option->name, option->unit, most);
	if (option->most)
		fprintf(stderr, "or \"%s\", ", option->most);
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
int parse_flag_name(const struct option *option, struct options *opts)
{
	char *word = peek(opts);
	bool on = true;

	if (word && (!strcmp(word, "on") || !strcmp(word, "off"))) {
		on = !strcmp(word, "on");
		advance(opts);
	}
	return set_flags(opts, option->flag, on);
}

/* macvlan's other way to say it */
int parse_flag(const struct option *option, struct options *opts)
{
	static const char *const words[] = { "nopromisc", "nodst", "null" };
	__u32 i;

	if (choose(option, opts, words, ARRAY_SIZE(words), &i))
		return -1;
	if (i == VNICX_NR_FLAGS)
		return set_flags(opts, VNICX_FLAGS, false);
	return set_flags(opts, 1U << i, true);
}

/* libvirt has the word, too. An option that has a word of its own has that one's value,
 * wherever it is.
 */
int parse_clean_traffic(const struct option *option, struct options *opts)
{
	static const struct {
		int attr;
		__u32 value;
	} clean[] = {
		{ IFLA_VNICX_TRUST, VNICX_OFF },
		{ IFLA_VNICX_SPOOFCHK, VNICX_ON },
		{ IFLA_VNICX_RESTRICTED, 1 },
		{ IFLA_VNICX_RAGUARD, 1 },
		{ IFLA_VNICX_DHCPGUARD, 1 },
		{ IFLA_VNICX_IPGUARD, VNICX_IPGUARD_DHCP },
	};
	size_t i;

	(void)option;
	for (i = 0; i < ARRAY_SIZE(clean); i++) {
		if (opts->given >> clean[i].attr & 1)
			continue;
		opts->values[clean[i].attr] = clean[i].value;
		opts->preset |= 1ULL << clean[i].attr;
	}
	return 0;
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
static int parse_sources(struct options *opts, const char *op)
{
	unsigned char mac[ETH_ALEN];
	char *word;

	opts->sources = opts->argv;
	while ((word = peek(opts)) && !find_option(word)) {
		if (parse_mac(word, mac)) {
			fprintf(stderr,
				"Error: \"%s\" after \"macaddr %s\" is neither a MAC address, like 02:00:00:00:00:01, nor an option.\n",
				word, op);
			return -1;
		}
		advance(opts);
		opts->nr_sources++;
	}
	return 0;
}

int parse_macaddr(const struct option *option, struct options *opts)
{
	const char *word;
	__u32 op;

	if (parse_word(option, opts))
		return -1;
	op = option_value(option, opts);
	word = option->words[op];
	if (op == VNICX_LIST_FLUSH)
		return 0;
	if (parse_sources(opts, word))
		return -1;
	if (op != VNICX_LIST_SET && !opts->nr_sources) {
		fprintf(stderr,
			"Error: \"macaddr %s\" needs a MAC address, or several.\n",
			word);
		return -1;
	}
	return 0;
}
