# SPDX-License-Identifier: GPL-2.0
# Probes the kernel's headers for what the shadow headers beside this file
# replace. Distribution kernels backport features, so a version says nothing.

compat-has = $(if $(shell grep -lE '$(2)' $(srctree)/include/$(1) 2>/dev/null),-DCOMPAT_HAS_$(3))

compat-flags := \
	$(call compat-has,net/rtnetlink.h,struct rtnl_newlink_params,RTNL_NEWLINK_PARAMS) \
	$(call compat-has,net/rtnetlink.h,rtnl_dev_link_net_capable,RTNL_DEV_LINK_NET_CAPABLE) \
	$(call compat-has,linux/netdevice.h,lltx:1,NETDEV_LLTX) \
	$(call compat-has,linux/netdevice.h,change_proto_down:1,NETDEV_CHANGE_PROTO_DOWN) \
	$(call compat-has,net/netdev_lock.h,.,NETDEV_LOCK_H) \
	$(call compat-has,net/genetlink.h,genl_info_dump,GENL_INFO_DUMP) \
	$(call compat-has,net/gso.h,.,GSO_H) \
	$(call compat-has,linux/unaligned.h,.,UNALIGNED_H) \
	$(call compat-has,linux/netdevice.h,bool .notified,NDO_FDB_NOTIFIED) \
	$(call compat-has,linux/netdevice.h,ndo_fdb_del_bulk..struct nlmsghdr,NDO_FDB_DEL_BULK_NLH) \
	$(call compat-has,linux/netdevice.h,ndo_netpoll_setup..struct net_device .dev.;,NDO_NETPOLL_SETUP_DEV) \
	$(call compat-has,linux/netdevice.h,ndo_hwtstamp_get,NDO_HWTSTAMP) \
	$(call compat-has,linux/netdevice.h,alloc_netdev_dummy,ALLOC_NETDEV_DUMMY) \
	$(call compat-has,linux/netdevice.h,enum netdev_napi_threaded threaded,NETDEV_NAPI_THREADED) \
	$(call compat-has,linux/netdevice.h,xdp_features;,XDP_FEATURES) \
	$(call compat-has,net/xsk_buff_pool.h,tx_descs_nentries;,XSK_TX_DESCS_NENTRIES) \
	$(call compat-has,net/ipv6.h,struct hop_jumbo_hdr,HOP_JUMBO_HDR) \
	$(call compat-has,net/hotdata.h,max_backlog,NET_HOTDATA_MAX_BACKLOG) \
	$(call compat-has,linux/ethtool.h,struct kernel_ethtool_ts_info {,KERNEL_ETHTOOL_TS_INFO) \
	$(call compat-has,linux/ethtool.h,ethtool_get_ts_info_by_layer,ETHTOOL_GET_TS_INFO_BY_LAYER) \
	$(call compat-has,linux/rtnetlink.h,struct ndo_fdb_dump_context,NDO_FDB_DUMP_CONTEXT) \
	$(call compat-has,linux/netdevice.h,tcx_ingress;,TCX_INGRESS) \
	$(call compat-has,linux/netdevice.h,dev_xmit_recursion_inc,DEV_XMIT_RECURSION) \
	$(call compat-has,linux/device/class.h,devnode..const struct device,CLASS_CONST_DEVICE) \
	$(call compat-has,linux/device/class.h,struct ns_common ...namespace,CLASS_NS_COMMON) \
	$(call compat-has,linux/slab.h,define kzalloc_obj,KZALLOC_OBJ) \
	$(call compat-has,linux/netlink.h,define NL_SET_ERR_MSG_FMT,NL_SET_ERR_MSG_FMT) \
	$(call compat-has,linux/filter.h,bpf_net_ctx_set,BPF_NET_CONTEXT) \
	$(call compat-has,linux/module.h,define MODULE_IMPORT_NS\(ns\)[[:space:]]+MODULE_INFO\(import_ns$(comma) ns\),IMPORT_NS_STRING)
