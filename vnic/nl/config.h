/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A vNIC's options as values. The table in option.c says which attribute each
 * one is for.
 */
#ifndef _VNICX_CONFIG_H
#define _VNICX_CONFIG_H

#include <linux/bits.h>
#include <linux/types.h>

struct nlattr;

/**
 * struct vnicx_vnic_options - options that a vNIC holds and its port does not
 * @max_groups: how many groups it may join, VNICX_MAX_GROUPS_AUTO for up to
 *	VNICX_GROUPS_MAX and beyond that all
 * @max_tx_rate: kbit/s that it may send, 0 for any rate
 * @tx_burst: bytes that it may send at once after a pause, 0 for the default
 * @max_rx_rate: kbit/s that it may receive, 0 for any rate
 * @storm: broadcast and multicast frames that it may send each second, 0 for
 *	any number
 * @class: the priority of its frames at the lower device, 0 for theirs
 * @mirror_vlan: the VLAN of the mirror's copies, VNICX_VID_NONE for none
 * @max_leases: leases that DHCP servers may give it
 * @mirror_way: enum vnicx_way
 * @trust: enum vnicx_auto: whether its user is trusted
 * @spoofchk: enum vnicx_auto: whether the source addresses of its frames are
 *	checked
 * @state: enum vnicx_state: its carrier
 * @ipguard: enum vnicx_ipguard. The list is in the port's policy
 * @ipguard_in: receives only what is for IP addresses on the list
 * @nopromisc: in passthru mode, leave the lower device's promiscuity alone
 * @restricted: sends nothing but IP and ARP
 * @raguard: sends nothing that only routers send
 * @dhcpguard: sends nothing that DHCP servers send
 * @dhcp_block: sends nothing that DHCP clients send
 * @dhcp_trust: it may be a DHCP server from which others get leases
 * @isolated: it is isolated, as its port's policy has it
 */
struct vnicx_vnic_options {
	u32 max_groups;
	u32 max_tx_rate;
	u32 tx_burst;
	u32 max_rx_rate;
	u32 storm;
	u32 class;
	u32 mirror_vlan;
	u32 max_leases;
	u8 mirror_way;
	u8 trust;
	u8 spoofchk;
	u8 state;
	u8 ipguard;
	bool ipguard_in;
	bool nopromisc;
	bool restricted;
	bool raguard;
	bool dhcpguard;
	bool dhcp_block;
	bool dhcp_trust;
	bool isolated;
};

/**
 * struct vnicx_config - the options of a request, from netlink or module
 *	parameters
 * @sources: the IFLA_VNICX_SOURCES attribute or NULL; not in @given
 * @allowed: the IFLA_VNICX_ALLOWED attribute or NULL; not in @given
 * @vlan: the IFLA_VNICX_VLAN attribute or NULL; not in @given
 * @mirror: the IFLA_VNICX_MIRROR attribute or NULL; as @sources, and so the next
 * @bpf_tx: the IFLA_VNICX_BPF_TX attribute or NULL
 * @bpf_rx: the IFLA_VNICX_BPF_RX attribute or NULL
 * @given: BIT_ULL(IFLA_VNICX_*) of the options that the user gave
 * @switch_given: BIT_ULL(IFLA_VNICX_SWITCH_*) of the options that the user gave
 * @options: those that the vNIC is to hold
 * @source_op: enum vnicx_list_op
 * @allowed_op: enum vnicx_list_op, for @allowed
 * @bc_queue_len: see &struct vnicx_port
 * @mode: enum vnicx_mode
 * @host: whether the host is on the switch; shared by all vNICs of the switch
 * @neigh_suppress: an ARP request goes to the vNIC that answers it, alone; shared
 *	by all vNICs of the switch
 * @announce: the bridge behind the lower device is told of addresses; shared by
 *	all vNICs of the switch
 * @flood: see &struct vnicx_port
 * @nodst: see &struct vnicx_port
 *
 * A member has the type of the one in &struct vnicx_vnic or &struct vnicx_lower
 * that it becomes.
 */
struct vnicx_config {
	const struct nlattr *sources;
	const struct nlattr *allowed;
	const struct nlattr *vlan;
	const struct nlattr *mirror;
	const struct nlattr *bpf_tx;
	const struct nlattr *bpf_rx;
	u64 given;
	u64 switch_given;
	struct vnicx_vnic_options options;
	u32 source_op;
	u32 allowed_op;
	u32 bc_queue_len;
	u8 mode;
	bool host;
	bool neigh_suppress;
	bool announce;
	bool flood;
	bool nodst;
};

/**
 * vnicx_config_gives() - tell whether the user gave an option of a vNIC
 * @config: the configuration
 * @attr: IFLA_VNICX_*
 *
 * Return: whether the user did
 */
static inline bool vnicx_config_gives(const struct vnicx_config *config,
				      unsigned int attr)
{
	return config->given & BIT_ULL(attr);
}

/**
 * vnicx_config_gives_switch() - tell whether the user gave an option of a switch
 * @config: the configuration
 * @attr: IFLA_VNICX_SWITCH_*
 *
 * Return: whether the user did
 */
static inline bool
vnicx_config_gives_switch(const struct vnicx_config *config, unsigned int attr)
{
	return config->switch_given & BIT_ULL(attr);
}

#endif /* _VNICX_CONFIG_H */
