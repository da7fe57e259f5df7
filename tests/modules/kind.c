// SPDX-License-Identifier: GPL-2.0
/*
 * vnicx_test_kind: takes the name of a kind of device from rtnetlink, so that
 * the module which the kind belongs to fails late in its init.
 */
#include <linux/module.h>
#include <net/rtnetlink.h>

static char *kind = "vnicx";
module_param(kind, charp, 0444);
MODULE_PARM_DESC(kind, "the name to take");

static struct rtnl_link_ops kind_ops;

static int __init kind_init(void)
{
	kind_ops.kind = kind;
	return rtnl_link_register(&kind_ops);
}

static void __exit kind_exit(void)
{
	rtnl_link_unregister(&kind_ops);
}

module_init(kind_init);
module_exit(kind_exit);

MODULE_DESCRIPTION("Takes the name of a kind of device, for tests");
MODULE_LICENSE("GPL");
