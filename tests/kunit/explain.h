/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Questions of tests.
 */
#ifndef _VNICX_KUNIT_EXPLAIN_H
#define _VNICX_KUNIT_EXPLAIN_H

#include <vnicx/explain.h>

struct kunit;

void vnicx_test_explain(struct kunit *test, const struct vnicx_question *q,
			struct vnicx_answer *a);

#endif /* _VNICX_KUNIT_EXPLAIN_H */
