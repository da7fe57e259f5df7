/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The policy of a port: it decides which frames its vNIC may send and receive.
 *
 * The lower device's administrator decides on it. The user of the vNIC can
 * neither change nor lift it.
 */
#ifndef _VNICX_POLICY_H
#define _VNICX_POLICY_H

#include <linux/types.h>
#include <vnicx/ips.h>
#include <vnicx/lease.h>
#include <vnicx/rate.h>

struct bpf_prog;
struct net_device;
struct vnicx_port;

/* Guards: frames that a vNIC may not send, or not receive */

/* sent: another protocol than IPv4, IPv6 and ARP; RARP for others */
#define VNICX_GUARD_RESTRICTED	BIT(0)
/* sent: a router's messages */
#define VNICX_GUARD_RA		BIT(1)
/* sent: a DHCP server's messages */
#define VNICX_GUARD_DHCP_SERVER	BIT(2)
/* sent: a DHCP client's messages */
#define VNICX_GUARD_DHCP_CLIENT	BIT(3)
/* sent: IP addresses as the sender's that are not on the list */
#define VNICX_GUARD_IP		BIT(4)
/* received: packets to IP addresses that are not on the list */
#define VNICX_GUARD_IP_IN	BIT(5)

/**
 * struct vnicx_vlan - the VLANs of a port
 * @vids: a bit for each VID that the port receives, 0 for frames in no VLAN; or
 *	NULL: @vid only
 * @tag: the tag of untagged frames, 0 for none; computed by vnicx_policy_set()
 * @key: the VLAN of @tag, computed by vnicx_policy_set(), see policy/vlan.h
 * @proto: ETH_P_8021Q, or ETH_P_8021AD, which needs @vid and no @vids
 * @vid: the VLAN of untagged frames that the vNIC sends; frames of it reach the
 *	vNIC untagged. VNICX_VID_NONE for none
 * @primary: of a port of a private VLAN, the primary VLAN
 * @qos: the priority in the tag of untagged frames, 0 to 7
 * @keep: a priority tag's priority takes the place of @qos
 * @tagged: the vNIC sends and receives tags: a trunk
 * @on: the port is in these VLANs only; else all other members mean nothing
 */
struct vnicx_vlan {
	const unsigned long *vids;
	u32 tag;
	u32 key;
	__be16 proto;
	u16 vid;
	u16 primary;
	u8 qos;
	bool keep;
	bool tagged;
	bool on;
};

/**
 * vnicx_vlan_private() - get the private VLAN of a port
 * @vlan: the port's VLANs
 *
 * Return: the VID of its primary VLAN, from which all ports of the private VLAN receive;
 * 0 for a port of none
 */
static inline u16 vnicx_vlan_private(const struct vnicx_vlan *vlan)
{
	return vlan->on && !vlan->tagged && vlan->vids ? vlan->primary : 0;
}

/**
 * struct vnicx_mirror - who gets copies of a port's frames
 * @rcu: frees it after its last reader
 * @dev: the device
 * @port: its port, if it is a vNIC, or NULL
 * @vid: the VLAN of the copies, beside their own, or VNICX_VID_NONE
 * @tx: frames that the port sends are copied
 * @rx: frames that it receives are copied
 */
struct vnicx_mirror {
	struct rcu_head rcu;
	struct net_device *dev;
	struct vnicx_port *port;
	u16 vid;
	bool tx;
	bool rx;
};

/**
 * struct vnicx_policy - what a port's policy is
 * @rcu: frees the policy after its last reader
 * @vlan: its VLANs
 * @isolated: it neither reaches nor is reached by other isolated ports
 * @rate: its rates
 * @bpf_tx: a program that decides on frames that it sends, or NULL
 * @bpf_rx: a program that decides on frames that it receives, or NULL
 * @class: the priority of its frames at the lower device, 0 for none: that of
 *	the frame
 * @ips: the list of IP addresses, or NULL for an empty one; the policy is a user
 * @leases: further IP addresses, for a time, or NULL; the policy is a user
 * @guards: VNICX_GUARD_*
 * @dhcp_trust: what it sends as a DHCP server gives others leases
 * @plain: the part of &vnicx_port.tx_checks that plain frames meet, if guards are all that
 *	VNICX_CHECK_TX of it is for, else 0; computed by vnicx_policy_set()
 *
 * A port's policy never changes: vnicx_policy_set() puts another one in its
 * place.
 */
struct vnicx_policy {
	struct rcu_head rcu;
	struct vnicx_vlan vlan;
	bool isolated;
	struct vnicx_rate rate[VNICX_NR_RATES];
	struct bpf_prog *bpf_tx;
	struct bpf_prog *bpf_rx;
	u32 class;
	struct vnicx_ips *ips;
	struct vnicx_leases *leases;
	u8 guards;
	bool dhcp_trust;
	u8 plain;
};

/**
 * enum vnicx_cause - why a policy dropped a frame
 * @VNICX_CAUSE_TX_DISABLED: the port is disabled
 * @VNICX_CAUSE_TX_SPOOFED: the source address is not one of the port's
 * @VNICX_CAUSE_TX_VLAN: the frame's tag is not one that the port may send
 * @VNICX_CAUSE_RX_VLAN: the frame is for the port's address, but in a VLAN that
 *	the port is not in
 * @VNICX_CAUSE_TX_ISOLATED: both the port and the receiver are isolated
 * @VNICX_CAUSE_TX_STORM: one broadcast or multicast frame too many
 * @VNICX_CAUSE_TX_RATE: above the rate at which the port may send
 * @VNICX_CAUSE_RX_RATE: above the rate at which the port may receive
 * @VNICX_CAUSE_TX_UNDETERMINED: nobody can tell what the frame is
 * @VNICX_CAUSE_TX_RESTRICTED: another protocol than the port may send
 * @VNICX_CAUSE_TX_GUARDED_RA: the message of a router
 * @VNICX_CAUSE_TX_GUARDED_DHCP: a message of DHCP that the port may not send
 * @VNICX_CAUSE_TX_IP_SPOOFED: the sender's IP address is not on the port's list
 * @VNICX_CAUSE_RX_IP: the receiver's IP address is not on the port's list
 * @VNICX_CAUSE_TX_BPF: a program says so
 * @VNICX_CAUSE_RX_BPF: a program says so
 * @VNICX_CAUSE_MIRROR_FAILED: the frame passed, but not its copy for the mirror
 * @VNICX_CAUSE_NEIGH_SUPPRESSED: an ARP request passed, to the port alone; here the
 *	others have nothing dropped
 * @VNICX_CAUSE_DHCP_LEARNED: the frame passed, and gave the port a lease
 * @VNICX_CAUSE_DHCP_REFUSED: the frame passed, and what it says gave the port no
 *	lease
 * @VNICX_NR_CAUSES: number of causes
 */
enum vnicx_cause {
	VNICX_CAUSE_TX_DISABLED,
	VNICX_CAUSE_TX_SPOOFED,
	VNICX_CAUSE_TX_VLAN,
	VNICX_CAUSE_RX_VLAN,
	VNICX_CAUSE_TX_ISOLATED,
	VNICX_CAUSE_TX_STORM,
	VNICX_CAUSE_TX_RATE,
	VNICX_CAUSE_RX_RATE,
	VNICX_CAUSE_TX_UNDETERMINED,
	VNICX_CAUSE_TX_RESTRICTED,
	VNICX_CAUSE_TX_GUARDED_RA,
	VNICX_CAUSE_TX_GUARDED_DHCP,
	VNICX_CAUSE_TX_IP_SPOOFED,
	VNICX_CAUSE_RX_IP,
	VNICX_CAUSE_TX_BPF,
	VNICX_CAUSE_RX_BPF,
	VNICX_CAUSE_MIRROR_FAILED,
	VNICX_CAUSE_NEIGH_SUPPRESSED,
	VNICX_CAUSE_DHCP_LEARNED,
	VNICX_CAUSE_DHCP_REFUSED,
	VNICX_NR_CAUSES,
};

/* Bits of &vnicx_port.tx_checks and &vnicx_port.rx_checks: what is to be done for each
 * frame that a vNIC sends, and that it receives. The data path compares them all with 0
 * first.
 */

/* tx: The port is disabled. */
#define VNICX_CHECK_DISABLED	BIT(0)
/* tx: Frames must come from an address that the vNIC has. */
#define VNICX_CHECK_SPOOF	BIT(1)
/* tx: &struct vnicx_policy has something to say about the frames. */
#define VNICX_CHECK_TX		BIT(2)
/* rx: &struct vnicx_policy has something to say about the frames. */
#define VNICX_CHECK_RX		BIT(3)
/* tx: Untagged frames get &vnicx_port.tag. rx: They lose it. */
#define VNICX_CHECK_TAG		BIT(4)
/* tx: There is a rate. rx: There is one. */
#define VNICX_CHECK_TX_RATE	BIT(5)
#define VNICX_CHECK_RX_RATE	BIT(6)
/* tx: &vnicx_port.self is not the vNIC's address: the FDB has to be asked. */
#define VNICX_CHECK_FDB		BIT(7)

/* Those that follow from &struct vnicx_policy, of each direction */
#define VNICX_CHECKS_TX_POLICY	(VNICX_CHECK_TX | VNICX_CHECK_TAG | \
				 VNICX_CHECK_TX_RATE)
#define VNICX_CHECKS_RX_POLICY	(VNICX_CHECK_RX | VNICX_CHECK_TAG | \
				 VNICX_CHECK_RX_RATE)

/* The address in &vnicx_port.self, without the EtherType */
#define VNICX_POLICY_ADDR	(~(__force u64)cpu_to_be64(U16_MAX))

/* UDP ports of DHCP over IPv4 */
#define VNICX_PORT_BOOTPS	67
#define VNICX_PORT_BOOTPC	68

/* policy/policy.c */
int vnicx_policy_set(struct vnicx_port *port, const struct vnicx_policy *policy);
void vnicx_policy_update(struct vnicx_port *port);
void vnicx_policy_set_checks(struct vnicx_port *port, u8 checks, bool on);
void vnicx_policy_set_self(struct vnicx_port *port);

/* policy/mirror.c */
void vnicx_port_set_mirror(struct vnicx_port *port,
			   struct vnicx_mirror *mirror);

#endif /* _VNICX_POLICY_H */
