// SPDX-License-Identifier: GPL-2.0
/*
 * vnicx_kunit.ko: the suites of this directory, which run when it is loaded.
 */
#include <linux/module.h>

MODULE_IMPORT_NS("EXPORTED_FOR_KUNIT_TESTING");
MODULE_DESCRIPTION("KUnit tests of vnicx");
MODULE_LICENSE("GPL");
