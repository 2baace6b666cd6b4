/* SPDX-License-Identifier: MIT
 *
 * What the tests of engine/ share: tensors of given shapes and values, and reports of them.  The
 * files lie in the folder of ../model/fixture.h, which a program sets up and tears down.
 */
#ifndef TESTS_WEIGHTS_H
#define TESTS_WEIGHTS_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "engine/pool.h"
#include "engine/report.h"
#include "engine/stage.h"
#include "model/model.h"

struct weights {
    struct model *model;
    const struct tensor *tensor;
    char path[512];
    size_t channels, length;
    double *x; /* as the file has them, rounded to its type; NULL if it is sparse */
};

/* Writes one tensor, "w", of type F32 or F64 and opens it. */
struct weights weights_make(const char *dtype, unsigned rank, const uint64_t dims[],
                            const double x[]);

/* An F32 matrix of zeros that takes no room on disk. */
struct weights weights_make_sparse(uint64_t channels, uint64_t length);

/* An F64 matrix of draws of a Gaussian. */
struct weights weights_make_gaussian(uint64_t channels, uint64_t length, double mean, double std);

void weights_free(struct weights *weights);

/* n draws, the same for the same seed; free with free(). */
double *weights_gaussian(size_t n, double mean, double std, unsigned long seed);

/* Memory that must be had. */
double *weights_memory(size_t n);

/* A uniform symmetric grid for each channel. */
#define WEIGHTS_SCHEME(width, rule_, parameter_)                                                   \
    {                                                                                              \
        .bits = (width), .clip = { (rule_), (parameter_) }, .granularity = { 1, 0 }                \
    }

/* All channels, no transform, the default scheme. */
struct request weights_request(const struct weights *weights);

/* The final report, made by so many threads without a cache; NULL with *error. */
const struct report *weights_report(const struct request *request, unsigned threads,
                                    struct error *error);
void weights_report_free(const struct report *report);

/* A transform as people type it; ends the test if it is none. */
struct transform_spec weights_transform(const char *text);

/* The basis of one that does not depend on the layer, for rows of a length; NULL for none.  The
 * caller frees it. */
struct basis *weights_basis(const char *text, uint64_t columns);

/* Transforms rows, one after the other; basis may be NULL. */
void weights_turn(const struct basis *basis, double x[], size_t rows);

/* What a single stage needs, for all rows. */
struct weights_stage {
    struct pool *pool;
    struct watch watch;
    struct rows rows;
    struct stage stage;
};
void weights_stage_begin(struct weights_stage *stage, const struct weights *weights,
                         unsigned threads);
/* The quantizers of a stage's rows, which are a whole tensor's; family may be NULL.  NULL with
 * *error. */
const struct quantizers *weights_quantizers(const struct stage *stage, const struct scheme *scheme,
                                            const struct profile *profile,
                                            const struct family *family, struct error *error);

void weights_stage_end(struct weights_stage *stage);

/* Asserts that two doubles are the same bits, or both NaN. */
#define weights_assert_same(a, b) weights_assert_same_(a, b, #a, __FILE__, __LINE__)
void weights_assert_same_(double a, double b, const char *what, const char *file, int line);

/* Asserts |a - b| <= tolerance * max(|b|, scale), or both NaN. */
#define weights_assert_near(a, b, tolerance, scale) \
    weights_assert_near_(a, b, tolerance, scale, #a, __FILE__, __LINE__)
void weights_assert_near_(double a, double b, double tolerance, double scale, const char *what,
                          const char *file, int line);

#endif
