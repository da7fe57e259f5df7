/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The fuzzer: several processes, the roles, each of which carries out one random
 * operation after the other on the same devices. An operation is a line in a
 * table (struct verb). The operation with the number N of a role is a function of
 * the seed, the role and N, and of what the kernel answers to its own calls, so a
 * seed repeats a run and any subset of its operations can be carried out again.
 */
#ifndef _FUZZ_H
#define _FUZZ_H

#include <err.h>
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* The processes */
enum role {
	ROLE_ADMIN,	/* control operations, with every capability */
	ROLE_TENANT,	/* the same in an unprivileged user's own namespaces */
	ROLE_FRAMES,	/* packet sockets and ordinary ones */
	ROLE_TAP,	/* character devices, by themselves and with vhost-net */
	ROLE_NOMEM,	/* operations of all the others, with allocations failing */
	NR_ROLES,
};

enum {
	ADMIN = 1 << ROLE_ADMIN,
	TENANT = 1 << ROLE_TENANT,
	FRAMES = 1 << ROLE_FRAMES,
	TAP = 1 << ROLE_TAP,
	NOMEM = 1 << ROLE_NOMEM,
};

extern const char *const role_names[NR_ROLES];

/* The value of run() when there was nothing to operate on */
#define IDLE	(-1)

/**
 * struct verb - an operation
 * @name: what the report, the watchdog and -x call it
 * @run: carries it out. Returns 0 when the kernel accepted it, an errno when the
 *	kernel refused it, or IDLE
 * @weight: how often, relative to the others of a role
 * @roles: who does it, a mask
 * @message: sends a netlink message, which the verb "mutate" may spoil
 * @arg: for @run, which several verbs can share
 * @needs: a kind of device, or another thing that not every kernel has (setup.c),
 *	or NULL
 */
struct verb {
	const char *name;
	int (*run)(const struct verb *verb);
	unsigned int weight;
	unsigned int roles;
	bool message;
	const void *arg;
	const char *needs;
};

/* Each ends with an entry without a name. */
extern const struct verb kind_verbs[], life_verbs[], vnicx_verbs[], set_verbs[],
			 ethtool_verbs[], fdb_verbs[], bridge_verbs[], qdisc_verbs[],
			 frame_verbs[], ring_verbs[], xsk_verbs[], socket_verbs[], dhcp_verbs[],
			 nft_verbs[], system_verbs[], tap_verbs[],
			 vhost_verbs[], genl_verbs[], wild_verbs[], contain_verbs[],
			 nomem_verbs[];

#define VERBS_MAX	240

/* verbs.c */
extern const struct verb *verbs[VERBS_MAX];
extern unsigned int nr_verbs;
void verbs_collect(void);
void verbs_exclude(const char *name);
const struct verb *verb_pick(enum role role, bool only_messages);
const struct verb *verb_pick_near(enum role role, unsigned int i);
bool verb_is_for(unsigned int i, enum role role);

/* random.c: the only source of chance */
void chance_begin(uint64_t seed, unsigned int role, uint64_t n);
uint32_t chance(void);
uint32_t below(uint32_t n);
bool one_in(uint32_t n);
/* a number with as many bits as chance will have it */
uint32_t any_size(void);
/* one of the values at which arithmetic breaks, or any */
uint32_t edge(void);
void random_bytes(void *to, size_t len);

/* one of its elements */
#define PICK(array) (*((array) + below(COUNT(array))))

/* Shared by the roles and the watchdog */
struct counts {
	unsigned long ran;
	unsigned long accepted;
};

struct shared {
	struct {
		struct counts counts[VERBS_MAX];
		/* those that were never accepted in the first pass */
		bool refused[VERBS_MAX];
		/* how many operations have ended; the clock of the watchdog */
		unsigned long ended;
		/* the one that has not, if it is busy */
		unsigned long op;
		unsigned int verb;
		bool busy;
		/* at its end, in kB, and in use */
		unsigned long memory;
		unsigned int descriptors;
	} role[NR_ROLES];
	/* how many roles are through with the first pass, of how many */
	unsigned int passed;
	unsigned int roles;
	/* of the clock, in seconds */
	time_t end;
	bool stop;
};

extern struct shared *shared;
extern enum role role_now;
/* main.c: runs an operation, and counts it; returns what it returns */
int carry_out(const struct verb *verb);
time_t clock_now(void);

/* pass.c: each verb of this role, until the kernel accepts it */
void first_pass(void);

/* watch.c: waits for the roles. Returns whether one failed. */
int watch(pid_t *pids);
/* Prints what they did. Returns whether they did too little. */
int report(unsigned int roles, bool replay);

#endif /* _FUZZ_H */
