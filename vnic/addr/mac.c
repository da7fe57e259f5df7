// SPDX-License-Identifier: GPL-2.0
/*
 * The MAC addresses of vNICs: which ones are free, and which one a vNIC gets if
 * none is given.
 */
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/siphash.h>
#include <kunit/visibility.h>

#include "addr.h"

/* So many derived addresses are tried, and then so many random ones. More than
 * one random attempt is hardly ever needed.
 */
#define DERIVE_ATTEMPTS	64
#define RANDOM_ATTEMPTS	16

/**
 * vnicx_addr_derive() - compute the address of a vNIC if none is given
 * @lower_addr: the lower device's permanent address
 * @vlans: the VLANs that the lower device stands for, see vnicx_addr_vlans(),
 *	0 for none
 * @name: the vNIC's name
 * @attempt: how many addresses derived before this one are taken
 * @addr: where to put the address
 *
 * The same arguments give the same address on every machine and kernel. It is
 * a unicast address, locally administered (IEEE 802 clause 8.4.4).
 *
 * Return: 0 or -EINVAL when the name is too long
 */
int vnicx_addr_derive(const u8 *lower_addr, u64 vlans, const char *name,
		      u32 attempt, u8 *addr)
{
	static const siphash_key_t key;
	struct {
		u8 lower[ETH_ALEN];
		char name[IFNAMSIZ];
		__le32 attempt;
		__le64 vlans;
	} __packed seed = {};
	size_t len = sizeof(seed);
	__le64 hash;

	if (strscpy(seed.name, name, sizeof(seed.name)) < 0)
		return -EINVAL;
	ether_addr_copy(seed.lower, lower_addr);
	seed.attempt = cpu_to_le32(attempt);
	seed.vlans = cpu_to_le64(vlans);
	if (!vlans)
		len = offsetof(typeof(seed), vlans);

	hash = cpu_to_le64(siphash(&seed, len, &key));
	memcpy(addr, &hash, ETH_ALEN);
	addr[0] = (addr[0] & ~0x01) | 0x02;
	return 0;
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_addr_derive);

static struct net_device *vnicx_addr_below(struct net_device *dev)
{
	struct net_device *below;
	struct list_head *iter;

	netdev_for_each_lower_dev(dev, below, iter)
		return below;
	return NULL;
}

/* Follow VLAN devices, most of which have no address of their own, down to the
 * device below them. Returns the VLANs, 13 bits for each: whether it is an
 * S-VLAN, and the VID.
 */
static u64 vnicx_addr_vlans(struct net_device **lower)
{
	struct net_device *below;
	u64 vlans = 0;

	while (is_vlan_dev(*lower)) {
		below = vnicx_addr_below(*lower);
		if (!below)
			break;
		vlans = vlans << 13 | vlan_dev_vlan_id(*lower);
		if (vlan_dev_vlan_proto(*lower) == htons(ETH_P_8021AD))
			vlans |= BIT(12);
		*lower = below;
	}
	return vlans;
}

/* Tell whether an address is taken, by others than a tenant, who could
 * otherwise choose which address is derived.
 */
static bool vnicx_addr_taken(struct vnicx_lower *lower, const u8 *addr)
{
	bool taken;

	rcu_read_lock();
	taken = vnicx_fdb_clash(lower->sw, addr, VNICX_VID_ANY,
				VNICX_FDB_ADMIN);
	rcu_read_unlock();
	return taken;
}

static bool vnicx_addr_find_free(struct vnicx_lower *lower, const char *name,
				 u8 *addr)
{
	struct net_device *dev = lower->dev;
	u64 vlans = vnicx_addr_vlans(&dev);
	const u8 *lower_addr = dev->perm_addr;
	u32 attempt;

	if (!is_valid_ether_addr(lower_addr))
		lower_addr = dev->dev_addr;

	for (attempt = 0; attempt < DERIVE_ATTEMPTS; attempt++) {
		vnicx_addr_derive(lower_addr, vlans, name, attempt, addr);
		if (!vnicx_addr_taken(lower, addr))
			return true;
	}
	for (attempt = 0; attempt < RANDOM_ATTEMPTS; attempt++) {
		eth_random_addr(addr);
		if (!vnicx_addr_taken(lower, addr))
			return true;
	}
	return false;
}

/**
 * vnicx_addr_assign() - give a vNIC an address of its own
 * @lower: the lower device
 * @dev: the vNIC, its name final
 *
 * The first vNIC of its name on a switch gets the same address each time. The
 * next ones get theirs in the order of their creation; after DERIVE_ATTEMPTS of
 * them, a random one. The time does not depend on the number of vNICs.
 *
 * Context: RTNL.
 * Return: 0 or -EADDRNOTAVAIL when all addresses that it tried are taken
 */
int vnicx_addr_assign(struct vnicx_lower *lower, struct net_device *dev)
{
	u8 addr[ETH_ALEN];

	if (!vnicx_addr_find_free(lower, dev->name, addr))
		return -EADDRNOTAVAIL;
	eth_hw_addr_set(dev, addr);
	dev->addr_assign_type = NET_ADDR_SET;
	return 0;
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_addr_assign);

/**
 * vnicx_addr_prepare() - choose how a new vNIC gets its address
 * @vnic: the vNIC, its mode set
 * @lower: the lower device
 * @dev: its device
 * @given: the IFLA_ADDRESS attribute or NULL
 * @extack: gets the cause of a refusal
 *
 * Context: RTNL.
 * Return: 0, -EADDRINUSE, or -EINVAL when a passthru vNIC is given an address
 */
int vnicx_addr_prepare(struct vnicx_vnic *vnic, struct vnicx_lower *lower,
		       struct net_device *dev, const struct nlattr *given,
		       struct netlink_ext_ack *extack)
{
	if (!vnicx_port_is_passthru(&vnic->port)) {
		vnic->derive_addr = !given;
		if (!given)
			return 0;
		return vnicx_addr_check(lower, dev->dev_addr, VNICX_VID_ANY,
					VNICX_FDB_ADMIN, NULL, extack);
	}

	if (given && !ether_addr_equal(dev->dev_addr, lower->dev->dev_addr)) {
		NL_SET_ERR_MSG_ATTR(extack, given,
				    "a passthru vNIC has the address of its lower device");
		return -EINVAL;
	}
	ether_addr_copy(vnic->lower_addr, lower->dev->dev_addr);
	eth_hw_addr_set(dev, lower->dev->dev_addr);
	dev->addr_assign_type = NET_ADDR_STOLEN;
	return 0;
}

/**
 * vnicx_addr_restore() - give a passthru vNIC's lower device its own address
 *	back
 * @vnic: the vNIC, no longer a port
 *
 * Context: may sleep. RTNL.
 */
void vnicx_addr_restore(struct vnicx_vnic *vnic)
{
	struct net_device *lower = vnic->lower;
	struct sockaddr_storage ss = { .ss_family = lower->type };

	if (lower->reg_state != NETREG_REGISTERED ||
	    ether_addr_equal(lower->dev_addr, vnic->lower_addr))
		return;
	ether_addr_copy(ss.__data, vnic->lower_addr);
	if (dev_set_mac_address(lower, (void *)&ss, NULL))
		vnicx_warn(lower, "cannot restore address %pM\n",
			   vnic->lower_addr);
}

/* Say which port has an address. Only a caller who administers the lower
 * device's namespace learns the name: to a tenant, the other port is another
 * tenant's or the host's.
 */
static void vnicx_addr_in_use(const struct vnicx_lower *lower,
			      const struct vnicx_port *port,
			      struct netlink_ext_ack *extack)
{
	if (!extack)
		return;
	if (!vnicx_trust_administers(dev_net(lower->dev)))
		NL_SET_ERR_MSG(extack, "address is in use");
	else if (port->kind == VNICX_PORT_HOST)
		NL_SET_ERR_MSG_FMT(extack,
				   "address is that of the lower device %s",
				   port->dev->name);
	else
		NL_SET_ERR_MSG_FMT(extack, "address is in use by vNIC %s",
				   port->dev->name);
}

/**
 * vnicx_addr_rank() - get the title by which the caller gives a vNIC an address
 * @vnic: the vNIC
 *
 * The lower device's administrator creates vNICs. A tenant, who has a vNIC in a
 * namespace of its own or a descriptor of its character device, may choose
 * addresses for it. These never stand in the administrator's way.
 *
 * Context: RTNL.
 * Return: VNICX_FDB_ADMIN or VNICX_FDB_TENANT
 */
enum vnicx_fdb_rank vnicx_addr_rank(const struct vnicx_vnic *vnic)
{
	const struct net *net = dev_net(vnic->lower);

	/* A bond changes addresses from a worker, also for a tenant. The root of a
	 * container may make one in the lower device's namespace.
	 */
	if (current->flags & PF_KTHREAD)
		return net_eq(dev_net(vnic->port.dev), net) && !vnic->moved ?
		       VNICX_FDB_ADMIN : VNICX_FDB_TENANT;
	return vnicx_trust_administers(net) ?
	       VNICX_FDB_ADMIN : VNICX_FDB_TENANT;
}

/**
 * vnicx_addr_check() - tell whether a port may have an address
 * @lower: the lower device
 * @addr: the address
 * @vid: the VLAN in which it is to hold, or VNICX_VID_ANY
 * @rank: the title it wants; a port with a lower one is no obstacle
 * @self: the port, whose device's address is no obstacle, or NULL
 * @extack: gets the cause of a refusal
 *
 * Context: RTNL.
 * Return: 0 or -EADDRINUSE
 */
int vnicx_addr_check(struct vnicx_lower *lower, const u8 *addr, u16 vid,
		     enum vnicx_fdb_rank rank, const struct vnicx_port *self,
		     struct netlink_ext_ack *extack)
{
	const struct vnicx_port *port;

	rcu_read_lock();
	port = vnicx_fdb_clash(lower->sw, addr, vid, rank);
	rcu_read_unlock();
	if (!port)
		return 0;
	/* A further address of a vNIC cannot become its own address. */
	if (port == self && (port->kind == VNICX_PORT_HOST ||
			     ether_addr_equal(addr, port->addr)))
		return 0;

	vnicx_addr_in_use(lower, port, extack);
	return -EADDRINUSE;
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_addr_check);
