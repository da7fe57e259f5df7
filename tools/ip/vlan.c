// SPDX-License-Identifier: GPL-2.0
/*
 * The VLANs of a vNIC: the words "vlan", "trunk" and "pvlan", which are one
 * attribute, and its attribute as text and JSON.
 */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <arpa/inet.h>
#include <linux/if_ether.h>

#include "link_util.h"
#include "options.h"
#include "vlan.h"

#define QOS_MOST	7

/* From VNICX_VLAN_ISOLATED on */
#define PVLAN_KINDS	3U

static const char *const pvlan_kinds[PVLAN_KINDS] = {
	"isolated", "community", "promiscuous",
};

static char *peek(const struct options *opts)
{
	return opts->argc > 0 ? *opts->argv : NULL;
}

/* Takes the next word if it is @word. */
static bool take(struct options *opts, const char *word)
{
	if (!peek(opts) || strcmp(peek(opts), word))
		return false;
	opts->argc--;
	opts->argv++;
	return true;
}

/* Reads digits at @text, and sets @value to their number and @text to what is
 * behind them. The kernel says which numbers are good.
 */
static int digits(char **text, __u16 *value)
{
	unsigned long number;

	if (!*text || !isdigit((unsigned char)**text))
		return -1;
	errno = 0;
	number = strtoul(*text, text, 10);
	if (errno || number > 0xffff)
		return -1;
	*value = number;
	return 0;
}

static int say(const char *what, const char *must_be, const char *word)
{
	fprintf(stderr, "Error: argument of \"%s\" must be %s, ", what, must_be);
	if (word)
		fprintf(stderr, "not \"%s\".\n", word);
	else
		fprintf(stderr, "and is missing.\n");
	return -1;
}

/* Reads a number that takes a whole word. */
static int number(struct options *opts, const char *what, const char *must_be,
		  __u16 *value)
{
	char *word = peek(opts), *text = word;

	if (digits(&text, value) || *text)
		return say(what, must_be, word);
	opts->argc--;
	opts->argv++;
	return 0;
}

/* Reads a list like "10,20-30". */
static int list(struct options *opts, const char *what)
{
	char *word = peek(opts), *text = word;
	struct vnicx_vlan_range *range;

	do {
		if (opts->vlan.nr_ranges == VLAN_RANGES_MAX) {
			fprintf(stderr,
				"Error: a list of more than %d ranges of VLANs does not fit into a command.\n",
				VLAN_RANGES_MAX);
			return -1;
		}
		range = &opts->vlan.ranges[opts->vlan.nr_ranges++];
		if (digits(&text, &range->first))
			break;
		range->last = range->first;
		if (*text == '-') {
			text++;
			if (digits(&text, &range->last))
				break;
		}
		if (!*text) {
			opts->argc--;
			opts->argv++;
			return 0;
		}
	} while (*text++ == ',');
	return say(what, "a list of VLANs, like 10,20-30", word);
}

static int parse_qos(struct options *opts)
{
	__u16 qos = VNICX_VLAN_QOS_KEEP;

	if (!take(opts, "keep")) {
		if (number(opts, "qos", "a priority, 0 to 7, or \"keep\"", &qos))
			return -1;
		if (qos > QOS_MOST) {
			fprintf(stderr, "Error: qos %u is not 0 to 7.\n", qos);
			return -1;
		}
	}
	opts->vlan.qos = qos;
	opts->vlan.has_qos = true;
	return 0;
}

static int parse_proto(struct options *opts)
{
	if (take(opts, "802.1Q") || take(opts, "802.1q"))
		opts->vlan.proto = ETH_P_8021Q;
	else if (take(opts, "802.1ad") || take(opts, "802.1AD"))
		opts->vlan.proto = ETH_P_8021AD;
	else
		return say("proto", "\"802.1Q\" or \"802.1ad\"", peek(opts));
	return 0;
}

int parse_vlan(const struct option *option, struct options *opts)
{
	opts->vlan.given = option->name;
	if (take(opts, "off")) {
		opts->vlan.kind = VNICX_VLAN_OFF;
		return 0;
	}
	opts->vlan.kind = VNICX_VLAN_ACCESS;
	if (number(opts, option->name, "a VLAN or \"off\"", &opts->vlan.vid))
		return -1;
	for (;;) {
		if (take(opts, "qos")) {
			if (parse_qos(opts))
				return -1;
		} else if (take(opts, "proto")) {
			if (parse_proto(opts))
				return -1;
		} else if (take(opts, "native")) {
			/* for the kernel to refuse */
			if (number(opts, "native", "a VLAN", &opts->vlan.native))
				return -1;
		} else {
			return 0;
		}
	}
}

/* 0 would be "none". */
static int parse_native(struct options *opts)
{
	static const char must_be[] = "a VLAN, \"none\" or \"untagged\"";
	const char *word = peek(opts);

	if (number(opts, "native", must_be, &opts->vlan.native))
		return -1;
	return opts->vlan.native ? 0 : say("native", must_be, word);
}

int parse_trunk(const struct option *option, struct options *opts)
{
	opts->vlan.given = option->name;
	opts->vlan.kind = VNICX_VLAN_TRUNK;
	if (list(opts, option->name))
		return -1;
	for (;;) {
		if (take(opts, "proto")) {
			/* for the kernel to refuse 802.1ad */
			if (parse_proto(opts))
				return -1;
			continue;
		}
		if (!take(opts, "native"))
			return 0;
		if (take(opts, "none"))
			opts->vlan.native = 0;
		else if (take(opts, "untagged"))
			opts->vlan.native = VNICX_VLAN_UNTAGGED;
		else if (parse_native(opts))
			return -1;
	}
}

int parse_pvlan(const struct option *option, struct options *opts)
{
	unsigned int i;

	opts->vlan.given = option->name;
	for (i = 0; i < PVLAN_KINDS; i++)
		if (take(opts, pvlan_kinds[i]))
			break;
	if (i == PVLAN_KINDS)
		return say(option->name,
			   "\"isolated\", \"community\" or \"promiscuous\"",
			   peek(opts));
	opts->vlan.kind = VNICX_VLAN_ISOLATED + i;
	if (number(opts, option->name, "the primary VLAN", &opts->vlan.vid))
		return -1;
	return list(opts, option->name);
}

static void show_key(const char *key)
{
	print_color_string(PRINT_FP, COLOR_NONE, NULL, "%s ", key);
}

static void show_word(const char *key, const char *word)
{
	show_key(key);
	print_color_string(PRINT_ANY, COLOR_NONE, key, "%s ", word);
}

static void show_vid(const char *key, __u16 vid)
{
	show_key(key);
	print_color_uint(PRINT_ANY, COLOR_NONE, key, "%u ", vid);
}

static __u16 get_u16(const struct rtattr *attr)
{
	__u16 value = 0;

	if (attr && RTA_PAYLOAD(attr) >= sizeof(value))
		memcpy(&value, RTA_DATA(attr), sizeof(value));
	return value;
}

static __u8 get_u8(const struct rtattr *attr)
{
	return attr && RTA_PAYLOAD(attr) ? *(__u8 *)RTA_DATA(attr) : 0;
}

/* As text, "10,20-30"; in JSON, an array of objects with the first and the last VLAN */
static void show_ranges(const char *key, const struct rtattr *attr)
{
	int left = attr ? RTA_PAYLOAD(attr) : 0;
	const char *data = attr ? RTA_DATA(attr) : NULL;
	struct vnicx_vlan_range range;
	const char *comma = "";

	open_json_array(PRINT_JSON, key);
	for (; left >= (int)sizeof(range);
	     left -= sizeof(range), data += sizeof(range)) {
		memcpy(&range, data, sizeof(range));
		open_json_object(NULL);
		print_color_string(PRINT_FP, COLOR_NONE, NULL, "%s", comma);
		print_color_uint(PRINT_ANY, COLOR_NONE, "first", "%u",
				 range.first);
		if (range.last != range.first)
			print_color_uint(PRINT_FP, COLOR_NONE, NULL, "-%u",
					 range.last);
		print_color_uint(PRINT_JSON, COLOR_NONE, "last", NULL,
				 range.last);
		close_json_object();
		comma = ",";
	}
	close_json_array(PRINT_JSON, NULL);
	print_color_string(PRINT_FP, COLOR_NONE, NULL, "%s", " ");
}

static void show_access(const struct rtattr *const tb[])
{
	__u16 proto = ntohs(get_u16(tb[IFLA_VNICX_VLAN_PROTO]));
	__u8 qos = get_u8(tb[IFLA_VNICX_VLAN_QOS]);

	show_vid("vlan", get_u16(tb[IFLA_VNICX_VLAN_VID]));
	if (qos == VNICX_VLAN_QOS_KEEP)
		show_word("qos", "keep");
	else
		show_vid("qos", qos);
	show_word("proto", proto == ETH_P_8021AD ? "802.1ad" : "802.1Q");
}

static void show_trunk(const struct rtattr *const tb[])
{
	__u16 native = get_u16(tb[IFLA_VNICX_VLAN_NATIVE]);

	show_key("trunk");
	show_ranges("trunk", tb[IFLA_VNICX_VLAN_RANGES]);
	if (!native)
		show_word("native", "none");
	else if (native == VNICX_VLAN_UNTAGGED)
		show_word("native", "untagged");
	else
		show_vid("native", native);
}

static void show_pvlan(const char *kind, const struct rtattr *const tb[])
{
	show_word("pvlan", kind);
	print_color_uint(PRINT_ANY, COLOR_NONE, "primary", "%u ",
			 get_u16(tb[IFLA_VNICX_VLAN_VID]));
	show_ranges("secondary", tb[IFLA_VNICX_VLAN_RANGES]);
}

void show_vlan(const struct rtattr *nest)
{
	const struct rtattr *tb[IFLA_VNICX_VLAN_MAX + 1] = {};
	const struct rtattr *attr = RTA_DATA(nest);
	int len = RTA_PAYLOAD(nest);
	unsigned int kind, type;

	for (; RTA_OK(attr, len); attr = RTA_NEXT(attr, len)) {
		type = attr->rta_type & NLA_TYPE_MASK;
		if (type <= IFLA_VNICX_VLAN_MAX)
			tb[type] = attr;
	}
	kind = get_u8(tb[IFLA_VNICX_VLAN_KIND]);
	switch (kind) {
	case VNICX_VLAN_OFF:
		print_color_string(PRINT_FP, COLOR_NONE, NULL, "%s ", "vlan off");
		break;
	case VNICX_VLAN_ACCESS:
		show_access(tb);
		break;
	case VNICX_VLAN_TRUNK:
		show_trunk(tb);
		break;
	default:
		kind -= VNICX_VLAN_ISOLATED;
		show_pvlan(kind < PVLAN_KINDS ? pvlan_kinds[kind] :
							    "unknown", tb);
		break;
	}
}
