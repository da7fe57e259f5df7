/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The commands of the program.
 */
#ifndef _VNICX_TOOL_VNICX_H
#define _VNICX_TOOL_VNICX_H

#include <stdbool.h>

#define MAC_LEN	6

/**
 * struct options - of a command
 * @json: print JSON
 * @lower: name of a lower device, or NULL for all
 * @port: name or address of a vNIC, for explain
 * @address: the address, if @has_address
 * @has_address: @port is one
 * @dest: destination address of its frame
 * @source: source address, if @has_source
 * @has_source: one is given
 * @vid: VID in its tag, 0 for none
 * @count: how often top prints, 0 for without end
 * @interval: seconds between two times
 */
struct options {
	bool json;
	const char *lower;
	const char *port;
	unsigned char address[MAC_LEN];
	bool has_address;
	unsigned char dest[MAC_LEN];
	unsigned char source[MAC_LEN];
	bool has_source;
	unsigned short vid;
	long count;
	double interval;
};

int show(const struct options *opts);
int stats(const struct options *opts);
int top(const struct options *opts);
int explain(const struct options *opts);

#endif /* _VNICX_TOOL_VNICX_H */
