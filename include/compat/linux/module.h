/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _COMPAT_LINUX_MODULE_H
#define _COMPAT_LINUX_MODULE_H

#include_next <linux/module.h>

/* In older kernels, the macro takes a bare word and makes it a string. */
#ifndef COMPAT_HAS_IMPORT_NS_STRING
#undef MODULE_IMPORT_NS
#define MODULE_IMPORT_NS(ns)	MODULE_INFO(import_ns, ns)
#endif

#endif /* _COMPAT_LINUX_MODULE_H */
