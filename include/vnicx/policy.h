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

struct vnicx_port;

/**
 * struct vnicx_policy - what a port's policy is
 * @rcu: frees the policy after its last reader
 *
 * A port's policy never changes: vnicx_policy_set() puts another one in its
 * place.
 */
struct vnicx_policy {
	struct rcu_head rcu;
};

/**
 * enum vnicx_cause - why a policy dropped a frame
 * @VNICX_CAUSE_TX_DISABLED: the port is disabled
 * @VNICX_CAUSE_TX_SPOOFED: the source address is not one of the port's
 * @VNICX_NR_CAUSES: number of causes
 */
enum vnicx_cause {
	VNICX_CAUSE_TX_DISABLED,
	VNICX_CAUSE_TX_SPOOFED,
	VNICX_NR_CAUSES,
};

/* Bits of &vnicx_port.checks: what is to be done for each frame. The data path
 * compares them all with 0 first.
 */

/* The port is disabled. */
#define VNICX_CHECK_DISABLED	BIT(0)
/* Frames that the vNIC sends must come from an address that it has. */
#define VNICX_CHECK_SPOOF	BIT(1)
/* &struct vnicx_policy has something to say about frames that the vNIC sends. */
#define VNICX_CHECK_TX		BIT(2)
/* &struct vnicx_policy has something to say about frames that it receives. */
#define VNICX_CHECK_RX		BIT(3)

/* Those for frames that the vNIC sends, and for those that it receives */
#define VNICX_CHECKS_TX		(VNICX_CHECK_DISABLED | VNICX_CHECK_SPOOF | \
				 VNICX_CHECK_TX)
#define VNICX_CHECKS_RX		VNICX_CHECK_RX

/* Those that follow from &struct vnicx_policy */
#define VNICX_CHECKS_POLICY	(VNICX_CHECK_TX | VNICX_CHECK_RX)

/* policy/policy.c */
int vnicx_policy_set(struct vnicx_port *port, const struct vnicx_policy *policy);
void vnicx_policy_set_checks(struct vnicx_port *port, u8 checks, bool on);
void vnicx_policy_set_self(struct vnicx_port *port);

#endif /* _VNICX_POLICY_H */
