/* SPDX-License-Identifier: MIT */
#include "linear/williamson.h"

#include <assert.h>
#include <stdint.h>

#include "base/mem.h"

/* Four circulants of n rows with A² + B² + C² + D² = 4 n I.  Bit k - 1 of a mask says that the
 * elements k and n - k of a circulant's first row are -1; element 0 is 1.  A search over the masks
 * that are unions of cyclotomic classes finds them at once. */
struct quadruple {
    size_t n;
    uint32_t mask[4];
};

static const struct quadruple quadruples[] = {
    {23, {0x20f, 0x324, 0x2be, 0x46a}},
    {43, {0x1a0565, 0x9af63, 0x192f1, 0xdc708}},
};

static const struct quadruple *find(size_t order)
{
    for (size_t i = 0; i < sizeof quadruples / sizeof *quadruples; i++)
        if (4 * quadruples[i].n == order)
            return &quadruples[i];
    return NULL;
}

bool williamson_exists(size_t order)
{
    return find(order) != NULL;
}

static int circulant(uint32_t mask, size_t n, size_t i, size_t j)
{
    const size_t distance = i > j ? i - j : j - i;
    const size_t k = distance < n - distance ? distance : n - distance;
    return k > 0 && mask >> (k - 1) & 1 ? -1 : 1;
}

signed char *williamson_elements(size_t order)
{
    /* Multiplication by the quaternion a + bi + cj + dk: block (row, column) holds circulant
     * row ^ column with this sign. */
    static const signed char sign[4][4] = {
        {1, 1, 1, 1}, {-1, 1, -1, 1}, {-1, 1, 1, -1}, {-1, -1, 1, 1}};
    const struct quadruple *quadruple = find(order);
    assert(quadruple);
    const size_t n = quadruple->n;
    signed char *elements = mem_alloc(order * order, sizeof *elements);
    for (size_t i = 0; i < order; i++)
        for (size_t j = 0; j < order; j++) {
            const size_t row = i / n, column = j / n;
            const int element = circulant(quadruple->mask[row ^ column], n, i % n, j % n);
            elements[i * order + j] = (signed char)(sign[row][column] * element);
        }
    return elements;
}
