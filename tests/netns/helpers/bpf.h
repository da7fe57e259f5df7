/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Makes small BPF programs by hand, loads and pins them: the guest has no compiler.
 */
#ifndef HELPERS_BPF_H
#define HELPERS_BPF_H

#include <err.h>
#include <linux/bpf.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

#define INSN(c, d, s, o, i) \
	((struct bpf_insn){ .code = (c), .dst_reg = (d), .src_reg = (s), .off = (o), .imm = (i) })
#define MOV(d, i)	INSN(BPF_ALU64 | BPF_MOV | BPF_K, d, 0, 0, i)
#define MOV_REG(d, s)	INSN(BPF_ALU64 | BPF_MOV | BPF_X, d, s, 0, 0)
#define CALL(f)		INSN(BPF_JMP | BPF_CALL, 0, 0, 0, f)
#define EXIT		INSN(BPF_JMP | BPF_EXIT, 0, 0, 0, 0)

static struct bpf_insn program[64];
static int length;

static inline void add(struct bpf_insn insn)
{
	program[length++] = insn;
}

static inline int bpf(int command, union bpf_attr *attr)
{
	return syscall(__NR_bpf, command, attr, sizeof(*attr));
}

/* Loads what was added. */
static inline int load(int type, int flags)
{
	static char log[65536];
	union bpf_attr attr = {
		.prog_type = type,
		.prog_flags = flags,
		.insn_cnt = length,
		.insns = (uintptr_t)program,
		.license = (uintptr_t)"GPL",
		.log_buf = (uintptr_t)log,
		.log_size = sizeof(log),
		.log_level = 1,
	};
	int fd = bpf(BPF_PROG_LOAD, &attr);

	if (fd < 0)
		err(1, "load: %s", log);
	return fd;
}

static inline void pin(int fd, const char *path)
{
	union bpf_attr attr = { .pathname = (uintptr_t)path, .bpf_fd = fd };

	if (bpf(BPF_OBJ_PIN, &attr))
		err(1, "pin to %s", path);
}

#endif /* HELPERS_BPF_H */
