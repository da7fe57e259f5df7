// SPDX-License-Identifier: GPL-2.0
/*
 * vnicx: virtual NICs over one lower device, with a switch between them.
 */
#include <linux/if_vnicx.h>
#include <linux/module.h>

#include "addr/addr.h"
#include "announce/announce.h"
#include "nl/nl.h"

static bool threaded;
module_param(threaded, bool, 0444);
MODULE_PARM_DESC(threaded, "receive frames between vNICs in threads, napi/vnicx-*, instead of softirqs (default N)");

static int __init vnicx_init(void)
{
	int err;

	err = vnicx_params_valid();
	if (err)
		return err;
	err = vnicx_switch_init(threaded);
	if (err)
		return err;
	err = vnicx_hear_init();
	if (err)
		goto exit_switch;
	err = vnicx_notify_init();
	if (err)
		goto exit_hear;
	err = vnicx_link_register(&vnicx_link_ops);
	if (err)
		goto exit_notify;
	err = vnicx_genl_init();
	if (err)
		goto unregister_link;
	err = vnicx_params_init();
	if (err)
		goto exit_genl;
	return 0;

exit_genl:
	vnicx_genl_exit();
unregister_link:
	rtnl_link_unregister(&vnicx_link_ops);
exit_notify:
	vnicx_notify_exit();
	vnicx_flags_exit();
exit_hear:
	vnicx_hear_exit();
exit_switch:
	vnicx_switch_exit();
	return err;
}

static void __exit vnicx_exit(void)
{
	vnicx_params_exit();
	vnicx_genl_exit();
	/* This removes every vNIC, and each switch with its last vNIC. */
	rtnl_link_unregister(&vnicx_link_ops);
	vnicx_notify_exit();
	vnicx_flags_exit();
	vnicx_hear_exit();
	vnicx_switch_exit();
}

module_init(vnicx_init);
module_exit(vnicx_exit);

MODULE_DESCRIPTION("Virtual NICs over one lower device, switched in memory");
MODULE_VERSION(VNICX_VERSION);
MODULE_LICENSE("GPL");
MODULE_ALIAS_RTNL_LINK(VNICX_KIND);
