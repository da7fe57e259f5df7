// SPDX-License-Identifier: GPL-2.0
/*
 * The options of type vnicx. The meaning of a word is checked here; whether a vNIC
 * may have it is for the kernel to say.
 *
 * The table is in the order in which options are shown. One more takes a line.
 */
#include <string.h>

#include "options.h"
#include "vlan.h"
#include "words.h"

/* The arguments of a line: the word, the attribute and its type, the words for
 * its values, and what the usage says.
 */
#define OPTION_WORDS(_name, _attr, type, _words, given, _args, _help) \
	{ .name = (_name), .attr = IFLA_VNICX_ ## _attr, .len = sizeof(type), \
	  .parse = parse_word, .words = (_words), .nr_words = (given), \
	  .nr_shown = ARRAY_SIZE(_words), .args = (_args), .help = (_help) }

#define OPTION_ON_OFF(_name, _attr, _help) \
	OPTION_WORDS(_name, _attr, __u8, vnicx_switches, \
		     ARRAY_SIZE(vnicx_switches), "{ on | off }", _help)

#define OPTION_AUTO(_name, _attr, _help) \
	OPTION_WORDS(_name, _attr, __u8, vnicx_autos, \
		     ARRAY_SIZE(vnicx_autos), "{ auto | on | off }", _help)

#define OPTION_SHOWN(_name, _attr, _words) \
	{ .name = (_name), .attr = IFLA_VNICX_ ## _attr, .len = sizeof(__u8), \
	  .words = (_words), .nr_shown = ARRAY_SIZE(_words) }

#define OPTION_NUMBER(_name, _attr, type, _unit, _args, _help) \
	{ .name = (_name), .attr = IFLA_VNICX_ ## _attr, .len = sizeof(type), \
	  .parse = parse_number, .unit = (_unit), .args = (_args), \
	  .help = (_help) }

#define OPTION_FLAG(_name, _flag, _help) \
	{ .name = (_name), .attr = IFLA_VNICX_FLAGS, .again = true, \
	  .flag = VNICX_FLAG_ ## _flag, .parse = parse_flag_name, \
	  .args = "[ on | off ]", .help = (_help) }

const struct option options[] = {
	OPTION_WORDS("mode", MODE, __u32, vnicx_modes, ARRAY_SIZE(vnicx_modes),
		     "{ bridge | vepa | private | passthru | source }",
		     "whom the vNIC reaches, and by what way (bridge)"),
	{ .name = "flag", .attr = IFLA_VNICX_FLAGS, .again = true,
	  .parse = parse_flag },
	OPTION_FLAG("nopromisc", NOPROMISC,
		    "passthru: leave the lower device's promiscuity alone"),
	OPTION_FLAG("nodst", NODST,
		    "source: what is received by the list, nobody else receives"),
	{ .name = "macaddr", .attr = IFLA_VNICX_SOURCE_OP, .len = sizeof(__u32),
	  .parse = parse_macaddr,
	  .words = vnicx_list_ops, .nr_words = ARRAY_SIZE(vnicx_list_ops),
	  .nr_shown = ARRAY_SIZE(vnicx_list_ops),
	  .args = "{ { add | del } MAC... | set [ MAC... ] | flush }",
	  .help = "source: the list of addresses to receive from" },
	{ .name = "host", .attr = IFLA_VNICX_SWITCH_HOST, .shared = true,
	  .len = sizeof(__u8), .parse = parse_word,
	  .words = vnicx_hosts, .nr_words = VNICX_HOST_SHOWN_ONLY,
	  .nr_shown = ARRAY_SIZE(vnicx_hosts), .args = "{ on | off }",
	  .help = "for all vNICs over the device: its own stack is on the switch (on)" },
	OPTION_NUMBER("bcqueuelen", BC_QUEUE_LEN, __u32, "frames", "FRAMES",
		      "how many broadcast and multicast frames may wait"),
	{ .name = "usedbcqueuelen", .shared = true, .len = sizeof(__u32),
	  .attr = IFLA_VNICX_SWITCH_BC_QUEUE_LEN_USED },
	{ .name = "neigh_suppress", .attr = IFLA_VNICX_SWITCH_NEIGH_SUPPRESS,
	  .shared = true, .len = sizeof(__u8), .parse = parse_word,
	  .words = vnicx_switches, .nr_words = ARRAY_SIZE(vnicx_switches),
	  .nr_shown = ARRAY_SIZE(vnicx_switches), .args = "{ on | off }",
	  .help = "for all vNICs over the device: ARP requests go to who answers alone (off)" },
	{ .name = "announce", .attr = IFLA_VNICX_SWITCH_ANNOUNCE,
	  .shared = true, .len = sizeof(__u8), .parse = parse_word,
	  .words = vnicx_switches, .nr_words = ARRAY_SIZE(vnicx_switches),
	  .nr_shown = ARRAY_SIZE(vnicx_switches), .args = "{ on | off }",
	  .help = "for all vNICs over the device: the bridge behind it is told of addresses (off)" },
	OPTION_ON_OFF("flood", FLOOD,
		      "while promiscuous, receive what vNICs and the host send to unknown addresses (off)"),
	OPTION_AUTO("trust", TRUST,
		    "a tenant may change addresses and be promiscuous (auto: if it is no tenant's)"),
	OPTION_SHOWN("trusted", TRUSTED, vnicx_switches),
	OPTION_AUTO("spoofchk", SPOOFCHK,
		    "drop frames from addresses that are not the vNIC's (auto: if it is a tenant's)"),
	OPTION_SHOWN("spoofchecked", SPOOFCHECKED, vnicx_switches),
	OPTION_WORDS("state", STATE, __u8, vnicx_states,
		     ARRAY_SIZE(vnicx_states), "{ auto | enable | disable }",
		     "carrier: the lower device's, always, or never and nothing passes (auto)"),
	{ .name = "max-groups", .attr = IFLA_VNICX_MAX_GROUPS,
	  .len = sizeof(__u32), .parse = parse_number, .unit = "groups",
	  .most = "auto", .args = "{ N | auto }",
	  .help = "how many multicast groups the vNIC may join (auto)" },
	{ .name = "max_tx_rate", .attr = IFLA_VNICX_MAX_TX_RATE,
	  .len = sizeof(__u32), .parse = parse_rate, .show = show_rate,
	  .args = "{ RATE | off }",
	  .help = "how much the vNIC may transmit, like 100mbit (off)" },
	{ .name = "burst", .attr = IFLA_VNICX_TX_BURST, .len = sizeof(__u32),
	  .parse = parse_size, .show = show_plain, .args = "SIZE",
	  .help = "with max_tx_rate: how much of it at once, like 64k (250 ms)" },
	{ .name = "max_rx_rate", .attr = IFLA_VNICX_MAX_RX_RATE,
	  .len = sizeof(__u32), .parse = parse_rate, .show = show_rate,
	  .args = "{ RATE | off }",
	  .help = "how much the vNIC may receive (off)" },
	{ .name = "storm", .attr = IFLA_VNICX_STORM, .len = sizeof(__u32),
	  .parse = parse_storm, .show = show_plain, .args = "{ PPS | off }",
	  .help = "how many broadcast and multicast frames it may transmit each second (off)" },
	{ .name = "class", .attr = IFLA_VNICX_CLASS, .len = sizeof(__u32),
	  .parse = parse_class, .show = show_class,
	  .args = "{ MAJOR:MINOR | off }",
	  .help = "class of its frames at the lower device's queueing discipline (off)" },
	OPTION_ON_OFF("restricted", RESTRICTED,
		      "send nothing but IPv4, IPv6 and ARP (off)"),
	OPTION_ON_OFF("raguard", RAGUARD,
		      "send no router advertisements and redirects (off)"),
	OPTION_ON_OFF("dhcpguard", DHCPGUARD,
		      "send nothing that DHCP servers send (off)"),
	OPTION_ON_OFF("dhcp-block", DHCP_BLOCK,
		      "send nothing that DHCP clients send (off)"),
	OPTION_WORDS("ipguard", IPGUARD, __u8, vnicx_ipguards,
		     ARRAY_SIZE(vnicx_ipguards), "{ off | static | dhcp }",
		     "which IP addresses to send from: any, those of allowed-ips, or leased ones, too (off)"),
	OPTION_ON_OFF("ipguard-in", IPGUARD_IN,
		      "receive only what is for the addresses of ipguard (off)"),
	OPTION_ON_OFF("dhcp-trust", DHCP_TRUST,
		      "be a DHCP server from which others get leases (off)"),
	OPTION_NUMBER("max-leases", MAX_LEASES, __u32, "leases", "N",
		      "how many leases DHCP servers may give it (8)"),
	{ .name = "allowed-ips", .attr = IFLA_VNICX_ALLOWED_OP,
	  .len = sizeof(__u32), .parse = parse_allowed,
	  .words = vnicx_list_ops, .nr_words = ARRAY_SIZE(vnicx_list_ops),
	  .nr_shown = ARRAY_SIZE(vnicx_list_ops),
	  .args = "{ { add | del } PREFIX... | [ set ] [ PREFIX... ] | flush }",
	  .help = "the IP addresses that ipguard and ipguard-in are about" },
	{ .name = "vlan", .attr = IFLA_VNICX_VLAN, .parse = parse_vlan,
	  .args = "{ VID [ qos { 0-7 | keep } ] [ proto { 802.1Q | 802.1ad } ] | off }",
	  .help = "the VLAN that the vNIC is in, without tags (off)" },
	{ .name = "trunk", .attr = IFLA_VNICX_VLAN, .parse = parse_trunk,
	  .args = "LIST [ native { VID | none | untagged } ]",
	  .help = "the VLANs that the vNIC is in, with tags, and that of untagged frames (none)" },
	{ .name = "pvlan", .attr = IFLA_VNICX_VLAN, .parse = parse_pvlan,
	  .args = "{ isolated | community | promiscuous } PRIMARY SECONDARIES",
	  .help = "the private VLAN that the vNIC is in" },
	{ .name = "clean-traffic", .again = true, .parse = parse_clean_traffic,
	  .args = "",
	  .help = "trust off and spoofchk, restricted, raguard, dhcpguard on and ipguard dhcp" },
	OPTION_ON_OFF("isolated", ISOLATED,
		      "neither reach other isolated vNICs nor be reached by them (off)"),
	{ .name = "mirror", .attr = IFLA_VNICX_MIRROR, .parse = parse_mirror,
	  .args = "{ DEV [ vlan VID ] [ both | rx | tx ] | off }",
	  .help = "who gets copies of its frames (off)" },
	{ .name = "mirror_vlan", .attr = IFLA_VNICX_MIRROR_VLAN,
	  .len = sizeof(__u32), .show = show_nothing },
	{ .name = "mirror_way", .attr = IFLA_VNICX_MIRROR_WAY,
	  .len = sizeof(__u8), .show = show_nothing },
	{ .name = "bpf", .again = true, .parse = parse_bpf,
	  .args = "{ tx | rx } { pinned PATH | id ID | off }",
	  .help = "program that decides on its frames (off)" },
	{ .name = "bpf_tx_fd", .attr = IFLA_VNICX_BPF_TX, .len = sizeof(__u32),
	  .show = show_nothing },
	{ .name = "bpf_rx_fd", .attr = IFLA_VNICX_BPF_RX, .len = sizeof(__u32),
	  .show = show_nothing },
	{ .name = "bpf_tx", .attr = IFLA_VNICX_BPF_TX_ID,
	  .len = sizeof(__u32), .show = show_bpf },
	{ .name = "bpf_rx", .attr = IFLA_VNICX_BPF_RX_ID,
	  .len = sizeof(__u32), .show = show_bpf },
	{ }
};

const struct option *find_option(const char *word)
{
	const struct option *option;

	for_each_option(option)
		if (option->parse && !strcmp(word, option->name))
			return option;
	return NULL;
}

/* Words of ip's own, which people put behind the type */
static bool is_of_ip(const char *word)
{
	static const char *const words[] = {
		"address", "down", "link", "mtu", "name", "netns", "txqueuelen", "up",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(words); i++)
		if (!strcmp(word, words[i]))
			return true;
	return false;
}

static void refuse_unknown(const char *word, const char *kind)
{
	if (is_of_ip(word))
		fprintf(stderr, "Error: \"%s\" belongs before \"type %s\".\n", word, kind);
	else
		fprintf(stderr,
			"Error: \"%s\" is not an option of type %s. Try \"ip link help %s\".\n",
			word, kind, kind);
}

/* vlan, trunk and pvlan are one attribute. */
static void refuse_again(const struct option *option, const struct options *opts)
{
	const char *given = opts->vlan.given;

	if (option->attr == IFLA_VNICX_VLAN && !option->shared && strcmp(given, option->name))
		fprintf(stderr, "Error: \"%s\" and \"%s\" exclude each other.\n", given,
			option->name);
	else
		fprintf(stderr, "Error: \"%s\" is given twice.\n", option->name);
}

int options_parse(struct options *opts)
{
	const struct option *option;
	char *word;

	while (opts->argc > 0) {
		word = *opts->argv;
		if (!strcmp(word, "help")) {
			options_usage(opts->kind, stderr);
			return -1;
		}
		option = find_option(word);
		if (!option) {
			refuse_unknown(word, opts->kind);
			return -1;
		}
		if (option_given(option, opts) && !option->again) {
			refuse_again(option, opts);
			return -1;
		}
		opts->argc--;
		opts->argv++;
		if (option->parse(option, opts))
			return -1;
		*(option->shared ? &opts->switch_given : &opts->given) |=
			1ULL << option->attr;
	}
	return 0;
}

/* As many options on a line as a terminal has room for */
static void usage_synopsis(const char *kind, FILE *f)
{
	int indent = fprintf(f, "Usage: ... %s", kind);
	const struct option *option;
	int column = indent, len;

	for_each_option(option) {
		if (!option->args)
			continue;
		len = strlen(option->name) + strlen(option->args) + 6;
		if (column > indent && column + len > 79)
			column = fprintf(f, "\n%*s", indent, "") - 1;
		column += fprintf(f, " [ %s%s%s ]", option->name,
				  *option->args ? " " : "", option->args);
	}
	fputs("\n\n", f);
}

void options_usage(const char *kind, FILE *f)
{
	const struct option *option;

	usage_synopsis(kind, f);
	for_each_option(option)
		if (option->args)
			fprintf(f, "%-14s %s\n", option->name, option->help);
	fputs("\nSee ip-link-vnicx(8).\n", f);
}
