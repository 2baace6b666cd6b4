/* SPDX-License-Identifier: MIT */
#include "linear/moment_sums.h"

#include <string.h>

#include "base/mem.h"
#include "linear/second_moment.h"

/* Rows whose columns are gathered together: a narrow block's stay in a cache. */
#define GATHERED_ROWS 64

struct moment_sums {
    size_t columns, block;
    double *squares;  /* the blocks' matrices, one after the other; block * columns values */
    double *gathered; /* one block's columns of some rows */
};

struct moment_sums *moment_sums_new(size_t columns, size_t block)
{
    struct moment_sums *sums = mem_zero(1, sizeof *sums);
    sums->columns = columns;
    sums->block = block;
    sums->squares = mem_try(block, columns * sizeof *sums->squares);
    sums->gathered = mem_try(GATHERED_ROWS, block * sizeof *sums->gathered);
    if (sums->squares && sums->gathered)
        return sums;
    moment_sums_free(sums);
    return NULL;
}

void moment_sums_free(struct moment_sums *sums)
{
    if (!sums)
        return;
    mem_free(sums->gathered);
    mem_free(sums->squares);
    mem_free(sums);
}

static void add_blocks(struct moment_sums *sums, const double rows[], size_t n)
{
    for (size_t start = 0; start < sums->columns; start += sums->block) {
        const size_t width = moment_block_columns(sums->columns, sums->block, start);
        for (size_t i = 0; i < n; i++)
            memcpy(sums->gathered + i * width, rows + i * sums->columns + start,
                   width * sizeof *rows);
        second_moment_add(sums->squares + start * sums->block, width, sums->gathered, n);
    }
}

void moment_sums_add(struct moment_sums *sums, const double rows[], size_t n)
{
    if (sums->block == 1) {
        second_moment_add_diagonal(sums->squares, sums->columns, rows, n);
    } else if (sums->block == sums->columns) {
        second_moment_add(sums->squares, sums->columns, rows, n);
    } else {
        for (size_t i = 0; i < n; i += GATHERED_ROWS)
            add_blocks(sums, rows + i * sums->columns,
                       n - i < GATHERED_ROWS ? n - i : GATHERED_ROWS);
    }
}

/* Lays the blocks side by side. */
static double *lay_out(const struct moment_sums *sums)
{
    double *value = mem_try(sums->block, sums->columns * sizeof *value);
    for (size_t start = 0; value && start < sums->columns; start += sums->block) {
        const size_t width = moment_block_columns(sums->columns, sums->block, start);
        for (size_t i = 0; i < width; i++)
            memcpy(value + i * sums->columns + start,
                   sums->squares + start * sums->block + i * width, width * sizeof *value);
    }
    return value;
}

double *moment_sums_finish(struct moment_sums *sums, double count)
{
    for (size_t start = 0; start < sums->columns; start += sums->block)
        second_moment_finish(sums->squares + start * sums->block,
                             moment_block_columns(sums->columns, sums->block, start), count);
    double *value;
    if (sums->block == 1 || sums->block == sums->columns) { /* laid out that way already */
        value = sums->squares;
        sums->squares = NULL;
    } else {
        value = lay_out(sums);
    }
    moment_sums_free(sums);
    return value;
}
