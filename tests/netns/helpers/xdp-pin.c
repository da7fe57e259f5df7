// SPDX-License-Identifier: GPL-2.0
/*
 * Loads a small XDP program and pins it.
 *
 *	xdp-pin PATH return VERDICT	for every frame
 *	xdp-pin PATH match OFFSET BYTE VERDICT	for frames with that byte there; others
 *					pass
 *	xdp-pin PATH reflect TYPE	sends frames of that EtherType back (TX)
 *	xdp-pin PATH forward IFINDEX TO FROM TYPE	redirects frames of that EtherType,
 *					with these addresses
 *	xdp-pin PATH redirect IFINDEX	redirects every frame as it is
 *	xdp-pin PATH push VID		puts a VLAN tag into frames, which pass
 *	xdp-pin PATH tail BYTES		lets frames grow or shrink and pass; drops those
 *					that cannot
 *	xdp-pin PATH meta		gives frames, which pass, metadata
 *
 * "match" drops frames that are too short. With -f before PATH, the program says that it
 * knows frames of several buffers.
 */
#include <arpa/inet.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "bpf.h"

#define LOAD(size, d, s, o)	INSN(BPF_LDX | (size) | BPF_MEM, d, s, o, 0)
#define STORE(size, d, s, o)	INSN(BPF_STX | (size) | BPF_MEM, d, s, o, 0)
#define ST(size, d, o, i)	INSN(BPF_ST | (size) | BPF_MEM, d, 0, o, i)
#define ADD(d, i)		INSN(BPF_ALU64 | BPF_ADD | BPF_K, d, 0, 0, i)

/* r2 is where the frame begins, r1 the context, and r6 as well; drops frames shorter
 * than that.
 */
static void add_frame(int bytes)
{
	add(LOAD(BPF_W, 2, 1, offsetof(struct xdp_md, data)));
	add(LOAD(BPF_W, 3, 1, offsetof(struct xdp_md, data_end)));
	add(MOV_REG(4, 2));
	add(ADD(4, bytes));
	add(INSN(BPF_JMP | BPF_JLE | BPF_X, 4, 3, 2, 0));
	add(MOV(0, XDP_DROP));
	add(EXIT);
}

static void add_return(int verdict)
{
	add(MOV(0, verdict));
	add(EXIT);
}

static void add_match(int offset, int byte, int verdict)
{
	add_frame(offset + 1);
	add(LOAD(BPF_B, 5, 2, offset));
	add(INSN(BPF_JMP | BPF_JEQ | BPF_K, 5, 0, 2, byte));
	add_return(XDP_PASS);
	add_return(verdict);
}

/* Frames of another EtherType pass. */
static void add_type(int type)
{
	add(LOAD(BPF_H, 5, 2, 12));
	add(INSN(BPF_JMP | BPF_JEQ | BPF_K, 5, 0, 2, htons(type)));
	add_return(XDP_PASS);
}

static void add_reflect(int type)
{
	int i;

	add_frame(60);
	add_type(type);
	for (i = 0; i < 6; i += 2) {
		add(LOAD(BPF_H, 4, 2, i));
		add(LOAD(BPF_H, 5, 2, 6 + i));
		add(STORE(BPF_H, 2, 4, 6 + i));
		add(STORE(BPF_H, 2, 5, i));
	}
	add_return(XDP_TX);
}

static void add_address(const char *text, int offset)
{
	unsigned char mac[6];
	int i;

	if (sscanf(text, "%hhx:%hhx:%hhx:%hhx:%hhx:%hhx", mac, mac + 1, mac + 2,
		   mac + 3, mac + 4, mac + 5) != 6)
		errx(2, "no address: %s", text);
	for (i = 0; i < 6; i++)
		add(ST(BPF_B, 2, offset + i, mac[i]));
}

static void add_redirect(int ifindex)
{
	add(MOV(1, ifindex));
	add(MOV(2, 0));
	add(CALL(BPF_FUNC_redirect));
	add(EXIT);
}

static void add_forward(int ifindex, const char *to, const char *from, int type)
{
	add_frame(14);
	add_type(type);
	add_address(to, 0);
	add_address(from, 6);
	add_redirect(ifindex);
}

static void add_push(int vid)
{
	int i;

	add(MOV_REG(6, 1));
	add(MOV(2, -4));
	add(CALL(BPF_FUNC_xdp_adjust_head));
	add(MOV_REG(1, 6));
	add_frame(18);
	for (i = 0; i < 12; i += 2) {
		add(LOAD(BPF_H, 5, 2, 4 + i));
		add(STORE(BPF_H, 2, 5, i));
	}
	add(ST(BPF_H, 2, 12, htons(0x8100)));
	add(ST(BPF_H, 2, 14, htons(vid)));
	add_return(XDP_PASS);
}

static void add_tail(int bytes)
{
	add(MOV(2, bytes));
	add(CALL(BPF_FUNC_xdp_adjust_tail));
	add(INSN(BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 2, 0));
	add_return(XDP_DROP);
	add_return(XDP_PASS);
}

static void add_meta(void)
{
	add(MOV_REG(6, 1));
	add(MOV(2, -8));
	add(CALL(BPF_FUNC_xdp_adjust_meta));
	add(INSN(BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 2, 0));
	add_return(XDP_DROP);
	add_return(XDP_PASS);
}

static int number(char **argv, int argc, int i)
{
	if (i >= argc)
		errx(2, "%s: an argument is missing", argv[2]);
	return strtol(argv[i], NULL, 0);
}

int main(int argc, char **argv)
{
	const char *kind;
	int flags = 0;

	if (argc > 1 && !strcmp(argv[1], "-f")) {
		flags = BPF_F_XDP_HAS_FRAGS;
		argc--;
		argv++;
	}
	kind = argc > 2 ? argv[2] : "";
	if (!strcmp(kind, "return"))
		add_return(number(argv, argc, 3));
	else if (!strcmp(kind, "match"))
		add_match(number(argv, argc, 3), number(argv, argc, 4),
			  number(argv, argc, 5));
	else if (!strcmp(kind, "reflect"))
		add_reflect(number(argv, argc, 3));
	else if (!strcmp(kind, "redirect"))
		add_redirect(number(argv, argc, 3));
	else if (!strcmp(kind, "forward") && argc == 7)
		add_forward(number(argv, argc, 3), argv[4], argv[5],
			    number(argv, argc, 6));
	else if (!strcmp(kind, "push"))
		add_push(number(argv, argc, 3));
	else if (!strcmp(kind, "tail"))
		add_tail(number(argv, argc, 3));
	else if (!strcmp(kind, "meta"))
		add_meta();
	else
		errx(2, "usage: xdp-pin [-f] PATH KIND [ARGUMENT...]");
	pin(load(BPF_PROG_TYPE_XDP, flags), argv[1]);
	return 0;
}
