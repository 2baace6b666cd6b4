/* SPDX-License-Identifier: MIT
 *
 * The levels of least mean squared error for the family that the weights seem to come from.
 */
#include "quant/codebook.h"
#include "quant/lloyd_max.h"

static struct codebook *make(const struct codebook_type *type, int bits,
                             const struct source *source, struct error *error)
{
    return codebook_check_bits(type, bits, error) ? lloyd_max_make(source, bits, error) : NULL;
}

const struct codebook_type codebook_lloyd_max = {
    .name = "lloyd-max",
    .title = "Lloyd-Max",
    .bits_least = 1,
    .bits_most = 8,
    .scale = CODEBOOK_BY_SPREAD,
    .make = make,
};
