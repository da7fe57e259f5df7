// SPDX-License-Identifier: GPL-2.0
/*
 * Rates, sizes and classes, as tc(8) has them: how they are read and shown.
 */
#include <ctype.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "link_util.h"
#include "options.h"
#include "words.h"

/* The kernel counts in kilobits a second. */
#define KBIT	1000.0

static const struct unit {
	const char *name;
	double factor;
} rate_units[] = {
	{ "bit", 1 },
	{ "kbit", 1e3 },
	{ "mbit", 1e6 },
	{ "gbit", 1e9 },
	{ "tbit", 1e12 },
}, size_units[] = {
	{ "", 1 },
	{ "b", 1 },
	{ "k", 1024 },
	{ "kb", 1024 },
	{ "m", 1024 * 1024 },
	{ "mb", 1024 * 1024 },
	{ "g", 1024 * 1024 * 1024 },
	{ "gb", 1024 * 1024 * 1024 },
};

static int take(const struct option *option, struct options *opts,
		double value)
{
	if (value > UINT32_MAX) {
		fprintf(stderr, "Error: argument of \"%s\" is too large: \"%s\".\n",
			option->name, *opts->argv);
		return -1;
	}
	opts->values[option->attr] = value + 0.5;
	opts->argc--;
	opts->argv++;
	return 0;
}

static int missing(const struct option *option, const struct options *opts,
		   const char *expected)
{
	fprintf(stderr, "Error: argument of \"%s\" must be %s, ", option->name,
		expected);
	if (opts->argc > 0)
		fprintf(stderr, "not \"%s\".\n", *opts->argv);
	else
		fprintf(stderr, "and is missing.\n");
	return -1;
}

/* Whether the next word is "off" */
static bool is_off(const struct options *opts)
{
	return opts->argc > 0 && !strcmp(*opts->argv, "off");
}

/* Reads a number with one of @units; sets @unit to what follows the number, also
 * when that is no unit. Returns a negative number when it is none.
 */
static double number(const struct options *opts, const struct unit *units,
		     int nr_units, const char **unit)
{
	const char *word = opts->argc > 0 ? *opts->argv : "";
	double value;
	char *end;
	int i;

	*unit = "?";
	/* strtod() would take blanks, signs, hexadecimal and "inf". */
	if (!isdigit((unsigned char)*word) ||
	    strspn(word, "0123456789.") != strcspn(word, "bkmgtBKMGT"))
		return -1;
	value = strtod(word, &end);
	*unit = end;
	for (i = 0; i < nr_units; i++)
		if (!strcmp(end, units[i].name))
			return value * units[i].factor;
	return -1;
}

int parse_rate(const struct option *option, struct options *opts)
{
	const char *unit;
	double value;

	if (is_off(opts))
		return take(option, opts, 0);
	value = number(opts, rate_units, ARRAY_SIZE(rate_units), &unit);
	if (!*unit) {
		fprintf(stderr,
			"Error: \"%s\" after \"%s\" has no unit: say %smbit.\n",
			*opts->argv, option->name, *opts->argv);
		return -1;
	}
	if (value < 0)
		return missing(option, opts,
			       "a rate, like 100mbit, or \"off\"");
	/* The kernel must refuse it, and 0 would be no rate at all. */
	if (value < KBIT)
		value = KBIT;
	return take(option, opts, value / KBIT);
}

int parse_size(const struct option *option, struct options *opts)
{
	const char *unit;
	double value;

	value = number(opts, size_units, ARRAY_SIZE(size_units), &unit);
	/* 0 would be the default. */
	if (value < 1)
		return missing(option, opts, "a size in bytes, like 64k");
	return take(option, opts, value);
}

int parse_storm(const struct option *option, struct options *opts)
{
	const char *unit;
	double value;

	if (is_off(opts))
		return take(option, opts, 0);
	value = number(opts, size_units, 1, &unit);
	/* 0 would let all pass. */
	if (value < 1)
		return missing(option, opts,
			       "a number of frames a second, or \"off\"");
	return take(option, opts, value);
}

int parse_class(const struct option *option, struct options *opts)
{
	const char *word = opts->argc > 0 ? *opts->argv : "";
	unsigned long major, minor = 0;
	char *end;

	if (is_off(opts))
		return take(option, opts, 0);
	if (!isxdigit((unsigned char)*word))
		return missing(option, opts,
			       "a class, like 1:10, or \"off\"");
	major = strtoul(word, &end, 16);
	if (*end == ':' && isxdigit((unsigned char)end[1]))
		minor = strtoul(end + 1, &end, 16);
	else if (!strcmp(end, ":"))
		end++;
	else
		end = ":";
	/* 0:0 would be no class. */
	if (*end || major > UINT16_MAX || minor > UINT16_MAX || !(major | minor))
		return missing(option, opts,
			       "a class, like 1:10, or \"off\"");
	return take(option, opts, (double)(major << 16 | minor));
}

/* In the largest unit that shows it exactly */
void show_rate(const char *key, __u32 value)
{
	const char *unit = "kbit";
	__u32 shown = value;

	if (!(value % 1000000)) {
		unit = "gbit";
		shown = value / 1000000;
	} else if (!(value % 1000)) {
		unit = "mbit";
		shown = value / 1000;
	}
	print_color_string(PRINT_FP, COLOR_NONE, NULL, "%s ", key);
	print_color_uint(PRINT_FP, COLOR_NONE, NULL, "%u", shown);
	print_color_string(PRINT_FP, COLOR_NONE, NULL, "%s ", unit);
	print_color_u64(PRINT_JSON, COLOR_NONE, key, NULL, value * 1000ULL);
}

void show_plain(const char *key, __u32 value)
{
	print_color_string(PRINT_FP, COLOR_NONE, NULL, "%s ", key);
	print_color_uint(PRINT_ANY, COLOR_NONE, key, "%u ", value);
}

void show_class(const char *key, __u32 value)
{
	char class[16];

	snprintf(class, sizeof(class), "%x:%x", value >> 16, value & 0xffff);
	print_color_string(PRINT_FP, COLOR_NONE, NULL, "%s ", key);
	print_color_string(PRINT_ANY, COLOR_NONE, key, "%s ", class);
}
