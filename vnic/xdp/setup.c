// SPDX-License-Identifier: GPL-2.0
/*
 * How a vNIC gets an XDP program and loses it.
 */
#include <linux/bpf.h>
#include <linux/rtnetlink.h>

#include "../addr/addr.h"
#include "xdp.h"

static int vnicx_xdp_set_prog(struct vnicx_vnic *vnic, struct bpf_prog *prog,
			      struct netlink_ext_ack *extack)
{
	struct bpf_prog *old = rtnl_dereference(vnic->xdp_prog);
	int err;

	/* Frames that wait for the old program still meet it. */
	if (!prog)
		vnicx_xdp_stop(vnic);
	rcu_assign_pointer(vnic->xdp_prog, prog);
	if (prog && !old && netif_running(vnic->port.dev)) {
		err = vnicx_xdp_start(vnic);
		if (err) {
			RCU_INIT_POINTER(vnic->xdp_prog, NULL);
			NL_SET_ERR_MSG(extack, "no memory for the queues before an XDP program");
			return err;
		}
	}
	if (!prog != !old)
		vnicx_l2fwd_update(vnicx_lower_of(vnic->lower));
	if (old)
		bpf_prog_put(old);
	return 0;
}

/**
 * vnicx_ndo_bpf() - set up XDP at a vNIC
 * @dev: the vNIC
 * @bpf: what to set up
 *
 * Implements ndo_bpf.
 *
 * Context: may sleep. RTNL.
 * Return: 0, -ENOMEM, or -EINVAL for what a vNIC does not know
 */
int vnicx_ndo_bpf(struct net_device *dev, struct netdev_bpf *bpf)
{
	switch (bpf->command) {
	case XDP_SETUP_PROG:
		return vnicx_xdp_set_prog(netdev_priv(dev), bpf->prog,
					  bpf->extack);
	case XDP_SETUP_XSK_POOL:
		return vnicx_xsk_setup(netdev_priv(dev), bpf->xsk.pool,
				       bpf->xsk.queue_id);
	default:
		return -EINVAL;
	}
}
