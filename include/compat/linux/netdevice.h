/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _COMPAT_LINUX_NETDEVICE_H
#define _COMPAT_LINUX_NETDEVICE_H

#include_next <linux/netdevice.h>

/* In older kernels, lockless transmission is a feature flag, not a member. */
static inline bool netdev_is_lltx(const struct net_device *dev)
{
#ifdef COMPAT_HAS_NETDEV_LLTX
	return dev->lltx;
#else
	return dev->features & NETIF_F_LLTX;
#endif
}

static inline void netdev_set_lltx(struct net_device *dev)
{
#ifdef COMPAT_HAS_NETDEV_LLTX
	dev->lltx = true;
#else
	dev->features |= NETIF_F_LLTX;
#endif
}

/* In older kernels, the permission to set protodown is a private flag. */
static inline void netdev_set_change_proto_down(struct net_device *dev)
{
#ifdef COMPAT_HAS_NETDEV_CHANGE_PROTO_DOWN
	dev->change_proto_down = true;
#else
	dev->priv_flags |= IFF_CHANGE_PROTO_DOWN;
#endif
}

/* Older kernels do not ask what a device can do with XDP. */
#ifdef COMPAT_HAS_XDP_FEATURES

/* Before the device is registered */
static inline void netdev_set_xdp_features(struct net_device *dev,
					   xdp_features_t features)
{
	dev->xdp_features = features;
}

#else

#define NETDEV_XDP_ACT_BASIC		0
#define NETDEV_XDP_ACT_REDIRECT		0
#define NETDEV_XDP_ACT_NDO_XMIT		0
#define NETDEV_XDP_ACT_XSK_ZEROCOPY	0
#define NETDEV_XDP_ACT_RX_SG		0
#define NETDEV_XDP_ACT_NDO_XMIT_SG	0

static inline void netdev_set_xdp_features(struct net_device *dev, u32 features)
{
}

#endif

/* Older kernels cannot allocate a device that only holds NAPI instances. */
static inline struct net_device *compat_alloc_netdev_dummy(void)
{
#ifdef COMPAT_HAS_ALLOC_NETDEV_DUMMY
	return alloc_netdev_dummy(0);
#else
	struct net_device *dev = kzalloc(sizeof(*dev), GFP_KERNEL);

	if (dev)
		init_dummy_netdev(dev);
	return dev;
#endif
}

static inline void compat_free_netdev_dummy(struct net_device *dev)
{
#ifdef COMPAT_HAS_ALLOC_NETDEV_DUMMY
	free_netdev(dev);
#else
	kfree(dev);
#endif
}

/* Newer kernels have several ways of threaded NAPI, older ones have a bool. */
static inline int compat_dev_set_threaded(struct net_device *dev)
{
#ifdef COMPAT_HAS_NETDEV_NAPI_THREADED
	return dev_set_threaded(dev, NETDEV_NAPI_THREADED_ENABLED);
#else
	return dev_set_threaded(dev, true);
#endif
}

/* Tell whether rules or programs see a device's frames before its handler. */
static inline bool netdev_has_ingress(const struct net_device *dev)
{
	if (rcu_access_pointer(dev->xdp_prog))
		return true;
#ifdef CONFIG_NETFILTER_INGRESS
	if (rcu_access_pointer(dev->nf_hooks_ingress))
		return true;
#endif
#if defined(COMPAT_HAS_TCX_INGRESS) && defined(CONFIG_NET_XGRESS)
	if (rcu_access_pointer(dev->tcx_ingress))
		return true;
#elif !defined(COMPAT_HAS_TCX_INGRESS) && defined(CONFIG_NET_CLS_ACT)
	if (rcu_access_pointer(dev->miniq_ingress))
		return true;
#endif
	return false;
}

/* Tell whether traffic control sees a device's frames before its queue. */
static inline bool netdev_has_egress(const struct net_device *dev)
{
#if defined(COMPAT_HAS_TCX_INGRESS) && defined(CONFIG_NET_XGRESS)
	return rcu_access_pointer(dev->tcx_egress);
#elif !defined(COMPAT_HAS_TCX_INGRESS) && defined(CONFIG_NET_CLS_ACT)
	return rcu_access_pointer(dev->miniq_egress);
#else
	return false;
#endif
}

/* Some older kernels keep the bound on nested transmit calls to themselves: a module is
 * always at it.
 */
#ifndef COMPAT_HAS_DEV_XMIT_RECURSION
static inline bool dev_xmit_recursion(void)
{
	return true;
}

static inline void dev_xmit_recursion_inc(void)
{
}

static inline void dev_xmit_recursion_dec(void)
{
}
#endif

/* Tell whether VLAN devices are on top of a device. */
static inline bool netdev_has_vlans(const struct net_device *dev)
{
#if IS_ENABLED(CONFIG_VLAN_8021Q)
	return rcu_access_pointer(dev->vlan_info);
#else
	return false;
#endif
}

/* In older kernels, a driver cannot say that it has notified of an FDB change.
 */
#ifdef COMPAT_HAS_NDO_FDB_NOTIFIED

#define DEFINE_NDO_FDB_ADD(fn)
#define DEFINE_NDO_FDB_DEL(fn)
#define NDO_FDB_ADD(fn)	fn
#define NDO_FDB_DEL(fn)	fn

#else

#define DEFINE_NDO_FDB_ADD(fn)						\
static int compat_##fn(struct ndmsg *ndm, struct nlattr *tb[],		\
		       struct net_device *dev,				\
		       const unsigned char *addr, u16 vid, u16 flags,	\
		       struct netlink_ext_ack *extack)			\
{									\
	bool notified = false;						\
									\
	return fn(ndm, tb, dev, addr, vid, flags, &notified, extack);	\
}

#define DEFINE_NDO_FDB_DEL(fn)						\
static int compat_##fn(struct ndmsg *ndm, struct nlattr *tb[],		\
		       struct net_device *dev,				\
		       const unsigned char *addr, u16 vid,		\
		       struct netlink_ext_ack *extack)			\
{									\
	bool notified = false;						\
									\
	return fn(ndm, tb, dev, addr, vid, &notified, extack);		\
}

#define NDO_FDB_ADD(fn)	compat_##fn
#define NDO_FDB_DEL(fn)	compat_##fn

#endif

/* Older kernels parse the message that deletes many FDB entries for the driver.
 */
#ifdef COMPAT_HAS_NDO_FDB_DEL_BULK_NLH

#define DEFINE_NDO_FDB_DEL_BULK(fn)
#define NDO_FDB_DEL_BULK(fn)	fn

#else

#define DEFINE_NDO_FDB_DEL_BULK(fn)					\
static int compat_##fn(struct ndmsg *ndm, struct nlattr *tb[],		\
		       struct net_device *dev, u16 vid,			\
		       struct netlink_ext_ack *extack)			\
{									\
	return fn((void *)ndm - NLMSG_HDRLEN, dev, extack);		\
}

#define NDO_FDB_DEL_BULK(fn)	compat_##fn

#endif

#ifdef COMPAT_HAS_NDO_NETPOLL_SETUP_DEV

#define DEFINE_NDO_NETPOLL_SETUP(fn)
#define NDO_NETPOLL_SETUP(fn)	fn

#else

#define DEFINE_NDO_NETPOLL_SETUP(fn)					\
static int compat_##fn(struct net_device *dev, struct netpoll_info *info) \
{									\
	return fn(dev);							\
}

#define NDO_NETPOLL_SETUP(fn)	compat_##fn

#endif

/* In older kernels, an ioctl configures hardware timestamping, with the
 * structure that userspace gave: see linux/net_tstamp.h.
 */
#ifdef COMPAT_HAS_NDO_HWTSTAMP

#define DEFINE_NDO_HWTSTAMP(name)
#define NDO_HWTSTAMP(name)						\
	.ndo_hwtstamp_get = name##_get,					\
	.ndo_hwtstamp_set = name##_set

#else

#define DEFINE_NDO_HWTSTAMP(name)					\
static int compat_##name(struct net_device *dev, struct ifreq *ifr,	\
			 int cmd)					\
{									\
	struct kernel_hwtstamp_config config = { .ifr = ifr };		\
									\
	switch (cmd) {							\
	case SIOCGHWTSTAMP:						\
		return name##_get(dev, &config);			\
	case SIOCSHWTSTAMP:						\
		return name##_set(dev, &config, NULL);			\
	default:							\
		return -EOPNOTSUPP;					\
	}								\
}

#define NDO_HWTSTAMP(name)	.ndo_eth_ioctl = compat_##name

#endif

#endif /* _COMPAT_LINUX_NETDEVICE_H */
