/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * What userspace sees of vnicx: the rtnetlink kind and its attributes.
 */
#ifndef _UAPI_LINUX_IF_VNICX_H
#define _UAPI_LINUX_IF_VNICX_H

/* IFLA_INFO_KIND of a vNIC */
#define VNICX_KIND	"vnicx"

/* Attributes nested in IFLA_INFO_DATA; any other is refused */
enum {
	IFLA_VNICX_UNSPEC,
	__IFLA_VNICX_MAX,
};

#define IFLA_VNICX_MAX	(__IFLA_VNICX_MAX - 1)

#endif /* _UAPI_LINUX_IF_VNICX_H */
