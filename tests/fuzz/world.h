/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where it all happens: namespaces, and a limited number of names for devices in
 * them. Nothing is remembered of what a device is: an operation looks for a name,
 * and does what it does to whatever has it.
 */
#ifndef _WORLD_H
#define _WORLD_H

#include "fuzz.h"

/* All roles but the tenant share those before NS_OWN, and the tenant lives in
 * NS_TENANT. NS_OWN is each role's own, to be deleted and made anew.
 */
enum { NS_HOST, NS_LAN, NS_GUEST, NS_TENANT, NS_OWN, NR_NS };

struct world {
	int ns[NR_NS];		/* -1: not for this role */
	int rtnl[NR_NS];
	int ctl[NR_NS];
	int member[NR_NS];	/* -1: not yet */
};

extern struct world world;
/* Set while the process can enter no other namespace: contain.c */
extern bool contained;

/* The two ends of the wire come first, with names of their own. vNICs are among the
 * names before NAME_OTHER, with other kinds between them.
 */
enum {
	NAME_ADAPTER,
	NAME_WIRE,
	NAME_BOND,
	NAME_FIRST,
	NAME_OTHER = 11,
	NR_NAMES = 20,
	/* these two are for netconsole: system.c */
	NAME_LOG = 24,
	NAME_LOG_LOWER,
};

struct device {
	unsigned int ns;
	unsigned int number;
	char name[16];
	int ifindex;
};

/* world.c */
int world_unshare(void);
void world_open(unsigned int ns, int fd);
void world_close(unsigned int ns);
void world_enter(unsigned int ns);
unsigned int pick_ns(void);
void name_of(char *name, unsigned int number);
bool find_in(struct device *d, unsigned int ns, unsigned int number);
/* Some device, wherever it is; false if chance hit on none */
bool pick_device(struct device *d);
/* Some device in that namespace, rather the lower device */
bool pick_lower(struct device *d, unsigned int ns);
/* Some device that probably is a vNIC */
bool pick_vnic(struct device *d);
/* Whether a packet socket may send by the device */
bool may_send(const struct device *d);
void device_ifreq(const struct device *d, void *ifreq);
int device_ioctl(const struct device *d, unsigned long request, void *ifreq);

/* Addresses: the one that a name's device often has, or one that is no good */
void mac_of(uint8_t *mac, unsigned int number);
void pick_mac(uint8_t *mac);
void pick_group(uint8_t *mac);
uint32_t ip_of(unsigned int number);

#endif /* _WORLD_H */
