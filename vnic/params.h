/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The module's parameters, apart from the module so that tests can check them.
 */
#ifndef _VNICX_PARAMS_H
#define _VNICX_PARAMS_H

#include <linux/netdevice.h>

#define VNICX_PARAMS_LOWER_MAX	32
#define VNICX_PARAMS_COUNT_MAX	16384

/**
 * struct vnicx_params - the parameters as they were given
 * @lower: names of lower devices
 * @nr_lower: number of names in @lower
 * @count: number of vNICs over each lower device: no number, one number for
 *	all, or one for each
 * @nr_count: number of numbers in @count
 * @name: name or pattern of the vNICs
 * @mode: their mode, by name
 */
struct vnicx_params {
	char *lower[VNICX_PARAMS_LOWER_MAX];
	unsigned int nr_lower;
	int count[VNICX_PARAMS_LOWER_MAX];
	unsigned int nr_count;
	char *name;
	char *mode;
};

int vnicx_params_check(const struct vnicx_params *params);
int vnicx_params_mode(const struct vnicx_params *params);
int vnicx_params_count(const struct vnicx_params *params, unsigned int i);

#endif /* _VNICX_PARAMS_H */
