// SPDX-License-Identifier: GPL-2.0
/*
 * The table of options: which attribute each one is, and where its value is.
 *
 * By its line, config.c parses and applies an option whose value is a number, or
 * on or off, and dump.c shows it. One more takes the line, its form in policy.c,
 * and a member of struct vnicx_vnic_options (or of struct vnicx_lower and struct
 * vnicx_config when all vNICs of a switch share it). check.c checks which options
 * go together.
 */
#include "../addr/addr.h"
#include "../announce/announce.h"
#include "option.h"

static int vnicx_option_set_nopromisc(struct vnicx_vnic *vnic, u32 value,
				      struct netlink_ext_ack *extack)
{
	return vnicx_flags_set_nopromisc(vnic->port.dev, value);
}

static int vnicx_option_set_host(struct vnicx_vnic *vnic, u32 value,
				 struct netlink_ext_ack *extack)
{
	return vnicx_lower_set_host(vnicx_lower_of(vnic->lower), value, extack);
}

static u32 vnicx_option_show_host(const struct vnicx_vnic *vnic)
{
	if (!IS_ENABLED(CONFIG_NETFILTER_EGRESS))
		return VNICX_HOST_UNAVAILABLE;
	return vnicx_switch_has_host(vnic->port.sw) ? VNICX_HOST_ON :
						      VNICX_HOST_OFF;
}

static int vnicx_option_set_mode(struct vnicx_vnic *vnic, u32 value,
				 struct netlink_ext_ack *extack)
{
	vnicx_port_set_mode(&vnic->port, value);
	vnicx_l2fwd_update(vnicx_lower_of(vnic->lower));
	return 0;
}

static int vnicx_option_set_queue_len(struct vnicx_vnic *vnic, u32 value,
				      struct netlink_ext_ack *extack)
{
	vnicx_port_set_queue_len(&vnic->port, value);
	return 0;
}

static u32 vnicx_option_show_queue_len_used(const struct vnicx_vnic *vnic)
{
	return vnicx_switch_queue_len(vnic->port.sw);
}

static int vnicx_option_set_neigh_suppress(struct vnicx_vnic *vnic, u32 value,
					   struct netlink_ext_ack *extack)
{
	vnicx_lower_of(vnic->lower)->neigh_suppress = value;
	vnicx_switch_suppress(vnic->port.sw, value);
	return 0;
}

static u32 vnicx_option_show_neigh_suppress(const struct vnicx_vnic *vnic)
{
	return vnicx_switch_suppresses(vnic->port.sw);
}

static int vnicx_option_set_announce(struct vnicx_vnic *vnic, u32 value,
				     struct netlink_ext_ack *extack)
{
	struct vnicx_lower *lower = vnicx_lower_of(vnic->lower);
	int err;

	err = vnicx_hear_set(lower, value);
	if (err)
		return err;
	lower->announce = value;
	return 0;
}

static u32 vnicx_option_show_announce(const struct vnicx_vnic *vnic)
{
	return vnicx_switch_is_watched(vnic->port.sw);
}

static int vnicx_option_set_flood(struct vnicx_vnic *vnic, u32 value,
				  struct netlink_ext_ack *extack)
{
	vnicx_port_set_flood(&vnic->port, value);
	return 0;
}

static int vnicx_option_set_trust(struct vnicx_vnic *vnic, u32 value,
				  struct netlink_ext_ack *extack)
{
	WRITE_ONCE(vnic->options.trust, value);
	vnicx_trust_update(vnic, false);
	return 0;
}

static u32 vnicx_option_show_trusted(const struct vnicx_vnic *vnic)
{
	return READ_ONCE(vnic->trusted);
}

static int vnicx_option_set_spoofchk(struct vnicx_vnic *vnic, u32 value,
				     struct netlink_ext_ack *extack)
{
	WRITE_ONCE(vnic->options.spoofchk, value);
	vnicx_trust_update(vnic, false);
	return 0;
}

static u32 vnicx_option_show_spoofchecked(const struct vnicx_vnic *vnic)
{
	return !!(READ_ONCE(vnic->port.tx_checks) & VNICX_CHECK_SPOOF);
}

static int vnicx_option_set_state(struct vnicx_vnic *vnic, u32 value,
				  struct netlink_ext_ack *extack)
{
	WRITE_ONCE(vnic->options.state, value);
	vnicx_port_disable(&vnic->port, value == VNICX_STATE_DISABLE);
	vnicx_follow_operstate(vnic->port.dev);
	vnicx_l2fwd_update(vnicx_lower_of(vnic->lower));
	return 0;
}

static int vnicx_option_set_max_groups(struct vnicx_vnic *vnic, u32 value,
				       struct netlink_ext_ack *extack)
{
	vnicx_filter_set_max_groups(vnic->port.dev, value);
	return 0;
}

/* vnicx_vnic_set_policy() has isolated the port. */
static int vnicx_option_set_isolated(struct vnicx_vnic *vnic, u32 value,
				     struct netlink_ext_ack *extack)
{
	WRITE_ONCE(vnic->options.isolated, value);
	vnicx_l2fwd_update(vnicx_lower_of(vnic->lower));
	return 0;
}

static u32 vnicx_option_show_bpf_tx(const struct vnicx_vnic *vnic)
{
	return READ_ONCE(vnic->bpf_tx_id);
}

static u32 vnicx_option_show_bpf_rx(const struct vnicx_vnic *vnic)
{
	return READ_ONCE(vnic->bpf_rx_id);
}

/* The members that hold an option, which have one type */
#define VNICX_OPTION_MEMBERS(member, holder, where)			\
	.size = sizeof_field(struct vnicx_config, member) +		\
		BUILD_BUG_ON_ZERO(sizeof_field(struct vnicx_config, member) != \
				  sizeof_field(struct holder, where)),	\
	.config = offsetof(struct vnicx_config, member),		\
	.place = offsetof(struct holder, where)

/* The arguments of a line: the attribute, its type, the member of struct
 * vnicx_config, the one of struct vnicx_vnic or vnicx_lower, and the functions
 * that set and show the option where the members are not all there is.
 */
#define VNICX_OPTION(a, type, member, where, how) {			\
	.attr = IFLA_VNICX_ ## a,					\
	.len = sizeof(type),						\
	VNICX_OPTION_MEMBERS(member, vnicx_vnic, where),		\
	.set = (how),							\
}

/* An option that is nowhere but in struct vnicx_vnic_options */
#define VNICX_OPTION_VNIC(a, type, member, how)				\
	VNICX_OPTION(a, type, options.member, options.member, how)

#define VNICX_OPTION_FLAG(f, member, where, how) {			\
	.attr = IFLA_VNICX_FLAGS,					\
	.flag = VNICX_FLAG_ ## f,					\
	VNICX_OPTION_MEMBERS(member, vnicx_vnic, where),		\
	.set = (how),							\
}

/* The value that holds of an option, which nobody can give */
#define VNICX_OPTION_SHOWN(a, type, shown) {				\
	.attr = IFLA_VNICX_ ## a,					\
	.len = sizeof(type),						\
	.show = (shown),						\
}

/* An option of one request only: the vNIC does not hold it. */
#define VNICX_OPTION_REQUEST(a, type, member) {				\
	.attr = IFLA_VNICX_ ## a,					\
	.len = sizeof(type),						\
	.size = sizeof_field(struct vnicx_config, member),		\
	.config = offsetof(struct vnicx_config, member),		\
}

/* An option that all vNICs of a switch share, on or off */
#define VNICX_OPTION_SWITCH(a, word, member, where, how, shown) {	\
	.name = (word),							\
	.attr = IFLA_VNICX_SWITCH_ ## a,				\
	.shared = true,							\
	.len = sizeof(u8),						\
	VNICX_OPTION_MEMBERS(member, vnicx_lower, where),		\
	.set = (how),							\
	.show = (shown),						\
}

/* A value that all vNICs of a switch share and nobody can give */
#define VNICX_OPTION_SWITCH_SHOWN(a, type, shown) {			\
	.attr = IFLA_VNICX_SWITCH_ ## a,				\
	.shared = true,							\
	.len = sizeof(type),						\
	.show = (shown),						\
}

/* In the order in which they change. First come those that can fail: of these, a
 * request changes one at most, because in passthru mode, the only one in which
 * nopromisc changes, the host can only be taken off, which does not fail.
 */
const struct vnicx_option vnicx_options[] = {
	VNICX_OPTION_FLAG(NOPROMISC, options.nopromisc, options.nopromisc,
			  vnicx_option_set_nopromisc),
	VNICX_OPTION_SWITCH(HOST, "host", host, host_wanted,
			    vnicx_option_set_host, vnicx_option_show_host),
	VNICX_OPTION(MODE, u32, mode, port.mode, vnicx_option_set_mode),
	VNICX_OPTION_FLAG(NODST, nodst, port.nodst, NULL),
	VNICX_OPTION_REQUEST(SOURCE_OP, u32, source_op),
	VNICX_OPTION(BC_QUEUE_LEN, u32, bc_queue_len, port.bc_queue_len,
		     vnicx_option_set_queue_len),
	VNICX_OPTION_SWITCH_SHOWN(BC_QUEUE_LEN_USED, u32,
				  vnicx_option_show_queue_len_used),
	VNICX_OPTION_SWITCH(NEIGH_SUPPRESS, "neigh_suppress", neigh_suppress,
			    neigh_suppress, vnicx_option_set_neigh_suppress,
			    vnicx_option_show_neigh_suppress),
	VNICX_OPTION_SWITCH(ANNOUNCE, "announce", announce, announce,
			    vnicx_option_set_announce,
			    vnicx_option_show_announce),
	VNICX_OPTION(FLOOD, u8, flood, port.flood, vnicx_option_set_flood),
	VNICX_OPTION_VNIC(TRUST, u8, trust, vnicx_option_set_trust),
	VNICX_OPTION_SHOWN(TRUSTED, u8, vnicx_option_show_trusted),
	VNICX_OPTION_VNIC(SPOOFCHK, u8, spoofchk, vnicx_option_set_spoofchk),
	VNICX_OPTION_SHOWN(SPOOFCHECKED, u8, vnicx_option_show_spoofchecked),
	VNICX_OPTION_VNIC(STATE, u8, state, vnicx_option_set_state),
	VNICX_OPTION_VNIC(MAX_GROUPS, u32, max_groups,
			  vnicx_option_set_max_groups),
	VNICX_OPTION_VNIC(MAX_TX_RATE, u32, max_tx_rate, NULL),
	VNICX_OPTION_VNIC(TX_BURST, u32, tx_burst, NULL),
	VNICX_OPTION_VNIC(MAX_RX_RATE, u32, max_rx_rate, NULL),
	VNICX_OPTION_VNIC(STORM, u32, storm, NULL),
	VNICX_OPTION_VNIC(CLASS, u32, class, NULL),
	VNICX_OPTION_VNIC(RESTRICTED, u8, restricted, NULL),
	VNICX_OPTION_VNIC(RAGUARD, u8, raguard, NULL),
	VNICX_OPTION_VNIC(DHCPGUARD, u8, dhcpguard, NULL),
	VNICX_OPTION_VNIC(DHCP_BLOCK, u8, dhcp_block, NULL),
	VNICX_OPTION_VNIC(IPGUARD, u8, ipguard, NULL),
	VNICX_OPTION_VNIC(IPGUARD_IN, u8, ipguard_in, NULL),
	VNICX_OPTION_VNIC(DHCP_TRUST, u8, dhcp_trust, NULL),
	VNICX_OPTION_VNIC(MAX_LEASES, u32, max_leases, NULL),
	VNICX_OPTION_REQUEST(ALLOWED_OP, u32, allowed_op),
	VNICX_OPTION_VNIC(ISOLATED, u8, isolated, vnicx_option_set_isolated),
	VNICX_OPTION_VNIC(MIRROR_VLAN, u32, mirror_vlan, NULL),
	VNICX_OPTION_VNIC(MIRROR_WAY, u8, mirror_way, NULL),
	VNICX_OPTION_SHOWN(BPF_TX_ID, u32, vnicx_option_show_bpf_tx),
	VNICX_OPTION_SHOWN(BPF_RX_ID, u32, vnicx_option_show_bpf_rx),
	{ }
};
