/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The options as a table, for the files of vnic/nl/.
 */
#ifndef _VNICX_OPTION_H
#define _VNICX_OPTION_H

#include <linux/if_vnicx.h>
#include <linux/rtnetlink.h>

#include "../vnic.h"

/**
 * struct vnicx_option - an option
 * @name: the word for it in messages; for shared options only
 * @attr: its attribute: IFLA_VNICX_SWITCH_* if it is shared, else IFLA_VNICX_*
 * @shared: all vNICs of a switch share it; its attribute is in the nest
 * @flag: for IFLA_VNICX_FLAGS, its flag; else 0
 * @len: bytes of the attribute, 1 or 4; for a flag, 0
 * @size: bytes of each of the two members, 1 or 4; 0 when it is shown only
 * @config: offset of the member of &struct vnicx_config
 * @place: offset of the member that holds it: of &struct vnicx_lower if it is
 *	shared, else of &struct vnicx_vnic; 0 when a request has it and a vNIC
 *	has not
 * @set: changes it at a port; NULL when the member is all there is to change
 * @show: returns the value to show, if it is not that of the member; a shared
 *	option needs this, because a dump may come without RTNL
 */
struct vnicx_option {
	const char *name;
	u8 attr;
	bool shared;
	u8 flag;
	u8 len;
	u8 size;
	u16 config;
	u16 place;
	int (*set)(struct vnicx_vnic *vnic, u32 value,
		   struct netlink_ext_ack *extack);
	u32 (*show)(const struct vnicx_vnic *vnic);
};

/* Ends with a line whose attribute is 0. */
extern const struct vnicx_option vnicx_options[];

/**
 * vnicx_option_load() - read the value of an option
 * @option: the option
 * @p: the member that holds it
 *
 * Return: the value
 */
static inline u32 vnicx_option_load(const struct vnicx_option *option,
				    const void *p)
{
	return option->size == sizeof(u32) ? READ_ONCE(*(const u32 *)p) :
					     READ_ONCE(*(const u8 *)p);
}

/**
 * vnicx_option_held() - read the value that an option has at a vNIC
 * @option: an option with a place
 * @vnic: the vNIC; may be NULL for a shared option
 * @lower: its lower device; may be NULL for another one
 *
 * Return: the value
 */
static inline u32 vnicx_option_held(const struct vnicx_option *option,
				    const struct vnicx_vnic *vnic,
				    const struct vnicx_lower *lower)
{
	const u8 *holder = option->shared ? (const u8 *)lower :
					    (const u8 *)vnic;

	return vnicx_option_load(option, holder + option->place);
}

/**
 * vnicx_option_value() - read the value of an option in a configuration
 * @option: an option with a size
 * @config: the configuration
 *
 * Return: the value
 */
static inline u32 vnicx_option_value(const struct vnicx_option *option,
				     const struct vnicx_config *config)
{
	return vnicx_option_load(option, (const u8 *)config + option->config);
}

/**
 * vnicx_option_given() - tell whether the user gave an option
 * @option: the option
 * @config: the configuration of the request
 *
 * Return: whether the user did
 */
static inline bool vnicx_option_given(const struct vnicx_option *option,
				      const struct vnicx_config *config)
{
	return option->shared ? vnicx_config_gives_switch(config, option->attr) :
				vnicx_config_gives(config, option->attr);
}

#endif /* _VNICX_OPTION_H */
