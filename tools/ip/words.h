/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The words for the values of attributes, as they are given and shown.
 */
#ifndef _VNICX_WORDS_H
#define _VNICX_WORDS_H

#include <linux/if_vnicx.h>

#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))

/* Values of enum vnicx_host before this one can be given, too. */
#define VNICX_HOST_SHOWN_ONLY	VNICX_HOST_UNAVAILABLE

#define VNICX_NR_FLAGS	2

extern const char *const vnicx_modes[__VNICX_MODE_MAX];
extern const char *const vnicx_list_ops[__VNICX_LIST_OP_MAX];
extern const char *const vnicx_hosts[__VNICX_HOST_MAX];
extern const char *const vnicx_ipguards[__VNICX_IPGUARD_MAX];
extern const char *const vnicx_switches[2];
extern const char *const vnicx_autos[__VNICX_AUTO_MAX];
extern const char *const vnicx_ways[__VNICX_WAY_MAX];
extern const char *const vnicx_states[__VNICX_STATE_MAX];

/* From bit 0 on */
extern const char *const vnicx_flags[VNICX_NR_FLAGS];

#endif /* _VNICX_WORDS_H */
