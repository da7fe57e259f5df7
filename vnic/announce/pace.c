// SPDX-License-Identifier: GPL-2.0
/*
 * How often the bridge behind a lower device is told of addresses, and of how many at
 * a time, so that tenants can flood neither the bridge nor those who listen to it,
 * and cannot have RTNL held for long.
 *
 * In a round each vNIC has at most TOLD_PORTION addresses told that are new or that the
 * bridge has lost, and all vNICs together VNICX_TOLD_PORTIONS beyond the first of
 * each. A rest follows, which is TOLD_REST times as long as the round took. hear.c adds
 * a shortest time between rounds.
 *
 * All entries are looked at VNICX_TOLD_VERIFY after the last look began if the bridge
 * has lost one since. If it has refused one, too, but each time that it refuses again
 * after twice as long, up to TOLD_RETRY: a bridge that is full may be full for days.
 * A look that finds more lost than a round may tell goes on in the next one, unless a new
 * one is due.
 */
#include <linux/jiffies.h>
#include <linux/minmax.h>
#include <kunit/visibility.h>

#include "announce.h"

/* The longest time from one look to the next while the bridge refuses entries */
#define TOLD_RETRY	(64 * HZ)

/* Addresses of a vNIC told in a round */
#define TOLD_PORTION	64

/* Rest after a round, as a multiple of the time that it took. There is a longest one,
 * because on a busy machine a round takes longer than RTNL is used.
 */
#define TOLD_REST	9

/**
 * vnicx_told_is_full() - tell whether no more of a vNIC's addresses are told in a round
 * @of_vnic: number of the vNIC's in this round
 * @of_all: number of those of all vNICs that were told beyond the first of each
 *
 * Return: whether vnicx_told_admits() is false
 */
bool vnicx_told_is_full(u32 of_vnic, u32 of_all)
{
	return of_vnic && (of_vnic >= TOLD_PORTION || of_all >= VNICX_TOLD_PORTIONS);
}

/**
 * vnicx_told_admits() - tell whether one more address is told in a round
 * @of_vnic: number of the vNIC's in this round
 * @of_all: number of those of all vNICs that were told beyond the first of each
 *
 * Every vNIC has one told in each round, so that none waits for others.
 *
 * Return: whether it is
 */
bool vnicx_told_admits(u32 *of_vnic, u32 *of_all)
{
	bool full = vnicx_told_is_full(*of_vnic, *of_all);
	u32 n = (*of_vnic)++;

	if (n && !full)
		++*of_all;
	return !full;
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_told_admits);

/**
 * vnicx_told_until_look() - tell when all entries are to be looked at
 * @told: what the bridge was told
 *
 * There is nothing to look at without a port. hear.c may note a loss after the port has
 * gone, which waits for the next port; that one makes @told->changed true.
 *
 * Context: RTNL.
 * Return: in how many jiffies, 0 for now, or VNICX_TOLD_NEVER
 */
unsigned long vnicx_told_until_look(const struct vnicx_told *told)
{
	unsigned long since = jiffies - told->verified;
	unsigned long wait = READ_ONCE(told->lost) ? VNICX_TOLD_VERIFY : told->retry;

	if (!told->port)
		return VNICX_TOLD_NEVER;
	if (told->looking)
		return 0;
	if (!wait)
		return VNICX_TOLD_NEVER;
	return since < wait ? wait - since : 0;
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_told_until_look);

/**
 * vnicx_told_begins_look() - tell whether a look at all entries begins, or goes on
 * @told: what the bridge was told, now that entries are to be looked at
 * @now: the time, in jiffies
 *
 * An entry that the bridge has lost since a look began may have been looked at by then.
 * It must not wait for an end that one tenant's many addresses put off.
 *
 * Context: RTNL.
 * Return: whether one begins
 */
bool vnicx_told_begins_look(const struct vnicx_told *told, unsigned long now)
{
	return !told->looking || (READ_ONCE(told->lost) &&
				  now - told->verified >= VNICX_TOLD_VERIFY);
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_told_begins_look);

/**
 * vnicx_told_retry() - tell when to look again after a look at all entries
 * @retry: the wait before that look, in jiffies; 0 if the bridge had refused none
 * @refused: whether the bridge refused an entry
 *
 * Return: the wait from that look, in jiffies; 0 for no other one
 */
unsigned long vnicx_told_retry(unsigned long retry, bool refused)
{
	if (!refused)
		return 0;
	return retry ? min_t(unsigned long, 2 * retry, TOLD_RETRY) : VNICX_TOLD_VERIFY;
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_told_retry);

/**
 * vnicx_told_rest() - tell how long RTNL is left to others after a round
 * @took: how long the round took, in jiffies
 *
 * Return: the rest, in jiffies
 */
unsigned long vnicx_told_rest(unsigned long took)
{
	return min_t(unsigned long, TOLD_REST * took, VNICX_TOLD_REST_MAX);
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_told_rest);

/**
 * vnicx_told_until_due() - tell how long the present rest is
 * @due: when the next round may begin, in jiffies, maybe long ago
 * @now: the time, in jiffies
 *
 * Return: jiffies, 0 when there is none. Half the time that jiffies take to wrap
 * around, which is weeks where they have 32 bits, @due looks like the future.
 */
unsigned long vnicx_told_until_due(unsigned long due, unsigned long now)
{
	return due - now <= VNICX_TOLD_REST_MAX ? due - now : 0;
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_told_until_due);
