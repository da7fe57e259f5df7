/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _COMPAT_NET_RTNETLINK_H
#define _COMPAT_NET_RTNETLINK_H

#include_next <net/rtnetlink.h>

/* In older kernels, newlink() takes the members of rtnl_newlink_params one by
 * one.
 */
#ifdef COMPAT_HAS_RTNL_NEWLINK_PARAMS

#define DEFINE_RTNL_NEWLINK(fn)
#define RTNL_NEWLINK(fn)	fn

#else

struct rtnl_newlink_params {
	struct net *src_net;
	struct nlattr **tb;
	struct nlattr **data;
};

static inline struct net *
rtnl_newlink_link_net(struct rtnl_newlink_params *params)
{
	return params->src_net;
}

#define DEFINE_RTNL_NEWLINK(fn)						\
static int compat_##fn(struct net *src_net, struct net_device *dev,	\
		       struct nlattr *tb[], struct nlattr *data[],	\
		       struct netlink_ext_ack *extack)			\
{									\
	struct rtnl_newlink_params params = {				\
		.src_net = src_net,					\
		.tb = tb,						\
		.data = data,						\
	};								\
									\
	return fn(dev, &params, extack);				\
}

#define RTNL_NEWLINK(fn)	compat_##fn

#endif

#ifndef COMPAT_HAS_RTNL_DEV_LINK_NET_CAPABLE
static inline bool rtnl_dev_link_net_capable(const struct net_device *dev,
					     const struct net *link_net)
{
	return net_eq(link_net, dev_net(dev)) ||
	       ns_capable(link_net->user_ns, CAP_NET_ADMIN);
}
#endif

#endif /* _COMPAT_NET_RTNETLINK_H */
