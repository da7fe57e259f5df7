// SPDX-License-Identifier: GPL-2.0
/*
 * Loads a small BPF program, made by hand, and pins it: the guest has no compiler.
 *
 *	bpf-pin PATH return VERDICT		for every frame
 *	bpf-pin PATH match OFFSET BYTE		drops (2) frames with that byte there, and
 *						lets others pass (0)
 *	bpf-pin PATH protocol TYPE		drops frames that the kernel takes for that
 *						EtherType (skb->protocol), in hexadecimal
 *	bpf-pin PATH write OFFSET BYTE		writes it there, and lets the frame pass
 *	bpf-pin PATH redirect IFINDEX		asks for a redirection
 *	bpf-pin PATH socket			lets pass, but is of another type
 */
#include <arpa/inet.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "bpf.h"

static void add_match(int offset, int byte)
{
	/* such a load takes the frame from r6 */
	add(MOV_REG(6, 1));
	add(INSN(BPF_LD | BPF_ABS | BPF_B, 0, 0, 0, offset));
	add(INSN(BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 2, byte));
	add(MOV(0, 0));
	add(EXIT);
	add(MOV(0, 2));
	add(EXIT);
}

static void add_protocol(int type)
{
	add(INSN(BPF_LDX | BPF_MEM | BPF_W, 2, 1, offsetof(struct __sk_buff, protocol), 0));
	add(INSN(BPF_JMP | BPF_JEQ | BPF_K, 2, 0, 2, htons(type)));
	add(MOV(0, 0));
	add(EXIT);
	add(MOV(0, 2));
	add(EXIT);
}

static void add_write(int offset, int byte)
{
	add(INSN(BPF_ST | BPF_MEM | BPF_B, 10, 0, -1, byte));
	add(MOV(2, offset));
	add(MOV_REG(3, 10));
	add(INSN(BPF_ALU64 | BPF_ADD | BPF_K, 3, 0, 0, -1));
	add(MOV(4, 1));
	add(MOV(5, 0));
	add(CALL(BPF_FUNC_skb_store_bytes));
	add(MOV(0, 0));
	add(EXIT);
}

static void add_redirect(int ifindex)
{
	add(MOV(1, ifindex));
	add(MOV(2, 0));
	add(CALL(BPF_FUNC_redirect));
	add(EXIT);
}

int main(int argc, char **argv)
{
	int type = BPF_PROG_TYPE_SCHED_CLS;
	int a = argc > 3 ? atoi(argv[3]) : 0, b = argc > 4 ? atoi(argv[4]) : 0;
	const char *kind = argc > 2 ? argv[2] : "";

	if (!strcmp(kind, "match")) {
		add_match(a, b);
	} else if (!strcmp(kind, "protocol")) {
		add_protocol(strtoul(argc > 3 ? argv[3] : "", NULL, 16));
	} else if (!strcmp(kind, "write")) {
		add_write(a, b);
	} else if (!strcmp(kind, "redirect")) {
		add_redirect(a);
	} else if (!strcmp(kind, "return") || !strcmp(kind, "socket")) {
		add(MOV(0, a));
		add(EXIT);
	} else {
		errx(2, "usage: bpf-pin PATH KIND [ARGUMENT...]");
	}
	if (!strcmp(kind, "socket"))
		type = BPF_PROG_TYPE_SOCKET_FILTER;
	pin(load(type, 0), argv[1]);
	return 0;
}
