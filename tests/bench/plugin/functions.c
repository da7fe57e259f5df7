// SPDX-License-Identifier: GPL-2.0
/*
 * A plugin for QEMU 7.2 (TCG): counts the instructions that a guest executes between
 * the marks of tests/bench/mark.h, by the address at which their block begins. For each
 * measurement that is kept it writes DIRECTORY/NUMBER, from 1 on, with lines
 *
 *	ADDRESS COUNT	of the kernel, the address in 16 digits of base 16
 *	user COUNT	of all programs together
 *
 *	qemu-system-x86_64 -smp 1 -plugin functions.so,out=DIRECTORY ...
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "interface.h"

EXPORT int qemu_plugin_version = 1;

/* Blocks that a kernel of which a row uses a part has: some 100,000 */
#define BLOCKS 1000000

struct block {
	uint64_t address;
	uint64_t count;
	uint64_t at_begin;
	uint64_t measured;
};

/* A hash table: the first entry is for programs, whatever their address. */
static struct block *blocks;
static unsigned int nr_blocks;
static const char *out;
static unsigned int nr_kept;

static void die(const char *what)
{
	fprintf(stderr, "plugin: %s\n", what);
	exit(1);
}

static struct block *find_block(uint64_t address)
{
	uint64_t i = (address * 0x9e3779b97f4a7c15) >> 40;

	if (!(address >> 63))
		return blocks;
	do {
		i = i % (BLOCKS - 1) + 1;
	} while (blocks[i].address && blocks[i].address != address);
	if (!blocks[i].address && ++nr_blocks > BLOCKS / 2)
		die("too many blocks");
	blocks[i].address = address;
	return &blocks[i];
}

static void begin(unsigned int cpu, void *data)
{
	unsigned int i;

	(void)cpu;
	(void)data;
	for (i = 0; i < BLOCKS; i++)
		blocks[i].at_begin = blocks[i].count;
}

static void end(unsigned int cpu, void *data)
{
	unsigned int i;

	(void)cpu;
	(void)data;
	for (i = 0; i < BLOCKS; i++)
		blocks[i].measured = blocks[i].count - blocks[i].at_begin;
}

static void keep(unsigned int cpu, void *data)
{
	char path[4096];
	unsigned int i;
	FILE *file;

	(void)cpu;
	(void)data;
	snprintf(path, sizeof(path), "%s/%u", out, ++nr_kept);
	file = fopen(path, "w");
	if (!file)
		die(path);
	fprintf(file, "user %llu\n", (unsigned long long)blocks[0].measured);
	for (i = 1; i < BLOCKS; i++)
		if (blocks[i].measured)
			fprintf(file, "%016llx %llu\n", (unsigned long long)blocks[i].address,
				(unsigned long long)blocks[i].measured);
	if (fclose(file))
		die(path);
}

/* nopl 0x76e1c00N(%rax) */
static void mark(struct qemu_plugin_insn *insn)
{
	static void (*const marks[])(unsigned int cpu, void *data) = { begin, end, keep };
	const unsigned char *data = qemu_plugin_insn_data(insn);

	if (qemu_plugin_insn_size(insn) != 7 || memcmp(data, "\x0f\x1f\x80", 3) ||
	    memcmp(data + 4, "\xc0\xe1\x76", 3) || data[3] < 1 || data[3] > 3)
		return;
	qemu_plugin_register_vcpu_insn_exec_cb(insn, marks[data[3] - 1], CB_NO_REGS, NULL);
}

/* One processor translates at a time. */
static void translate(uint64_t id, struct qemu_plugin_tb *tb)
{
	struct block *block = find_block(qemu_plugin_tb_vaddr(tb));
	size_t n = qemu_plugin_tb_n_insns(tb), i;

	(void)id;
	qemu_plugin_register_vcpu_tb_exec_inline(tb, INLINE_ADD_U64, &block->count, n);
	if (block == blocks)
		for (i = 0; i < n; i++)
			mark(qemu_plugin_tb_get_insn(tb, i));
}

EXPORT int qemu_plugin_install(uint64_t id, const struct qemu_info *info, int argc, char **argv)
{
	(void)info;
	if (argc != 1 || strncmp(argv[0], "out=", 4))
		die("out=DIRECTORY is missing");
	out = strdup(argv[0] + 4);
	blocks = calloc(BLOCKS, sizeof(*blocks));
	if (!out || !blocks)
		die("no memory");
	qemu_plugin_register_vcpu_tb_trans_cb(id, translate);
	return 0;
}
