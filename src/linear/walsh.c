/* SPDX-License-Identifier: MIT */
#include "linear/walsh.h"

#include <assert.h>

#include "linear/kernels.h"

void walsh_transform(double x[], size_t n, size_t block, double scale)
{
    assert(block > 0 && (block & (block - 1)) == 0 && n % block == 0);
    kernels_best()->walsh(x, n, block, scale);
}

void walsh_transform_single(float x[], size_t n, size_t block, float scale)
{
    assert(block > 0 && (block & (block - 1)) == 0 && n % block == 0);
    kernels_best()->walsh_single(x, n, block, scale);
}
