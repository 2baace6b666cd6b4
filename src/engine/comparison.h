/* SPDX-License-Identifier: MIT
 *
 * A stage of its own, run only when somebody looks: many schemes on the same weights, one after
 * the other (MATH §7).
 */
#ifndef ENGINE_COMPARISON_H
#define ENGINE_COMPARISON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "engine/errors.h"
#include "engine/family.h"
#include "engine/part.h"
#include "engine/profile.h"
#include "quant/grid.h"
#include "quant/lineup.h"

/* A set of bit widths has bit b for b bits. */
#define COMPARISON_WIDTH(bits)  (1u << (bits))
#define COMPARISON_USUAL_WIDTHS 0x1FCu /* 2 to 8 */

/* In this order the one of two comparisons together is the lower one. */
enum comparison_state {
    COMPARISON_PENDING,
    COMPARISON_REFUSED, /* the engine will not do this scheme on these weights */
    COMPARISON_SAMPLED, /* an exact one will replace it */
    COMPARISON_EXACT,
};

/* All figures are sums, so that those of several tensors add up. */
struct comparison_entry {
    const struct contender *contender;
    struct scheme scheme;
    enum comparison_state state;
    double stored_bits; /* of all weights, scales included */
    struct distortion distortion;
    /* Over the elements that have a theory: how many, the sums of E e and E e²; and the expected
     * sum of e² over all. */
    double theory_count, theory_sum, theory_squares, theory_noise;
};

/* What any code can be compared with. */
enum comparison_bound { COMPARISON_PANTER_DITE, COMPARISON_SHANNON, COMPARISON_BOUNDS };

struct comparison {
    struct part part;
    double elements;  /* that bits are stored for */
    double looked_at; /* finite ones that the figures are of: a sample has fewer */
    double power;     /* sum of w² of these */
    /* Expected sum of e² over these at 0 bits: each weight taken as one of a source of its tensor's
     * family and variance. */
    double bound_noise[COMPARISON_BOUNDS];
    size_t count;                   /* entries */
    size_t known;                   /* no longer pending */
    size_t exact;                   /* or refused: nothing will replace them */
    struct comparison_entry *entry; /* by contender, then by width */
};

/* What is compared, and who measures. */
struct comparison_job {
    unsigned widths;
    struct granularity granularity; /* of contenders without their own */
    uint64_t rows, columns;         /* of the matrix that bits are stored for */
    bool sampled;
    const struct profile *profile;
    const struct family *family;
    const struct comparison
        *before; /* of a sample, shown until its entries are replaced; or NULL */
    /* The errors of a scheme; NULL with *error.  ERROR_USAGE concerns that scheme alone. */
    const struct errors *(*measure)(void *context, const struct scheme *scheme,
                                    struct error *error);
    /* Called with what is known so far, behind each entry but so many seconds apart at least. */
    void (*show)(void *context, const struct comparison *so_far);
    double pause;
    void *context;
};

/* NULL with *error if a measurement fails for a reason that concerns them all. */
const struct comparison *comparison_compute(const struct comparison_job *job, struct error *error);

/* The granularity of a comparison beside a scheme: by tensor if the scheme is, else by channel. */
struct granularity comparison_granularity(const struct scheme *scheme);

/* A copy that lives on its own, for who shows or adds. */
struct comparison *comparison_copy(const struct comparison *comparison);

/* Adds another tensor's, of the same widths and granularity. */
void comparison_add(struct comparison *sum, const struct comparison *other);

/* The figures of an entry; NaN where not defined or not known yet. */
struct comparison_figures {
    double bits_per_weight;
    double mse, sqnr_db, error_mean, error_std;
    double theory_sqnr_db, theory_error_mean, theory_error_std;
};
struct comparison_figures comparison_figures(const struct comparison *comparison, size_t entry);

/* The SQNR, in dB, and the MSE of a bound at so many bits a weight; NaN for weights without
 * variance. */
double comparison_bound_db(const struct comparison *comparison, enum comparison_bound bound,
                           double bits);
double comparison_bound_mse(const struct comparison *comparison, enum comparison_bound bound,
                            double bits);

/* What a bit more a weight is worth: 20 log10 2. */
#define COMPARISON_DB_PER_BIT 6.0205999132796239

/* The best known entry of a width, each bit of storage beyond counted at its worth in dB;
 * SIZE_MAX if none has an SQNR. */
size_t comparison_best(const struct comparison *comparison, int bits);

#endif
