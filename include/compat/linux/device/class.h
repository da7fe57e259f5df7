/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _COMPAT_LINUX_DEVICE_CLASS_H
#define _COMPAT_LINUX_DEVICE_CLASS_H

#include_next <linux/device/class.h>

/* In older kernels, a class's callbacks get a device that is not const, and
 * return a namespace as a pointer to void.
 */
#ifdef COMPAT_HAS_CLASS_CONST_DEVICE
#define COMPAT_CLASS_CONST	const
#else
#define COMPAT_CLASS_CONST
#endif

#ifdef COMPAT_HAS_CLASS_NS_COMMON
#define COMPAT_CLASS_NAMESPACE_RETURN	const struct ns_common *
#define compat_class_namespace(net)	to_ns_common(net)
#else
#define COMPAT_CLASS_NAMESPACE_RETURN	const void *
#define compat_class_namespace(net)	((const void *)(net))
#endif

#endif /* _COMPAT_LINUX_DEVICE_CLASS_H */
