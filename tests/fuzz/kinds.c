// SPDX-License-Identifier: GPL-2.0
/*
 * Devices of every kind are made: with vNICs as their lower devices, as lower
 * devices of vNICs, or beside them.
 */
#include <fcntl.h>
#include <linux/if_ether.h>
#include <linux/if_link.h>
#include <linux/if_tun.h>
#include <linux/sockios.h>
#include <linux/veth.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/ioctl.h>

#include "furnish.h"
#include "kinds.h"
#include "setup.h"

/* The header of tunnels does not go with <net/if.h>. */
enum { GRE_LOCAL = 6, GRE_REMOTE = 7 };

/* From newer headers */
enum { NETKIT_PEER_INFO = 1, NETKIT_MODE = 5, NETKIT_L2 = 0 };

struct kind {
	const char *name;
	/* IFLA_LINK: none, some device or perhaps one */
	enum { ALONE, LOWER, MAYBE_LOWER } link;
	void (*data)(struct msg *m, unsigned int ns);
};

void put_peer(struct msg *m, int type, unsigned int ns, unsigned int number)
{
	struct nlattr *peer = msg_nest(m, type);
	struct ifinfomsg *ifi = (void *)(m->bytes + m->nlh.nlmsg_len);
	char name[IFNAMSIZ];

	memset(ifi, 0, sizeof(*ifi));
	m->nlh.nlmsg_len += sizeof(*ifi);
	name_of(name, number);
	msg_put_string(m, IFLA_IFNAME, name);
	msg_put_u32(m, IFLA_NET_NS_FD, world.ns[ns]);
	msg_nest_end(m, peer);
}

static void put_any_peer(struct msg *m, int type)
{
	put_peer(m, type, pick_ns(), NAME_FIRST + below(NR_NAMES - NAME_FIRST));
}

static void put_veth(struct msg *m, unsigned int ns)
{
	(void)ns;
	put_any_peer(m, VETH_INFO_PEER);
}

static void put_netkit(struct msg *m, unsigned int ns)
{
	(void)ns;
	put_any_peer(m, NETKIT_PEER_INFO);
	if (!one_in(4))
		msg_put_u32(m, NETKIT_MODE, NETKIT_L2);
}

static void put_bond(struct msg *m, unsigned int ns)
{
	(void)ns;
	msg_put_u8(m, IFLA_BOND_MODE, one_in(2) ? ACTIVE_BACKUP : below(7));
	msg_put_u32(m, IFLA_BOND_MIIMON, 10 * below(4));
}

static void put_vlan(struct msg *m, unsigned int ns)
{
	(void)ns;
	msg_put_u16(m, IFLA_VLAN_ID, one_in(2) ? 5 : below(4095));
	if (one_in(3))
		msg_put_u16(m, IFLA_VLAN_PROTOCOL, htobe16(ETH_P_8021AD));
}

static void put_macvlan(struct msg *m, unsigned int ns)
{
	(void)ns;
	if (one_in(2))
		msg_put_u32(m, IFLA_MACVLAN_MODE, 1 << below(5));
}

static void put_ipvlan(struct msg *m, unsigned int ns)
{
	(void)ns;
	msg_put_u16(m, IFLA_IPVLAN_MODE, below(3));
}

/* Tunnels end at the loopback device, which no device here is above or below. If one
 * ended at an address of a device above it (a bond, and a gretap among its ports), a
 * frame would go round and round within one transmit call, until the kernel stands
 * still in the lock of a queueing discipline: the kernel refuses rings of devices that
 * know each other, but not one that a route closes.
 */
static uint32_t tunnel_end(void)
{
	return htobe32(INADDR_LOOPBACK + below(4));
}

/* To a group, by the device in which it is: the kernel refuses rings of those. */
static void put_vxlan(struct msg *m, unsigned int ns)
{
	struct device d;

	msg_put_u32(m, IFLA_VXLAN_ID, below(1 << 24));
	msg_put_u16(m, IFLA_VXLAN_PORT, htobe16(4789 + below(8)));
	if (one_in(2) && pick_lower(&d, ns)) {
		msg_put_u32(m, IFLA_VXLAN_GROUP, htobe32(0xef010101));
		msg_put_u32(m, IFLA_VXLAN_LINK, d.ifindex);
	} else {
		msg_put_u32(m, IFLA_VXLAN_GROUP, tunnel_end());
	}
}

static void put_geneve(struct msg *m, unsigned int ns)
{
	(void)ns;
	msg_put_u32(m, IFLA_GENEVE_ID, below(1 << 24));
	msg_put_u32(m, IFLA_GENEVE_REMOTE, tunnel_end());
}

static void put_gretap(struct msg *m, unsigned int ns)
{
	(void)ns;
	msg_put_u32(m, GRE_LOCAL, tunnel_end());
	msg_put_u32(m, GRE_REMOTE, tunnel_end());
}

static void put_vrf(struct msg *m, unsigned int ns)
{
	(void)ns;
	msg_put_u32(m, IFLA_VRF_TABLE, 1 + below(200));
}

static void put_macsec(struct msg *m, unsigned int ns)
{
	(void)ns;
	msg_put_u16(m, IFLA_MACSEC_PORT, htobe16(1 + below(4)));
}

static void put_nothing(struct msg *m, unsigned int ns)
{
	(void)m;
	(void)ns;
}

static const struct kind
	dummy = { "dummy", ALONE, put_nothing },
	veth = { "veth", ALONE, put_veth },
	bridge = { "bridge", ALONE, put_nothing },
	bond = { "bond", ALONE, put_bond },
	team = { "team", ALONE, put_nothing },
	vlan = { "vlan", LOWER, put_vlan },
	macvlan = { "macvlan", LOWER, put_macvlan },
	macvtap = { "macvtap", LOWER, put_macvlan },
	ipvlan = { "ipvlan", LOWER, put_ipvlan },
	vxlan = { "vxlan", ALONE, put_vxlan },
	geneve = { "geneve", ALONE, put_geneve },
	gretap = { "gretap", ALONE, put_gretap },
	macsec = { "macsec", LOWER, put_macsec },
	ifb = { "ifb", ALONE, put_nothing },
	vrf = { "vrf", ALONE, put_vrf },
	netkit = { "netkit", ALONE, put_netkit },
	vnicx = { "vnicx", LOWER, put_vnicx },
	vnicxtap = { "vnicxtap", LOWER, put_vnicx };

/* Attributes that any device may be given when it is made */
static void put_common(struct msg *m, unsigned int number)
{
	uint8_t mac[6];

	if (one_in(2)) {
		mac_of(mac, number);
		msg_put(m, IFLA_ADDRESS, mac, 6);
	} else if (one_in(4)) {
		pick_mac(mac);
		msg_put(m, IFLA_ADDRESS, mac, 6);
	}
	if (one_in(4))
		msg_put_u32(m, IFLA_MTU, one_in(3) ? edge() : 1280 + below(300));
	if (one_in(8))
		msg_put_u32(m, IFLA_TXQLEN, any_size() % 600);
	if (one_in(6)) {
		msg_put_u32(m, IFLA_NUM_TX_QUEUES, 1 + below(8));
		msg_put_u32(m, IFLA_NUM_RX_QUEUES, 1 + below(8));
	}
	if (one_in(4))
		msg_put_u32(m, IFLA_NET_NS_FD, world.ns[pick_ns()]);
}

static int create(const struct verb *verb)
{
	const struct kind *kind = verb->arg;
	struct nlattr *info, *data;
	unsigned int ns = pick_ns(), number;
	bool up = !one_in(3);
	char name[IFNAMSIZ];
	struct device lower;
	struct msg m;

	if (!is_there(verb->needs))
		return IDLE;
	number = NAME_OTHER + below(NR_NAMES - NAME_OTHER);
	if (one_in(8) || (kind->data == put_vnicx && !one_in(8)))
		number = NAME_FIRST + below(NAME_OTHER - NAME_FIRST);
	if (kind == &bond && one_in(2))
		number = NAME_BOND;
	name_of(name, number);
	link_begin(&m, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, 0,
		   up ? IFF_UP : 0, IFF_UP);
	msg_put_string(&m, IFLA_IFNAME, name);
	if (kind->link == LOWER) {
		if (!pick_lower(&lower, ns))
			return IDLE;
		msg_put_u32(&m, IFLA_LINK, lower.ifindex);
	}
	put_common(&m, number);
	info = info_begin(&m, kind->name, &data);
	kind->data(&m, ns);
	info_end(&m, info, data);
	return msg_talk(&m, ns);
}

/* There is one again, should it have gone, and both its ends are up: or no frame
 * would get anywhere for the rest of the run.
 */
static int create_wire(const struct verb *verb)
{
	struct device d;
	unsigned int end, ns;
	struct msg m;
	int error = IDLE;

	(void)verb;
	if (world.ns[NS_HOST] < 0)
		return IDLE;
	if (!find_in(&d, NS_HOST, NAME_ADAPTER) && !find_in(&d, NS_LAN, NAME_WIRE))
		return make_wire(NS_HOST, NS_LAN);
	for (end = NAME_ADAPTER; end <= NAME_WIRE; end++) {
		ns = end == NAME_ADAPTER ? NS_HOST : NS_LAN;
		if (!find_in(&d, ns, end))
			continue;
		link_begin(&m, RTM_NEWLINK, 0, d.ifindex, IFF_UP, IFF_UP);
		error = msg_talk(&m, ns);
	}
	return error;
}

bool kind_is_there(const char *kind)
{
	struct nlattr *info, *data;
	struct msg m;
	int error;

	/* A namespace that goes locks dummy and netkit devices in it in any order, for
	 * which lockdep switches itself off.
	 */
	if (!strcmp(kind, "netkit") && !access("/proc/lockdep_stats", F_OK))
		return false;
	/* Without a name for it, and without what it needs: refused, but by it. */
	link_begin(&m, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, 0, 0, 0);
	msg_put_string(&m, IFLA_IFNAME, "probe");
	info = info_begin(&m, kind, &data);
	info_end(&m, info, data);
	error = msg_talk(&m, NS_GUEST);
	if (!error) {
		link_begin(&m, RTM_DELLINK, 0, 0, 0, 0);
		msg_put_string(&m, IFLA_IFNAME, "probe");
		msg_talk(&m, NS_GUEST);
	}
	return error != EOPNOTSUPP;
}

/* A tun device lives as long as a descriptor of it, unless it is told to stay. */
static int tuns[4];

static int create_tun(const struct verb *verb)
{
	int flags = *(const int *)verb->arg, *fd = &PICK(tuns);
	struct ifreq ifr = {};
	unsigned int ns;

	if (*fd > 0)
		close(*fd);
	ns = pick_ns();
	world_enter(ns);
	*fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (*fd < 0)
		return errno;
	name_of(ifr.ifr_name, NAME_FIRST + below(NR_NAMES - NAME_FIRST));
	ifr.ifr_flags = flags | (one_in(2) ? IFF_NO_PI : 0) |
			(one_in(2) ? IFF_VNET_HDR : 0) |
			(one_in(4) ? IFF_NAPI : 0);
	if (ioctl(*fd, TUNSETIFF, &ifr))
		return errno;
	ioctl(*fd, TUNSETPERSIST, one_in(4));
	/* it takes frames when it is up */
	if (one_in(2)) {
		ifr.ifr_flags = IFF_UP;
		ioctl(world.ctl[ns], SIOCSIFFLAGS, &ifr);
	}
	return 0;
}

/* A tun that says it is something else */
static int type_tun(const struct verb *verb)
{
	static const unsigned int types[] = { 1, 1, 32, 512, 65534, 772, 801, 824 };
	int fd = PICK(tuns);

	(void)verb;
	if (fd <= 0)
		return IDLE;
	return ioctl(fd, TUNSETLINK, PICK(types)) ? errno : 0;
}

static int feed_tun(const struct verb *verb)
{
	static uint8_t bytes[2048];
	int fd = PICK(tuns);

	(void)verb;
	if (fd <= 0)
		return IDLE;
	if (one_in(3))
		return read(fd, bytes, sizeof(bytes)) < 0 ? errno : 0;
	memset(bytes, 0, 64);
	pick_mac(bytes + below(3) * 5);
	random_bytes(bytes + 20, 40);
	return write(fd, bytes, 14 + below(1600)) < 0 ? errno : 0;
}

static const int tun_flags = IFF_TUN, tap_flags = IFF_TAP;

#define CREATE(kind, weight)	\
	{ "create-" #kind, create, weight, CONTROL, true, &(kind), NULL }
#define CREATE_IF(kind, weight)	\
	{ "create-" #kind, create, weight, CONTROL, true, &(kind), #kind }

#define CONTROL	(ADMIN | TENANT | NOMEM)

const struct verb kind_verbs[] = {
	CREATE(vnicx, 70),
	CREATE(vnicxtap, 50),
	CREATE(veth, 10),
	CREATE(dummy, 6),
	{ "create-wire", create_wire, 24, ADMIN | NOMEM, false, NULL, NULL },
	{ "create-tap", create_tun, 6, CONTROL, false, &tap_flags, NULL },
	{ "create-tun", create_tun, 6, CONTROL, false, &tun_flags, NULL },
	{ "type-tun", type_tun, 8, CONTROL, false, NULL, NULL },
	{ "feed-tun", feed_tun, 12, CONTROL, false, NULL, NULL },
#undef CONTROL
/* how others do without memory is their business. No HSR: it transmits to its ports
 * with its lock held, and one that reaches it again by a tunnel stands still.
 */
#define CONTROL	(ADMIN | TENANT)
	CREATE_IF(bridge, 6),
	CREATE_IF(bond, 10),
	CREATE_IF(team, 6),
	CREATE_IF(vlan, 10),
	CREATE_IF(macvlan, 8),
	CREATE_IF(macvtap, 8),
	CREATE_IF(ipvlan, 6),
	CREATE_IF(vxlan, 6),
	CREATE_IF(geneve, 6),
	CREATE_IF(gretap, 6),
	CREATE_IF(macsec, 8),
	CREATE_IF(ifb, 4),
	CREATE_IF(vrf, 8),
	CREATE_IF(netkit, 12),
	{ }
};
