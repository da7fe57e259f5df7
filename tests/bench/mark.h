/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where a measurement begins and ends, for tests/bench/plugin/functions.c, which sees
 * each instruction that a guest executes: no-operations with an address that no
 * compiler writes. Without the plugin, they do nothing.
 */
#ifndef BENCH_MARK_H
#define BENCH_MARK_H

static inline void mark_begin(void)
{
	asm volatile("nopl 0x76e1c001(%%rax)" : : : "memory");
}

static inline void mark_end(void)
{
	asm volatile("nopl 0x76e1c002(%%rax)" : : : "memory");
}

/* The last measurement that ended is one of those to be shown. */
static inline void mark_keep(void)
{
	asm volatile("nopl 0x76e1c003(%%rax)" : : : "memory");
}

#endif /* BENCH_MARK_H */
