/* SPDX-License-Identifier: MIT */
#include "weights.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>

#include "../model/fixture.h"
#include "engine/analysis.h"
#include "quant/scheme.h"

double *weights_memory(size_t n)
{
    double *memory = malloc((n ? n : 1) * sizeof *memory);
    assert_non_null(memory);
    return memory;
}

double *weights_gaussian(size_t n, double mean, double std, unsigned long seed)
{
    double *x = weights_memory(n);
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    gsl_rng_set(rng, seed);
    for (size_t i = 0; i < n; i++)
        x[i] = mean + gsl_ran_gaussian_ziggurat(rng, std);
    gsl_rng_free(rng);
    return x;
}

/* The file's first part: its header, blanks behind it so that the data are aligned. */
static FILE *write_header(const char *path, const char *dtype, unsigned rank,
                          const uint64_t dims[], uint64_t bytes)
{
    char header[1024] = "", shape[512] = "";
    for (unsigned i = 0; i < rank; i++)
        snprintf(shape + strlen(shape), sizeof shape - strlen(shape), "%s%llu", i ? "," : "",
                 (unsigned long long)dims[i]);
    snprintf(header, sizeof header, "{\"w\":{\"dtype\":\"%s\",\"shape\":[%s],"
             "\"data_offsets\":[0,%llu]}}", dtype, shape, (unsigned long long)bytes);
    size_t length = (strlen(header) + 7) / 8 * 8;
    memset(header + strlen(header), ' ', length - strlen(header));
    uint64_t prefix = length;
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(&prefix, sizeof prefix, 1, file), 1);
    assert_int_equal(fwrite(header, 1, length, file), length);
    return file;
}

static struct weights new_weights(void)
{
    static unsigned number;
    char name[32];
    snprintf(name, sizeof name, "%u.safetensors", number++);
    struct weights weights = { .model = NULL };
    snprintf(weights.path, sizeof weights.path, "%s", fixture_path(name));
    return weights;
}

static const struct tensor_view as_stored;

static void open_weights(struct weights *weights)
{
    struct error error = { ERROR_NONE, "" };
    weights->model = fixture_open(weights->path, &error);
    if (!weights->model)
        fail_msg("%s", error.text);
    weights->tensor = &weights->model->tensors[0];
    weights->channels = (size_t)tensor_channels(weights->tensor, as_stored);
    weights->length = (size_t)tensor_channel_length(weights->tensor, as_stored);
}

struct weights weights_make(const char *dtype, unsigned rank, const uint64_t dims[],
                            const double x[])
{
    size_t n = 1, size = strcmp(dtype, "F32") == 0 ? sizeof(float) : sizeof(double);
    for (unsigned i = 0; i < rank; i++)
        n *= (size_t)dims[i];
    struct weights weights = new_weights();
    weights.x = weights_memory(n);
    FILE *file = write_header(weights.path, dtype, rank, dims, n * size);
    for (size_t i = 0; i < n; i++) {
        float single = (float)x[i];
        weights.x[i] = size == sizeof single ? (double)single : x[i];
        const void *bytes = size == sizeof single ? (const void *)&single : (const void *)&x[i];
        assert_int_equal(fwrite(bytes, size, 1, file), 1);
    }
    assert_int_equal(fclose(file), 0);
    open_weights(&weights);
    return weights;
}

struct weights weights_make_sparse(uint64_t channels, uint64_t length)
{
    const uint64_t dims[] = { channels, length };
    uint64_t bytes = channels * length * sizeof(float);
    struct weights weights = new_weights();
    FILE *file = write_header(weights.path, "F32", 2, dims, bytes);
    assert_int_equal(fflush(file), 0);
    assert_int_equal(ftruncate(fileno(file), ftell(file) + (long)bytes), 0);
    assert_int_equal(fclose(file), 0);
    open_weights(&weights);
    return weights;
}

struct weights weights_make_gaussian(uint64_t channels, uint64_t length, double mean, double std)
{
    const uint64_t dims[] = { channels, length };
    double *x = weights_gaussian((size_t)(channels * length), mean, std, 1);
    struct weights weights = weights_make("F64", 2, dims, x);
    free(x);
    return weights;
}

void weights_free(struct weights *weights)
{
    model_free(weights->model);
    free(weights->x);
    unlink(weights->path);
}

struct request weights_request(const struct weights *weights)
{
    return (struct request){
        .tensor = weights->tensor,
        .channel = REQUEST_ALL_CHANNELS,
        .scheme = scheme_default(),
    };
}

const struct report *weights_report(const struct request *request, unsigned threads,
                                    struct error *error)
{
    struct pool *pool = pool_new(threads, error);
    assert_non_null(pool);
    struct watch watch = { .cancel = false };
    struct analysis analysis = { .pool = pool, .watch = &watch };
    const struct report *report = analysis_run(&analysis, request, error);
    pool_free(pool);
    return report;
}

void weights_report_free(const struct report *report)
{
    if (report)
        part_unref(&report->part);
}

struct transform_spec weights_transform(const char *text)
{
    struct transform_spec spec;
    struct error error;
    if (!transform_spec_parse(text, &spec, &error))
        fail_msg("%s", error.text);
    return spec;
}

struct basis *weights_basis(const char *text, uint64_t columns)
{
    const struct transform_spec spec = weights_transform(text);
    const struct basis_input input = { .columns = (size_t)columns };
    struct error error;
    struct basis *basis = spec.count > 0 ? basis_new(&spec, &input, &error) : NULL;
    if (!basis && spec.count > 0)
        fail_msg("%s: %s", text, error.text);
    return basis;
}

void weights_turn(const struct basis *basis, double x[], size_t rows)
{
    if (!basis)
        return;
    double *scratch = weights_memory(basis_scratch(basis) + 1);
    basis_turn_weights(basis, x, rows, scratch);
    free(scratch);
}

void weights_stage_begin(struct weights_stage *stage, const struct weights *weights,
                         unsigned threads)
{
    struct error error = { ERROR_NONE, "" };
    memset(stage, 0, sizeof *stage);
    stage->pool = pool_new(threads, &error);
    assert_non_null(stage->pool);
    if (!rows_init(&stage->rows, weights->tensor, as_stored, REQUEST_ALL_CHANNELS, &error))
        fail_msg("%s", error.text);
    stage->stage = (struct stage){ stage->pool, &stage->rows, &stage->watch };
}

const struct quantizers *weights_quantizers(const struct stage *stage, const struct scheme *scheme,
                                            const struct profile *profile,
                                            const struct family *family, struct error *error)
{
    return quantizers_compute(stage, scheme, profile, profile, family, error);
}

void weights_stage_end(struct weights_stage *stage)
{
    pool_free(stage->pool);
}

void weights_assert_same_(double a, double b, const char *what, const char *file, int line)
{
    if (memcmp(&a, &b, sizeof a) == 0 || (isnan(a) && isnan(b)))
        return;
    print_error("%s: %.17g is not %.17g\n", what, a, b);
    _fail(file, line);
}

void weights_assert_near_(double a, double b, double tolerance, double scale, const char *what,
                          const char *file, int line)
{
    if ((isnan(a) && isnan(b)) || a == b || fabs(a - b) <= tolerance * fmax(fabs(b), scale))
        return;
    print_error("%s: %.17g is not near %.17g\n", what, a, b);
    _fail(file, line);
}
