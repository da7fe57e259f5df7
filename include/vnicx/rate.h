/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Rates of a port: how much it may send or receive.
 */
#ifndef _VNICX_RATE_H
#define _VNICX_RATE_H

#include <linux/atomic.h>
#include <linux/types.h>

/* Units in which a rate of frames counts one frame. A rate of bytes counts
 * bytes.
 */
#define VNICX_RATE_FRAME	256

/**
 * enum vnicx_rate_kind - the rates of a port
 * @VNICX_RATE_TX: bytes that it sends
 * @VNICX_RATE_RX: bytes that it receives
 * @VNICX_RATE_STORM: broadcast and multicast frames that it sends
 * @VNICX_NR_RATES: number of rates
 */
enum vnicx_rate_kind {
	VNICX_RATE_TX,
	VNICX_RATE_RX,
	VNICX_RATE_STORM,
	VNICX_NR_RATES,
};

/**
 * struct vnicx_rate - a rate, immutable
 * @burst_ns: for how long a pause accumulates, in nanoseconds
 * @chunk_ns: the time in which a chunk is earned, in nanoseconds
 * @chunk: units that a CPU takes at once, 0 for no rate
 */
struct vnicx_rate {
	u64 burst_ns;
	u64 chunk_ns;
	u32 chunk;
};

/**
 * struct vnicx_bucket - how much of a rate is used
 * @due: when all that was taken is earned, in nanoseconds
 */
struct vnicx_bucket {
	atomic64_t due;
};

/* policy/rate.c */
void vnicx_rate_init(struct vnicx_rate *rate, u64 per_second, u32 burst,
		     unsigned int cpus);

#endif /* _VNICX_RATE_H */
