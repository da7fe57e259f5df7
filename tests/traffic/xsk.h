/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The AF_XDP socket that may be one end of a relay.
 */
#ifndef XSK_H
#define XSK_H

#include <stdbool.h>
#include <sys/types.h>

/* As many ends of relays may be AF_XDP sockets. */
#define XSK_MAX	4

int xsk_open(unsigned int i, char *ns, char *dev, bool zero_copy);
ssize_t xsk_read(unsigned int i, void *frame, size_t size);
ssize_t xsk_write(unsigned int i, const void *frame, size_t len);
void xsk_flush(unsigned int i);

#endif /* XSK_H */
