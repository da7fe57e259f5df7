// SPDX-License-Identifier: GPL-2.0
/*
 * The policy of a vNIC's port, from the vNIC's options.
 */
#include <linux/bitmap.h>
#include <linux/cpumask.h>
#include <linux/if_vlan.h>
#include <linux/if_vnicx.h>
#include <linux/rtnetlink.h>

#include "addr/addr.h"
#include "nl/nl.h"

/* 33:33:00:00:00:01 is of ff02::1. */
static const u8 vnicx_all_nodes[ETH_ALEN] = { 0x33, 0x33, [5] = 1 };

/* Bytes that a kilobit a second is, each second */
#define VNICX_BYTES_PER_KBIT	125

/* The part of a second for which a pause accumulates by default. TCP, which a
 * drop stops, comes back after 200 ms.
 */
#define VNICX_BURST_PER_SECOND	4

static void vnicx_vnic_set_rate(struct vnicx_rate *rate, u32 kbit, u32 burst)
{
	u64 per_second = (u64)kbit * VNICX_BYTES_PER_KBIT;

	if (!kbit)
		return;
	if (!burst)
		burst = min_t(u64, per_second / VNICX_BURST_PER_SECOND, U32_MAX);
	vnicx_rate_init(rate, per_second, burst, num_possible_cpus());
}

/* Physical switches count a storm's frames by the second, too. */
static void vnicx_vnic_set_storm(struct vnicx_rate *rate, u32 frames)
{
	u64 per_second = (u64)frames * VNICX_RATE_FRAME;

	if (frames)
		vnicx_rate_init(rate, per_second,
				min_t(u64, per_second, U32_MAX),
				num_possible_cpus());
}

/**
 * vnicx_vnic_guards() - get the guards that a configuration asks for
 * @config: the configuration
 *
 * Return: VNICX_GUARD_*
 */
u8 vnicx_vnic_guards(const struct vnicx_config *config)
{
	const struct vnicx_vnic_options *options = &config->options;
	u8 guards = 0;

	if (options->restricted)
		guards |= VNICX_GUARD_RESTRICTED;
	if (options->raguard)
		guards |= VNICX_GUARD_RA;
	if (options->dhcpguard)
		guards |= VNICX_GUARD_DHCP_SERVER;
	if (options->dhcp_block)
		guards |= VNICX_GUARD_DHCP_CLIENT;
	if (options->ipguard)
		guards |= VNICX_GUARD_IP;
	if (options->ipguard_in)
		guards |= VNICX_GUARD_IP_IN;
	return guards;
}

/* Get the VLANs that the policy is to have: those of a request, or the present
 * ones.
 */
static int vnicx_vnic_get_vlan(const struct vnicx_vnic *vnic,
			       const struct vnicx_config *config,
			       struct vnicx_vlan *vlan, unsigned long *vids,
			       struct netlink_ext_ack *extack)
{
	const struct vnicx_policy *policy = rtnl_dereference(vnic->port.policy);
	int err;

	if (!config->vlan) {
		if (policy)
			*vlan = policy->vlan;
		return 0;
	}
	err = vnicx_vlan_parse(config->vlan, vlan, vids, extack);
	return err ?: vnicx_vids_check(vnic->lower, vlan, extack);
}

static bool vnicx_vnic_has_policy(const struct vnicx_policy *policy)
{
	unsigned int i;

	for (i = 0; i < VNICX_NR_RATES; i++) {
		if (policy->rate[i].chunk)
			return true;
	}
	return policy->class || policy->guards || policy->ips ||
	       policy->dhcp_trust ||
	       policy->bpf_tx || policy->bpf_rx ||
	       policy->vlan.on || policy->isolated;
}

/* Get the leases that the policy is to have: the present ones, or none yet. */
static struct vnicx_leases *
vnicx_vnic_get_leases(struct vnicx_vnic *vnic,
		      const struct vnicx_vnic_options *options)
{
	const struct vnicx_policy *policy = rtnl_dereference(vnic->port.policy);
	struct vnicx_leases *leases;

	if (options->ipguard != VNICX_IPGUARD_DHCP)
		return NULL;
	if (policy && policy->leases)
		return vnicx_leases_get(policy->leases);
	leases = vnicx_leases_make(&vnic->port);
	if (!leases)
		return ERR_PTR(-ENOMEM);
	vnicx_leases_set_max(leases, options->max_leases);
	return leases;
}

/* Have the lower device receive what is said to all IPv6 nodes, though nobody here may
 * listen: that somebody else has a link-local address that a vNIC asks for.
 */
static int vnicx_vnic_listen(struct vnicx_vnic *vnic)
{
	int err = 0;

	if (!vnic->listens)
		err = dev_mc_add(vnic->lower, vnicx_all_nodes);
	if (!err)
		vnic->listens = true;
	return err;
}

static bool vnicx_vnic_has_leases(const struct vnicx_vnic *vnic)
{
	const struct vnicx_policy *policy = rtnl_dereference(vnic->port.policy);

	return policy && policy->leases;
}

/* Undo vnicx_vnic_listen() unless the present policy has leases. */
static void vnicx_vnic_listen_less(struct vnicx_vnic *vnic)
{
	if (!vnicx_vnic_has_leases(vnic))
		vnicx_vnic_listen_suspend(vnic);
}

/**
 * vnicx_vnic_listen_suspend() - take what a vNIC's leases need from the lower device's
 *	filter
 * @vnic: the vNIC
 *
 * Context: RTNL.
 */
void vnicx_vnic_listen_suspend(struct vnicx_vnic *vnic)
{
	if (vnic->listens)
		dev_mc_del(vnic->lower, vnicx_all_nodes);
	vnic->listens = false;
}

/**
 * vnicx_vnic_listen_resume() - undo vnicx_vnic_listen_suspend() if the vNIC has leases
 * @vnic: the vNIC
 *
 * Context: RTNL.
 */
void vnicx_vnic_listen_resume(struct vnicx_vnic *vnic)
{
	if (vnicx_vnic_has_leases(vnic) && vnicx_vnic_listen(vnic))
		vnicx_warn(vnic->port.dev, "no memory for a group in the filter of %s\n",
			   netdev_name(vnic->lower));
}

/* Replace the policy and, in the lower device's filter, its VLANs. */
static int vnicx_vnic_replace_policy(struct vnicx_vnic *vnic,
				     const struct vnicx_policy *policy,
				     struct netlink_ext_ack *extack)
{
	const struct vnicx_policy *old = rtnl_dereference(vnic->port.policy);
	struct vnicx_vlan vlan = {};
	DECLARE_BITMAP(vids, VLAN_N_VID);
	bool begins, ends;
	int err;

	/* The old policy does not outlive the change. */
	if (old)
		vlan = old->vlan;
	begins = !vlan.on && policy->vlan.on;
	ends = vlan.on && !policy->vlan.on;
	if (vlan.vids) {
		bitmap_copy(vids, vlan.vids, VLAN_N_VID);
		vlan.vids = vids;
	}
	if (ends)
		err = vnicx_vids_add_upper(vnic, extack);
	else
		err = vnicx_vids_add(vnic->lower, &policy->vlan, extack);
	if (err)
		return err;
	err = vnicx_policy_set(&vnic->port, vnicx_vnic_has_policy(policy) ?
						    policy : NULL);
	vnicx_vids_del(vnic->lower, err ? &policy->vlan : &vlan);
	if (err ? ends : begins)
		vnicx_vids_del_upper(vnic);
	return err;
}

/**
 * vnicx_vnic_set_policy() - give a vNIC's port the policy of a configuration
 * @vnic: the vNIC, registered or not
 * @config: the configuration, which was checked
 * @extack: gets the cause of a refusal
 *
 * All of the policy changes at once, or nothing.
 *
 * Context: may sleep. RTNL.
 * Return: 0 or a negative errno
 */
int vnicx_vnic_set_policy(struct vnicx_vnic *vnic,
			  const struct vnicx_config *config,
			  struct netlink_ext_ack *extack)
{
	const struct vnicx_vnic_options *options = &config->options;
	struct vnicx_policy policy = {
		.class = options->class,
		.guards = vnicx_vnic_guards(config),
		.isolated = options->isolated,
		.dhcp_trust = options->dhcp_trust,
	};
	struct vnicx_mirror *mirror;
	DECLARE_BITMAP(vids, VLAN_N_VID);
	int err;

	err = vnicx_vnic_get_vlan(vnic, config, &policy.vlan, vids, extack);
	if (err)
		return err;
	vnicx_vnic_set_rate(&policy.rate[VNICX_RATE_TX], options->max_tx_rate,
			    options->tx_burst);
	vnicx_vnic_set_rate(&policy.rate[VNICX_RATE_RX], options->max_rx_rate,
			    0);
	vnicx_vnic_set_storm(&policy.rate[VNICX_RATE_STORM], options->storm);
	policy.ips = vnicx_allowed_ips(&vnic->port, config, extack);
	if (IS_ERR(policy.ips))
		return PTR_ERR(policy.ips);
	policy.leases = vnicx_vnic_get_leases(vnic, options);
	if (IS_ERR(policy.leases)) {
		err = PTR_ERR(policy.leases);
		goto put_ips;
	}
	mirror = vnicx_mirror_get(vnic, config, extack);
	if (IS_ERR(mirror)) {
		err = PTR_ERR(mirror);
		goto put_leases;
	}
	err = vnicx_bpf_get(vnic, config, &policy, extack);
	if (err)
		goto free_mirror;
	if (policy.leases)
		err = vnicx_vnic_listen(vnic);
	if (!err)
		err = vnicx_vnic_replace_policy(vnic, &policy, extack);
	vnicx_vnic_listen_less(vnic);
	if (err)
		goto put_bpf;
	if (policy.leases)
		vnicx_leases_set_max(policy.leases, options->max_leases);
	vnicx_leases_put(policy.leases);
	vnicx_ips_put(policy.ips);
	vnicx_bpf_set(vnic, &policy);
	vnicx_mirror_set(vnic, mirror);
	/* A station gets frames that its policy does not see. */
	if (vnic->port.dev->reg_state == NETREG_REGISTERED)
		vnicx_l2fwd_update(vnicx_lower_of(vnic->lower));
	return 0;

put_bpf:
	vnicx_bpf_put(&policy);
free_mirror:
	kfree(mirror);
put_leases:
	vnicx_leases_put(policy.leases);
put_ips:
	vnicx_ips_put(policy.ips);
	return err;
}

/**
 * vnicx_vnic_forget_leases() - end the leases of a vNIC that has another address
 *	or another user now
 * @vnic: the vNIC
 *
 * Context: RTNL.
 */
void vnicx_vnic_forget_leases(struct vnicx_vnic *vnic)
{
	const struct vnicx_policy *policy = rtnl_dereference(vnic->port.policy);

	if (policy)
		vnicx_leases_forget(policy->leases);
}

/**
 * vnicx_vnic_end_policy() - undo vnicx_vnic_set_policy()
 * @vnic: the vNIC, which receives nothing any more
 *
 * Context: may sleep. RTNL.
 */
void vnicx_vnic_end_policy(struct vnicx_vnic *vnic)
{
	const struct vnicx_policy *policy = rtnl_dereference(vnic->port.policy);

	vnicx_mirror_set(vnic, NULL);
	if (!policy)
		return;
	vnicx_vids_del(vnic->lower, &policy->vlan);
	vnicx_policy_set(&vnic->port, NULL);
	vnicx_vnic_listen_less(vnic);
	vnicx_bpf_set(vnic, NULL);
}
