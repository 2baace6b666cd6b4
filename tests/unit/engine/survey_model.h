/* SPDX-License-Identifier: MIT
 *
 * A model with a tensor of each sort, and its records by plain calls.
 */
#ifndef TESTS_SURVEY_MODEL_H
#define TESTS_SURVEY_MODEL_H

#include "engine/survey_tensor.h"
#include "typed_model.h"
#include "weights.h"

#define SURVEY_ALL (RECORD_FAST | RECORD_SLOW | RECORD_SCHEME)

enum { MATRIX, NORM, BROKEN, LONG, COMPLEX, TENSORS };

/* A matrix, a norm, a matrix with a NaN and an outlier, a long vector, one that nobody decodes. */
static inline struct model *survey_model(void)
{
    struct typed_model writer = {0};
    double *x = weights_gaussian(100000, 0, 0.02, 7);
    typed_model_add(&writer, "matrix", "BF16", "300,300", x, 90000);
    for (size_t i = 0; i < 100; i++)
        x[i] = 1 + x[i] / 100;
    typed_model_add(&writer, "norm", "F32", "100", x, 100);
    x[1234] = NAN;
    x[4321] = 2;
    typed_model_add(&writer, "broken", "F16", "50,100", x, 5000);
    typed_model_add(&writer, "long", "F32", "100000", x, 100000);
    typed_model_add(&writer, "complex", "C64", "100", x, 100);
    free(x);
    return typed_model_open(&writer, "survey.safetensors");
}

static inline struct survey_settings survey_usual(void)
{
    return (struct survey_settings){.scheme = scheme_default(), .belief = BELIEF_GAUSSIAN};
}

static inline bool survey_collect(void *user, size_t tensor, const struct survey_record *record,
                                  struct error *error)
{
    (void)error;
    ((struct survey_record *)user)[tensor] = *record;
    return true;
}

static inline void survey_run_all(const struct model *model, const struct survey_settings *settings,
                                  unsigned threads, struct survey_record record[TENSORS])
{
    static const size_t tensor[] = {4, 3, 2, 1, 0};
    struct error error = {0};
    struct watch watch = {.cancel = false};
    struct pool *pool = pool_new(threads, &error);
    assert_true(
        survey_run(pool, &watch, model, tensor, TENSORS, settings, survey_collect, record, &error));
    pool_free(pool);
}

static inline void survey_assert_same(const struct survey_record *a, const struct survey_record *b)
{
    assert_int_equal(a->parts, b->parts);
    assert_string_equal(a->failure, b->failure);
    assert_int_equal(a->vector, b->vector);
    assert_memory_equal(&a->weights, &b->weights, sizeof a->weights);
    assert_memory_equal(a->error, b->error, sizeof a->error);
    assert_int_equal(a->normality.tested, b->normality.tested);
    assert_int_equal(a->normality.normal, b->normality.normal);
    weights_assert_same(a->normality.ks_gaussian, b->normality.ks_gaussian);
    assert_memory_equal(a->outliers.count, b->outliers.count, sizeof a->outliers.count);
    assert_memory_equal(a->outliers.worst, b->outliers.worst, sizeof a->outliers.worst);
    assert_int_equal(a->audit.elements[0].count, b->audit.elements[0].count);
    assert_memory_equal(&a->scheme, &b->scheme, sizeof a->scheme);
}

static inline void survey_assert_all_same(const struct survey_record a[],
                                          const struct survey_record b[])
{
    for (size_t i = 0; i < TENSORS; i++)
        survey_assert_same(&a[i], &b[i]);
}

#endif
