// SPDX-License-Identifier: GPL-2.0
/*
 * An XDP program that asks its device for what it knows of a frame beside its data.
 *
 *	xdp-meta PATH IFINDEX	loads it for that device, and pins it; its map is PATH-map
 *	xdp-meta PATH-map	prints what it was told of the last frame
 *
 * It prints "hash ERROR HASH TYPE time ERROR NANOSECONDS" and lets all frames pass.
 */
#include <fcntl.h>
#include <linux/btf.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "bpf.h"

#ifndef BPF_F_XDP_DEV_BOUND_ONLY
#define BPF_F_XDP_DEV_BOUND_ONLY	0x40
#endif

struct told {
	int32_t hash_error;
	uint32_t hash;
	uint32_t type;
	int32_t time_error;
	uint64_t time;
};

/* Size of what follows a type */
static size_t tail_of(const struct btf_type *type)
{
	unsigned int n = BTF_INFO_VLEN(type->info);

	switch (BTF_INFO_KIND(type->info)) {
	case BTF_KIND_INT:
	case BTF_KIND_VAR:
	case BTF_KIND_DECL_TAG:
		return 4;
	case BTF_KIND_ARRAY:
		return sizeof(struct btf_array);
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		return n * sizeof(struct btf_member);
	case BTF_KIND_ENUM:
		return n * sizeof(struct btf_enum);
	case BTF_KIND_ENUM64:
		return n * sizeof(struct btf_enum64);
	case BTF_KIND_FUNC_PROTO:
		return n * sizeof(struct btf_param);
	case BTF_KIND_DATASEC:
		return n * sizeof(struct btf_var_secinfo);
	default:
		return 0;
	}
}

/* The number by which a program calls a function of the kernel */
static int function_id(const char *name)
{
	static const char path[] = "/sys/kernel/btf/vmlinux";
	int fd = open(path, O_RDONLY), id = 0;
	const struct btf_header *head;
	const struct btf_type *type;
	const char *strings, *end;
	struct stat stat;
	char *all;
	ssize_t n;
	size_t got;

	if (fd < 0 || fstat(fd, &stat))
		err(1, "%s", path);
	all = malloc(stat.st_size);
	for (got = 0; (n = read(fd, all + got, stat.st_size - got)) > 0; got += n)
		;
	close(fd);
	head = (const void *)all;
	type = (const void *)(all + head->hdr_len + head->type_off);
	end = (const char *)type + head->type_len;
	strings = all + head->hdr_len + head->str_off;
	while ((const char *)type < end) {
		id++;
		if (BTF_INFO_KIND(type->info) == BTF_KIND_FUNC &&
		    !strcmp(strings + type->name_off, name))
			return id;
		type = (const void *)((const char *)(type + 1) + tail_of(type));
	}
	errx(1, "the kernel has no %s", name);
}

static int make_map(void)
{
	union bpf_attr attr = {
		.map_type = BPF_MAP_TYPE_ARRAY,
		.key_size = 4,
		.value_size = sizeof(struct told),
		.max_entries = 1,
	};
	int fd = bpf(BPF_MAP_CREATE, &attr);

	if (fd < 0)
		err(1, "map");
	return fd;
}

static void add_kfunc(const char *name)
{
	add(INSN(BPF_JMP | BPF_CALL, 0, BPF_PSEUDO_KFUNC_CALL, 0, function_id(name)));
}

/* r@d is the place @offset below the end of the stack. */
static void add_place(int d, int offset)
{
	add(MOV_REG(d, 10));
	add(INSN(BPF_ALU64 | BPF_ADD | BPF_K, d, 0, 0, -offset));
}

static void add_store(int size, int s, int offset)
{
	add(INSN(BPF_STX | BPF_MEM | size, 0, s, offset, 0));
}

static void load_and_pin(const char *path, int ifindex)
{
	int map = make_map(), i;
	union bpf_attr attr;
	static char log[65536], of_map[256];

	add(MOV_REG(6, 1));
	for (i = 8; i <= 32; i += 8)
		add(INSN(BPF_ST | BPF_MEM | BPF_DW, 10, 0, -i, 0));
	add_place(2, 8);
	add_place(3, 16);
	add_kfunc("bpf_xdp_metadata_rx_hash");
	add(MOV_REG(7, 0));
	add(MOV_REG(1, 6));
	add_place(2, 24);
	add_kfunc("bpf_xdp_metadata_rx_timestamp");
	add(MOV_REG(8, 0));
	add(INSN(BPF_LD | BPF_DW | BPF_IMM, 1, BPF_PSEUDO_MAP_FD, 0, map));
	add(INSN(0, 0, 0, 0, 0));
	add_place(2, 32);
	add(CALL(BPF_FUNC_map_lookup_elem));
	add(INSN(BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 8, 0));
	add_store(BPF_W, 7, offsetof(struct told, hash_error));
	add(INSN(BPF_LDX | BPF_MEM | BPF_W, 1, 10, -8, 0));
	add_store(BPF_W, 1, offsetof(struct told, hash));
	add(INSN(BPF_LDX | BPF_MEM | BPF_W, 1, 10, -16, 0));
	add_store(BPF_W, 1, offsetof(struct told, type));
	add_store(BPF_W, 8, offsetof(struct told, time_error));
	add(INSN(BPF_LDX | BPF_MEM | BPF_DW, 1, 10, -24, 0));
	add_store(BPF_DW, 1, offsetof(struct told, time));
	add(MOV(0, XDP_PASS));
	add(EXIT);
	attr = (union bpf_attr) {
		.prog_type = BPF_PROG_TYPE_XDP,
		.prog_flags = BPF_F_XDP_DEV_BOUND_ONLY,
		.prog_ifindex = ifindex,
		.insn_cnt = length,
		.insns = (uintptr_t)program,
		.license = (uintptr_t)"GPL",
		.log_buf = (uintptr_t)log,
		.log_size = sizeof(log),
		.log_level = 1,
	};
	i = bpf(BPF_PROG_LOAD, &attr);
	if (i < 0)
		err(1, "load: %s", log);
	pin(i, path);
	snprintf(of_map, sizeof(of_map), "%s-map", path);
	pin(map, of_map);
}

static void print(const char *path)
{
	union bpf_attr attr = { .pathname = (uintptr_t)path };
	struct told told;
	uint32_t key = 0;
	int fd = bpf(BPF_OBJ_GET, &attr);

	if (fd < 0)
		err(1, "%s", path);
	attr = (union bpf_attr) {
		.map_fd = fd,
		.key = (uintptr_t)&key,
		.value = (uintptr_t)&told,
	};
	if (bpf(BPF_MAP_LOOKUP_ELEM, &attr))
		err(1, "lookup");
	printf("hash %d %u %u time %d %llu\n", told.hash_error, told.hash, told.type,
	       told.time_error, (unsigned long long)told.time);
}

int main(int argc, char **argv)
{
	if (argc == 3)
		load_and_pin(argv[1], atoi(argv[2]));
	else if (argc == 2)
		print(argv[1]);
	else
		errx(2, "usage: xdp-meta PATH IFINDEX | PATH-map");
	return 0;
}
