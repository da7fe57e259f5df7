// SPDX-License-Identifier: GPL-2.0
/*
 * spoofchk: a vNIC sends from its own address, and from those further ones that
 * the FDB gives to it (`bridge fdb add`).
 */
#include "../fdb.h"
#include "policy.h"

/* Tell whether a port may send from an address that several claim: each of a
 * virtual router's routers transmits from it, not only the last one.
 */
static bool vnicx_spoof_claims(const struct vnicx_port *port, const u8 *addr)
{
	struct vnicx_fdb_entry *entry;
	struct rhlist_head *list, *pos;

	list = rhltable_lookup(&port->sw->fdb, addr, vnicx_fdb_params);
	rhl_for_each_entry_rcu(entry, pos, list, node)
		if (entry->rank == VNICX_FDB_CLAIM && entry->port == port)
			return true;
	return false;
}

/**
 * vnicx_spoof_allows() - tell whether a port may send from an address
 * @port: the port
 * @addr: the address
 * @vid: the VLAN, VNICX_VID_NONE for none
 *
 * A vNIC in passthru mode has no entry in the FDB: it has the lower device's
 * address.
 *
 * Context: RCU read side.
 * Return: whether it may
 */
bool vnicx_spoof_allows(const struct vnicx_port *port, const u8 *addr, u16 vid)
{
	const struct vnicx_fdb_entry *entry;

	if (vnicx_port_is_passthru(port) &&
	    ether_addr_equal(addr, port->sw->lower->dev_addr))
		return true;
	entry = vnicx_fdb_find(port->sw, addr, vid);
	if (!entry)
		return false;
	return READ_ONCE(entry->port) == port ||
	       (entry->rank <= VNICX_FDB_LEARNT &&
		vnicx_spoof_claims(port, addr));
}
