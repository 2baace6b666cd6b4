/* SPDX-License-Identifier: MIT */
#include "linear/hadamard.h"

#include <assert.h>
#include <math.h>

size_t hadamard_block(uint64_t d)
{
    size_t block = 1;
    while (d > 0 && block < HADAMARD_MOST && d % (2 * block) == 0)
        block *= 2;
    return block;
}

/* Two butterfly stages in one sweep, at distances h and 2h: half the loads and stores. */
static void double_stage(double x[], size_t n, size_t h)
{
    for (size_t i = 0; i < n; i += 4 * h) {
        for (size_t j = i; j < i + h; j++) {
            double a = x[j] + x[j + h], b = x[j] - x[j + h];
            double c = x[j + 2 * h] + x[j + 3 * h], d = x[j + 2 * h] - x[j + 3 * h];
            x[j] = a + c;
            x[j + h] = b + d;
            x[j + 2 * h] = a - c;
            x[j + 3 * h] = b - d;
        }
    }
}

/* The stage that is left when the block is twice a power of four. */
static void single_stage(double x[], size_t h)
{
    for (size_t j = 0; j < h; j++) {
        double a = x[j], b = x[j + h];
        x[j] = a + b;
        x[j + h] = a - b;
    }
}

static void one_block(double x[], size_t block)
{
    const double scale = 1 / sqrt((double)block);
    size_t h = 1;
    for (; 4 * h <= block; h *= 4)
        double_stage(x, block, h);
    if (2 * h == block)
        single_stage(x, h);
    for (size_t i = 0; i < block; i++)
        x[i] *= scale;
}

void hadamard_apply(double x[], size_t n, size_t block)
{
    assert(block > 0 && (block & (block - 1)) == 0 && block <= HADAMARD_MOST && n % block == 0);
    if (block == 1)
        return;
    for (size_t i = 0; i < n; i += block)
        one_block(x + i, block);
}
