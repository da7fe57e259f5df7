/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Declarations that the files of vnic/tap/ share.
 */
#ifndef _VNICX_TAP_TAP_H
#define _VNICX_TAP_TAP_H

#include <linux/if_tap.h>

#include "../vnic.h"

/**
 * struct vnicx_tap - the private area of a vNIC with a character device
 * @vnic: the vNIC, first because the rest of the driver finds it there
 * @tap: the tap library's part
 */
struct vnicx_tap {
	struct vnicx_vnic vnic;
	struct tap_dev tap;
};

/* frame.c */
void vnicx_tap_count_tx_dropped(struct tap_dev *tap);
void vnicx_tap_count_rx_overflow(struct tap_dev *tap);
rx_handler_result_t vnicx_tap_handle_frame(struct sk_buff **pskb);

#endif
