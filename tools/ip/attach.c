// SPDX-License-Identifier: GPL-2.0
/*
 * Mirrors and BPF programs: how they are read and shown.
 */
#include <errno.h>
#include <linux/bpf.h>
#include <net/if.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "link_util.h"
#include "options.h"
#include "words.h"

static const char *peek(const struct options *opts)
{
	return opts->argc > 0 ? *opts->argv : NULL;
}

static void advance(struct options *opts)
{
	opts->argc--;
	opts->argv++;
}

static bool take(struct options *opts, const char *word)
{
	if (!peek(opts) || strcmp(peek(opts), word))
		return false;
	advance(opts);
	return true;
}

static void give(struct options *opts, int attr, __u32 value)
{
	opts->values[attr] = value;
	opts->given |= 1ULL << attr;
}

static int must_be(const char *what, const char *expected, const char *word)
{
	fprintf(stderr, "Error: argument of \"%s\" must be %s, ", what, expected);
	if (word)
		fprintf(stderr, "not \"%s\".\n", word);
	else
		fprintf(stderr, "and is missing.\n");
	return -1;
}

/* The VLAN after a mirror's device */
static int parse_mirror_vlan(struct options *opts)
{
	const char *word = peek(opts);
	unsigned long vid;
	char *end;

	errno = 0;
	vid = word ? strtoul(word, &end, 10) : 0;
	if (!vid || *end || errno || vid > 4094)
		return must_be("mirror ... vlan", "1 to 4094", word);
	advance(opts);
	give(opts, IFLA_VNICX_MIRROR_VLAN, vid);
	return 0;
}

int parse_mirror(const struct option *option, struct options *opts)
{
	const char *word = peek(opts);
	__u32 way;

	if (!word || !*word || strlen(word) >= IFNAMSIZ)
		return must_be(option->name, "a device or \"off\"", word);
	advance(opts);
	opts->mirror = strcmp(word, "off") ? word : "";
	if (!*opts->mirror)
		return 0;
	if (take(opts, "vlan") && parse_mirror_vlan(opts))
		return -1;
	for (way = 0; way < ARRAY_SIZE(vnicx_ways); way++)
		if (take(opts, vnicx_ways[way])) {
			give(opts, IFLA_VNICX_MIRROR_WAY, way);
			break;
		}
	return 0;
}

/* The descriptor stays open until ip ends. */
static int open_prog(enum bpf_cmd cmd, union bpf_attr *attr)
{
	return syscall(__NR_bpf, cmd, attr, sizeof(*attr));
}

static int open_pinned(const char *path)
{
	union bpf_attr attr = { .pathname = (uintptr_t)path };

	return open_prog(BPF_OBJ_GET, &attr);
}

static int open_id(const char *word)
{
	union bpf_attr attr = {};
	char *end;

	errno = 0;
	attr.prog_id = strtoul(word, &end, 10);
	if (*end || end == word) {
		errno = EINVAL;
		return -1;
	}
	return open_prog(BPF_PROG_GET_FD_BY_ID, &attr);
}

int parse_bpf(const struct option *option, struct options *opts)
{
	const char *word = peek(opts);
	int attr, fd = -1;

	(void)option;
	if (take(opts, "tx"))
		attr = IFLA_VNICX_BPF_TX;
	else if (take(opts, "rx"))
		attr = IFLA_VNICX_BPF_RX;
	else
		return must_be("bpf", "\"tx\" or \"rx\"", word);
	if (opts->given >> attr & 1) {
		fprintf(stderr, "Error: \"bpf %s\" is given twice.\n", word);
		return -1;
	}
	if (!take(opts, "off")) {
		bool pinned = take(opts, "pinned");

		if (!pinned && !take(opts, "id"))
			return must_be("bpf tx|rx", "\"pinned\", \"id\" or \"off\"",
				       peek(opts));
		word = peek(opts);
		if (!word)
			return must_be(pinned ? "pinned" : "id",
				       "a program", NULL);
		fd = pinned ? open_pinned(word) : open_id(word);
		if (fd < 0) {
			fprintf(stderr, "Error: no BPF program \"%s\": %s.\n",
				word, strerror(errno));
			return -1;
		}
		advance(opts);
	}
	give(opts, attr, fd);
	return 0;
}

void show_mirror(const char *name, __u32 vid, __u32 way)
{
	const char *word = way < ARRAY_SIZE(vnicx_ways) ? vnicx_ways[way] : "?";

	print_color_string(PRINT_FP, COLOR_NONE, NULL, "%s ", "mirror");
	print_color_string(PRINT_ANY, COLOR_IFNAME, "mirror", "%s", name);
	print_color_string(PRINT_FP, COLOR_NONE, NULL, "%s", " ");
	if (vid)
		print_color_uint(PRINT_ANY, COLOR_NONE, "mirror_vlan",
				 "vlan %u ", vid);
	print_color_string(PRINT_ANY, COLOR_NONE, "mirror_way", "%s ", word);
}

/* @key is bpf_tx or bpf_rx. */
void show_bpf(const char *key, __u32 id)
{
	print_color_string(PRINT_FP, COLOR_NONE, NULL, "bpf %s ",
			   key + strlen("bpf_"));
	print_color_uint(PRINT_ANY, COLOR_NONE, key, "id %u ", id);
}

/* Shown together with others */
void show_nothing(const char *key, __u32 value)
{
	(void)key;
	(void)value;
}
