/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Traffic between two ends, each a device in a namespace, in both directions at
 * once. Every byte that arrives is compared with what was sent.
 *
 * One process for each end, on a processor of its own where there are two. They
 * share what is below; every field has one writer.
 */
#ifndef TRAFFIC_H
#define TRAFFIC_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <err.h>
#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NAME_SIZE	32
#define FLOWS_MAX	64
#define STREAMS_MAX	8
#define NUMBERS_MAX	16384
#define DATAGRAM_MAX	65536

/* Without any progress for so long, nothing more is expected. */
#define STALL_MS	10000
/* A frame that has not arrived by then, where frames may be lost, is lost. */
#define QUIET_MS	60

#define GROUP4		"239.1.2.3"
#define GROUP6		"ff15::123"

/**
 * struct end - one end of all traffic
 * @ns: its namespace
 * @dev: its device there
 * @ip4: its address
 * @ip6: its address, or :: if IPv6 does not run (MTU below 1280)
 * @mtu: of the longest packet it may send to the other end without fragments
 * @ifindex: of the device
 * @mac: of the device
 * @fd: for ioctls in its namespace
 */
struct end {
	char ns[NAME_SIZE];
	char dev[NAME_SIZE];
	struct in_addr ip4;
	struct in6_addr ip6;
	unsigned int mtu;
	int ifindex;
	unsigned char mac[6];
	int fd;
};

struct flow;

/**
 * struct kind - a kind of datagrams
 * @name: for messages
 * @excluded: the word that excludes it
 * @ip6: it needs IPv6
 * @answered: the sender gets answers, which the other end's kernel gives
 * @window: how many may be on their way
 * @total: how many are sent
 * @open: opens f->tx and f->rx, returns false if the kernel does not have it
 * @send: sends f->sent and possibly more, returns how many or -1 (errno)
 * @receive: hands what has arrived to take()
 * @rebind: makes f->rx hear again after an event
 */
struct kind {
	const char *name;
	const char *excluded;
	bool ip6;
	bool answered;
	unsigned int window;
	unsigned int total;
	bool (*open)(struct flow *f);
	int (*send)(struct flow *f);
	void (*receive)(struct flow *f);
	void (*rebind)(struct flow *f);
};

/**
 * struct flow - numbered datagrams in one direction
 * @kind: of what
 * @id: also of its ports
 * @from: the end that sends
 * @tx: the sender's socket
 * @rx: the receiver's
 * @arg: what @kind wants to remember: a size
 * @plain: the device cannot do what @kind is about, and the kernel does not do it instead
 * @total: how many to send
 * @sent: how many were sent (the sender writes these ten)
 * @lost: how many of them are given up
 * @resumed: the first that was sent when the event was over, 0: none yet
 * @strict: from this one on, all arrive again, 0: none yet
 * @drained: the last that was sent when the event was over arrived
 * @probed: when the last was sent
 * @pause: how long one that is sent after the event has to arrive
 * @heard: @next, when the last was sent after the event
 * @since: when @unique last changed, as the sender saw it
 * @seen: @unique, as the sender saw it
 * @unique: how many arrived (the receiver writes these)
 * @next: the number after the highest that arrived
 * @late: how many arrived of those that must
 * @bytes: of all that arrived
 * @got: which arrived
 */
struct flow {
	const struct kind *kind;
	unsigned int id;
	int from;
	int tx;
	int rx;
	unsigned int arg;
	bool plain;
	unsigned int total;

	atomic_uint sent;
	atomic_uint lost;
	atomic_uint resumed;
	atomic_uint strict;
	atomic_bool drained;
	long probed;
	long pause;
	long since;
	unsigned int seen;
	unsigned int heard;

	atomic_uint unique;
	atomic_uint next;
	atomic_uint late;
	unsigned long bytes;
	unsigned char got[NUMBERS_MAX / 8];
};

/**
 * struct stream - bytes in both directions
 * @name: for messages
 * @id: also of its port
 * @sctp: not TCP
 * @fd: of either end
 * @total: in each direction
 * @sent: by either end, which alone writes it
 * @got: by either end, which alone writes it
 */
struct stream {
	const char *name;
	unsigned int id;
	bool sctp;
	int fd[2];
	size_t total;
	atomic_size_t sent[2];
	atomic_size_t got[2];
};

/**
 * struct shared - what both processes see
 * @end: the two ends
 * @flows: of datagrams
 * @streams: of bytes
 * @over: the stage is over
 * @resumed: the event, if there is one, is over
 * @faults: how many were seen
 */
struct shared {
	struct end end[2];
	struct flow flows[FLOWS_MAX];
	struct stream streams[STREAMS_MAX];
	unsigned int nr_flows;
	unsigned int nr_streams;
	atomic_bool over;
	atomic_bool resumed;
	atomic_uint faults;
};

extern struct shared *shared;

/* The options */
extern uint32_t seed;
extern bool may_lose, may_repeat, may_reorder, has_event;
extern const char *excluded;

/* traffic.c */
long now_ms(void);
uint32_t chance(uint32_t a, uint32_t b, uint32_t c);
__attribute__((format(printf, 1, 2))) void fault(const char *format, ...);
bool is_excluded(const char *word);
int open_socket(int end, int family, int type, int protocol);
void any_address(int end, int family, unsigned int port, struct sockaddr_storage *to);
socklen_t address_size(int family);
void learn_mac(int end);

/* datagram.c */
extern const struct kind *const kinds[];
void add_flows(void);
void run_datagrams(void);
unsigned int fill_datagram(const struct flow *f, unsigned int number,
			   unsigned char *to, unsigned int size);
void take(struct flow *f, const unsigned char *data, size_t size);
void count_arrival(struct flow *f, unsigned int number, size_t size);
bool may_lose_now(const struct flow *f);
void damaged(const struct flow *f, unsigned int number, const char *how);
/* smallest: an empty datagram */
#define DATAGRAM_MIN	20

/* udp.c, packet.c, icmp.c */
extern const struct kind udp4, udp6, udp4_fragments, udp6_fragments, udp4_gso,
	udp6_gso, multicast4, multicast6, multicast4_fragments, multicast6_fragments;
extern const struct kind raw, arp, nd;
extern const struct kind echo4, echo6;
void watch(const char *where, bool groups);
void look(void);

/* stream.c */
void run_streams(void);

/* stage.c */
void run_stage(void (*step)(int end), bool (*is_done)(void),
	       unsigned long (*progress)(void), bool (*is_half)(void),
	       void (*complain)(void));

/* relay.c */
int relay(int argc, char **argv);
int move(int argc, char **argv);

#endif /* TRAFFIC_H */
