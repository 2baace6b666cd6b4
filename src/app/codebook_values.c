/* SPDX-License-Identifier: MIT */
#include "app/codebook_values.h"

#include "base/mem.h"
#include "stats/quantile.h"

/* Elements decoded at a time. */
#define BLOCK ((size_t)1 << 16)

static uint64_t common_divisor(uint64_t a, uint64_t b)
{
    while (b) {
        const uint64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

uint64_t codebook_stride(uint64_t elements, uint64_t channel_length)
{
    if (elements <= CODEBOOK_VALUES_MOST)
        return 1;
    uint64_t stride = (elements - 1) / CODEBOOK_VALUES_MOST + 1;
    while (common_divisor(stride, channel_length) > 1)
        stride++;
    return stride;
}

/* Every stride-th element from the first one on; false with *error. */
static bool read_values(const struct tensor *tensor, struct tensor_view view, uint64_t stride,
                        double value[], struct error *error)
{
    double *block = mem_alloc(BLOCK, sizeof *block);
    bool ok = true;
    uint64_t next = 0;
    for (uint64_t first = 0; first < tensor->elements && ok; first += BLOCK) {
        const uint64_t rest = tensor->elements - first;
        const size_t n = rest < BLOCK ? (size_t)rest : BLOCK;
        ok = tensor_read(tensor, view, first, n, block, error);
        for (; ok && next < first + n; next += stride)
            *value++ = block[next - first];
    }
    mem_free(block);
    return ok;
}

double *codebook_values(const struct tensor *tensor, struct tensor_view view, size_t *n,
                        bool *sampled, struct error *error)
{
    const char *reason;
    if (!tensor_readable(tensor, &reason)) {
        error_set(error, ERROR_USAGE, "%s cannot be read: %s", tensor->label, reason);
        return NULL;
    }
    const uint64_t stride = codebook_stride(tensor->elements, tensor_channel_length(tensor, view));
    const size_t count = tensor->elements ? (size_t)((tensor->elements - 1) / stride + 1) : 0;
    double *value = mem_alloc(count, sizeof *value);
    bool ok = read_values(tensor, view, stride, value, error);
    *n = ok ? quantile_keep_finite(value, count) : 0;
    *sampled = stride > 1;
    if (ok && *n == 0)
        ok = error_set(error, ERROR_USAGE, "%s has no finite values", tensor->label);
    if (!ok) {
        mem_free(value);
        return NULL;
    }
    quantile_sort(value, *n);
    return value;
}
