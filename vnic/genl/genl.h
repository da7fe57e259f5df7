/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Declarations that the files of vnic/genl/ share.
 */
#ifndef _VNICX_GENL_GENL_H
#define _VNICX_GENL_GENL_H

#include <linux/vnicx.h>
#include <net/genetlink.h>

#include "../vnic.h"

/**
 * struct vnicx_genl_asker - whom a message is for
 * @net: the namespace of the socket
 * @request: the request
 * @nlh: its header
 * @cmd: the command of the answer
 * @flags: of the answer's header
 */
struct vnicx_genl_asker {
	struct net *net;
	struct sk_buff *request;
	const struct nlmsghdr *nlh;
	u8 cmd;
	int flags;
};

extern struct genl_family vnicx_genl_family;

/* fill.c */
void *vnicx_genl_begin(struct sk_buff *skb,
		       const struct vnicx_genl_asker *asker);
size_t vnicx_genl_switch_size(void);
int vnicx_genl_fill_switch(struct sk_buff *skb,
			   const struct vnicx_lower *lower);
size_t vnicx_genl_port_size(const struct vnicx_port *port);
int vnicx_genl_fill_port(struct sk_buff *skb,
			 const struct vnicx_genl_asker *asker,
			 struct vnicx_port *port);

/* family.c */
struct vnicx_genl_asker vnicx_genl_asker(struct sk_buff *request,
					 struct genl_info *info);
struct net_device *vnicx_genl_dev(struct genl_info *info, int attr);

/* explain.c */
extern const struct nla_policy
vnicx_genl_explain_policy[VNICX_A_EXPLAIN_VID + 1];
int vnicx_genl_explain(struct sk_buff *request, struct genl_info *info);

/* dump.c */
int vnicx_genl_start_switches(struct netlink_callback *cb);
int vnicx_genl_dump_switches(struct sk_buff *skb, struct netlink_callback *cb);
int vnicx_genl_start_ports(struct netlink_callback *cb);
int vnicx_genl_dump_ports(struct sk_buff *skb, struct netlink_callback *cb);

#endif /* _VNICX_GENL_GENL_H */
