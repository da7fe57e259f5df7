// SPDX-License-Identifier: GPL-2.0
/*
 * `bridge fdb show|add|del|flush dev VNIC`. The core's default operations do
 * not suffice: they know no VLANs, do not tell the addresses that userspace
 * added from those that a vNIC receives for other reasons, and do not say why
 * they refuse a request.
 */
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/rtnetlink.h>

#include "addr.h"

/* Refuse a bad request with a message in extack. The core's own message goes to
 * the log, which a container could fill up.
 */
static int vnicx_fdb_ops_check_request(const struct ndmsg *ndm,
				       struct nlattr *tb[],
				       struct netlink_ext_ack *extack)
{
	static const u8 unsupported[] = {
		NDA_DST, NDA_PORT, NDA_VNI, NDA_SRC_VNI, NDA_IFINDEX,
		NDA_NH_ID, NDA_FLAGS_EXT,
	};
	unsigned int i;

	if (ndm->ndm_state && !(ndm->ndm_state & NUD_PERMANENT)) {
		NL_SET_ERR_MSG(extack, "a vNIC has permanent entries only");
		return -EINVAL;
	}
	for (i = 0; i < ARRAY_SIZE(unsupported); i++) {
		if (tb[unsupported[i]]) {
			NL_SET_ERR_MSG_ATTR(extack, tb[unsupported[i]],
					    "an entry of a vNIC has an address and a VLAN, nothing else");
			return -EINVAL;
		}
	}
	return 0;
}

/**
 * vnicx_ndo_fdb_add() - add an address to a vNIC
 * @ndm: the request
 * @tb: its NDA_* attributes
 * @dev: the vNIC
 * @addr: the address
 * @vid: the VLAN in which it is to hold, 0 for every VLAN
 * @flags: NLM_F_*
 * @notified: left alone: the core tells of it
 * @extack: gets the cause of a refusal
 *
 * Implements ndo_fdb_add.
 *
 * Context: may sleep. RTNL.
 * Return: 0 or a negative errno, -EADDRINUSE when a port has the address
 */
int vnicx_ndo_fdb_add(struct ndmsg *ndm, struct nlattr *tb[],
		      struct net_device *dev, const unsigned char *addr,
		      u16 vid, u16 flags, bool *notified,
		      struct netlink_ext_ack *extack)
{
	struct vnicx_vnic *vnic = netdev_priv(dev);
	int err;

	err = vnicx_trust_check(vnic, extack) ?:
	      vnicx_fdb_ops_check_request(ndm, tb, extack);
	if (err)
		return err;
	vid = vid ?: VNICX_VID_ANY;
	if (vnicx_entry_find(vnic, addr, vid))
		return flags & NLM_F_EXCL ? -EEXIST : 0;
	if (!(flags & NLM_F_CREATE))
		return -ENOENT;

	err = vnicx_entry_check(vnic, addr, vid, extack);
	if (err)
		return err;
	err = vnicx_entry_add(vnic, addr, vid);
	if (err == -ENOSPC)
		NL_SET_ERR_MSG_FMT(extack,
				   "address is in use in %u VLANs already",
				   VNICX_TENANT_VLANS_MAX);
	return err;
}

/**
 * vnicx_ndo_fdb_del() - remove an address that userspace added to a vNIC
 * @ndm: the request
 * @tb: its NDA_* attributes
 * @dev: the vNIC
 * @addr: the address
 * @vid: the VLAN that it was added with, 0 for every VLAN
 * @notified: left alone: the core tells of it
 * @extack: gets the cause of a refusal
 *
 * Implements ndo_fdb_del.
 *
 * Context: may sleep. RTNL.
 * Return: 0 or a negative errno, -ENOENT when userspace did not add it
 */
int vnicx_ndo_fdb_del(struct ndmsg *ndm, struct nlattr *tb[],
		      struct net_device *dev, const unsigned char *addr,
		      u16 vid, bool *notified, struct netlink_ext_ack *extack)
{
	struct vnicx_vnic *vnic = netdev_priv(dev);
	struct vnicx_entry *entry;
	int err;

	err = vnicx_trust_check(vnic, extack) ?:
	      vnicx_fdb_ops_check_request(ndm, tb, extack);
	if (err)
		return err;
	entry = vnicx_entry_find(vnic, addr, vid ?: VNICX_VID_ANY);
	if (!entry) {
		NL_SET_ERR_MSG(extack, "no such entry was added to the vNIC");
		return -ENOENT;
	}
	vnicx_entry_del(vnic, entry);
	return 0;
}

static int vnicx_fdb_ops_fill(struct sk_buff *skb, const struct net_device *dev,
			      const struct vnicx_entry *entry, u32 portid,
			      u32 seq, int type, unsigned int flags)
{
	struct nlmsghdr *nlh;
	struct ndmsg *ndm;

	nlh = nlmsg_put(skb, portid, seq, type, sizeof(*ndm), flags);
	if (!nlh)
		return -EMSGSIZE;

	ndm = nlmsg_data(nlh);
	memset(ndm, 0, sizeof(*ndm));
	ndm->ndm_family = AF_BRIDGE;
	ndm->ndm_flags = NTF_SELF;
	ndm->ndm_ifindex = dev->ifindex;
	ndm->ndm_state = NUD_PERMANENT;

	if (nla_put(skb, NDA_LLADDR, ETH_ALEN, entry->addr) ||
	    (entry->vid != VNICX_VID_ANY &&
	     nla_put_u16(skb, NDA_VLAN, entry->vid))) {
		nlmsg_cancel(skb, nlh);
		return -EMSGSIZE;
	}
	nlmsg_end(skb, nlh);
	return 0;
}

/* Notify userspace of a deletion. The core does that for single entries, but
 * not for a flush.
 */
static void vnicx_fdb_ops_notify_del(const struct net_device *dev,
				     const struct vnicx_entry *entry)
{
	struct net *net = dev_net(dev);
	struct sk_buff *skb;

	skb = nlmsg_new(NLMSG_ALIGN(sizeof(struct ndmsg)) +
			nla_total_size(ETH_ALEN) + nla_total_size(sizeof(u16)),
			GFP_KERNEL);
	if (!skb) {
		rtnl_set_sk_err(net, RTNLGRP_NEIGH, -ENOBUFS);
		return;
	}
	/* The message has just been made large enough. */
	WARN_ON_ONCE(vnicx_fdb_ops_fill(skb, dev, entry, 0, 0, RTM_DELNEIGH,
					0));
	rtnl_notify(skb, net, 0, RTNLGRP_NEIGH, NULL, GFP_KERNEL);
}

static const struct nla_policy flush_policy[NDA_MAX + 1] = {
	[NDA_VLAN] = NLA_POLICY_RANGE(NLA_U16, 1, VLAN_N_VID - 2),
	[NDA_NDM_STATE_MASK] = { .type = NLA_U16 },
	[NDA_NDM_FLAGS_MASK] = { .type = NLA_U8 },
};

/* Tell whether a flush is for permanent entries without flags: a vNIC has no
 * others.
 */
static bool vnicx_fdb_ops_flush_wants(const struct ndmsg *ndm,
				      struct nlattr *tb[])
{
	u8 flags = ndm->ndm_flags & ~(NTF_SELF | NTF_MASTER);

	if (tb[NDA_NDM_STATE_MASK] &&
	    (ndm->ndm_state ^ NUD_PERMANENT) &
	    nla_get_u16(tb[NDA_NDM_STATE_MASK]))
		return false;
	return !tb[NDA_NDM_FLAGS_MASK] ||
	       !(flags & nla_get_u8(tb[NDA_NDM_FLAGS_MASK]));
}

/**
 * vnicx_ndo_fdb_del_bulk() - remove all addresses that userspace added to a
 *	vNIC, or those of one VLAN
 * @nlh: the request
 * @dev: the vNIC
 * @extack: gets the cause of a refusal
 *
 * Implements ndo_fdb_del_bulk.
 *
 * Context: may sleep. RTNL.
 * Return: 0 or a negative errno
 */
int vnicx_ndo_fdb_del_bulk(struct nlmsghdr *nlh, struct net_device *dev,
			   struct netlink_ext_ack *extack)
{
	struct vnicx_vnic *vnic = netdev_priv(dev);
	struct vnicx_entry *entry, *next;
	struct nlattr *tb[NDA_MAX + 1];
	u16 vid = VNICX_VID_NONE;
	int err;

	err = vnicx_trust_check(vnic, extack) ?:
	      nlmsg_parse(nlh, sizeof(struct ndmsg), tb, NDA_MAX, flush_policy,
			  extack);
	if (err)
		return err;
	if (!vnicx_fdb_ops_flush_wants(nlmsg_data(nlh), tb))
		return 0;
	if (tb[NDA_VLAN])
		vid = nla_get_u16(tb[NDA_VLAN]);

	list_for_each_entry_safe(entry, next, &vnic->entries, list) {
		if (vid && entry->vid != vid)
			continue;
		vnicx_fdb_ops_notify_del(dev, entry);
		vnicx_entry_del(vnic, entry);
	}
	return 0;
}

/**
 * vnicx_ndo_fdb_dump() - show the addresses of a vNIC other than its own
 * @skb: where to put them
 * @cb: the dump, with its position
 * @dev: the vNIC
 * @filter_dev: not used
 * @idx: counts the entries, including those that are skipped
 *
 * Implements ndo_fdb_dump.
 *
 * Context: RTNL.
 * Return: 0 or -EMSGSIZE
 */
int vnicx_ndo_fdb_dump(struct sk_buff *skb, struct netlink_callback *cb,
		       struct net_device *dev, struct net_device *filter_dev,
		       int *idx)
{
	const struct ndo_fdb_dump_context *ctx = (void *)cb->ctx;
	const struct vnicx_vnic *vnic = netdev_priv(dev);
	const struct vnicx_entry *entry;
	int err;

	/* Addresses on the device's own lists, including all groups */
	err = ndo_dflt_fdb_dump(skb, cb, dev, filter_dev, idx);
	if (err)
		return err;

	list_for_each_entry(entry, &vnic->entries, list) {
		if (is_multicast_ether_addr(entry->addr))
			continue;
		if (*idx >= ctx->fdb_idx) {
			err = vnicx_fdb_ops_fill(skb, dev, entry,
						 NETLINK_CB(cb->skb).portid,
						 cb->nlh->nlmsg_seq,
						 RTM_NEWNEIGH, NLM_F_MULTI);
			if (err)
				return err;
		}
		*idx += 1;
	}
	return 0;
}
