/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SYSTEM_H
#define _SYSTEM_H

/* The processor that can go, where the kernel lets one */
#define PROCESSOR	"/sys/devices/system/cpu/cpu1"

#endif /* _SYSTEM_H */
