/* SPDX-License-Identifier: MIT */
#include "linear/product.h"

#include <assert.h>
#include <stddef.h>

#include "linear/kernels.h"

/* Rows of b that all rows of a meet before the next: of a few columns at a time, which is how the
 * kernel takes them, they stay in the first-level cache. */
#define TILE_ROWS 128

void product_form(const gsl_matrix *a, const gsl_matrix *b, gsl_matrix *out)
{
    assert(a->size2 == b->size1 && out->size1 == a->size1 && out->size2 == b->size2);
    const struct kernels *kernels = kernels_best();
    gsl_matrix_set_zero(out);
    for (size_t row = 0; row < b->size1; row += TILE_ROWS) {
        const size_t left = b->size1 - row;
        kernels->product(&(struct kernels_product){
            .rows = a->size1,
            .inner = left < TILE_ROWS ? left : TILE_ROWS,
            .columns = b->size2,
            .a = a->data + row,
            .b = b->data + row * b->tda,
            .out = out->data,
            .a_stride = a->tda,
            .b_stride = b->tda,
            .out_stride = out->tda,
        });
    }
}
