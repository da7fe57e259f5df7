/* SPDX-License-Identifier: GPL-2.0 */
/* Older kernels have the contents of this header in linux/netdevice.h. */
#ifndef _COMPAT_NET_GSO_H
#define _COMPAT_NET_GSO_H

#include <linux/netdevice.h>

#ifdef COMPAT_HAS_GSO_H
#include_next <net/gso.h>
#endif

#endif /* _COMPAT_NET_GSO_H */
