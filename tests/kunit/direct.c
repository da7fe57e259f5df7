// SPDX-License-Identifier: GPL-2.0
/*
 * Frames that are no skb: where vnicx_direct_find() says that one goes, an skb of the same
 * bytes goes, and nowhere else, and counts the same. Configurations and frames are random.
 */
#include <linux/etherdevice.h>
#include <linux/ip.h>
#include <linux/moduleparam.h>
#include <linux/prandom.h>
#include <linux/rtnetlink.h>
#include <linux/udp.h>
#include <vnicx/direct.h>

#include "../../switch/classify.h"
#include "vlan.h"

#define VNICS		5
#define CONFIGS		400
#define FRAMES		30
/* Numbers of further addresses: of each vNIC, of each in VLAN 10, and claimed ones */
#define FURTHER		0x20
#define TAGGED		0x30
#define CLAIMED		0x40
#define CLAIMS		2
#define LONGEST		300
#define SHORT_MTU	100

static uint seed = 1;
module_param_named(direct_seed, seed, uint, 0444);
MODULE_PARM_DESC(direct_seed, "of the frames and configurations of vnicx_direct");

static struct rnd_state rnd;

/* A frame, as it is in a socket's memory */
static u8 bytes[LONGEST] __aligned(8);

static const enum vnicx_mode modes[] = {
	VNICX_MODE_VEPA, VNICX_MODE_PRIVATE, VNICX_MODE_SOURCE,
};

static const u16 protos[] = {
	ETH_P_IPV6, ETH_P_ARP, ETH_P_RARP, ETH_P_8021Q, ETH_P_8021AD, ETH_P_PAUSE,
	ETH_P_MPLS_UC, 60,
};

static const u16 mtus[] = { ETH_DATA_LEN, ETH_DATA_LEN, SHORT_MTU };

/* All that the ports of a net count */
struct counts {
	u64 stat[VNICS + 2][VNICX_NR_COUNTERS];
	long cause[VNICS + 2][VNICX_NR_CAUSES];
};

static struct counts before, after;

static u32 below(u32 n)
{
	return prandom_u32_state(&rnd) % n;
}

static bool one_in(u32 n)
{
	return !below(n);
}

static bool keep(struct vnicx_port *port, struct sk_buff *skb)
{
	struct vnicx_test_vnic *vnic = container_of(port, struct vnicx_test_vnic, port);

	skb_queue_tail(&vnic->rx, skb);
	return true;
}

static const struct vnicx_port *port_of(const struct vnicx_test_net *net, unsigned int i)
{
	return i < VNICS ? &net->vnic[i]->port : i == VNICS ? &net->sw->uplink : &net->sw->host;
}

static void count(const struct vnicx_test_net *net, struct counts *counts)
{
	const struct vnicx_port *port;
	unsigned int i, j;

	for (i = 0; i < VNICS + 2; i++) {
		port = port_of(net, i);
		for (j = 0; j < VNICX_NR_COUNTERS; j++)
			counts->stat[i][j] = vnicx_test_stat(port, j);
		for (j = 0; j < VNICX_NR_CAUSES; j++)
			counts->cause[i][j] = atomic_long_read(&port->causes[j]);
	}
}

/* Return a bit for each of the ports above that got a frame. */
static unsigned long receivers(const struct vnicx_test_net *net)
{
	unsigned long set = 0;
	unsigned int i;

	for (i = 0; i < VNICS; i++)
		if (!skb_queue_empty(&net->vnic[i]->rx))
			set |= BIT(i);
	if (!skb_queue_empty(&net->wire))
		set |= BIT(VNICS);
	if (!skb_queue_empty(&net->host))
		set |= BIT(VNICS + 1);
	return set;
}

/* No port leaves with claims, nor with a mirror. */
static void end_all(void *context)
{
	struct vnicx_test_net *net = context;
	u8 addr[ETH_ALEN];
	unsigned int i, j;

	rtnl_lock();
	for (i = 0; i < VNICS; i++) {
		RCU_INIT_POINTER(net->vnic[i]->port.mirror, NULL);
		for (j = 0; j < CLAIMS; j++) {
			vnicx_test_addr(addr, CLAIMED + j);
			vnicx_fdb_del(&net->vnic[i]->port, addr, VNICX_VID_ANY,
				      VNICX_FDB_CLAIM);
		}
	}
	rtnl_unlock();
	synchronize_net();
}

static int init(struct kunit *test)
{
	struct vnicx_test_net *net = vnicx_test_net(test, VNICS);
	u8 addr[ETH_ALEN];
	unsigned int i;

	test->priv = net;
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action(test, end_all, net));
	for (i = 0; i < VNICS; i++) {
		net->vnic[i]->port.put = keep;
		vnicx_test_addr(addr, FURTHER + i);
		KUNIT_ASSERT_EQ(test, 0, vnicx_test_fdb_add(test, &net->vnic[i]->port, addr,
							    VNICX_VID_ANY));
		vnicx_test_addr(addr, TAGGED + i);
		KUNIT_ASSERT_EQ(test, 0, vnicx_test_fdb_add(test, &net->vnic[i]->port, addr, 10));
	}
	return 0;
}

/* Have a vNIC send its frames to vNIC 4 as well, or no longer. */
static void set_mirror(struct vnicx_test_net *net, unsigned int i)
{
	static struct vnicx_mirror mirror[3];
	struct vnicx_mirror *m = NULL;
	unsigned int j;

	for (j = 0; j < ARRAY_SIZE(mirror); j++)
		mirror[j] = (struct vnicx_mirror) {
			.dev = net->vnic[VNICS - 1]->port.dev,
			.port = &net->vnic[VNICS - 1]->port,
			.tx = (j + 1) & 1,
			.rx = (j + 1) & 2,
		};
	if (i < VNICS - 1 && one_in(16))
		m = mirror + below(ARRAY_SIZE(mirror));
	rcu_assign_pointer(net->vnic[i]->port.mirror, m);
}

static void set_policy(struct kunit *test, unsigned int i)
{
	DECLARE_BITMAP(members, VLAN_N_VID) = {};
	struct vnicx_policy policy = {};

	if (one_in(6))
		policy.isolated = true;
	switch (below(16)) {
	case 0:
		policy.vlan.on = true;
		policy.vlan.proto = htons(one_in(4) ? AD : Q);
		policy.vlan.vid = 10 + below(2);
		break;
	case 1:
		__set_bit(10, members);
		policy.vlan.on = true;
		policy.vlan.tagged = one_in(2);
		policy.vlan.proto = htons(Q);
		policy.vlan.vid = 10 * below(2);
		policy.vlan.vids = members;
		break;
	case 2:
		policy.guards = below(2 * VNICX_GUARD_IP_IN);
		break;
	case 3:
		vnicx_rate_init(&policy.rate[below(VNICX_NR_RATES)], 125000000, 0, 1);
		break;
	case 4:
		policy.class = 3;
		break;
	}
	vnicx_test_policy(test, i, &policy);
}

/* The rest of a vNIC's settings. Most of the time, they are the usual ones. */
static void set_port(struct vnicx_test_net *net, unsigned int i)
{
	struct vnicx_port *port = &net->vnic[i]->port;
	u8 addr[ETH_ALEN];
	bool up;

	vnicx_port_set_mode(port, one_in(10) ? modes[below(ARRAY_SIZE(modes))] :
					      VNICX_MODE_BRIDGE);
	vnicx_policy_set_checks(port, VNICX_CHECK_SPOOF, one_in(2));
	vnicx_port_disable(port, one_in(24));
	vnicx_port_set_flood(port, one_in(8));
	up = !one_in(16);
	if (up && !port->up)
		vnicx_port_up(port);
	if (!up && port->up)
		vnicx_port_down(port);
	WRITE_ONCE(port->dev->mtu, mtus[below(ARRAY_SIZE(mtus))]);
	WRITE_ONCE(port->exit, one_in(8) ? VNICX_EXIT_STACK : VNICX_EXIT_XDP);
	vnicx_port_set_rx_flags(port, one_in(8) ? VNICX_RX_PROMISC : 0);
	vnicx_test_addr(addr, CLAIMED + below(CLAIMS));
	if (one_in(2))
		vnicx_fdb_claim(port, addr, GFP_KERNEL);
	else
		vnicx_fdb_del(port, addr, VNICX_VID_ANY, VNICX_FDB_CLAIM);
}

static void configure(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;
	unsigned int i;

	rtnl_lock();
	vnicx_switch_set_host(net->sw, !one_in(8));
	for (i = 0; i < VNICS; i++) {
		set_port(net, i);
		set_mirror(net, i);
	}
	rtnl_unlock();
	/* This makes port->rx_checks of a mirror, too. */
	for (i = 0; i < VNICS; i++)
		set_policy(test, i);
}

static void make_address(u8 *addr, bool dest)
{
	switch (below(16)) {
	case 0:
		vnicx_test_addr(addr, VNICX_TEST_LOWER);
		break;
	case 1:
		vnicx_test_addr(addr, VNICX_TEST_NOBODY);
		break;
	case 2:
		vnicx_test_addr(addr, CLAIMED + below(CLAIMS));
		break;
	case 3:
		vnicx_test_addr(addr, TAGGED + below(VNICS));
		break;
	case 4:
	case 5:
		vnicx_test_addr(addr, FURTHER + below(VNICS));
		break;
	case 6:
		prandom_bytes_state(&rnd, addr, ETH_ALEN);
		if (!dest)
			addr[0] &= ~1;
		break;
	default:
		vnicx_test_addr(addr, below(VNICS));
		break;
	}
}

/* Make a frame that a vNIC sends; return its length. */
static unsigned int make(unsigned int from)
{
	struct ethhdr *eth = (struct ethhdr *)bytes;
	struct iphdr *iph = (struct iphdr *)(eth + 1);
	unsigned int len = one_in(8) ? LONGEST : VNICX_DIRECT_HEAD + below(SHORT_MTU);
	u32 proto = below(8);

	prandom_bytes_state(&rnd, bytes, sizeof(bytes));
	make_address(eth->h_dest, true);
	if (one_in(8))
		make_address(eth->h_source, false);
	else
		vnicx_test_addr(eth->h_source, from);
	eth->h_proto = htons(proto < 4 ? ETH_P_IP :
			     proto < 6 ? protos[below(ARRAY_SIZE(protos))] :
			     proto < 7 ? ETH_P_802_EX1 : prandom_u32_state(&rnd));
	if (one_in(8))
		return len;
	iph->version = eth->h_proto == htons(ETH_P_IP) ? 4 : 6;
	iph->ihl = 5;
	iph->protocol = one_in(2) ? IPPROTO_UDP : IPPROTO_TCP;
	if (one_in(4))
		((struct udphdr *)(iph + 1))->dest = htons(67);
	return len;
}

static struct sk_buff *build(struct kunit *test, struct net_device *dev, unsigned int len)
{
	struct sk_buff *skb = alloc_skb(NET_SKB_PAD + len, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, skb);
	skb_reserve(skb, NET_SKB_PAD);
	skb_put_data(skb, bytes, len);
	skb->protocol = eth_type_trans(skb, dev);
	skb->pkt_type = PACKET_HOST;
	skb_reset_network_header(skb);
	__skb_push(skb, ETH_HLEN);
	return skb;
}

/* Ask for one frame, send it, and compare. Return whether a port was said. */
static bool compare(struct kunit *test, unsigned int from)
{
	struct vnicx_test_net *net = test->priv;
	struct vnicx_port *in = &net->vnic[from]->port, *said;
	unsigned int len = make(from), to;
	struct sk_buff *skb;

	count(net, &before);
	local_bh_disable();
	rcu_read_lock();
	said = vnicx_direct_find(in, bytes, len);
	rcu_read_unlock();
	local_bh_enable();
	count(net, &after);
	KUNIT_EXPECT_MEMEQ_MSG(test, &before, &after, sizeof(before), "to ask counts");

	vnicx_test_send(net, from, build(test, in->dev, len));
	if (!said) {
		vnicx_test_purge(net);
		return false;
	}
	count(net, &after);
	for (to = 0; to < VNICS - 1 && said != &net->vnic[to]->port; to++)
		;
	KUNIT_EXPECT_EQ_MSG(test, receivers(net), BIT(to), "from %u, %*ph", from,
			    VNICX_DIRECT_HEAD, bytes);
	skb = skb_peek(&net->vnic[to]->rx);
	if (skb)
		KUNIT_EXPECT_MEMEQ(test, skb_mac_header(skb), bytes, len);
	before.stat[from][VNICX_TX_PACKETS]++;
	before.stat[from][VNICX_TX_BYTES] += len;
	before.stat[to][VNICX_RX_PACKETS]++;
	before.stat[to][VNICX_RX_BYTES] += len;
	KUNIT_EXPECT_MEMEQ_MSG(test, &before, &after, sizeof(before), "from %u, %*ph", from,
			       VNICX_DIRECT_HEAD, bytes);
	vnicx_test_purge(net);
	return true;
}

static void test_as_the_walk(struct kunit *test)
{
	unsigned int i, j, said = 0;

	kunit_info(test, "seed %u", seed);
	prandom_seed_state(&rnd, seed);
	for (i = 0; i < CONFIGS && test->status == KUNIT_SUCCESS; i++) {
		configure(test);
		for (j = 0; j < FRAMES; j++)
			said += compare(test, below(VNICS));
	}
	kunit_info(test, "%u of %u frames need no skb", said, i * FRAMES);
	/* Else the frames do not test much. */
	KUNIT_EXPECT_GT(test, said, CONFIGS * FRAMES / 20);
}

static struct kunit_case cases[] = {
	KUNIT_CASE_SLOW(test_as_the_walk),
	{}
};

static struct kunit_suite suite = {
	.name = "vnicx_direct",
	.init = init,
	.test_cases = cases,
};

kunit_test_suite(suite);
