/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Shared by the suites. All that is made here is taken back at the end of the
 * test case, also when an assertion ends it.
 */
#ifndef _VNICX_KUNIT_FIXTURE_H
#define _VNICX_KUNIT_FIXTURE_H

#include <kunit/test.h>
#include <linux/if_ether.h>

#include "../../switch/internal.h"

/* The addresses of tests: a vNIC's is that of its number. */
#define VNICX_TEST_ADDR(n)	{ 0x02, 0, 0, 0, 0, (n) }
#define VNICX_TEST_GROUP(n)	{ 0x03, 0, 0, 0, 0, (n) }
#define VNICX_TEST_LOWER	0xff
#define VNICX_TEST_NOBODY	0xfe

/**
 * struct vnicx_test_tables - a switch, for tests of its tables
 * @sw: the switch
 * @port: its vNICs' ports
 */
struct vnicx_test_tables {
	struct vnicx_switch *sw;
	struct vnicx_port *port;
};

void vnicx_test_addr(u8 *addr, unsigned int n);
struct vnicx_switch *vnicx_test_switch(struct kunit *test);
struct vnicx_port *vnicx_test_ports(struct kunit *test, struct vnicx_switch *sw,
				    unsigned int n);
struct vnicx_test_tables *vnicx_test_tables(struct kunit *test, unsigned int n);
struct vnicx_port *vnicx_test_lookup(struct vnicx_switch *sw, const u8 *addr,
				     u16 vid);
u64 vnicx_test_stat(const struct vnicx_port *port, enum vnicx_counter counter);
int vnicx_test_fdb_add(struct kunit *test, struct vnicx_port *port,
		       const u8 *addr, u16 vid);
int vnicx_test_group_join(struct kunit *test, struct vnicx_port *port,
			  const u8 *addr);
int vnicx_test_set_host_addr(struct vnicx_switch *sw, const u8 *addr);

#endif /* _VNICX_KUNIT_FIXTURE_H */
