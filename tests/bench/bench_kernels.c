/* SPDX-License-Identifier: MIT
 *
 * The inner loops, each over all rows of a file that lies in memory: a row is decoded to a worker's
 * buffer, as everywhere in the program, and worked on there.
 */
#include <stdint.h>
#include <string.h>

#include "base/mem.h"
#include "bench.h"
#include "bench_inputs.h"
#include "engine/ladder_kernels.h"
#include "engine/pictures.h"
#include "engine/pool.h"
#include "engine/record.h"
#include "linear/walsh.h"
#include "model/ggml_types.h"
#include "quant/quantizer.h"
#include "stats/kolmogorov.h"
#include "stats/moments.h"
#include "stats/quantile.h"
#include "stats/shapiro.h"

/* Bytes of a unit of work. */
#define CHUNK ((size_t)256 << 10)

/* The id of Q4_K among ggml's types. */
#define GGML_Q4_K 12

/* What a worker has of its own.  The sums keep the compiler from leaving work out. */
struct hand {
    struct pictures *pictures;
    struct distortion distortion;
    double sum;
    int32_t code[PICTURES_SLICE];
};

/* What all share. */
struct bench_kernel;
struct job {
    const struct bench_kernel *kernel;
    const struct bench_file *file;
    struct pool *pool;
    size_t columns, row_bytes, rows, rows_of_unit;
    const struct ladder_kernels *singles;
    struct scheme scheme;
    struct shapiro *shapiro;
    struct hand *hand; /* by worker */
};

/* A row at hand. */
struct row {
    const struct job *job;
    const unsigned char *bytes;
    size_t n;
    double *w; /* room for the row in double */
    double *e; /* and for its errors */
    float *x;  /* room for the row in single: lies over e */
    struct hand *hand;
};

struct bench_kernel {
    enum bench_input input;
    void (*work)(struct row *row);
};

/* ---- decoding ---- */

static void decode_double(struct row *row)
{
    const struct dtype *dtype = row->job->file->tensor->dtype;
    dtype->decode(row->bytes, row->n, row->w);
    row->hand->sum += row->w[0];
}

static void decode_bf16(struct row *row)
{
    row->job->singles->decode_bf16(row->bytes, row->n, row->x);
    row->hand->sum += (double)row->x[0];
}

static void decode_f16(struct row *row)
{
    row->job->singles->decode_half(row->bytes, row->n, row->x);
    row->hand->sum += (double)row->x[0];
}

static void decode_f32(struct row *row)
{
    row->job->singles->decode_single(row->bytes, row->n, row->x);
    row->hand->sum += (double)row->x[0];
}

/* The row's bytes are blocks, although the file calls them numbers. */
static void decode_q4_k(struct row *row)
{
    const struct dtype *dtype = ggml_type(GGML_Q4_K);
    dtype->decode(row->bytes, row->n / dtype->block_bytes, row->w);
    row->hand->sum += row->w[0];
}

/* ---- statistics ---- */

/* The least statistic that there is, as a mark for the others; no stage wants it alone.  Magnitudes
 * compare as whole numbers do, and four vectors at a time do not wait for each other. */
static void abs_max(struct row *row)
{
    typedef int32_t lanes __attribute__((vector_size(16), aligned(4), may_alias));
    lanes most[4] = {{0}};
    decode_bf16(row);
    for (size_t i = 0; i + 16 <= row->n; i += 16)
        for (size_t v = 0; v < 4; v++) {
            const lanes bits = *(const lanes *)(const void *)(row->x + i + 4 * v) & INT32_MAX;
            const lanes larger = bits > most[v];
            most[v] = (bits & larger) | (most[v] & ~larger);
        }
    for (size_t v = 0; v < 4; v++)
        for (size_t k = 0; k < 4; k++)
            row->hand->sum += (double)most[v][k];
}

static void look(struct row *row)
{
    struct ladder_look found;
    decode_bf16(row);
    row->job->singles->look(row->x, row->n, &found);
    row->hand->sum += found.power[3];
}

static struct moments moments_of(struct row *row)
{
    struct moments moments = {0};
    decode_double(row);
    moments_add(&moments, row->w, row->n);
    row->hand->sum += moments.m4;
    return moments;
}

static void moments(struct row *row)
{
    moments_of(row);
}

static void sort(struct row *row)
{
    decode_double(row);
    quantile_sort(row->w, row->n);
    row->hand->sum += row->w[row->n / 2];
}

static void shapiro(struct row *row)
{
    double w, p;
    sort(row);
    shapiro_test(row->job->shapiro, row->w, &w, &p);
    row->hand->sum += p;
}

static void kolmogorov(struct row *row)
{
    const struct source gaussian = {.type = &source_gaussian, .std = 1};
    sort(row);
    row->hand->sum += kolmogorov_distance(row->w, row->n, &gaussian);
}

static void walsh(struct row *row)
{
    decode_double(row);
    walsh_transform(row->w, row->n, row->n, 1.0 / 64);
    row->hand->sum += row->w[0];
}

static void walsh_single(struct row *row)
{
    decode_bf16(row);
    walsh_transform_single(row->x, row->n, row->n, 1.0f / 64);
    row->hand->sum += (double)row->x[0];
}

/* ---- rounding ---- */

static struct quantizer fit(struct row *row)
{
    const struct moments found = moments_of(row);
    return quantizer_make(&row->job->scheme, &(struct unit_facts){.moments = &found});
}

/* Sums of the error, as figures need them. */
static void round_trip(struct row *row)
{
    const struct quantizer quantizer = fit(row);
    quantizer_round(&quantizer, row->w, row->n, row->e, NULL);
    distortion_add(&row->hand->distortion, row->w, row->e, row->n);
}

/* The histograms too, as pictures need them. */
static void round_and_count(struct row *row)
{
    const struct quantizer quantizer = fit(row);
    for (size_t i = 0; i < row->n; i += PICTURES_SLICE) {
        const size_t n = row->n - i < PICTURES_SLICE ? row->n - i : PICTURES_SLICE;
        const double *w = row->w + i;
        quantizer_round(&quantizer, w, n, row->e, row->hand->code);
        distortion_add(&row->hand->distortion, w, row->e, n);
        pictures_add(row->hand->pictures, 0, &quantizer, w, row->e, row->hand->code, n);
    }
}

/* All widths of the ladder in single precision. */
static void ladder(struct row *row)
{
    struct ladder_look found;
    decode_bf16(row);
    row->job->singles->look(row->x, row->n, &found);
    const float most = found.max > -found.min ? found.max : -found.min;
    for (int bits = RECORD_BITS_LEAST; bits <= RECORD_BITS_MOST; bits++) {
        const float scale = (float)((1 << (bits - 1)) - 1) / most;
        row->hand->sum += row->job->singles->round(row->x, row->n, scale).squares;
    }
}

/* ---- all rows ---- */

static bool work_unit(void *context, size_t unit, struct workspace *workspace, struct error *error)
{
    (void)error;
    const struct job *job = context;
    const size_t first = unit * job->rows_of_unit;
    for (size_t i = first; i < job->rows && i < first + job->rows_of_unit; i++) {
        struct row row = {.job = job,
                          .bytes = job->file->bytes + i * job->row_bytes,
                          .n = job->columns,
                          .w = workspace->values,
                          .e = workspace->scratch,
                          .x = (float *)workspace->scratch,
                          .hand = &job->hand[workspace->index]};
        job->kernel->work(&row);
    }
    return true;
}

static bool work_all(void *context, struct error *error)
{
    struct job *job = context;
    struct watch watch = {.cancel = false};
    const size_t units = (job->rows + job->rows_of_unit - 1) / job->rows_of_unit;
    return pool_run(job->pool, units, work_unit, job, &watch, error);
}

static void begin(struct job *job, unsigned threads)
{
    const struct tensor *tensor = job->file->tensor;
    job->rows = tensor->dims[0];
    job->columns = tensor->dims[1];
    job->row_bytes = job->columns * tensor->dtype->block_bytes;
    job->rows_of_unit = (CHUNK + job->row_bytes - 1) / job->row_bytes;
    job->singles = ladder_kernels_best();
    job->scheme = scheme_default();
    job->shapiro = shapiro_new(job->columns);
    job->hand = mem_zero(threads, sizeof *job->hand);
    for (unsigned i = 0; i < threads; i++)
        job->hand[i].pictures = pictures_new(true, true);
}

static void end(struct job *job, unsigned threads)
{
    for (unsigned i = 0; i < threads; i++)
        pictures_free(job->hand[i].pictures);
    mem_free(job->hand);
    shapiro_free(job->shapiro);
}

static bool run(struct bench_run *bench, const void *detail, struct error *error)
{
    const struct bench_kernel *kernel = detail;
    struct bench_file file;
    if (!bench_file_open(bench->settings, kernel->input, &file, error))
        return false;
    struct job job = {.kernel = kernel, .file = &file, .pool = pool_new(bench->threads, error)};
    bool ok = job.pool != NULL;
    if (ok) {
        begin(&job, bench->threads);
        const struct bench_work work = {.once = work_all,
                                        .context = &job,
                                        .bytes = file.size,
                                        .read = file.bytes,
                                        .pool = job.pool};
        ok = bench_repeat(bench, &work, error);
        end(&job, bench->threads);
    }
    pool_free(job.pool);
    bench_file_close(&file);
    return ok;
}

// clang-format off
#define KERNEL(name, what, input, work)                                                  \
    { "kernel/" name, what, BENCH_BOTH, 1u << (input), false, run,                       \
      &(const struct bench_kernel){ input, work } }

static const struct bench benches[] = {
    KERNEL("decode-bf16", "BF16 to single precision", INPUT_BF16, decode_bf16),
    KERNEL("decode-f16", "F16 to single precision", INPUT_F16, decode_f16),
    KERNEL("decode-f32", "F32 to single precision", INPUT_F32, decode_f32),
    KERNEL("decode-f8", "E4M3 to double precision", INPUT_F8, decode_double),
    KERNEL("decode-q4_k", "Q4_K to double precision", INPUT_Q4_K, decode_q4_k),
    KERNEL("decode-double", "BF16 to double precision", INPUT_BF16, decode_double),
    KERNEL("abs-max", "BF16, the largest magnitude alone", INPUT_BF16, abs_max),
    KERNEL("look", "BF16, range and four powers, the ladder's", INPUT_BF16, look),
    KERNEL("moments", "BF16, centred moments in double precision", INPUT_BF16, moments),
    KERNEL("round", "BF16, moments, 4-bit rounding, sums of the error", INPUT_BF16, round_trip),
    KERNEL("round-pictures", "the same with all histograms", INPUT_BF16, round_and_count),
    KERNEL("round-ladder", "BF16, range, powers, rounding at 2-8 bits", INPUT_BF16, ladder),
    KERNEL("walsh", "BF16, Walsh-Hadamard transform of rows of 4096", INPUT_BF16, walsh),
    KERNEL("walsh-single", "the same in single precision", INPUT_BF16, walsh_single),
    KERNEL("sort", "BF16, rows of 4096 sorted", INPUT_BF16, sort),
    KERNEL("kolmogorov", "the same and the distance to a Gaussian", INPUT_BF16, kolmogorov),
    KERNEL("shapiro", "sorted rows and the Shapiro-Wilk test", INPUT_BF16, shapiro),
};
// clang-format on

const struct bench_table bench_kernels = {benches, sizeof benches / sizeof *benches};
