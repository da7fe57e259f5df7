/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _VNICX_SHOW_H
#define _VNICX_SHOW_H

struct rtattr;

/* Shows the attributes of a vNIC, IFLA_VNICX_MAX + 1 of them. */
void show_attributes(struct rtattr *tb[]);

/* Returns the key in JSON of the option @name; valid until the next call. */
const char *json_key(const char *name);

#endif /* _VNICX_SHOW_H */
