// SPDX-License-Identifier: GPL-2.0
/*
 * Frames that are like one before: where vnicx_direct_again() says that one takes the same
 * way, vnicx_direct_find() says so, too, whatever has changed between the two frames.
 */
#include <linux/etherdevice.h>
#include <linux/ip.h>
#include <linux/prandom.h>
#include <linux/udp.h>
#include <vnicx/direct.h>

#include "../../switch/scope.h"
#include "../../switch/trace.h"
#include "leases.h"
#include "packets.h"

#define VNICS		4
#define ROUNDS		3000
#define FRAMES		12
#define LEN		200
#define SHORT_MTU	100
/* Numbers of further addresses: of each vNIC, and one that moves */
#define FURTHER		0x20
#define MOVING		0x40

/* The members of a port that vnicx_direct_find() reads */
struct port_state {
	u64 self;
	u8 exit, role, reach, tx_checks, rx_checks;
	u32 nr_lost;
};

static struct rnd_state rnd;
static u8 bytes[LEN] __aligned(8);
static struct port_state usual[VNICS];
static struct vnicx_leases *leases;

static u32 below(u32 n)
{
	return prandom_u32_state(&rnd) % n;
}

static bool one_in(u32 n)
{
	return !below(n);
}

static void save(const struct vnicx_port *port, struct port_state *state)
{
	*state = (struct port_state) {
		port->self, port->exit, port->role, port->reach, port->tx_checks,
		port->rx_checks, port->nr_lost,
	};
}

static void restore(struct vnicx_port *port, const struct port_state *state)
{
	port->self = state->self;
	port->exit = state->exit;
	port->role = state->role;
	port->reach = state->reach;
	port->tx_checks = state->tx_checks;
	port->rx_checks = state->rx_checks;
	port->nr_lost = state->nr_lost;
	WRITE_ONCE(port->dev->mtu, ETH_DATA_LEN);
}

static void restore_all(void *context)
{
	struct vnicx_test_net *net = context;
	unsigned int i;

	for (i = 0; i < VNICS; i++)
		restore(&net->vnic[i]->port, &usual[i]);
}

static void move_to(struct vnicx_test_net *net, struct kunit *test, unsigned int to)
{
	u8 addr[ETH_ALEN];
	unsigned int i;

	vnicx_test_addr(addr, MOVING);
	rtnl_lock();
	for (i = 0; i < VNICS; i++)
		vnicx_fdb_del(&net->vnic[i]->port, addr, VNICX_VID_ANY, VNICX_FDB_ADMIN);
	if (to < VNICS)
		KUNIT_EXPECT_EQ(test, 0, vnicx_fdb_add(&net->vnic[to]->port, addr,
						       VNICX_VID_ANY, VNICX_FDB_ADMIN,
						       GFP_KERNEL));
	rtnl_unlock();
}

static void end(void *context)
{
	if (leases)
		put_leases(leases);
	leases = NULL;
	move_to(context, NULL, VNICS);
	restore_all(context);
}

static int init(struct kunit *test)
{
	struct vnicx_test_net *net = vnicx_test_net(test, VNICS);
	u8 addr[ETH_ALEN];
	unsigned int i;

	test->priv = net;
	for (i = 0; i < VNICS; i++) {
		vnicx_test_addr(addr, FURTHER + i);
		KUNIT_ASSERT_EQ(test, 0, vnicx_test_fdb_add(test, &net->vnic[i]->port, addr,
							    VNICX_VID_ANY));
		vnicx_policy_set_checks(&net->vnic[i]->port, VNICX_CHECK_SPOOF, i & 1);
		WRITE_ONCE(net->vnic[i]->port.exit, VNICX_EXIT_XDP);
		save(&net->vnic[i]->port, &usual[i]);
	}
	return kunit_add_action(test, end, net);
}

static void change_leases(struct kunit *test)
{
	if (leases)
		put_leases(leases);
	leases = leases ? NULL : make_leases(test, below(VNICS));
}

/* Change something that decides about frames, or back. */
static void change(struct kunit *test)
{
	static const u8 tx[] = {
		0, VNICX_CHECK_FDB, VNICX_CHECK_SPOOF, VNICX_CHECK_SPOOF,
		VNICX_CHECK_SPOOF | VNICX_CHECK_FDB, VNICX_CHECK_DISABLED,
		VNICX_CHECK_SPOOF | VNICX_CHECK_TX, VNICX_CHECK_TAG, VNICX_CHECK_TX_RATE,
	};
	struct vnicx_test_net *net = test->priv;
	unsigned int i = below(VNICS);
	struct vnicx_port *port = &net->vnic[i]->port;

	switch (below(14)) {
	case 0:
		port->exit = VNICX_EXIT_STACK;
		break;
	case 1:
		port->role = one_in(2) ? 0 : VNICX_ROLE_ISOLATED;
		break;
	case 2:
		port->reach = one_in(2) ? 0 : VNICX_ROLE_HOST;
		break;
	case 3:
		port->tx_checks = tx[below(ARRAY_SIZE(tx))];
		break;
	case 4:
		port->rx_checks = VNICX_CHECK_RX_RATE;
		break;
	case 5:
		port->nr_lost = 1;
		break;
	case 6:
		WRITE_ONCE(port->dev->mtu, SHORT_MTU);
		break;
	case 7:
		/* the same but for the vNIC's number */
		port->self = usual[below(VNICS)].self;
		break;
	case 8:
		/* an address goes from one vNIC to another, or to none */
		move_to(net, test, below(VNICS + 1));
		break;
	case 9:
		change_leases(test);
		break;
	default:
		restore(port, &usual[i]);
		break;
	}
}

static void make_address(u8 *addr)
{
	static const u32 first[] = { 0, 0, FURTHER, MOVING };
	u32 n = first[below(ARRAY_SIZE(first))];

	vnicx_test_addr(addr, n == MOVING ? n : n + below(VNICS));
}

static void make(unsigned int from)
{
	static const u16 protos[] = {
		ETH_P_IP, ETH_P_IP, ETH_P_IP, ETH_P_802_EX1, ETH_P_802_EX1, ETH_P_IPV6,
		ETH_P_ARP, ETH_P_8021Q, ETH_P_PAUSE, 60,
	};
	struct ethhdr *eth = (struct ethhdr *)bytes;
	struct iphdr *iph = (struct iphdr *)(eth + 1);

	memset(bytes, 0, sizeof(bytes));
	make_address(eth->h_dest);
	if (one_in(4))
		make_address(eth->h_source);
	else
		vnicx_test_addr(eth->h_source, from);
	eth->h_proto = htons(protos[below(ARRAY_SIZE(protos))]);
	iph->version = eth->h_proto == htons(ETH_P_IP) ? 4 : 6;
	iph->ihl = one_in(8) ? 6 : 5;
	iph->protocol = one_in(2) ? IPPROTO_UDP : IPPROTO_TCP;
}

/* Make another frame that is like it, or nearly. */
static void make_next(unsigned int from)
{
	static const u16 ports[] = { 67, 68, 53 };
	struct ethhdr *eth = (struct ethhdr *)bytes;
	struct udphdr *udph = (struct udphdr *)(bytes + ETH_HLEN + sizeof(struct iphdr));

	switch (below(8)) {
	case 0:
		make_address(eth->h_dest);
		break;
	case 1:
		make_address(eth->h_source);
		break;
	case 2:
		bytes[below(ETH_HLEN + 2)] ^= BIT(below(8));
		break;
	case 3:
		bytes[below(VNICX_DIRECT_HEAD)] ^= BIT(below(8));
		break;
	case 4:
	case 5:
		udph->dest = htons(ports[below(ARRAY_SIZE(ports))]);
		break;
	}
}

static void begin_section(void)
{
	local_bh_disable();
	rcu_read_lock();
}

static void end_section(void)
{
	rcu_read_unlock();
	local_bh_enable();
}

static u64 word(unsigned int i)
{
	u64 word;

	memcpy(&word, bytes + i * sizeof(word), sizeof(word));
	return word;
}

/* Ask about one frame as about one like the frame before, and anew; compare. Return whether
 * it was the same way.
 */
static bool ask(struct kunit *test, struct vnicx_direct_way *way, unsigned int len)
{
	bool again = vnicx_direct_again(way, word(0), word(1), word(4), len);

	if (again)
		KUNIT_EXPECT_PTR_EQ_MSG(test, vnicx_direct_find(way->in, bytes, len), way->dst,
					"%*ph", VNICX_DIRECT_HEAD, bytes);
	return again;
}

/* One frame, and some after it. Return how many of these took its way. */
static unsigned int frames(struct kunit *test, unsigned int from)
{
	struct vnicx_test_net *net = test->priv;
	struct vnicx_direct_way way = { .in = &net->vnic[from]->port };
	unsigned int i, same = 0, len;
	struct vnicx_port *dst;

	make(from);
	KUNIT_EXPECT_FALSE(test, vnicx_direct_again(&way, word(0), word(1), word(4), LEN));
	dst = vnicx_direct_learn(&way, bytes, LEN);
	KUNIT_EXPECT_PTR_EQ(test, dst, vnicx_direct_find(way.in, bytes, LEN));
	if (!dst)
		KUNIT_EXPECT_FALSE(test, ask(test, &way, LEN));
	for (i = 0; i < FRAMES; i++) {
		if (one_in(3)) {
			end_section();
			change(test);
			begin_section();
		}
		if (one_in(2))
			make_next(from);
		len = one_in(4) ? VNICX_DIRECT_HEAD : LEN;
		same += ask(test, &way, len);
	}
	return same;
}

static void test_as_anew(struct kunit *test)
{
	unsigned int i, same = 0;

	prandom_seed_state(&rnd, 1);
	for (i = 0; i < ROUNDS && test->status == KUNIT_SUCCESS; i++) {
		restore_all(test->priv);
		begin_section();
		same += frames(test, below(VNICS));
		end_section();
	}
	kunit_info(test, "%u of %u frames took the way of one before", same, i * FRAMES);
	/* Else the frames do not test much. */
	KUNIT_EXPECT_GT(test, same, ROUNDS * FRAMES / 20);
}

static void decided(void *data, const struct sk_buff *skb, const struct vnicx_port *in,
		    const struct vnicx_port *out, u8 class, u16 vid, u8 decision, u32 reason)
{
}

static void end_trace(void *context)
{
	unregister_trace_vnicx_forward(decided, NULL);
	tracepoint_synchronize_unregister();
}

/* A frame is not like the one before while somebody wants to see what becomes of each. */
static void test_traced(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;
	struct vnicx_direct_way way = { .in = &net->vnic[0]->port };
	bool before, traced;

	if (!IS_ENABLED(CONFIG_TRACEPOINTS))
		kunit_skip(test, "the kernel has no tracepoints");
	begin_section();
	do
		make(0);
	while (!vnicx_direct_learn(&way, bytes, LEN) || !way.generation);
	before = vnicx_direct_again(&way, word(0), word(1), word(4), LEN);
	end_section();
	KUNIT_EXPECT_TRUE(test, before);
	KUNIT_ASSERT_EQ(test, register_trace_vnicx_forward(decided, NULL), 0);
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, end_trace, NULL), 0);
	begin_section();
	traced = vnicx_direct_again(&way, word(0), word(1), word(4), LEN);
	end_section();
	KUNIT_EXPECT_FALSE(test, traced);
}

static struct kunit_case cases[] = {
	KUNIT_CASE_SLOW(test_as_anew),
	KUNIT_CASE(test_traced),
	{}
};

static struct kunit_suite suite = {
	.name = "vnicx_direct_again",
	.init = init,
	.test_cases = cases,
};

kunit_test_suite(suite);
