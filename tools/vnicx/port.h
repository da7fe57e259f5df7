/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Switches and ports, as the kernel shows them.
 */
#ifndef _VNICX_TOOL_PORT_H
#define _VNICX_TOOL_PORT_H

#include <linux/if_vnicx.h>
#include <linux/vnicx.h>
#include <stdbool.h>

#include "netlink.h"
#include "vnicx.h"

#define NAME_SIZE	32

struct port {
	struct nlattr *attrs;	/* all of its answer */
	size_t len;
	const struct nlattr *tb[VNICX_A_PORT_MAX + 1];
	const struct nlattr *options[IFLA_VNICX_MAX + 1];
	char name[NAME_SIZE];	/* or another word for it */
	char text[NAME_SIZE];	/* the same for a terminal */
	__u64 counters[VNICX_A_COUNTERS_MAX + 1];
	bool counts[VNICX_A_COUNTERS_MAX + 1];	/* it has this counter */
	__u64 causes[VNICX_A_CAUSES_MAX + 1];
	__u64 xdp[VNICX_A_XDP_MAX + 1];
	__u64 rates[VNICX_A_COUNTERS_MAX + 1];	/* a second */
};

struct sw {
	struct nlattr *attrs;
	size_t len;
	const struct nlattr *tb[VNICX_A_SWITCH_MAX + 1];
	char text[NAME_SIZE];	/* its name for a terminal */
};

/* All that was asked for */
struct view {
	struct sw *switches;
	struct port *ports;
	size_t nr_switches;
	size_t nr_ports;
};

int view_read(struct view *view, const char *lower);
void view_free(struct view *view);
/* Reads what is asked for and prints it, the elements of a list if that is JSON */
int view_print(const struct options *opts,
	       void (*print)(const struct view *view, bool json));

/* Writes a device's name as a terminal may show it */
void clean_name(char text[NAME_SIZE], const char *name);

/* Whether a port belongs to a switch of the view, or to one that is not seen */
bool port_is_of(const struct port *port, const struct sw *sw);
bool port_is_vnic(const struct port *port);

extern const char *const counter_names[VNICX_A_COUNTERS_MAX + 1];
extern const char *const cause_names[VNICX_A_CAUSES_MAX + 1];
extern const char *const xdp_names[VNICX_A_XDP_MAX + 1];

#endif /* _VNICX_TOOL_PORT_H */
