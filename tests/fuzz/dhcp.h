/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _DHCP_H
#define _DHCP_H

#include "fuzz.h"

/* The frame that was made last */
extern struct dhcp_frame {
	uint8_t bytes[1600];
	size_t len;
} dhcp_frame;

/* A message and its answer have in common: the transaction, the address, the client. */
extern struct dhcp_now {
	uint32_t xid;
	uint32_t addr;
	uint8_t mac[6];
} dhcp_now;

/* dhcp_make.c */
uint8_t *dhcp_room(size_t len);
void dhcp_client4(void);
void dhcp_server4(void);
void dhcp_client6(void);
void dhcp_server6(void);
/* Is fe80::N free? It is not. */
void dhcp_question(void);
void dhcp_answer(void);
/* The same of an IPv4 address */
void dhcp_probe(void);
void dhcp_defence(void);

#endif /* _DHCP_H */
