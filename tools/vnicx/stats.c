// SPDX-License-Identifier: GPL-2.0
/*
 * vnicx stats: counters. vnicx top: rates, the busiest port first.
 */
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "json.h"
#include "port.h"
#include "vnicx.h"

static const char *lower_name(const struct port *port)
{
	static char name[IF_NAMESIZE];

	if (port->tb[VNICX_A_PORT_LOWER_NSID] ||
	    !if_indextoname(attr_number(port->tb[VNICX_A_PORT_LOWER]), name))
		return "-";
	return name;
}

static const char *lower_text(const struct port *port)
{
	static char text[NAME_SIZE];

	clean_name(text, lower_name(port));
	return text;
}

static void port_head_json(const struct port *port)
{
	json_string("lower", lower_name(port));
	json_string("port", port->name);
	if (port->tb[VNICX_A_PORT_NSID])
		json_number("nsid", (int)attr_number(port->tb[VNICX_A_PORT_NSID]));
}

/* @there is NULL if all are. */
static void numbers_json(const char *name, const char *const *names, int max,
			 const __u64 *numbers, const bool *there)
{
	int i;

	json_open(name, '{');
	for (i = 1; i <= max; i++)
		if (names[i] && (!there || there[i]))
			json_number(names[i], numbers[i]);
	json_close('}');
}

static void stats_json(const struct port *port)
{
	json_open(NULL, '{');
	port_head_json(port);
	numbers_json("counters", counter_names, VNICX_A_COUNTERS_MAX,
		     port->counters, port->counts);
	if (port_is_vnic(port)) {
		numbers_json("causes", cause_names, VNICX_A_CAUSES_MAX,
			     port->causes, NULL);
		numbers_json("xdp", xdp_names, VNICX_A_XDP_MAX, port->xdp, NULL);
	}
	json_close('}');
}

/* Those that are not 0 */
static void numbers_text(const char *const *names, int max, const __u64 *numbers)
{
	int i;

	for (i = 1; i <= max; i++)
		if (names[i] && numbers[i])
			printf(" %s %llu", names[i], numbers[i]);
}

static void stats_text(const struct port *port)
{
	printf("%s %s:", lower_text(port), port->text);
	numbers_text(counter_names, VNICX_A_COUNTERS_MAX, port->counters);
	numbers_text(cause_names, VNICX_A_CAUSES_MAX, port->causes);
	numbers_text(xdp_names, VNICX_A_XDP_MAX, port->xdp);
	putchar('\n');
}

static void stats_all(const struct view *view, bool json)
{
	size_t i;

	for (i = 0; i < view->nr_ports; i++)
		if (json)
			stats_json(&view->ports[i]);
		else
			stats_text(&view->ports[i]);
}

int stats(const struct options *opts)
{
	return view_print(opts, stats_all);
}

static bool is_same(const struct port *a, const struct port *b)
{
	static const int attrs[] = {
		VNICX_A_PORT_LOWER, VNICX_A_PORT_LOWER_NSID, VNICX_A_PORT_TYPE,
		VNICX_A_PORT_IFINDEX, VNICX_A_PORT_NSID, VNICX_A_PORT_ID,
	};
	size_t i;

	for (i = 0; i < sizeof(attrs) / sizeof(*attrs); i++)
		if (attr_number(a->tb[attrs[i]]) != attr_number(b->tb[attrs[i]]))
			return false;
	return true;
}

/* Kernels dump ports in one order, so the search is short. A port that is new has
 * no rate yet.
 */
static void find_rates(struct view *now, const struct view *before,
		       double seconds)
{
	size_t i, j, at = 0;
	int c;

	for (i = 0; i < now->nr_ports; i++) {
		struct port *port = &now->ports[i];

		for (j = at; j < before->nr_ports; j++)
			if (is_same(port, &before->ports[j]))
				break;
		if (j == before->nr_ports)
			continue;
		at = j + 1;
		for (c = 1; c <= VNICX_A_COUNTERS_MAX; c++)
			if (port->counters[c] >= before->ports[j].counters[c])
				port->rates[c] = (port->counters[c] -
						  before->ports[j].counters[c]) / seconds;
	}
}

static __u64 busy(const struct port *port)
{
	return port->rates[VNICX_A_COUNTERS_RX_BYTES] +
	       port->rates[VNICX_A_COUNTERS_TX_BYTES];
}

static int busier(const void *a, const void *b)
{
	__u64 x = busy(*(struct port *const *)a), y = busy(*(struct port *const *)b);

	return x < y ? 1 : x > y ? -1 : 0;
}

static __u64 drops(const struct port *port)
{
	const __u64 *rates = port->rates;
	__u64 sum = rates[VNICX_A_COUNTERS_RX_DROPPED] +
		    rates[VNICX_A_COUNTERS_TX_DROPPED] +
		    rates[VNICX_A_COUNTERS_FLOOD_OVERFLOW];

	/* A vNIC's are among rx_dropped. */
	return port_is_vnic(port) ? sum :
	       sum + rates[VNICX_A_COUNTERS_RX_OVERFLOW];
}

static void rates_text(const struct port *port)
{
	const __u64 *rates = port->rates;

	printf("%-15s %-15s ", lower_text(port), port->text);
	if (port->counts[VNICX_A_COUNTERS_RX_PACKETS])
		printf("%9llu %9.3f %9llu %9.3f",
		       rates[VNICX_A_COUNTERS_RX_PACKETS],
		       rates[VNICX_A_COUNTERS_RX_BYTES] * 8 / 1e6,
		       rates[VNICX_A_COUNTERS_TX_PACKETS],
		       rates[VNICX_A_COUNTERS_TX_BYTES] * 8 / 1e6);
	else
		printf("%9s %9s %9s %9s", "-", "-", "-", "-");
	printf(" %9llu\n", drops(port));
}

static void print_rates(const struct view *view, bool json)
{
	struct port **order = calloc(view->nr_ports + 1, sizeof(*order));
	size_t i;

	if (!order) {
		perror("vnicx");
		exit(1);
	}
	for (i = 0; i < view->nr_ports; i++)
		order[i] = &view->ports[i];
	qsort(order, view->nr_ports, sizeof(*order), busier);
	if (json)
		json_open(NULL, '[');
	else if (isatty(STDOUT_FILENO))
		fputs("\033[H\033[2J", stdout);
	if (!json)
		printf("%-15s %-15s %9s %9s %9s %9s %9s\n", "LOWER", "PORT", "RX/s",
		       "RX Mbit/s", "TX/s", "TX Mbit/s", "DROPS/s");
	for (i = 0; i < view->nr_ports; i++) {
		if (!json) {
			rates_text(order[i]);
			continue;
		}
		json_open(NULL, '{');
		port_head_json(order[i]);
		numbers_json("rates", counter_names, VNICX_A_COUNTERS_MAX,
			     order[i]->rates, order[i]->counts);
		json_close('}');
	}
	if (json) {
		json_close(']');
		json_end();
	}
	fflush(stdout);
	free(order);
}

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec + time.tv_nsec / 1e9;
}

int top(const struct options *opts)
{
	struct view view = {}, before = {};
	double at = now(), then;
	long n;

	if (view_read(&before, opts->lower))
		return 1;
	for (n = 0; (!opts->count || n < opts->count) && !ferror(stdout); n++) {
		usleep(opts->interval * 1e6);
		if (view_read(&view, opts->lower))
			return 1;
		then = at;
		at = now();
		find_rates(&view, &before, at - then);
		print_rates(&view, opts->json);
		view_free(&before);
		before = view;
		view = (struct view) {};
	}
	view_free(&before);
	return 0;
}
