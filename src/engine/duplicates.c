/* SPDX-License-Identifier: MIT */
#include "engine/duplicates.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

struct buffers {
    double *a, *b;   /* WORKSPACE_ELEMENTS */
    double *scratch; /* WORKSPACE_SCRATCH */
};

static int by_hash(const void *left, const void *right)
{
    const struct duplicate *a = left, *b = right;
    if (a->hash != b->hash)
        return a->hash < b->hash ? -1 : 1;
    return a->row < b->row ? -1 : a->row > b->row;
}

static int by_row(const void *left, const void *right)
{
    const struct duplicate *a = left, *b = right;
    return a->row < b->row ? -1 : a->row > b->row;
}

/* Whether two rows are the same, in *same; false with *error. */
static bool compare(const struct stage *stage, const struct buffers *buffers, size_t a, size_t b,
                    bool *same, struct error *error)
{
    const struct rows *rows = stage->rows;
    size_t parts = rows->parts_per_channel;
    *same = true;
    for (size_t i = 0; *same && i < parts; i++) {
        if (atomic_load(&stage->watch->cancel))
            return error_set(error, ERROR_CANCELLED, "cancelled");
        if (!rows_read(rows, a * parts + i, buffers->a, buffers->scratch, error) ||
            !rows_read(rows, b * parts + i, buffers->b, buffers->scratch, error))
            return false;
        size_t bytes = rows_part_length(rows, a * parts + i) * sizeof(double);
        *same = memcmp(buffers->a, buffers->b, bytes) == 0;
    }
    return true;
}

bool duplicates_find(const struct stage *stage, struct duplicate row[], size_t n,
                     struct error *error)
{
    struct buffers buffers = {mem_alloc(WORKSPACE_ELEMENTS, sizeof(double)),
                              mem_alloc(WORKSPACE_ELEMENTS, sizeof(double)),
                              mem_alloc(WORKSPACE_SCRATCH, sizeof(double))};
    bool ok = true;
    qsort(row, n, sizeof *row, by_hash);
    for (size_t i = 1, first = 0; ok && i < n; i++) {
        bool same = false;
        if (row[i].hash != row[first].hash)
            first = i;
        else
            ok = compare(stage, &buffers, row[first].row, row[i].row, &same, error);
        if (same)
            row[i].same_as = row[first].row;
    }
    qsort(row, n, sizeof *row, by_row);
    mem_free(buffers.a);
    mem_free(buffers.b);
    mem_free(buffers.scratch);
    return ok;
}
