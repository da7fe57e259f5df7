// SPDX-License-Identifier: GPL-2.0
/*
 * Marks for a row that is a shell script.
 *
 *	mark write FILE WORD	writes the word, as a line, between a begin and an end
 *	mark keep		the last measurement is one of those to be shown
 */
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "mark.h"

int main(int argc, char **argv)
{
	char line[64];
	int fd, len;

	if (argc == 2 && !strcmp(argv[1], "keep")) {
		mark_keep();
		return 0;
	}
	if (argc != 4 || strcmp(argv[1], "write"))
		errx(2, "usage: mark write FILE WORD | keep");
	fd = open(argv[2], O_WRONLY);
	if (fd < 0)
		err(1, "%s", argv[2]);
	len = snprintf(line, sizeof(line), "%s\n", argv[3]);
	mark_begin();
	len -= write(fd, line, len);
	mark_end();
	if (len)
		err(1, "%s", argv[2]);
	return 0;
}
