/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _KINDS_H
#define _KINDS_H

#include "fuzz.h"
#include "msg.h"
#include "world.h"

/* kinds.c */
bool kind_is_there(const char *kind);
void loopback_up(unsigned int ns);
int make_wire(void);

/* vnicx.c: IFLA_VNICX_* by chance */
void put_vnicx(struct msg *m, unsigned int ns);

#endif /* _KINDS_H */
