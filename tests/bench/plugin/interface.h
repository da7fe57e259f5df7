/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Of the interface of QEMU's plugins, version 1, as much as functions.c needs: Debian 12
 * has no package with the header.
 */
#ifndef BENCH_PLUGIN_INTERFACE_H
#define BENCH_PLUGIN_INTERFACE_H

#include <stddef.h>
#include <stdint.h>

#define EXPORT __attribute__((visibility("default")))

struct qemu_info;
struct qemu_plugin_insn;
struct qemu_plugin_tb;

/* A callback that reads no registers, and the only operation without a callback */
enum { CB_NO_REGS };
enum { INLINE_ADD_U64 };

typedef void (*translate_cb)(uint64_t id, struct qemu_plugin_tb *tb);
typedef void (*exec_cb)(unsigned int cpu, void *data);

void qemu_plugin_register_vcpu_tb_trans_cb(uint64_t id, translate_cb cb);
void qemu_plugin_register_vcpu_tb_exec_inline(struct qemu_plugin_tb *tb, int op, void *counter,
					      uint64_t add);
void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *insn, exec_cb cb, int flags,
					    void *data);
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *tb);
uint64_t qemu_plugin_tb_vaddr(const struct qemu_plugin_tb *tb);
struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *tb, size_t n);
const void *qemu_plugin_insn_data(const struct qemu_plugin_insn *insn);
size_t qemu_plugin_insn_size(const struct qemu_plugin_insn *insn);

#endif /* BENCH_PLUGIN_INTERFACE_H */
