// SPDX-License-Identifier: GPL-2.0
/*
 * Whether the user of a vNIC is a tenant, and what a tenant may do.
 *
 * A vNIC in another namespace than its lower device, or with a character device,
 * has been handed to a tenant. Unless the administrator says otherwise, its
 * frames are checked (spoofchk) and it is not trusted: its user cannot change
 * its addresses, nor make it receive more than what is for it. It stays the tenant's
 * wherever others than an administrator move it.
 */
#include <linux/etherdevice.h>
#include <linux/nsproxy.h>
#include <linux/rtnetlink.h>

#include "addr/addr.h"

/**
 * vnicx_trust_administers() - tell whether the caller administers a namespace
 * @net: a lower device's network namespace
 *
 * A container whose root has CAP_NET_ADMIN in no user namespace of its own has it
 * over every namespace of the host. It has no CAP_SYS_ADMIN, by which an
 * administrator enters the container's namespace. A process that ends closes
 * its last descriptors when it is in no namespace any more, and needs both.
 *
 * Context: process.
 * Return: whether the caller does
 */
bool vnicx_trust_administers(const struct net *net)
{
	const struct nsproxy *own = current->nsproxy;

	return ns_capable_noaudit(net->user_ns, CAP_NET_ADMIN) &&
	       ((own && net_eq(own->net_ns, net)) ||
		ns_capable_noaudit(net->user_ns, CAP_SYS_ADMIN));
}
EXPORT_SYMBOL_GPL(vnicx_trust_administers);

/* Tell whether another than the lower device's administrator uses a vNIC. */
static bool vnicx_trust_is_elsewhere(const struct vnicx_vnic *vnic)
{
	return vnic->port.take ||
	       !net_eq(dev_net(vnic->port.dev), dev_net(vnic->lower));
}

/**
 * vnicx_trust_is_tenants() - tell whether a vNIC is a tenant's
 * @vnic: the vNIC
 *
 * Context: RTNL.
 * Return: whether it is, or was and no administrator has taken it back
 */
bool vnicx_trust_is_tenants(const struct vnicx_vnic *vnic)
{
	return vnic->handed || vnicx_trust_is_elsewhere(vnic);
}

static bool vnicx_trust_choose(u8 asked, bool by_default)
{
	return asked == VNICX_AUTO ? by_default : asked == VNICX_ON;
}

static void vnicx_trust_decide(struct vnicx_vnic *vnic)
{
	bool tenants = vnicx_trust_is_tenants(vnic);

	WRITE_ONCE(vnic->trusted,
		   vnicx_trust_choose(vnic->options.trust, !tenants));
	vnicx_policy_set_checks(&vnic->port, VNICX_CHECK_SPOOF,
				vnicx_trust_choose(vnic->options.spoofchk, tenants));
}

/**
 * vnicx_trust_prepare() - decide whom a new vNIC belongs to
 * @vnic: the vNIC, in its namespace, its options set
 *
 * Context: RTNL.
 */
void vnicx_trust_prepare(struct vnicx_vnic *vnic)
{
	/* A virtual machine's groups are not known, so it receives them all. */
	vnic->allmulti = vnic->port.dev->flags & IFF_ALLMULTI;
	vnicx_policy_set_checks(&vnic->port, VNICX_CHECK_DISABLED,
				vnic->options.state == VNICX_STATE_DISABLE);
	vnic->handed = vnicx_trust_is_elsewhere(vnic);
	vnicx_trust_decide(vnic);
}

/**
 * vnicx_trust_update() - decide anew whom a vNIC belongs to
 * @vnic: the vNIC, whose options changed
 * @locked: see vnicx_filter_trust()
 *
 * Context: may sleep. RTNL.
 */
void vnicx_trust_update(struct vnicx_vnic *vnic, bool locked)
{
	bool trusted = vnic->trusted;

	vnicx_trust_decide(vnic);
	if (vnic->trusted != trusted)
		vnicx_filter_trust(vnic->port.dev, locked);
}

/**
 * vnicx_trust_moved() - decide anew whom a vNIC belongs to, which has moved
 * @vnic: the vNIC
 *
 * The root of a container that has no user namespace of its own may move a vNIC to the
 * lower device's namespace, and is no administrator for that: nor when the lower device is
 * away, and comes back there.
 *
 * Context: may sleep. RTNL; the caller is who moved it.
 */
void vnicx_trust_moved(struct vnicx_vnic *vnic)
{
	vnic->moved = vnic->handed &&
		      !vnicx_trust_administers(dev_net(vnic->lower));
	vnic->handed = vnicx_trust_is_elsewhere(vnic) || vnic->moved;
	vnicx_trust_update(vnic, false);
}

/**
 * vnicx_trust_lower_moved() - decide anew whom a vNIC belongs to, whose lower device has
 *	moved
 * @vnic: the vNIC
 *
 * A vNIC that the lower device comes back to is whose it was.
 *
 * Context: may sleep. RTNL; the caller is who moved the lower device. The lower device's
 * lock may be held.
 */
void vnicx_trust_lower_moved(struct vnicx_vnic *vnic)
{
	vnic->handed = vnicx_trust_is_elsewhere(vnic) || vnic->moved ||
		       (vnic->handed &&
			!vnicx_trust_administers(dev_net(vnic->lower)));
	vnicx_trust_update(vnic, true);
}

/**
 * vnicx_trust_allows() - tell whether the caller may change a vNIC's addresses
 * @vnic: the vNIC
 *
 * Context: RTNL.
 * Return: whether the vNIC is trusted, or the caller administers the lower
 * device's namespace
 */
bool vnicx_trust_allows(const struct vnicx_vnic *vnic)
{
	return vnic->trusted || vnicx_addr_rank(vnic) == VNICX_FDB_ADMIN;
}

/**
 * vnicx_trust_check() - refuse a change of a vNIC's addresses by a tenant
 * @vnic: the vNIC
 * @extack: gets the cause of a refusal
 *
 * Context: RTNL.
 * Return: 0 or -EPERM
 */
int vnicx_trust_check(const struct vnicx_vnic *vnic,
		      struct netlink_ext_ack *extack)
{
	if (vnicx_trust_allows(vnic))
		return 0;
	NL_SET_ERR_MSG(extack, "vNIC is not trusted: its addresses are the administrator's");
	return -EPERM;
}
