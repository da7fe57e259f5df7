/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Options of vNICs in rtnetlink: parsed, checked, applied, shown.
 */
#ifndef _VNICX_NL_NL_H
#define _VNICX_NL_NL_H

#include "../vnic.h"

/* nl/policy.c */
extern const struct nla_policy vnicx_policy[];
int vnicx_policy_validate(const struct nlattr *linkinfo,
			  struct netlink_ext_ack *extack);

/* nl/check.c */
int vnicx_config_check_new(const struct vnicx_config *config,
			   struct vnicx_lower *lower,
			   struct netlink_ext_ack *extack);
int vnicx_config_check_change(const struct vnicx_vnic *vnic,
			      const struct vnicx_config *config,
			      struct netlink_ext_ack *extack);

/* nl/config.c */
void vnicx_config_init(struct vnicx_config *config);
void vnicx_config_parse(struct vnicx_config *config, struct nlattr *data[]);
void vnicx_config_prepare(struct vnicx_vnic *vnic,
			  const struct vnicx_config *config);
int vnicx_config_apply_new(struct vnicx_vnic *vnic,
			   const struct vnicx_config *config,
			   struct netlink_ext_ack *extack);
void vnicx_config_warn(const struct vnicx_vnic *vnic,
		       const struct vnicx_config *config,
		       struct netlink_ext_ack *extack);
int vnicx_changelink(struct net_device *dev, struct nlattr *tb[],
		     struct nlattr *data[], struct netlink_ext_ack *extack);

/* Room that is kept for what rtnetlink puts behind the options, most of it IPv6's */
#define VNICX_DUMP_REST	1100

/* nl/dump.c */
size_t vnicx_get_size(const struct net_device *dev);
int vnicx_fill_options(struct sk_buff *skb, const struct net_device *dev,
		       bool alone);
int vnicx_fill_info(struct sk_buff *skb, const struct net_device *dev);

/* nl/link.c */
extern struct rtnl_link_ops vnicx_link_ops;
int vnicx_link_register(struct rtnl_link_ops *ops);
int vnicx_link_new(struct net_device *dev, struct rtnl_newlink_params *params,
		   struct netlink_ext_ack *extack);
void vnicx_link_del(struct net_device *dev, struct list_head *head);
int vnicx_link_create(struct net_device *dev, struct net_device *lower,
		      struct nlattr *tb[], const struct vnicx_config *config,
		      struct netlink_ext_ack *extack);

/* nl/source_list.c */
extern const struct nla_policy vnicx_source_policy[IFLA_VNICX_SOURCE_MAX + 1];
int vnicx_source_list_check(const struct nlattr *sources,
			    struct netlink_ext_ack *extack);
int vnicx_source_list_check_op(const struct vnicx_port *port,
			       const struct vnicx_config *config,
			       struct netlink_ext_ack *extack);
int vnicx_source_list_apply(struct vnicx_port *port,
			    const struct vnicx_config *config,
			    struct netlink_ext_ack *extack);
int vnicx_source_list_fill(struct sk_buff *skb, const struct vnicx_port *port);

/* nl/allowed.c */
extern const struct nla_policy vnicx_allowed_policy[IFLA_VNICX_ALLOWED_MAX + 1];
struct vnicx_ips *vnicx_allowed_ips(const struct vnicx_port *port,
				    const struct vnicx_config *config,
				    struct netlink_ext_ack *extack);
size_t vnicx_allowed_size(const struct vnicx_port *port);
int vnicx_allowed_fill(struct sk_buff *skb, const struct vnicx_port *port);

/* nl/leases.c */
size_t vnicx_leases_size(const struct vnicx_port *port);
int vnicx_leases_fill(struct sk_buff *skb, const struct vnicx_port *port);

/* nl/vlan.c */
extern const struct nla_policy vnicx_vlan_policy[IFLA_VNICX_VLAN_MAX + 1];
int vnicx_vlan_parse(const struct nlattr *nest, struct vnicx_vlan *vlan,
		     unsigned long *vids, struct netlink_ext_ack *extack);
bool vnicx_vlan_is_asked(const struct nlattr *nest);
size_t vnicx_vlan_size(const struct vnicx_port *port);
int vnicx_vlan_fill(struct sk_buff *skb, const struct vnicx_port *port);

#endif /* _VNICX_NL_NL_H */
