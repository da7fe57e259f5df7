/* SPDX-License-Identifier: GPL-2.0 */
/*
 * JSON on standard output. A member has a name; an element of an array has NULL.
 */
#ifndef _VNICX_TOOL_JSON_H
#define _VNICX_TOOL_JSON_H

#include <linux/types.h>
#include <stdbool.h>

void json_open(const char *name, char bracket);
void json_close(char bracket);
void json_string(const char *name, const char *value);
void json_number(const char *name, long long value);
void json_bool(const char *name, bool value);
void json_end(void);

#endif /* _VNICX_TOOL_JSON_H */
