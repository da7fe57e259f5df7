/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The hash of tables by Ethernet address, inline for the data path.
 */
#ifndef _VNICX_ADDR_H
#define _VNICX_ADDR_H

#include <linux/hash.h>
#include <linux/swab.h>
#include <linux/types.h>

/* Multiply-shift with a secret odd factor (Dietzfelbinger et al., A Reliable
 * Randomized Algorithm for the Closest-Pair Problem). A tenant who chooses
 * addresses cannot make them collide. The table's own hash ensures that as
 * well, for three times the instructions. The upper bits are the good ones, and
 * the table uses the lower ones.
 */
static inline u32 vnicx_addr_hash(const void *data, u32 len, u32 seed)
{
	const u16 *addr = data;
	u64 key = (addr[0] | (u32)addr[1] << 16) | (u64)addr[2] << 32;

	return swab32(key * (seed * GOLDEN_RATIO_64 | 1) >> 32);
}

#endif /* _VNICX_ADDR_H */
