// SPDX-License-Identifier: GPL-2.0
#include <assert.h>

#include "words.h"

const char *const vnicx_modes[__VNICX_MODE_MAX] = {
	[VNICX_MODE_BRIDGE] = "bridge",
	[VNICX_MODE_VEPA] = "vepa",
	[VNICX_MODE_PRIVATE] = "private",
	[VNICX_MODE_PASSTHRU] = "passthru",
	[VNICX_MODE_SOURCE] = "source",
};

const char *const vnicx_list_ops[__VNICX_LIST_OP_MAX] = {
	[VNICX_LIST_SET] = "set",
	[VNICX_LIST_ADD] = "add",
	[VNICX_LIST_DEL] = "del",
	[VNICX_LIST_FLUSH] = "flush",
};

const char *const vnicx_hosts[__VNICX_HOST_MAX] = {
	[VNICX_HOST_OFF] = "off",
	[VNICX_HOST_ON] = "on",
	[VNICX_HOST_UNAVAILABLE] = "unavailable",
};

const char *const vnicx_ipguards[__VNICX_IPGUARD_MAX] = {
	[VNICX_IPGUARD_OFF] = "off",
	[VNICX_IPGUARD_STATIC] = "static",
	[VNICX_IPGUARD_DHCP] = "dhcp",
};

const char *const vnicx_switches[2] = { "off", "on" };

const char *const vnicx_autos[__VNICX_AUTO_MAX] = {
	[VNICX_AUTO] = "auto",
	[VNICX_ON] = "on",
	[VNICX_OFF] = "off",
};

const char *const vnicx_states[__VNICX_STATE_MAX] = {
	[VNICX_STATE_AUTO] = "auto",
	[VNICX_STATE_ENABLE] = "enable",
	[VNICX_STATE_DISABLE] = "disable",
};

const char *const vnicx_ways[__VNICX_WAY_MAX] = {
	[VNICX_WAY_BOTH] = "both",
	[VNICX_WAY_RX] = "rx",
	[VNICX_WAY_TX] = "tx",
};

const char *const vnicx_flags[VNICX_NR_FLAGS] = {
	"nopromisc",
	"nodst",
};

static_assert(VNICX_FLAGS == (1 << VNICX_NR_FLAGS) - 1,
	      "every flag has a word");
