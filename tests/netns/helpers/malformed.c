// SPDX-License-Identifier: GPL-2.0
/*
 * Asks for a vNIC called "bad" in a way that ip does not know.
 *
 *	malformed LOWER CASE
 *	malformed VNIC CASE change	asks for max-groups 7, class 1:2 and what is bad, for a
 *					vNIC that there is
 *
 * Prints the kernel's answer. Exit status 0 when it made the vNIC, or changed it.
 */
#include <net/if.h>
#include <stdint.h>
#include <stdlib.h>

#include "../../../include/uapi/linux/if_vnicx.h"
#include "rtnl.h"

enum part {
	NAME,
	LINK,
	ADDRESS,
	MTU,
	KIND,
	DATA,
	SECOND_DATA,	/* after a sound one, in the same IFLA_LINKINFO */
	FIRST_DATA,	/* before a sound one */
	EXTRA,
};

/* One attribute as it lies in a request, in this machine's byte order; its
 * length may be a lie.
 */
struct attr {
	uint16_t len, type;
	union {
		uint8_t u8;
		uint16_t u16;
		uint32_t u32;
		uint32_t u32s[2];
		uint8_t bytes[8];
	};
};

#define ATTR(_len, _type, ...) \
	(&(const struct attr){ .len = (_len), .type = (_type), __VA_ARGS__ })

/* A mode, and behind it a list of sources with one entry */
struct sources {
	uint16_t mode_len, mode_type;
	uint32_t mode;
	uint16_t list_len, list_type;
	struct attr entry;
};

#define SOURCES(_list_len, _len, _type, ...) \
	(&(const struct sources){ \
		.mode_len = 8, .mode_type = IFLA_VNICX_MODE, \
		.mode = VNICX_MODE_SOURCE, \
		.list_len = (_list_len), \
		.list_type = IFLA_VNICX_SOURCES | NLA_F_NESTED, \
		.entry = { .len = (_len), .type = (_type), __VA_ARGS__ } })

/* The options of the switch, with up to two attributes */
struct shared {
	uint16_t len, type;
	struct {
		uint16_t len, type;
		union {
			uint8_t u8;
			uint32_t u32;
		};
	} attrs[2];
};

#define SHARED(_len, ...) \
	(&(const struct shared){ \
		.len = (_len), .type = IFLA_VNICX_SWITCH | NLA_F_NESTED, \
		.attrs = { __VA_ARGS__ } })

struct two_modes {
	uint16_t len, type;
	uint32_t mode;
	uint16_t len2, type2;
	uint32_t mode2;
};

#define U16(_value)	(&(const uint16_t){ _value })
#define U16S(...)	((const uint16_t[]){ __VA_ARGS__ })
/* A list of one IP prefix: of lengths the list's, and its entry's */
#define ALLOWED(_len, _entry, _type, ...) \
	U16S((_len), IFLA_VNICX_ALLOWED | NLA_F_NESTED, \
	     (_entry), (_type) | NLA_F_NESTED, ##__VA_ARGS__)
#define U32(_value)	(&(const uint32_t){ _value })

/* A case with the VLANs of a vNIC: their kind, whose byte is in both halves of a word for
 * either byte order, and the words of further attributes
 */
#define VLANS(_name, _kind, ...) { \
	(_name), DATA, sizeof(U16S(0, 0, 5, 0, 0, 0, __VA_ARGS__)), \
	U16S(sizeof(U16S(0, 0, 5, 0, 0, 0, __VA_ARGS__)), \
	     IFLA_VNICX_VLAN | NLA_F_NESTED, 5, IFLA_VNICX_VLAN_KIND, \
	     (_kind) * 0x101, 0, __VA_ARGS__) }

/* The part that replaces, or adds to, a sound request: a number of bytes of one part */
static const struct bad_case {
	const char *name;
	enum part part;
	size_t len;
	const void *bytes;
} cases[] = {
	{ "nothing", EXTRA, 0, "" },
	{ "empty-data", DATA, 0, "" },
	{ "unknown-attribute", DATA, 8, ATTR(8, 0x40) },
	{ "large-attribute-type", DATA, 8, ATTR(8, 0x3fff) },
	{ "attribute-zero", DATA, 8, ATTR(8, 0) },
	{ "truncated-attribute", DATA, 8, ATTR(0x40, IFLA_VNICX_MODE) },
	{ "attribute-without-header", DATA, 3, ATTR(8, IFLA_VNICX_MODE) },
	{ "attribute-shorter-than-header", DATA, 4, ATTR(2, IFLA_VNICX_MODE) },
	{ "mode-of-five", DATA, 8, ATTR(8, IFLA_VNICX_MODE, .u32 = 5) },
	{ "mode-of-two-bytes", DATA, 8, ATTR(6, IFLA_VNICX_MODE, .u16 = 1) },
	{ "mode-given-twice", DATA, 16,
	  &(const struct two_modes){ 8, IFLA_VNICX_MODE, VNICX_MODE_VEPA,
				     8, IFLA_VNICX_MODE, VNICX_MODE_PRIVATE } },
	{ "flag-unknown", DATA, 12, ATTR(12, IFLA_VNICX_FLAGS, .u32s = { 4, 4 }) },
	{ "flag-not-selected", DATA, 12,
	  ATTR(12, IFLA_VNICX_FLAGS, .u32s = { 2, 1 }) },
	{ "source-op-of-four", DATA, 8, ATTR(8, IFLA_VNICX_SOURCE_OP, .u32 = 4) },
	{ "source-of-five-bytes", DATA, 24,
	  SOURCES(16, 9, IFLA_VNICX_SOURCE, .bytes = { 2, 0, 0, 0, 1 }) },
	{ "source-of-another-kind", DATA, 24,
	  SOURCES(16, 10, 2, .bytes = { 2, 0, 0, 0, 0, 1 }) },
	/* The bytes that would be read lie behind the request. */
	{ "source-of-no-bytes", DATA, 16, SOURCES(8, 4, IFLA_VNICX_SOURCE) },
	{ "unknown-source-of-no-bytes", DATA, 16, SOURCES(8, 4, 9) },
	{ "unknown-source-of-no-bytes-in-second-data", SECOND_DATA, 16,
	  SOURCES(8, 4, 9) },
	{ "allowed-of-five-bytes", DATA, 20,
	  ALLOWED(20, 16, IFLA_VNICX_ALLOWED_ENTRY, 9, IFLA_VNICX_PREFIX_ADDRESS, 0, 0, 0, 0) },
	{ "allowed-of-17-bytes", DATA, 32,
	  ALLOWED(32, 28, IFLA_VNICX_ALLOWED_ENTRY, 21, IFLA_VNICX_PREFIX_ADDRESS,
		  0, 0, 0, 0, 0, 0, 0, 0, 0, 0) },
	{ "allowed-of-no-bytes", DATA, 12,
	  ALLOWED(12, 8, IFLA_VNICX_ALLOWED_ENTRY, 4, IFLA_VNICX_PREFIX_ADDRESS) },
	{ "allowed-without-an-address", DATA, 8, ALLOWED(8, 4, IFLA_VNICX_ALLOWED_ENTRY) },
	{ "allowed-of-another-kind", DATA, 16,
	  ALLOWED(16, 12, 9, 8, IFLA_VNICX_PREFIX_ADDRESS, 1, 1) },
	{ "allowed-of-33-bits", DATA, 24,
	  ALLOWED(24, 20, IFLA_VNICX_ALLOWED_ENTRY, 8, IFLA_VNICX_PREFIX_ADDRESS, 1, 1,
		  5, IFLA_VNICX_PREFIX_LEN, 0x2121, 0) },
	{ "allowed-flush-with-a-prefix", DATA, 24,
	  U16S(8, IFLA_VNICX_ALLOWED_OP, VNICX_LIST_FLUSH, 0,
	       16, IFLA_VNICX_ALLOWED | NLA_F_NESTED,
	       12, IFLA_VNICX_ALLOWED_ENTRY | NLA_F_NESTED, 8, IFLA_VNICX_PREFIX_ADDRESS,
	       0x00c0, 0x0102) },
	VLANS("vlan-half-a-range", VNICX_VLAN_TRUNK,
	      10, IFLA_VNICX_VLAN_RANGES, 10, 20, 30, 0),
	VLANS("vlan-of-another-protocol", VNICX_VLAN_ACCESS,
	      6, IFLA_VNICX_VLAN_VID, 5, 0, 6, IFLA_VNICX_VLAN_PROTO, 0x1212, 0),
	VLANS("vlan-qos-of-a-trunk", VNICX_VLAN_TRUNK,
	      8, IFLA_VNICX_VLAN_RANGES, 1, 2, 5, IFLA_VNICX_VLAN_QOS, 0x101, 0),
	VLANS("vlan-qos-of-nine", VNICX_VLAN_ACCESS,
	      6, IFLA_VNICX_VLAN_VID, 5, 0, 5, IFLA_VNICX_VLAN_QOS, 0x909, 0),
	VLANS("vlan-native-of-a-pvlan", VNICX_VLAN_ISOLATED,
	      6, IFLA_VNICX_VLAN_VID, 5, 0, 6, IFLA_VNICX_VLAN_NATIVE, 7, 0,
	      8, IFLA_VNICX_VLAN_RANGES, 6, 6),
	VLANS("vlan-list-of-access", VNICX_VLAN_ACCESS,
	      6, IFLA_VNICX_VLAN_VID, 5, 0, 8, IFLA_VNICX_VLAN_RANGES, 1, 2),
	VLANS("vlan-of-a-trunk", VNICX_VLAN_TRUNK,
	      6, IFLA_VNICX_VLAN_VID, 5, 0, 8, IFLA_VNICX_VLAN_RANGES, 1, 2),
	VLANS("vlan-trunk-of-none", VNICX_VLAN_TRUNK,
	      6, IFLA_VNICX_VLAN_NATIVE, 7, 0),
	VLANS("vlan-kind-of-six", 6, 6, IFLA_VNICX_VLAN_VID, 5, 0),
	VLANS("vlan-given-twice", VNICX_VLAN_ACCESS,
	      6, IFLA_VNICX_VLAN_VID, 5, 0, 6, IFLA_VNICX_VLAN_VID, 6, 0),
	{ "mirror-vlan-alone", DATA, 8, ATTR(8, IFLA_VNICX_MIRROR_VLAN, .u32 = 5) },
	{ "mirror-way-alone", DATA, 8, ATTR(5, IFLA_VNICX_MIRROR_WAY, .u8 = VNICX_WAY_RX) },
	{ "mirror-without-an-end", DATA, 8, ATTR(8, IFLA_VNICX_MIRROR, .bytes = "eth0") },
	{ "flood-of-two", DATA, 8, ATTR(5, IFLA_VNICX_FLOOD, .u8 = 2) },
	{ "trust-of-three", DATA, 8, ATTR(5, IFLA_VNICX_TRUST, .u8 = 3) },
	{ "spoofchk-of-three", DATA, 8, ATTR(5, IFLA_VNICX_SPOOFCHK, .u8 = 3) },
	{ "state-of-three", DATA, 8, ATTR(5, IFLA_VNICX_STATE, .u8 = 3) },
	{ "restricted-of-two", DATA, 8, ATTR(5, IFLA_VNICX_RESTRICTED, .u8 = 2) },
	{ "raguard-of-two", DATA, 8, ATTR(5, IFLA_VNICX_RAGUARD, .u8 = 2) },
	{ "dhcpguard-of-two", DATA, 8, ATTR(5, IFLA_VNICX_DHCPGUARD, .u8 = 2) },
	{ "dhcp-block-of-two", DATA, 8, ATTR(5, IFLA_VNICX_DHCP_BLOCK, .u8 = 2) },
	{ "ipguard-of-three", DATA, 8, ATTR(5, IFLA_VNICX_IPGUARD, .u8 = 3) },
	{ "ipguard-in-of-two", DATA, 8, ATTR(5, IFLA_VNICX_IPGUARD_IN, .u8 = 2) },
	{ "dhcp-trust-of-two", DATA, 8, ATTR(5, IFLA_VNICX_DHCP_TRUST, .u8 = 2) },
	{ "isolated-of-two", DATA, 8, ATTR(5, IFLA_VNICX_ISOLATED, .u8 = 2) },
	{ "mirror-way-of-three", DATA, 8, ATTR(5, IFLA_VNICX_MIRROR_WAY, .u8 = 3) },
	{ "mirror-vlan-of-4095", DATA, 8, ATTR(8, IFLA_VNICX_MIRROR_VLAN, .u32 = 4095) },
	{ "allowed-op-of-four", DATA, 8, ATTR(8, IFLA_VNICX_ALLOWED_OP, .u32 = 4) },
	{ "max-leases-of-65", DATA, 8, ATTR(8, IFLA_VNICX_MAX_LEASES, .u32 = 65) },
	{ "rate-of-two-bytes", DATA, 8, ATTR(6, IFLA_VNICX_MAX_TX_RATE, .u16 = 9) },
	{ "storm-of-two-bytes", DATA, 8, ATTR(6, IFLA_VNICX_STORM, .u16 = 9) },
	{ "bpf-of-no-program", DATA, 8, ATTR(8, IFLA_VNICX_BPF_TX, .u32 = 0) },
	{ "trusted", DATA, 8, ATTR(5, IFLA_VNICX_TRUSTED, .u8 = 1) },
	{ "spoofchecked", DATA, 8, ATTR(5, IFLA_VNICX_SPOOFCHECKED, .u8 = 0) },
	{ "bpf-tx-id", DATA, 8, ATTR(8, IFLA_VNICX_BPF_TX_ID, .u32 = 1) },
	{ "leases", DATA, 8, ATTR(4, IFLA_VNICX_LEASES) },
	{ "truncated", DATA, 8, ATTR(4, IFLA_VNICX_TRUNCATED) },
	{ "unknown-attribute-in-second-data", SECOND_DATA, 8, ATTR(8, 0x40) },
	{ "unknown-attribute-in-first-data", FIRST_DATA, 8, ATTR(8, 0x40) },
	{ "sound-second-data", SECOND_DATA, 8,
	  ATTR(8, IFLA_VNICX_MODE, .u32 = VNICX_MODE_VEPA) },
	{ "switch-of-nothing", DATA, 4, SHARED(4) },
	{ "switch-of-two-bytes", DATA, 8, SHARED(6) },
	{ "switch-given-twice", DATA, 8,
	  U16S(4, IFLA_VNICX_SWITCH, 4, IFLA_VNICX_SWITCH) },
	{ "host-on", DATA, 12,
	  SHARED(12, { 5, IFLA_VNICX_SWITCH_HOST, .u8 = 1 }) },
	{ "host-of-two", DATA, 12,
	  SHARED(12, { 5, IFLA_VNICX_SWITCH_HOST, .u8 = 2 }) },
	{ "host-of-no-bytes", DATA, 8,
	  SHARED(8, { 4, IFLA_VNICX_SWITCH_HOST }) },
	{ "host-of-four-bytes", DATA, 12,
	  SHARED(12, { 8, IFLA_VNICX_SWITCH_HOST, .u32 = 1 }) },
	{ "host-given-twice", DATA, 20,
	  SHARED(20, { 5, IFLA_VNICX_SWITCH_HOST, .u8 = 1 },
		 { 5, IFLA_VNICX_SWITCH_HOST, .u8 = 0 }) },
	{ "announce-of-two", DATA, 12,
	  SHARED(12, { 5, IFLA_VNICX_SWITCH_ANNOUNCE, .u8 = 2 }) },
	{ "neigh-suppress-of-two", DATA, 12,
	  SHARED(12, { 5, IFLA_VNICX_SWITCH_NEIGH_SUPPRESS, .u8 = 2 }) },
	{ "neigh-suppress-of-four-bytes", DATA, 12,
	  SHARED(12, { 8, IFLA_VNICX_SWITCH_NEIGH_SUPPRESS, .u32 = 1 }) },
	{ "unknown-attribute-in-switch", DATA, 12,
	  SHARED(12, { 8, 0x40, .u32 = 1 }) },
	{ "attribute-zero-in-switch", DATA, 12,
	  SHARED(12, { 8, 0, .u32 = 1 }) },
	{ "queue-length-in-use", DATA, 12,
	  SHARED(12, { 8, IFLA_VNICX_SWITCH_BC_QUEUE_LEN_USED, .u32 = 1 }) },
	{ "link-of-two-bytes", LINK, 2, U16(2) },
	{ "link-of-no-bytes", LINK, 0, "" },
	{ "link-zero", LINK, 4, U32(0) },
	{ "link-negative", LINK, 4, U32(-1) },
	{ "address-of-no-bytes", ADDRESS, 0, "" },
	{ "address-of-five-bytes", ADDRESS, 5, "\x02\0\0\0\1" },
	{ "address-of-seven-bytes", ADDRESS, 7, "\x02\0\0\0\0\0\1" },
	{ "address-of-infiniband", ADDRESS, 20, "\x02\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1" },
	{ "address-too-long-for-any", ADDRESS, 33,
	  "\x02\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1" },
	{ "mtu-of-two-bytes", MTU, 2, U16(1500) },
	{ "kind-too-long", KIND, 66,
	  "vnicx-and-so-on-and-so-on-and-so-on-and-so-on-and-so-on-and-so-on" },
	{ "kind-without-end", KIND, 5, "vnicx" },
	{ "name-too-long", NAME, 17, "a-name-too-long-" },
	{ "name-with-slash", NAME, 4, "a/b" },
	{ "name-with-colon", NAME, 4, "a:b" },
	{ "name-of-dots", NAME, 3, ".." },
	{ "name-with-two-numbers", NAME, 6, "a%d%d" },
	{ "name-with-string", NAME, 4, "a%s" },
};

static const struct bad_case *bad;

static void put_part(struct request *req, enum part part, int type,
		     const void *sound, size_t len)
{
	if (bad->part == part)
		put(req, type, bad->bytes, bad->len);
	else if (sound)
		put(req, type, sound, len);
}

static void build(struct request *req, uint32_t lower)
{
	struct rtattr *info;

	request_init(req, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL);
	put_part(req, NAME, IFLA_IFNAME, "bad", 4);
	put_part(req, LINK, IFLA_LINK, &lower, sizeof(lower));
	put_part(req, ADDRESS, IFLA_ADDRESS, NULL, 0);
	put_part(req, MTU, IFLA_MTU, NULL, 0);
	info = nest(req, IFLA_LINKINFO);
	put_part(req, KIND, IFLA_INFO_KIND, "vnicx", 6);
	put_part(req, FIRST_DATA, IFLA_INFO_DATA, NULL, 0);
	if (bad->part == FIRST_DATA || bad->part == SECOND_DATA)
		put(req, IFLA_INFO_DATA, ATTR(8, IFLA_VNICX_MODE), 8);
	put_part(req, DATA, IFLA_INFO_DATA, NULL, 0);
	put_part(req, SECOND_DATA, IFLA_INFO_DATA, NULL, 0);
	nest_end(req, info);
}

/* The sound attributes come first: they would be applied by whoever applies one by one. */
static void build_change(struct request *req, const char *vnic)
{
	struct rtattr *info, *data;

	request_init(req, RTM_NEWLINK, 0);
	put(req, IFLA_IFNAME, vnic, strlen(vnic) + 1);
	info = nest(req, IFLA_LINKINFO);
	put(req, IFLA_INFO_KIND, "vnicx", 6);
	data = nest(req, IFLA_INFO_DATA);
	put(req, IFLA_VNICX_MAX_GROUPS, U32(7), 4);
	put(req, IFLA_VNICX_CLASS, U32(0x10002), 4);
	memcpy((char *)req + req->nlh.nlmsg_len, bad->bytes, bad->len);
	req->nlh.nlmsg_len += NLMSG_ALIGN(bad->len);
	nest_end(req, data);
	nest_end(req, info);
}

int main(int argc, char **argv)
{
	char message[256];
	struct request req;
	uint32_t lower;
	size_t i;
	int fd, error;

	if (argc != 3 && argc != 4)
		errx(2, "usage: malformed DEVICE CASE [change]");
	lower = if_nametoindex(argv[1]);
	if (!lower)
		err(2, "%s", argv[1]);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (!strcmp(cases[i].name, argv[2]))
			bad = &cases[i];
	if (!bad)
		errx(2, "no such case: %s", argv[2]);

	fd = rtnl_open();
	if (argc == 4)
		build_change(&req, argv[1]);
	else
		build(&req, lower);
	rtnl_send(fd, &req);
	error = rtnl_answer(fd, message, sizeof(message));
	printf("%s: %s\n", error ? strerror(error) : "made", message);
	return !!error;
}
