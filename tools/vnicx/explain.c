// SPDX-License-Identifier: GPL-2.0
/*
 * vnicx explain: what the switch would do with a frame of a vNIC, and why.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../ip/words.h"
#include "json.h"
#include "port.h"
#include "vnicx.h"

/* So many vNICs of one name or address are listed. */
#define CHOICES	16

static const char *const classes[] = {
	"unicast", "broadcast", "multicast", "link-local", "mac-control",
};

static const char *const decisions[] = { "port", "on", "flood", "drop" };

static const struct {
	const char *name;
	const char *text;
} reasons[] = {
	[VNICX_REASON_ADDRESS] = { "address", "a port has this address" },
	[VNICX_REASON_GROUP] = { "group", "it is for all who want it" },
	[VNICX_REASON_UNKNOWN] = { "unknown", "no port has this address" },
	[VNICX_REASON_DOWN] = { "down", "the vNIC with this address is down" },
	[VNICX_REASON_MODE] = { "mode", "modes keep sender and receiver apart on the switch" },
	[VNICX_REASON_LINK_LOCAL] = { "link-local", "no switch forwards it" },
	[VNICX_REASON_RX_VLAN] = { "rx_vlan", "the vNIC with this address is not in this VLAN" },
	[VNICX_REASON_TX_DISABLED] = { "tx_disabled", "the sender is disabled" },
	[VNICX_REASON_TX_DOWN] = { "tx_down", "the sender is down" },
	[VNICX_REASON_TX_VLAN] = { "tx_vlan", "the sender may not send this tag" },
	[VNICX_REASON_TX_SPOOFED] = { "tx_spoofed", "the source address is not the sender's" },
	[VNICX_REASON_TX_ISOLATED] = { "tx_isolated", "sender and receiver are isolated" },
	[VNICX_REASON_OTHERHOST] = { "otherhost", "it is for the sender itself" },
	[VNICX_REASON_UNHANDLED_PROTO] = { "unhandled_proto", "vNICs may not send MAC control" },
};

static const struct {
	unsigned int flag;
	const char *name;
	const char *text;
} unasked[] = {
	{ VNICX_UNASKED_TX, "tx", "guards, rates and programs of the sender" },
	{ VNICX_UNASKED_RX, "rx", "guards, rates and programs of a receiver" },
	{ VNICX_UNASKED_NEIGH_SUPPRESS, "neigh_suppress", "neigh_suppress, of ARP requests" },
};

/* An answer, whose attributes may come more than once */
struct answer {
	struct nlattr *attrs;
	size_t len;
	const struct nlattr *tb[VNICX_A_EXPLAIN_MAX + 1];
};

static const char *mac(const struct nlattr *nla)
{
	static char text[sizeof("00:00:00:00:00:00")];
	const unsigned char *b;

	if (!nla || attr_len(nla) != MAC_LEN)
		return "-";
	b = attr_data(nla);
	snprintf(text, sizeof(text), "%02x:%02x:%02x:%02x:%02x:%02x", b[0], b[1], b[2], b[3],
		 b[4], b[5]);
	return text;
}

static bool is_meant(const struct port *port, const struct options *opts)
{
	const struct nlattr *address = port->tb[VNICX_A_PORT_ADDRESS];

	if (!port_is_vnic(port))
		return false;
	if (!opts->has_address)
		return !strcmp(port->name, opts->port);
	return address && attr_len(address) == MAC_LEN &&
	       !memcmp(attr_data(address), opts->address, MAC_LEN);
}

static void refuse_missing(const struct view *view, const char *name)
{
	size_t i;

	for (i = 0; i < view->nr_switches; i++) {
		const struct nlattr *lower = view->switches[i].tb[VNICX_A_SWITCH_NAME];

		if (!lower || strcmp(attr_data(lower), name))
			continue;
		fprintf(stderr, "vnicx: %s is a lower device: name a vNIC over it.\n", name);
		return;
	}
	fprintf(stderr, "vnicx: no vNIC %s.\n", name);
}

static const char *lower_name(const struct view *view, const struct port *port)
{
	size_t i;

	for (i = 0; i < view->nr_switches; i++)
		if (port_is_of(port, &view->switches[i]) &&
		    view->switches[i].tb[VNICX_A_SWITCH_NAME])
			return view->switches[i].text;
	return "?";
}

/* The addresses of one name, or the lower devices of one address */
static void refuse_ambiguous(const struct view *view, const struct options *opts)
{
	unsigned int left = CHOICES;
	size_t i;

	if (opts->has_address)
		fprintf(stderr, "vnicx: more than one vNIC has the address %s. Add one of:\n",
			opts->port);
	else
		fprintf(stderr,
			"vnicx: more than one vNIC is called %s. Give an address instead:\n",
			opts->port);
	for (i = 0; i < view->nr_ports; i++) {
		const struct port *port = &view->ports[i];

		if (!is_meant(port, opts) || !port->tb[VNICX_A_PORT_ID])
			continue;
		if (!left--) {
			fprintf(stderr, "  ...\n");
			return;
		}
		if (opts->has_address)
			fprintf(stderr, "  link %s\n", lower_name(view, port));
		else
			fprintf(stderr, "  %s\n", mac(port->tb[VNICX_A_PORT_ADDRESS]));
	}
}

/*
 * The only vNIC of that name or address. One whose switch is another namespace's can be asked
 * nothing: it is meant if there is no other.
 */
static const struct port *find_vnic(const struct view *view, const struct options *opts)
{
	const struct port *found = NULL;
	size_t i;

	for (i = 0; i < view->nr_ports; i++) {
		const struct port *port = &view->ports[i];
		bool asked = port->tb[VNICX_A_PORT_ID];

		if (!is_meant(port, opts))
			continue;
		/* The one in this namespace has the name here. */
		if (!opts->has_address && !port->tb[VNICX_A_PORT_NSID])
			return port;
		if (found && found->tb[VNICX_A_PORT_ID] && asked) {
			refuse_ambiguous(view, opts);
			return NULL;
		}
		if (!found || asked)
			found = port;
	}
	if (!found)
		refuse_missing(view, opts->port);
	return found;
}

static const char *port_name(const struct view *view, const struct port *sender, __u32 id,
			     bool clean)
{
	static char text[16];
	size_t i;

	for (i = 0; i < view->nr_ports; i++) {
		const struct port *port = &view->ports[i];

		if (port->tb[VNICX_A_PORT_ID] &&
		    attr_number(port->tb[VNICX_A_PORT_ID]) == id &&
		    attr_number(port->tb[VNICX_A_PORT_LOWER]) ==
		    attr_number(sender->tb[VNICX_A_PORT_LOWER]))
			return clean ? port->text : port->name;
	}
	snprintf(text, sizeof(text), "port %u", id);
	return text;
}

static int keep_answer(const struct nlattr *attrs, size_t len, void *arg)
{
	struct answer *answer = arg;

	answer->attrs = malloc(len);
	if (!answer->attrs) {
		perror("vnicx");
		return -1;
	}
	answer->len = len;
	memcpy(answer->attrs, attrs, len);
	parse_attrs(answer->tb, VNICX_A_EXPLAIN_MAX, answer->attrs, len);
	return 0;
}

static int ask(const struct port *sender, const struct options *opts, struct answer *answer)
{
	__u32 lower = attr_number(sender->tb[VNICX_A_PORT_LOWER]);
	__u32 id = attr_number(sender->tb[VNICX_A_PORT_ID]);
	struct request req;

	if (!sender->tb[VNICX_A_PORT_ID]) {
		fprintf(stderr, "vnicx: the switch of %s is another namespace's.\n", opts->port);
		return -1;
	}
	request_init(&req, VNICX_CMD_EXPLAIN);
	request_put(&req, VNICX_A_EXPLAIN_LOWER, &lower, sizeof(lower));
	request_put(&req, VNICX_A_EXPLAIN_ID, &id, sizeof(id));
	request_put(&req, VNICX_A_EXPLAIN_DEST, opts->dest, MAC_LEN);
	if (opts->has_source)
		request_put(&req, VNICX_A_EXPLAIN_SOURCE, opts->source, MAC_LEN);
	if (opts->vid)
		request_put(&req, VNICX_A_EXPLAIN_VID, &opts->vid, sizeof(opts->vid));
	return vnicx_do(&req, keep_answer, answer);
}

static __u64 number(const struct answer *answer, int attr)
{
	return attr_number(answer->tb[attr]);
}

static const char *word(const char *const *words, size_t nr, __u64 value)
{
	return value < nr ? words[value] : "?";
}

/* Print the ports that get the frame. */
static void each_receiver(const struct view *view, const struct port *sender,
			  const struct answer *answer, bool json)
{
	const char *end = (const char *)answer->attrs + answer->len;
	const struct nlattr *nla = answer->attrs;

	for (; (const char *)nla + NLA_HDRLEN <= end && nla->nla_len >= NLA_HDRLEN;
	     nla = (const void *)((const char *)nla + NLA_ALIGN(nla->nla_len))) {
		const char *name;

		if ((nla->nla_type & NLA_TYPE_MASK) != VNICX_A_EXPLAIN_TO)
			continue;
		name = port_name(view, sender, attr_number(nla), !json);
		if (json)
			json_string(NULL, name);
		else
			printf(" %s", name);
	}
}

static size_t reason_of(const struct answer *answer)
{
	__u64 reason = number(answer, VNICX_A_EXPLAIN_REASON);

	return reason < ARRAY_SIZE(reasons) ? reason : 0;
}

static __u32 nr_receivers(const struct answer *answer)
{
	return number(answer, VNICX_A_EXPLAIN_RECEIVERS);
}

static void answer_text(const struct view *view, const struct port *sender,
			const struct answer *answer)
{
	const struct nlattr *owner = answer->tb[VNICX_A_EXPLAIN_OWNER];
	__u64 vlan = number(answer, VNICX_A_EXPLAIN_VLAN);
	size_t i;

	printf("%s sends %s ", sender->text, mac(answer->tb[VNICX_A_EXPLAIN_SOURCE]));
	printf("> %s: %s", mac(answer->tb[VNICX_A_EXPLAIN_DEST]),
	       word(classes, ARRAY_SIZE(classes), number(answer, VNICX_A_EXPLAIN_CLASS)));
	if (vlan)
		printf(", VLAN %llu", vlan);
	printf("\n  %s: %s, %s\n",
	       word(decisions, ARRAY_SIZE(decisions),
		    number(answer, VNICX_A_EXPLAIN_DECISION)),
	       reasons[reason_of(answer)].name, reasons[reason_of(answer)].text);
	if (owner)
		printf("  owner: %s\n", port_name(view, sender, attr_number(owner), true));
	printf("  to:");
	each_receiver(view, sender, answer, false);
	printf("%s (%u)\n", nr_receivers(answer) ? "" : " nobody", nr_receivers(answer));
	for (i = 0; i < ARRAY_SIZE(unasked); i++)
		if (number(answer, VNICX_A_EXPLAIN_UNASKED) & unasked[i].flag)
			printf("  not asked: %s\n", unasked[i].text);
}

static void answer_json(const struct view *view, const struct port *sender,
			const struct answer *answer)
{
	const struct nlattr *owner = answer->tb[VNICX_A_EXPLAIN_OWNER];
	size_t i;

	json_open(NULL, '{');
	json_string("port", sender->name);
	json_string("source", mac(answer->tb[VNICX_A_EXPLAIN_SOURCE]));
	json_string("dest", mac(answer->tb[VNICX_A_EXPLAIN_DEST]));
	json_string("class", word(classes, ARRAY_SIZE(classes),
				  number(answer, VNICX_A_EXPLAIN_CLASS)));
	if (answer->tb[VNICX_A_EXPLAIN_VLAN])
		json_number("vlan", number(answer, VNICX_A_EXPLAIN_VLAN));
	json_string("decision", word(decisions, ARRAY_SIZE(decisions),
				     number(answer, VNICX_A_EXPLAIN_DECISION)));
	json_string("reason", reasons[reason_of(answer)].name);
	if (owner)
		json_string("owner", port_name(view, sender, attr_number(owner), false));
	json_number("receivers", nr_receivers(answer));
	json_open("to", '[');
	each_receiver(view, sender, answer, true);
	json_close(']');
	json_open("unasked", '[');
	for (i = 0; i < ARRAY_SIZE(unasked); i++)
		if (number(answer, VNICX_A_EXPLAIN_UNASKED) & unasked[i].flag)
			json_string(NULL, unasked[i].name);
	json_close(']');
	json_close('}');
	json_end();
}

int explain(const struct options *opts)
{
	const struct port *sender;
	struct answer answer = {};
	struct view view = {};
	int status = 1;

	if (view_read(&view, opts->lower))
		return 1;
	sender = find_vnic(&view, opts);
	if (sender && !ask(sender, opts, &answer)) {
		if (opts->json)
			answer_json(&view, sender, &answer);
		else
			answer_text(&view, sender, &answer);
		status = 0;
	}
	free(answer.attrs);
	view_free(&view);
	return status;
}
