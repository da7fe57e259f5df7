// SPDX-License-Identifier: GPL-2.0
/*
 * Settings of any device: sizes, addresses, groups, rules.
 */
#include <arpa/inet.h>
#include <linux/bpf.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/if_packet.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include "msg.h"
#include "world.h"

static int set_u32(const struct device *d, int type, uint32_t value)
{
	struct msg m;

	link_begin(&m, RTM_NEWLINK, 0, d->ifindex, 0, 0);
	msg_put_u32(&m, type, value);
	return msg_talk(&m, d->ns);
}

static int set_mtu(const struct verb *verb)
{
	static const uint32_t mtus[] = { 68, 600, 1280, 1400, 1500, 9000 };
	struct device d;

	(void)verb;
	if (!pick_device(&d))
		return IDLE;
	return set_u32(&d, IFLA_MTU, one_in(4) ? edge() : PICK(mtus));
}

static int set_txqlen(const struct verb *verb)
{
	struct device d;

	(void)verb;
	if (!pick_device(&d))
		return IDLE;
	/* the kernel complains when it has no memory for a long ring */
	return set_u32(&d, IFLA_TXQLEN, one_in(8) && role_now != ROLE_NOMEM ?
					below(100000) : below(600));
}

/* With a master, all of the members of that group are made to follow. */
static int set_group(const struct verb *verb)
{
	struct device d;

	(void)verb;
	if (!pick_device(&d))
		return IDLE;
	return set_u32(&d, IFLA_GROUP, below(3));
}

static int set_gso(const struct verb *verb)
{
	static const int types[] = {
		IFLA_GSO_MAX_SIZE, IFLA_GSO_MAX_SEGS, IFLA_GRO_MAX_SIZE,
	};
	struct device d;

	(void)verb;
	if (!pick_device(&d))
		return IDLE;
	return set_u32(&d, PICK(types), one_in(3) ? 65536 : edge());
}

static int set_u8(const struct verb *verb)
{
	struct device d;
	struct msg m;

	if (!pick_device(&d))
		return IDLE;
	link_begin(&m, RTM_NEWLINK, 0, d.ifindex, 0, 0);
	msg_put_u8(&m, *(const int *)verb->arg, below(3));
	return msg_talk(&m, d.ns);
}

static int set_mac(const struct verb *verb)
{
	struct device d;
	uint8_t mac[32];
	struct msg m;

	(void)verb;
	if (!pick_device(&d))
		return IDLE;
	random_bytes(mac, sizeof(mac));
	pick_mac(mac);
	if (one_in(2))
		mac_of(mac, d.number);
	link_begin(&m, RTM_NEWLINK, 0, d.ifindex, 0, 0);
	msg_put(&m, IFLA_ADDRESS, mac, one_in(24) ? below(32) : 6);
	return msg_talk(&m, d.ns);
}

static int set_ip(const struct verb *verb)
{
	bool add = *(const bool *)verb->arg;
	struct device d;
	struct msg m;
	uint32_t ip;

	if (!pick_device(&d))
		return IDLE;
	struct ifaddrmsg ifa = {
		.ifa_family = AF_INET,
		.ifa_prefixlen = 16,
		.ifa_index = d.ifindex,
	};

	ip = ip_of(d.number);
	msg_begin(&m, add ? RTM_NEWADDR : RTM_DELADDR, add ? NLM_F_CREATE : 0,
		  &ifa, sizeof(ifa));
	msg_put(&m, IFA_LOCAL, &ip, sizeof(ip));
	msg_put(&m, IFA_ADDRESS, &ip, sizeof(ip));
	return msg_talk(&m, d.ns);
}

/* A socket of each namespace makes devices hear groups and addresses: closing it
 * leaves them all.
 */
static int member_socket(unsigned int ns)
{
	if (world.member[ns] < 0) {
		world_enter(ns);
		world.member[ns] = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	}
	return world.member[ns];
}

static int join(const struct verb *verb)
{
	struct packet_mreq mreq = { .mr_alen = 6 };
	struct device d;
	int fd;

	if (!pick_device(&d))
		return IDLE;
	fd = member_socket(d.ns);
	if (fd < 0)
		return errno;
	mreq.mr_ifindex = d.ifindex;
	mreq.mr_type = *(const int *)verb->arg;
	if (mreq.mr_type == PACKET_MR_UNICAST)
		pick_mac(mreq.mr_address);
	else
		pick_group(mreq.mr_address);
	return setsockopt(fd, SOL_PACKET, one_in(4) ? PACKET_DROP_MEMBERSHIP :
						      PACKET_ADD_MEMBERSHIP,
			  &mreq, sizeof(mreq)) ? errno : 0;
}

static int join_ip(const struct verb *verb)
{
	struct ip_mreqn mreq = {};
	struct device d;
	int fd;

	(void)verb;
	if (!pick_device(&d))
		return IDLE;
	mreq.imr_ifindex = d.ifindex;
	mreq.imr_multiaddr.s_addr = htonl(0xef010100 + below(20));
	fd = world.ctl[d.ns];
	return setsockopt(fd, IPPROTO_IP, one_in(3) ? IP_DROP_MEMBERSHIP :
						      IP_ADD_MEMBERSHIP,
			  &mreq, sizeof(mreq)) ? errno : 0;
}

static int leave_all(const struct verb *verb)
{
	unsigned int ns = pick_ns();

	(void)verb;
	if (world.member[ns] < 0)
		return IDLE;
	close(world.member[ns]);
	world.member[ns] = -1;
	return 0;
}

/* A program with one verdict, or one that redirects to a device of its namespace */
static int load_xdp(uint32_t verdict, uint32_t ifindex)
{
	struct bpf_insn one[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .imm = verdict },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	struct bpf_insn redirect[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = 1, .imm = ifindex },
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = 2 },
		{ .code = BPF_JMP | BPF_CALL, .imm = BPF_FUNC_redirect },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	union bpf_attr attr = {
		.prog_type = BPF_PROG_TYPE_XDP,
		.insn_cnt = verdict == XDP_REDIRECT ? COUNT(redirect) : COUNT(one),
		.insns = (uintptr_t)(verdict == XDP_REDIRECT ? redirect : one),
		.license = (uintptr_t)"GPL",
	};

	return syscall(SYS_bpf, BPF_PROG_LOAD, &attr, sizeof(attr));
}

static int set_xdp(const struct verb *verb)
{
	int fd = *(const bool *)verb->arg ? load_xdp(below(6), 1 + below(16)) : -1, error;
	struct nlattr *xdp;
	struct device d;
	struct msg m;

	if (*(const bool *)verb->arg && fd < 0)
		return errno;
	if (pick_device(&d)) {
		link_begin(&m, RTM_NEWLINK, 0, d.ifindex, 0, 0);
		xdp = msg_nest(&m, IFLA_XDP | NLA_F_NESTED);
		msg_put_u32(&m, IFLA_XDP_FD, fd);
		if (one_in(2))
			msg_put_u32(&m, IFLA_XDP_FLAGS, 1 << below(4));
		msg_nest_end(&m, xdp);
		error = msg_talk(&m, d.ns);
	} else {
		error = IDLE;
	}
	if (fd >= 0)
		close(fd);
	return error;
}

static const bool yes = true, no;
static const int carrier = IFLA_CARRIER, proto_down = IFLA_PROTO_DOWN,
		 link_mode = IFLA_LINKMODE;
static const int mr_group = PACKET_MR_MULTICAST, mr_unicast = PACKET_MR_UNICAST,
		 mr_promisc = PACKET_MR_PROMISC, mr_all = PACKET_MR_ALLMULTI;

#define CONTROL	(ADMIN | TENANT | NOMEM)

const struct verb set_verbs[] = {
	{ "mtu", set_mtu, 24, CONTROL, true, NULL, NULL },
	{ "queue-room", set_txqlen, 16, CONTROL, true, NULL, NULL },
	{ "group", set_group, 2, ADMIN | TENANT, true, NULL, NULL },
	{ "gso-size", set_gso, 6, CONTROL, true, NULL, NULL },
	{ "carrier", set_u8, 6, ADMIN | TENANT, true, &carrier, NULL },
	{ "proto-down", set_u8, 4, ADMIN | TENANT, true, &proto_down, NULL },
	{ "link-mode", set_u8, 2, ADMIN | TENANT, true, &link_mode, NULL },
	{ "mac", set_mac, 24, CONTROL, true, NULL, NULL },
	{ "ip", set_ip, 30, CONTROL, true, &yes, NULL },
	{ "no-ip", set_ip, 8, ADMIN | TENANT, true, &no, NULL },
	{ "join", join, 16, CONTROL, false, &mr_group, NULL },
	{ "claim", join, 12, CONTROL, false, &mr_unicast, NULL },
	{ "watch", join, 4, CONTROL, false, &mr_promisc, NULL },
	{ "watch-groups", join, 4, CONTROL, false, &mr_all, NULL },
	{ "join-ip", join_ip, 10, CONTROL, false, NULL, NULL },
	{ "leave-all", leave_all, 6, CONTROL, false, NULL, NULL },
	{ "xdp", set_xdp, 6, ADMIN, true, &yes, NULL },
	{ "no-xdp", set_xdp, 6, ADMIN, true, &no, NULL },
	{ }
};
