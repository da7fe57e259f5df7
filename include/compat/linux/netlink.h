/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _COMPAT_LINUX_NETLINK_H
#define _COMPAT_LINUX_NETLINK_H

#include_next <linux/netlink.h>

/* In older kernels, extack has no buffer for a formatted message. Therefore
 * each place that makes one keeps the last few. All such places run under RTNL.
 */
#ifndef COMPAT_HAS_NL_SET_ERR_MSG_FMT

#define COMPAT_FMTMSG_LEN	80
#define COMPAT_FMTMSG_KEPT	8

#define NL_SET_ERR_MSG_FMT(extack, fmt, args...)			\
do {									\
	static char __kept[COMPAT_FMTMSG_KEPT][COMPAT_FMTMSG_LEN];	\
	static unsigned int __next;					\
	struct netlink_ext_ack *__extack = (extack);			\
	char *__msg = __kept[__next++ % COMPAT_FMTMSG_KEPT];		\
									\
	if (!__extack)							\
		break;							\
	scnprintf(__msg, COMPAT_FMTMSG_LEN, fmt, ##args);		\
	__extack->_msg = __msg;						\
} while (0)

#endif

#endif /* _COMPAT_LINUX_NETLINK_H */
