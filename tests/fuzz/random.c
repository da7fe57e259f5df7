// SPDX-License-Identifier: GPL-2.0
/*
 * Chance, from a seed: splitmix64.
 */
#include "fuzz.h"

static uint64_t state;

static uint64_t next(void)
{
	uint64_t z = state += 0x9e3779b97f4a7c15;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
	return z ^ (z >> 31);
}

/* No operation depends on how much chance the ones before it used up, so that it
 * can be left out of a run or carried out alone.
 */
void chance_begin(uint64_t seed, unsigned int role, uint64_t n)
{
	state = seed;
	state = next() + role;
	state = next() + n;
}

uint32_t chance(void)
{
	return next() >> 32;
}

uint32_t below(uint32_t n)
{
	return n ? chance() % n : 0;
}

bool one_in(uint32_t n)
{
	return !below(n);
}

uint32_t any_size(void)
{
	return chance() >> below(32);
}

uint32_t edge(void)
{
	static const uint32_t edges[] = {
		0, 1, 2, 3, 14, 60, 68, 127, 128, 255, 256, 1000, 1280, 1500,
		1514, 4095, 4096, 9000, 32767, 32768, 65519, 65520, 65534,
		65535, 65536, 1 << 20, 0x7fffffff, 0x80000000, 0xfffffff0,
		0xfffffffe, 0xffffffff,
	};

	return one_in(4) ? any_size() : PICK(edges);
}

void random_bytes(void *to, size_t len)
{
	uint8_t *at = to;

	while (len--)
		*at++ = chance();
}
