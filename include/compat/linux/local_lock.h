/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _COMPAT_LINUX_LOCAL_LOCK_H
#define _COMPAT_LINUX_LOCAL_LOCK_H

#include_next <linux/local_lock.h>

/* Kernels without local_lock_nested_bh() need no such lock: disabling bottom
 * halves excludes all others on the CPU, on PREEMPT_RT too.
 */
#ifndef local_lock_nested_bh
#define local_lock_nested_bh(lock)	((void)(lock))
#define local_unlock_nested_bh(lock)	((void)(lock))
#endif

#endif /* _COMPAT_LINUX_LOCAL_LOCK_H */
