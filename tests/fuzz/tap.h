/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _TAP_H
#define _TAP_H

#include "fuzz.h"

/* tap.c: a descriptor of a device's, or -1; which is nobody else's until it is
 * closed.
 */
int tap_open(void);
int tap_close(int fd);

#endif /* _TAP_H */
