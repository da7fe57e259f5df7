/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _KINDS_H
#define _KINDS_H

#include "fuzz.h"
#include "msg.h"
#include "world.h"

/* The header of bonds does not go with <net/if.h>. */
enum { ACTIVE_BACKUP = 1 };

/* kinds.c */
bool kind_is_there(const char *kind);
/* The other end of a cable, which is made with the one end */
void put_peer(struct msg *m, int type, unsigned int ns, unsigned int number);

/* vnicx.c: IFLA_VNICX_* by chance */
void put_vnicx(struct msg *m, unsigned int ns);

/* guard.c: of those, the guards */
void put_guard(struct msg *m);
void put_allowed(struct msg *m);
void put_allowed_op(struct msg *m);
void put_max_leases(struct msg *m);

/* vlan.c: of those, the VLANs and isolation */
void put_vlans(struct msg *m);
void put_isolated(struct msg *m);

#endif /* _KINDS_H */
