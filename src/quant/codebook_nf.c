/* SPDX-License-Identifier: MIT
 *
 * NormalFloat (QLoRA, arXiv 2305.14314): quantiles of a Gaussian, divided by the largest of them so
 * that they reach from -1 to 1 (FORMULAS §4.4).  NF4's construction, for B bits.
 *
 * The probabilities from 1 - o down to 1/2, where o = (1/(2^B - 1) + 1/2^B) / 4, are divided
 * evenly into 2^(B-1) steps for the positive side and into 2^(B-1) - 1 for the negative one.  Each
 * step but the one to 1/2 gives a level, and 1/2 the 0 that both share: 2^(B-1) positive levels, a
 * 0, and 2^(B-1) - 1 negative ones, 2^B in all.  For B = 4, o is the mean of a 30th and a 32nd.
 * NF4 itself is the table that everybody uses: it was computed in single precision and is up to
 * 2e-7 away.
 */
#include "quant/codebook.h"

#include <gsl/gsl_cdf.h>

#define BITS_LEAST 2
#define BITS_MOST  8

/* As published; all of them are singles. */
static const double nf4[] = {
    /* clang-format off */
    -1,                   -0.6961928009986877,  -0.5250730514526367,  -0.39491748809814453,
    -0.28444138169288635, -0.18477343022823334, -0.09105003625154495, 0,
    0.07958029955625534,  0.16093020141124725,  0.24611230194568634,  0.33791524171829224,
    0.44070982933044434,  0.5626170039176941,   0.7229568362236023,   1,
    /* clang-format on */
};

static void construct(int count, double level[])
{
    const int above = count / 2, below = above - 1;
    const double outermost = 0.25 * (1.0 / (count - 1) + 1.0 / count); /* in the upper tail */
    const double most = gsl_cdf_ugaussian_Qinv(outermost), share = 0.5 - outermost;
    for (int i = 0; i < above; i++)
        level[count - 1 - i] = gsl_cdf_ugaussian_Qinv(outermost + share * i / above) / most;
    level[below] = 0;
    for (int i = 0; i < below; i++)
        level[i] = -gsl_cdf_ugaussian_Qinv(outermost + share * i / below) / most;
}

static struct codebook *make(const struct codebook_type *type, int bits,
                             const struct source *source, struct error *error)
{
    (void)source;
    double level[1 << BITS_MOST];
    if (!codebook_check_bits(type, bits, error))
        return NULL;
    if (bits == 4)
        return codebook_of_levels(nf4, sizeof nf4 / sizeof *nf4, NULL);
    construct(1 << bits, level);
    return codebook_of_levels(level, (size_t)1 << bits, NULL);
}

const struct codebook_type codebook_nf = {
    .name = "nf",
    .title = "NF",
    .bits_least = BITS_LEAST,
    .bits_most = BITS_MOST,
    .scale = CODEBOOK_BY_CLIP,
    .make = make,
};
