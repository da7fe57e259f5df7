// SPDX-License-Identifier: GPL-2.0
/*
 * All verbs, and which of them is next.
 */
#include "fuzz.h"

const char *const role_names[NR_ROLES] = {
	[ROLE_ADMIN] = "admin",
	[ROLE_TENANT] = "tenant",
	[ROLE_FRAMES] = "frames",
	[ROLE_TAP] = "tap",
	[ROLE_NOMEM] = "nomem",
};

static const struct verb *const tables[] = {
	kind_verbs, life_verbs, vnicx_verbs, set_verbs, ethtool_verbs, fdb_verbs, bridge_verbs,
	qdisc_verbs, frame_verbs, ring_verbs, xsk_verbs, socket_verbs, dhcp_verbs, nft_verbs,
	system_verbs, tap_verbs, vhost_verbs, genl_verbs, wild_verbs, contain_verbs, nomem_verbs,
};

const struct verb *verbs[VERBS_MAX];
unsigned int nr_verbs;
static bool excluded[VERBS_MAX];

void verbs_collect(void)
{
	const struct verb *verb;
	unsigned int i;

	for (i = 0; i < COUNT(tables); i++) {
		for (verb = tables[i]; verb->name; verb++) {
			if (nr_verbs == VERBS_MAX)
				errx(2, "too many verbs");
			verbs[nr_verbs++] = verb;
		}
	}
}

void verbs_exclude(const char *name)
{
	unsigned int i;

	for (i = 0; i < nr_verbs; i++) {
		if (!strcmp(verbs[i]->name, name)) {
			excluded[i] = true;
			return;
		}
	}
	errx(2, "no such verb: %s", name);
}

bool verb_is_for(unsigned int i, enum role role)
{
	return !excluded[i] && verbs[i]->roles & 1 << role;
}

/* Another exclusion changes which verb an operation has, but the numbers of a
 * replay are of the run that is repeated: an excluded one is idle there.
 */
const struct verb *verb_pick(enum role role, bool only_messages)
{
	unsigned int sum = 0, i, at;

	for (i = 0; i < nr_verbs; i++)
		if (verbs[i]->roles & 1 << role &&
		    (!only_messages || verbs[i]->message))
			sum += verbs[i]->weight;
	at = below(sum);
	for (i = 0; i < nr_verbs; i++) {
		if (!(verbs[i]->roles & 1 << role) ||
		    (only_messages && !verbs[i]->message))
			continue;
		if (at < verbs[i]->weight)
			break;
		at -= verbs[i]->weight;
	}
	return excluded[i] ? NULL : verbs[i];
}

/* One of those in the same table, which may be what this one needs */
const struct verb *verb_pick_near(enum role role, unsigned int i)
{
	unsigned int first = i, end = i + 1;

	while (first && verbs[first - 1] + 1 == verbs[first])
		first--;
	while (end < nr_verbs && verbs[end] == verbs[end - 1] + 1)
		end++;
	i = first + below(end - first);
	return verb_is_for(i, role) ? verbs[i] : NULL;
}
