// SPDX-License-Identifier: GPL-2.0
/*
 * The BPF programs of a vNIC: references to those of its port's policy.
 */
#include <linux/bpf.h>
#include <linux/rtnetlink.h>

#include "nl/nl.h"

static void vnicx_bpf_put_one(struct bpf_prog *prog)
{
	if (prog)
		bpf_prog_put(prog);
}

static bool vnicx_bpf_is_on(const struct nlattr *nla)
{
	return nla && nla_get_s32(nla) != -1;
}

/* Get the program that an attribute gives, -1 for none; without an attribute,
 * get one more reference to @present.
 */
static struct bpf_prog *vnicx_bpf_get_one(const struct nlattr *nla,
					  struct bpf_prog *present,
					  struct netlink_ext_ack *extack)
{
	struct bpf_prog *prog;

	if (!nla) {
		if (present)
			bpf_prog_inc(present);
		return present;
	}
	if (!vnicx_bpf_is_on(nla))
		return NULL;
	prog = bpf_prog_get_type_dev(nla_get_s32(nla), BPF_PROG_TYPE_SCHED_CLS,
				     false);
	if (IS_ERR(prog))
		NL_SET_ERR_MSG(extack, "not a BPF program of type sched_cls");
	return prog;
}

/**
 * vnicx_bpf_is_asked() - tell whether a request gives a vNIC a program
 * @config: the vNIC's options to be
 *
 * Return: whether it does
 */
bool vnicx_bpf_is_asked(const struct vnicx_config *config)
{
	return vnicx_bpf_is_on(config->bpf_tx) ||
	       vnicx_bpf_is_on(config->bpf_rx);
}

/**
 * vnicx_bpf_get() - get the programs of a configuration into a policy
 * @vnic: the vNIC
 * @config: the configuration
 * @policy: the policy; has a reference to each then
 * @extack: gets the cause of a refusal
 *
 * Context: may sleep. RTNL.
 * Return: 0 or a negative errno
 */
int vnicx_bpf_get(const struct vnicx_vnic *vnic,
		  const struct vnicx_config *config,
		  struct vnicx_policy *policy, struct netlink_ext_ack *extack)
{
	struct bpf_prog *tx, *rx;

	tx = vnicx_bpf_get_one(config->bpf_tx, vnic->bpf_tx, extack);
	if (IS_ERR(tx))
		return PTR_ERR(tx);
	rx = vnicx_bpf_get_one(config->bpf_rx, vnic->bpf_rx, extack);
	if (IS_ERR(rx)) {
		vnicx_bpf_put_one(tx);
		return PTR_ERR(rx);
	}
	policy->bpf_tx = tx;
	policy->bpf_rx = rx;
	return 0;
}

/**
 * vnicx_bpf_put() - undo vnicx_bpf_get()
 * @policy: the policy, which no port has
 */
void vnicx_bpf_put(const struct vnicx_policy *policy)
{
	vnicx_bpf_put_one(policy->bpf_tx);
	vnicx_bpf_put_one(policy->bpf_rx);
}

/**
 * vnicx_bpf_set() - hand the references of a policy over to a vNIC
 * @vnic: the vNIC; the references that it had are put
 * @policy: the policy that its port has now, or NULL for none
 *
 * Context: RTNL.
 */
void vnicx_bpf_set(struct vnicx_vnic *vnic, const struct vnicx_policy *policy)
{
	struct bpf_prog *tx = policy ? policy->bpf_tx : NULL;
	struct bpf_prog *rx = policy ? policy->bpf_rx : NULL;

	vnicx_bpf_put_one(vnic->bpf_tx);
	vnicx_bpf_put_one(vnic->bpf_rx);
	vnic->bpf_tx = tx;
	vnic->bpf_rx = rx;
	WRITE_ONCE(vnic->bpf_tx_id, tx ? tx->aux->id : 0);
	WRITE_ONCE(vnic->bpf_rx_id, rx ? rx->aux->id : 0);
}
