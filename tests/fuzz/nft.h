/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _NFT_H
#define _NFT_H

/* nft.c: commands of nft in a namespace. Returns 0 or an errno. */
int nft(unsigned int ns, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif /* _NFT_H */
