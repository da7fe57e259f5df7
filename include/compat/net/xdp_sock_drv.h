/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _COMPAT_NET_XDP_SOCK_DRV_H
#define _COMPAT_NET_XDP_SOCK_DRV_H

#include_next <net/xdp_sock_drv.h>

/**
 * compat_xsk_reserve_descs() - make room for the descriptors that a driver takes at once
 * @pool: the pool, which nobody uses yet
 * @nr: the most that the driver will ask for
 *
 * Where the core does not remember how much room there is, it has as much as the
 * ring of the first socket, which may be one, and writes behind it when other sockets
 * that share the pool have more to transmit.
 *
 * Return: 0 or -ENOMEM
 */
static inline int compat_xsk_reserve_descs(struct xsk_buff_pool *pool, u32 nr)
{
#ifndef COMPAT_HAS_XSK_TX_DESCS_NENTRIES
	struct xdp_desc *descs;

	descs = kvcalloc(nr, sizeof(*descs), GFP_KERNEL_ACCOUNT);
	if (!descs)
		return -ENOMEM;
	kvfree(pool->tx_descs);
	pool->tx_descs = descs;
#endif
	return 0;
}

/**
 * compat_xsk_raw_data() - find a frame in the memory of a socket that transmits it
 * @pool: the memory
 * @addr: the frame's address, from a descriptor
 *
 * xsk_buff_raw_get_data() is a call into the core on all kernels. This is the same
 * inline, for each frame of a fast path.
 *
 * Return: the frame
 */
static __always_inline const void *
compat_xsk_raw_data(const struct xsk_buff_pool *pool, u64 addr)
{
	if (pool->unaligned)
		addr = xp_unaligned_add_offset_to_addr(addr);
	return pool->addrs + addr;
}

#endif /* _COMPAT_NET_XDP_SOCK_DRV_H */
