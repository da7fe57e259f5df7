// SPDX-License-Identifier: GPL-2.0
/*
 * The attributes of a vNIC, as text and JSON. As text, options are the words that
 * set them, so that the words make the same vNIC again; behind "holds" comes what
 * is no option. The keys of JSON are words of C, macvlan's where macvlan has the
 * same. An attribute that is not there is not shown.
 */
#include <stdint.h>
#include <string.h>
#include <linux/if_ether.h>

#include "link_util.h"
#include "options.h"
#include "show.h"
#include "vlan.h"
#include "words.h"

static bool is_there(const struct rtattr *attr, size_t size)
{
	return attr && RTA_PAYLOAD(attr) >= size;
}

static __u32 get_u32(const struct rtattr *attr)
{
	__u32 value;

	memcpy(&value, RTA_DATA(attr), sizeof(value));
	return value;
}

const char *json_key(const char *name)
{
	static char key[32];
	size_t i;

	for (i = 0; name[i] && i < sizeof(key) - 1; i++)
		key[i] = name[i] == '-' ? '_' : name[i];
	key[i] = '\0';
	return key;
}

static void show_text(const char *name, const char *word)
{
	print_color_string(PRINT_FP, COLOR_NONE, NULL, "%s ", name);
	print_color_string(PRINT_ANY, COLOR_NONE, json_key(name), "%s ", word);
}

/* A value newer than this plugin is shown as a number. */
static void show_word(const char *key, __u32 value, const char *const words[],
		      __u32 count)
{
	char number[16];
	const char *word = number;

	if (value < count)
		word = words[value];
	else
		snprintf(number, sizeof(number), "%u", value);
	show_text(key, word);
}

static void show_number(const char *name, __u32 value)
{
	print_color_string(PRINT_FP, COLOR_NONE, NULL, "%s ", name);
	print_color_uint(PRINT_ANY, COLOR_NONE, json_key(name), "%u ", value);
}

/* An option that is on or off, with the word behind it */
static void show_switch(const char *name, bool on)
{
	print_color_string(PRINT_FP, COLOR_NONE, NULL, "%s ", name);
	print_color_string(PRINT_FP, COLOR_NONE, NULL, "%s ",
			   vnicx_switches[on]);
	print_color_bool(PRINT_JSON, COLOR_NONE, json_key(name), NULL, on);
}

static void show_flag(const char *key, bool on)
{
	print_color_bool(PRINT_JSON, COLOR_NONE, key, NULL, on);
	if (on)
		print_color_string(PRINT_FP, COLOR_NONE, NULL, "%s ", key);
}

static bool is_source(const struct rtattr *attr)
{
	return (attr->rta_type & NLA_TYPE_MASK) == IFLA_VNICX_SOURCE &&
	       is_there(attr, ETH_ALEN);
}

static unsigned int count_sources(const struct rtattr *attr, int len)
{
	unsigned int count = 0;

	for (; RTA_OK(attr, len); attr = RTA_NEXT(attr, len))
		if (is_source(attr))
			count++;
	return count;
}

static void show_mac(const unsigned char *mac)
{
	char text[3 * ETH_ALEN];

	snprintf(text, sizeof(text), "%02x:%02x:%02x:%02x:%02x:%02x",
		 mac[0], mac[1], mac[2], mac[3], mac[4], mac[5]);
	print_color_string(PRINT_ANY, COLOR_MAC, NULL, "%s", text);
	print_color_string(PRINT_FP, COLOR_NONE, NULL, "%s", " ");
}

/* @nest may be NULL: a list without addresses */
static void show_sources(const struct rtattr *nest)
{
	const struct rtattr *attr = nest ? RTA_DATA(nest) : NULL;
	int len = nest ? RTA_PAYLOAD(nest) : 0;

	print_color_string(PRINT_FP, COLOR_NONE, NULL, "%s ", "macaddr set");
	print_color_uint(PRINT_JSON, COLOR_NONE, "macaddr_count", NULL,
			 count_sources(attr, len));
	open_json_array(PRINT_JSON, "macaddr_data");
	for (; RTA_OK(attr, len); attr = RTA_NEXT(attr, len))
		if (is_source(attr))
			show_mac(RTA_DATA(attr));
	close_json_array(PRINT_JSON, NULL);
}

/* @nest may be NULL */
static const struct rtattr *find_in(const struct rtattr *nest, int type)
{
	const struct rtattr *attr = nest ? RTA_DATA(nest) : NULL;
	int len = nest ? RTA_PAYLOAD(nest) : 0;

	for (; RTA_OK(attr, len); attr = RTA_NEXT(attr, len))
		if ((attr->rta_type & NLA_TYPE_MASK) == type)
			return attr;
	return NULL;
}

static void show_option(const struct option *option, const struct rtattr *attr)
{
	__u32 value;

	if (option->flag) {
		/* of a bitfield, the value is first */
		if (is_there(attr, sizeof(struct nla_bitfield32)))
			show_flag(option->name, get_u32(attr) & option->flag);
		return;
	}
	if (!option->len || !is_there(attr, option->len))
		return;
	value = option->len == sizeof(__u8) ? *(__u8 *)RTA_DATA(attr) :
					      get_u32(attr);
	if (option->show && value)
		option->show(option->name, value);
	else if (option->show)
		return;
	else if (option->words == vnicx_switches &&
		 value < ARRAY_SIZE(vnicx_switches))
		show_switch(option->name, value);
	else if (option->words)
		show_word(option->name, value, option->words, option->nr_shown);
	else if (option->most && value == UINT32_MAX)
		show_text(option->name, option->most);
	else
		show_number(option->name, value);
}

/* Whether nobody can give what @attr says of @option */
static bool is_state(const struct option *option, const struct rtattr *attr)
{
	if (!option->parse)
		return !option->show;
	return option->words == vnicx_hosts && is_there(attr, sizeof(__u8)) &&
	       *(__u8 *)RTA_DATA(attr) >= option->nr_words;
}

/* Shows the numbers and words of the table that are options, or those that are not. */
static void show_options(struct rtattr *tb[], bool state)
{
	const struct option *option;
	const struct rtattr *attr;

	for_each_option(option) {
		attr = option->shared ?
		       find_in(tb[IFLA_VNICX_SWITCH], option->attr) :
		       tb[option->attr];
		if (is_state(option, attr) != state)
			continue;
		if (option->parse == parse_vlan && attr)
			show_vlan(attr);
		else
			show_option(option, attr);
	}
}

void show_attributes(struct rtattr *tb[])
{
	const struct rtattr *mode = tb[IFLA_VNICX_MODE];

	show_options(tb, false);
	if (is_there(tb[IFLA_VNICX_MIRROR], 1) &&
	    is_there(tb[IFLA_VNICX_MIRROR_VLAN], sizeof(__u32)) &&
	    is_there(tb[IFLA_VNICX_MIRROR_WAY], sizeof(__u8)))
		show_mirror(RTA_DATA(tb[IFLA_VNICX_MIRROR]),
			    get_u32(tb[IFLA_VNICX_MIRROR_VLAN]),
			    *(__u8 *)RTA_DATA(tb[IFLA_VNICX_MIRROR_WAY]));
	if (tb[IFLA_VNICX_SOURCES] || (is_there(mode, sizeof(__u32)) &&
				       get_u32(mode) == VNICX_MODE_SOURCE))
		show_sources(tb[IFLA_VNICX_SOURCES]);
	show_allowed(tb[IFLA_VNICX_ALLOWED]);
	print_color_string(PRINT_FP, COLOR_NONE, NULL, "%s ", "holds");
	show_options(tb, true);
	show_leases(tb[IFLA_VNICX_LEASES]);
	if (tb[IFLA_VNICX_TRUNCATED]) {
		print_color_string(PRINT_FP, COLOR_NONE, NULL, "%s ",
				   "truncated");
		print_color_bool(PRINT_JSON, COLOR_NONE, "truncated", NULL,
				 true);
	}
}
