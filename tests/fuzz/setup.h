/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SETUP_H
#define _SETUP_H

#include "fuzz.h"

/* setup.c: the namespaces and the wire, once, before there are roles */
void setup_world(void);
/* In the process of a role: its sockets, its own namespace, its privileges */
void setup_role(void);
/* Whether the kernel has a kind of devices, or another thing; true for NULL */
bool is_there(const char *kind);
bool has_fault_injection(void);

#endif /* _SETUP_H */
