/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _FURNISH_H
#define _FURNISH_H

#include "fuzz.h"

enum { NONE = -1 };

/* furnish.c */
void loopback_up(unsigned int ns);
/* A lower device, and the other end of its cable */
int make_wire(unsigned int ns, unsigned int lan);
/* A device by its name's number, over another one or NONE, up */
int make_device(unsigned int ns, unsigned int number, const char *kind, int lower);
/* Sees to it that there is one of everything; if @anew, instead of what there was */
void furnish(bool anew);

#endif /* _FURNISH_H */
