// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>

#include "json.h"

static bool more;

/* Return the length of the character of UTF-8 that @text begins with, or 0. Names of
 * devices are any bytes that their users choose, and readers of JSON may refuse what
 * is no UTF-8: forms that are too long, and halves of surrogate pairs, too.
 */
static size_t utf8_len(const char *text)
{
	static const unsigned int least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	unsigned char lead = *text;
	size_t len = lead < 0x80 ? 1 : lead < 0xc0 ? 0 : lead < 0xe0 ? 2 :
		     lead < 0xf0 ? 3 : lead < 0xf8 ? 4 : 0;
	unsigned int code = len > 1 ? lead & (0x7f >> len) : lead;
	size_t i;

	for (i = 1; i < len; i++) {
		if ((text[i] & 0xc0) != 0x80)
			return 0;
		code = code << 6 | (text[i] & 0x3f);
	}
	if (code < least[len] || code > 0x10ffff || (code & ~0x7ffu) == 0xd800)
		return 0;
	return len;
}

static void put_string(const char *value)
{
	size_t len;

	putchar('"');
	for (; *value; value += len) {
		len = utf8_len(value);
		if (!len) {
			printf("\\ufffd");
			len = 1;
		} else if (*value == '"' || *value == '\\') {
			printf("\\%c", *value);
		} else if ((unsigned char)*value < ' ') {
			printf("\\u%04x", *value);
		} else {
			fwrite(value, len, 1, stdout);
		}
	}
	putchar('"');
}

static void begin(const char *name)
{
	if (more)
		putchar(',');
	more = true;
	if (name) {
		put_string(name);
		putchar(':');
	}
}

void json_open(const char *name, char bracket)
{
	begin(name);
	putchar(bracket);
	more = false;
}

void json_close(char bracket)
{
	putchar(bracket);
	more = true;
}

void json_string(const char *name, const char *value)
{
	begin(name);
	put_string(value);
}

void json_number(const char *name, long long value)
{
	begin(name);
	printf("%lld", value);
}

void json_bool(const char *name, bool value)
{
	begin(name);
	fputs(value ? "true" : "false", stdout);
}

void json_end(void)
{
	putchar('\n');
	more = false;
}
