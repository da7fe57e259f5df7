// SPDX-License-Identifier: GPL-2.0
/*
 * The list of IP addresses that a vNIC may have: read, asked for and shown.
 */
#include <arpa/inet.h>
#include <ctype.h>
#include <linux/if_ether.h>
#include <stdlib.h>
#include <string.h>

#include "allowed.h"
#include "link_util.h"
#include "options.h"
#include "words.h"

/* Reads a number of bits, at most @most. Returns -1 when it is none. */
static int parse_bits(const char *word, int most)
{
	char *end;
	long bits;

	if (!isdigit((unsigned char)*word))
		return -1;
	bits = strtol(word, &end, 10);
	return *end || bits > most ? -1 : bits;
}

/* Reads ADDRESS or ADDRESS/BITS, of which it changes a byte for a while. */
static int parse_prefix(char *word, struct allowed *a)
{
	int v6 = !!strchr(word, ':');
	int size = v6 ? sizeof(struct in6_addr) : sizeof(struct in_addr);
	char *slash = strchr(word, '/');
	int is_address, bits = 8 * size;

	if (slash)
		*slash = '\0';
	is_address = inet_pton(v6 ? AF_INET6 : AF_INET, word, a->address) == 1;
	if (slash) {
		*slash = '/';
		bits = parse_bits(slash + 1, bits);
	}
	if (!is_address || bits < 0)
		return -1;
	a->size = size;
	a->bits = bits;
	return 0;
}

/* Reads a word of prefixes with commas between them. */
static int parse_prefixes(const struct option *option, struct options *opts,
			  char *word)
{
	char *part, *rest = word;

	while ((part = strsep(&rest, ","))) {
		if (opts->nr_allowed == ALLOWED_MAX) {
			fprintf(stderr, "Error: too many prefixes for one command. Give the others by \"%s add\".\n",
				option->name);
			return -1;
		}
		if (parse_prefix(part, &opts->allowed[opts->nr_allowed++])) {
			fprintf(stderr, "Error: \"%s\" after \"%s\" is neither an IP prefix, like 192.0.2.1 or 2001:db8::/64, nor an option.\n",
				part, option->name);
			return -1;
		}
	}
	return 0;
}

static int is_prefix(const char *word)
{
	return (isxdigit((unsigned char)*word) || *word == ':') &&
	       strpbrk(word, ".:");
}

/* A verb and prefixes; without a verb, as they are shown, they become the list. */
int parse_allowed(const struct option *option, struct options *opts)
{
	__u32 op = VNICX_LIST_SET;

	opts->values[option->attr] = op;
	if (!opts->argc || !is_prefix(*opts->argv)) {
		if (parse_word(option, opts))
			return -1;
		op = opts->values[option->attr];
	}
	if (op == VNICX_LIST_FLUSH)
		return 0;
	while (opts->argc && !find_option(*opts->argv)) {
		if (parse_prefixes(option, opts, *opts->argv))
			return -1;
		opts->argc--;
		opts->argv++;
	}
	if (op != VNICX_LIST_SET && !opts->nr_allowed) {
		fprintf(stderr, "Error: \"%s %s\" needs an IP prefix, or several.\n",
			option->name, option->words[op]);
		return -1;
	}
	return 0;
}

/* Where the next attribute begins, and the end of those in a nest that is there */
static char *end_of(struct nlmsghdr *n)
{
	return (char *)n + NLMSG_ALIGN(n->nlmsg_len);
}

/* Returns -1 if there is no room for the prefix. */
static int put_one(struct nlmsghdr *n, const struct allowed *a)
{
	int room = LINK_REQUEST_MAX - (int)NLMSG_ALIGN(n->nlmsg_len);
	struct rtattr *nest = (struct rtattr *)end_of(n);

	if (room < (int)(RTA_SPACE(0) + RTA_SPACE(a->size) + RTA_SPACE(1)) ||
	    addattr_l(n, LINK_REQUEST_MAX, IFLA_VNICX_ALLOWED_ENTRY | NLA_F_NESTED,
		      NULL, 0) ||
	    addattr_l(n, LINK_REQUEST_MAX, IFLA_VNICX_PREFIX_ADDRESS, a->address,
		      a->size))
		return -1;
	if (a->bits != 8 * a->size &&
	    addattr_l(n, LINK_REQUEST_MAX, IFLA_VNICX_PREFIX_LEN, &a->bits, 1))
		return -1;
	nest->rta_len = end_of(n) - (char *)nest;
	return 0;
}

int put_allowed(struct nlmsghdr *n, const struct options *opts)
{
	struct rtattr *nest = (struct rtattr *)end_of(n);
	int i;

	if (addattr_l(n, LINK_REQUEST_MAX, IFLA_VNICX_ALLOWED | NLA_F_NESTED,
		      NULL, 0))
		return -1;
	for (i = 0; i < opts->nr_allowed; i++) {
		if (put_one(n, &opts->allowed[i])) {
			fprintf(stderr, "Error: %d prefixes are too many for one command, which takes %d here. Give the others by \"allowed-ips add\".\n",
				opts->nr_allowed, i);
			return -1;
		}
	}
	nest->rta_len = end_of(n) - (char *)nest;
	return 0;
}

/* Shows an address, without its bits if they all count. */
static void show_prefix(const struct rtattr *nest)
{
	const struct rtattr *attr = RTA_DATA(nest), *address = NULL;
	char text[INET6_ADDRSTRLEN + sizeof("/128")];
	int rest = RTA_PAYLOAD(nest), bits = -1;
	size_t size, len;

	for (; RTA_OK(attr, rest); attr = RTA_NEXT(attr, rest)) {
		if (attr->rta_type == IFLA_VNICX_PREFIX_ADDRESS)
			address = attr;
		else if (attr->rta_type == IFLA_VNICX_PREFIX_LEN && RTA_PAYLOAD(attr))
			bits = *(const __u8 *)RTA_DATA(attr);
	}
	size = address ? RTA_PAYLOAD(address) : 0;
	if ((size != 4 && size != 16) ||
	    !inet_ntop(size == 16 ? AF_INET6 : AF_INET, RTA_DATA(address), text,
		       INET6_ADDRSTRLEN))
		return;
	len = strlen(text);
	if (bits >= 0)
		snprintf(text + len, sizeof(text) - len, "/%u", bits);
	print_color_string(PRINT_ANY, COLOR_NONE, NULL, "%s", text);
	print_color_string(PRINT_FP, COLOR_NONE, NULL, "%s", " ");
}

static void show_vlan_of_lease(const struct rtattr *vid,
			       const struct rtattr *proto)
{
	__u16 value;

	if (!vid || !proto || RTA_PAYLOAD(vid) < sizeof(value) ||
	    RTA_PAYLOAD(proto) < sizeof(value))
		return;
	memcpy(&value, RTA_DATA(vid), sizeof(value));
	print_color_uint(PRINT_FP, COLOR_NONE, NULL, " vlan %u", value);
	print_color_uint(PRINT_JSON, COLOR_NONE, "vlan", NULL, value);
	memcpy(&value, RTA_DATA(proto), sizeof(value));
	if (ntohs(value) == ETH_P_8021AD) {
		print_color_string(PRINT_FP, COLOR_NONE, NULL, " proto %s",
				   "802.1ad");
		print_color_string(PRINT_JSON, COLOR_NONE, "proto", NULL,
				   "802.1ad");
	} else {
		print_color_string(PRINT_JSON, COLOR_NONE, "proto", NULL,
				   "802.1Q");
	}
}

/* Shows an address, for how long it is the vNIC's, and in which VLAN. */
static void show_lease(const struct rtattr *nest)
{
	const struct rtattr *attr = RTA_DATA(nest), *address = NULL;
	const struct rtattr *vid = NULL, *proto = NULL;
	char text[INET6_ADDRSTRLEN + sizeof("/128")];
	__u32 seconds = VNICX_LEASE_INFINITE;
	int rest = RTA_PAYLOAD(nest);
	size_t size, len;
	int bits = -1;

	for (; RTA_OK(attr, rest); attr = RTA_NEXT(attr, rest)) {
		size = RTA_PAYLOAD(attr);
		if (attr->rta_type == IFLA_VNICX_LEASE_ADDRESS)
			address = attr;
		else if (attr->rta_type == IFLA_VNICX_LEASE_PREFIX_LEN && size)
			bits = *(const __u8 *)RTA_DATA(attr);
		else if (attr->rta_type == IFLA_VNICX_LEASE_SECONDS &&
			 size >= sizeof(seconds))
			memcpy(&seconds, RTA_DATA(attr), sizeof(seconds));
		else if (attr->rta_type == IFLA_VNICX_LEASE_VID)
			vid = attr;
		else if (attr->rta_type == IFLA_VNICX_LEASE_PROTO)
			proto = attr;
	}
	size = address ? RTA_PAYLOAD(address) : 0;
	if ((size != 4 && size != 16) ||
	    !inet_ntop(size == 16 ? AF_INET6 : AF_INET, RTA_DATA(address), text,
		       INET6_ADDRSTRLEN))
		return;
	len = strlen(text);
	if (bits >= 0)
		snprintf(text + len, sizeof(text) - len, "/%u", bits);
	open_json_object(NULL);
	print_color_string(PRINT_ANY, COLOR_NONE, "address", "%s", text);
	if (seconds != VNICX_LEASE_INFINITE) {
		print_color_uint(PRINT_FP, COLOR_NONE, NULL, " %usec", seconds);
		print_color_uint(PRINT_JSON, COLOR_NONE, "seconds", NULL,
				 seconds);
	}
	show_vlan_of_lease(vid, proto);
	print_color_string(PRINT_FP, COLOR_NONE, NULL, "%s", " ");
	close_json_object();
}

void show_leases(const struct rtattr *nest)
{
	const struct rtattr *attr = nest ? RTA_DATA(nest) : NULL;
	int len = nest ? RTA_PAYLOAD(nest) : 0;

	if (!RTA_OK(attr, len))
		return;
	print_color_string(PRINT_FP, COLOR_NONE, NULL, "%s ", "leases");
	open_json_array(PRINT_JSON, "leases");
	for (; RTA_OK(attr, len); attr = RTA_NEXT(attr, len))
		if ((attr->rta_type & NLA_TYPE_MASK) == IFLA_VNICX_LEASES_ENTRY)
			show_lease(attr);
	close_json_array(PRINT_JSON, NULL);
}

void show_allowed(const struct rtattr *nest)
{
	const struct rtattr *attr;
	int len;

	if (!nest)
		return;
	print_color_string(PRINT_FP, COLOR_NONE, NULL, "%s ", "allowed-ips");
	open_json_array(PRINT_JSON, "allowed_ips");
	attr = RTA_DATA(nest);
	len = RTA_PAYLOAD(nest);
	for (; RTA_OK(attr, len); attr = RTA_NEXT(attr, len))
		show_prefix(attr);
	close_json_array(PRINT_JSON, NULL);
}
