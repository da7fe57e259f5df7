/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _VNICX_VLAN_H
#define _VNICX_VLAN_H

struct option;
struct options;
struct rtattr;

/* For the table of options: how the words after each are read */
int parse_vlan(const struct option *option, struct options *opts);
int parse_trunk(const struct option *option, struct options *opts);
int parse_pvlan(const struct option *option, struct options *opts);

/* Shows IFLA_VNICX_VLAN. */
void show_vlan(const struct rtattr *nest);

#endif /* _VNICX_VLAN_H */
