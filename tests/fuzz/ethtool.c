// SPDX-License-Identifier: GPL-2.0
/*
 * ethtool, by its ioctl.
 */
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>

#include "world.h"

static int ethtool(const struct device *d, void *command)
{
	struct ifreq ifr;

	device_ifreq(d, &ifr);
	ifr.ifr_data = command;
	return device_ioctl(d, SIOCETHTOOL, &ifr);
}

/* A veth whose GRO cannot be switched on for want of memory hangs when it is closed:
 * it takes the GRO that is wanted for GRO that is on (veth_gro_requested()).
 */
static bool may_lack_memory(const struct device *d)
{
	struct ethtool_drvinfo info = { .cmd = ETHTOOL_GDRVINFO };

	return role_now != ROLE_NOMEM || ethtool(d, &info) ||
	       strcmp(info.driver, "veth");
}

/* ethtool -K, by the features' numbers, which differ between kernels */
static int set_features(const struct verb *verb)
{
	static struct {
		struct ethtool_sfeatures head;
		struct ethtool_set_features_block block[4];
	} s;
	struct ethtool_sset_info *info = (void *)&s;
	unsigned int n, bit, blocks;
	struct device d;
	int error;

	(void)verb;
	if (!pick_device(&d) || !may_lack_memory(&d))
		return IDLE;
	memset(&s, 0, sizeof(s));
	info->cmd = ETHTOOL_GSSET_INFO;
	info->sset_mask = 1 << ETH_SS_FEATURES;
	error = ethtool(&d, info);
	if (error)
		return error;
	blocks = (info->data[0] + 31) / 32;
	if (blocks > COUNT(s.block))
		return IDLE;
	memset(&s, 0, sizeof(s));
	s.head.cmd = ETHTOOL_SFEATURES;
	s.head.size = blocks;
	for (n = one_in(8) ? 20 : below(4) + 1; n; n--) {
		bit = below(32 * blocks);
		s.block[bit / 32].valid |= 1U << bit % 32;
		if (one_in(2))
			s.block[bit / 32].requested |= 1U << bit % 32;
	}
	return ethtool(&d, &s);
}

/* The well-known ones, more often than the others */
static int set_offload(const struct verb *verb)
{
	static const uint32_t commands[] = {
		ETHTOOL_SRXCSUM, ETHTOOL_STXCSUM, ETHTOOL_SSG, ETHTOOL_STSO,
		ETHTOOL_SGSO, ETHTOOL_SGRO, ETHTOOL_SGRO, ETHTOOL_SGRO,
	};
	struct ethtool_value value = { .cmd = PICK(commands), .data = below(2) };
	struct device d;

	(void)verb;
	if (!pick_device(&d) || !may_lack_memory(&d))
		return IDLE;
	return ethtool(&d, &value);
}

static int set_flags(const struct verb *verb)
{
	struct ethtool_value value = {
		.cmd = ETHTOOL_SFLAGS,
		.data = ETH_FLAG_TXVLAN * below(2),
	};
	struct device d;

	(void)verb;
	if (one_in(3))
		value.data = chance() & (ETH_FLAG_TXVLAN | ETH_FLAG_RXVLAN |
					 ETH_FLAG_LRO | ETH_FLAG_NTUPLE |
					 ETH_FLAG_RXHASH);
	if (!pick_vnic(&d))
		return IDLE;
	return ethtool(&d, &value);
}

static int set_channels(const struct verb *verb)
{
	struct ethtool_channels channels = {
		.cmd = ETHTOOL_SCHANNELS,
		.rx_count = one_in(8) ? edge() : 1 + below(8),
		.tx_count = one_in(8) ? edge() : 1 + below(8),
		.combined_count = one_in(8) ? edge() : 0,
	};
	struct device d;

	(void)verb;
	if (!pick_vnic(&d))
		return IDLE;
	if (one_in(2)) {
		channels.rx_count = 1;
		channels.tx_count = 1;
	}
	return ethtool(&d, &channels);
}

static int get_stats(const struct verb *verb)
{
	static struct {
		struct ethtool_stats head;
		uint64_t data[1024];
	} s;
	struct device d;

	(void)verb;
	if (!pick_device(&d))
		return IDLE;
	memset(&s.head, 0, sizeof(s.head));
	s.head.cmd = ETHTOOL_GSTATS;
	s.head.n_stats = one_in(4) ? edge() % COUNT(s.data) : COUNT(s.data);
	return ethtool(&d, &s);
}

static int get_any(const struct verb *verb)
{
	static union {
		uint32_t cmd;
		uint8_t bytes[65536];
	} any;
	static const uint32_t commands[] = {
		ETHTOOL_GDRVINFO, ETHTOOL_GLINK, ETHTOOL_GCHANNELS,
		ETHTOOL_GFEATURES, ETHTOOL_GSET, ETHTOOL_GLINKSETTINGS,
		ETHTOOL_GET_TS_INFO, ETHTOOL_GRXCSUM, ETHTOOL_GPERMADDR,
	};
	struct device d;

	(void)verb;
	if (!pick_device(&d))
		return IDLE;
	random_bytes(any.bytes, 64);
	if (one_in(2))
		memset(any.bytes, 0, 64);
	any.cmd = one_in(8) ? below(96) : PICK(commands);
	return ethtool(&d, &any);
}

#define CONTROL	(ADMIN | TENANT | NOMEM)

const struct verb ethtool_verbs[] = {
	{ "features", set_features, 20, CONTROL, false, NULL, NULL },
	{ "offload", set_offload, 20, CONTROL, false, NULL, NULL },
	{ "ethtool-flags", set_flags, 10, ADMIN | TENANT, false, NULL, NULL },
	{ "channels", set_channels, 12, CONTROL, false, NULL, NULL },
	/* the kernel complains when vzalloc() has no memory */
	{ "statistics", get_stats, 8, ADMIN | TENANT, false, NULL, NULL },
	{ "ethtool", get_any, 10, ADMIN | TENANT, false, NULL, NULL },
	{ }
};
