// SPDX-License-Identifier: GPL-2.0
/*
 * vnicx: shows switches and their ports, and explains what they do with frames, by the generic netlink family vnicx.
 */
#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vnicx.h"

static const struct {
	const char *name;
	int (*run)(const struct options *opts);
} commands[] = {
	{ "show", show },
	{ "stats", stats },
	{ "top", top },
	{ "explain", explain },
};

static void usage(FILE *out)
{
	fprintf(out, "usage: vnicx show [-j] [LOWER-DEVICE]\n"
		     "       vnicx stats [-j] [LOWER-DEVICE]\n"
		     "       vnicx top [-j] [-i SECONDS] [-n COUNT] [LOWER-DEVICE]\n"
		     "       vnicx explain [-j] VNIC|ADDRESS MAC [vlan VID] [src MAC]\n"
		     "                     [link LOWER-DEVICE]\n"
		     "\n"
		     "  show     switches and their ports; the default\n"
		     "  stats    counters of each port\n"
		     "  top      rates, the busiest port first\n"
		     "  explain  what the switch would do with a frame, and why\n"
		     "\n"
		     "  -j, --json              print JSON\n"
		     "  -i, --interval=SECONDS  from 0.1 to 3600 (1)\n"
		     "  -n, --count=COUNT       print that often (without end)\n");
}

static int refuse(const char *what, const char *word)
{
	fprintf(stderr, "vnicx: %s \"%s\" (vnicx --help).\n", what, word);
	return 2;
}

static bool parse_mac(unsigned char *mac, const char *text)
{
	int i;

	if (!text || strlen(text) != MAC_LEN * 3 - 1)
		return false;
	for (i = 0; i < MAC_LEN; i++, text += 3) {
		if (!isxdigit(text[0]) || !isxdigit(text[1]) ||
		    (i < MAC_LEN - 1 && text[2] != ':'))
			return false;
		mac[i] = strtoul((char []){ text[0], text[1], 0 }, NULL, 16);
	}
	return true;
}

static bool parse_vid(unsigned short *vid, const char *text)
{
	char *end = "";
	unsigned long value;

	if (!text || !isdigit(*text))
		return false;
	value = strtoul(text, &end, 10);
	*vid = value;
	return !*end && value >= 1 && value <= 4094;
}

/* The words that tell of a frame: argv ends with NULL */
static int parse_frame(struct options *opts, char *argv[])
{
	if (!argv[0] || !argv[1])
		return refuse("explain wants VNIC MAC after", "explain");
	opts->port = *argv++;
	opts->has_address = parse_mac(opts->address, opts->port);
	if (!parse_mac(opts->dest, *argv))
		return refuse("invalid address", *argv);
	for (argv++; *argv; argv += 2) {
		if (!strcmp(*argv, "vlan")) {
			if (!parse_vid(&opts->vid, argv[1]))
				return refuse("invalid VLAN", argv[1] ?: "");
		} else if (!strcmp(*argv, "src")) {
			if (!parse_mac(opts->source, argv[1]))
				return refuse("invalid address", argv[1] ?: "");
			opts->has_source = true;
		} else if (!strcmp(*argv, "link")) {
			if (!argv[1])
				return refuse("no device after", *argv);
			opts->lower = argv[1];
		} else {
			return refuse("unexpected argument", *argv);
		}
	}
	return 0;
}

static int parse(struct options *opts, int argc, char *argv[],
		 int (*run)(const struct options *opts))
{
	static const struct option longs[] = {
		{ "json", no_argument, NULL, 'j' },
		{ "interval", required_argument, NULL, 'i' },
		{ "count", required_argument, NULL, 'n' },
		{}
	};
	bool is_top = run == top;
	char *end = "";
	int c;

	opts->interval = 1;
	while ((c = getopt_long(argc, argv, is_top ? "ji:n:" : "j", longs, NULL)) >= 0) {
		errno = 0;
		if (c == 'j')
			opts->json = true;
		else if (c == 'i' && is_top)
			opts->interval = strtod(optarg, &end);
		else if (c == 'n' && is_top)
			opts->count = strtol(optarg, &end, 10);
		else
			return 2;
		if (c != 'j' && (*end || end == optarg || errno || opts->count < 0 ||
				 (c == 'n' && !opts->count) ||
				 !(opts->interval >= 0.1 && opts->interval <= 3600)))
			return refuse("invalid number", optarg);
	}
	if (run == explain)
		return parse_frame(opts, argv + optind);
	if (optind < argc)
		opts->lower = argv[optind++];
	if (optind < argc)
		return refuse("unexpected argument", argv[optind]);
	return 0;
}

/* A script would take half of the output for all of it, if the command succeeded. */
static int flushed(int status)
{
	if (!fflush(stdout) && !ferror(stdout))
		return status;
	fprintf(stderr, "vnicx: cannot write: %s.\n", strerror(errno));
	return 1;
}

int main(int argc, char *argv[])
{
	const char *word = argc > 1 ? argv[1] : "show";
	struct options opts = {};
	int status;
	size_t i;

	if (!strcmp(word, "-h") || !strcmp(word, "--help") || !strcmp(word, "help")) {
		usage(stdout);
		return flushed(0);
	}
	for (i = 0; i < sizeof(commands) / sizeof(*commands); i++) {
		if (strcmp(word, commands[i].name))
			continue;
		if (argc > 1) {
			argv[1] = argv[0];
			argc--;
			argv++;
		}
		status = parse(&opts, argc, argv, commands[i].run);
		return status ? status : flushed(commands[i].run(&opts));
	}
	return refuse("no command", word);
}
