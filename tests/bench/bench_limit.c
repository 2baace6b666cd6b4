/* SPDX-License-Identifier: MIT
 *
 * Sums of all words of a file: nothing that looks at every weight can be faster.
 */
#include "bench_limit.h"

#include <string.h>

#include "base/mem.h"
#include "bench.h"
#include "bench_inputs.h"

/* Bytes that a worker reads at once, as the pool's work elsewhere. */
#define CHUNK ((uint64_t)256 << 10)

#if defined(__x86_64__)
#define WIDE_TARGET __attribute__((target("avx2")))
#else
#define WIDE_TARGET
#endif

/* The 64-bit words of n bytes, added up; n is a multiple of 8. */
typedef uint64_t add_words(const unsigned char *bytes, size_t n);

/* As a compiler makes it of the plainest loop. */
static uint64_t add_portable(const unsigned char *bytes, size_t n)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < n; i += 8) {
        uint64_t word;
        memcpy(&word, bytes + i, sizeof word);
        sum += word;
    }
    return sum;
}

typedef uint64_t words __attribute__((vector_size(32), aligned(8), may_alias));

/* Four vectors at a time, so that no addition waits for another. */
WIDE_TARGET static uint64_t add_wide(const unsigned char *bytes, size_t n)
{
    words a = {0}, b = {0}, c = {0}, d = {0};
    const size_t whole = n - n % (4 * sizeof a);
    for (size_t i = 0; i < whole; i += 4 * sizeof a) {
        const words *at = (const words *)(const void *)(bytes + i);
        a += at[0];
        b += at[1];
        c += at[2];
        d += at[3];
    }
    a += b + c + d;
    return a[0] + a[1] + a[2] + a[3] + add_portable(bytes + whole, n - whole);
}

static add_words *add_vector(void)
{
#if defined(__x86_64__)
    if (!__builtin_cpu_supports("avx2"))
        return add_portable;
#endif
    return add_wide;
}

struct reading {
    const unsigned char *bytes;
    uint64_t n;
    add_words *add;
    atomic_uint_fast64_t sum; /* also what keeps the compiler from leaving the work out */
};

static bool read_chunk(void *context, size_t unit, struct workspace *workspace, struct error *error)
{
    (void)workspace;
    (void)error;
    struct reading *reading = context;
    const uint64_t from = unit * CHUNK;
    const uint64_t n = reading->n - from < CHUNK ? reading->n - from : CHUNK;
    atomic_fetch_add(&reading->sum, reading->add(reading->bytes + from, n));
    return true;
}

static uint64_t read_all(struct pool *pool, const unsigned char *bytes, uint64_t n, add_words *add)
{
    struct reading reading = {.bytes = bytes, .n = n - n % 8, .add = add};
    struct watch watch = {.cancel = false};
    struct error error = {0};
    pool_run(pool, (size_t)((reading.n + CHUNK - 1) / CHUNK), read_chunk, &reading, &watch, &error);
    return reading.sum;
}

double limit_time(struct pool *pool, const unsigned char *bytes, uint64_t n, double *cpu)
{
    const double begin = bench_now(), worked = bench_cpu();
    read_all(pool, bytes, n, add_vector());
    *cpu = bench_cpu() - worked;
    return bench_now() - begin;
}

/* ---- as benchmarks ---- */

struct limit {
    struct pool *pool;
    struct bench_file file;
    add_words *add;
    uint64_t expected; /* the sum */
};

static bool limit_once(void *context, struct error *error)
{
    struct limit *limit = context;
    const uint64_t sum = read_all(limit->pool, limit->file.bytes, limit->file.size, limit->add);
    return sum == limit->expected || error_set(error, ERROR_SYSTEM, "the sums differ");
}

/* detail: whether vectors are used. */
static bool limit_run(struct bench_run *run, const void *detail, struct error *error)
{
    struct limit limit = {.add = *(const bool *)detail ? add_vector() : add_portable};
    if (!bench_file_open(run->settings, INPUT_WIDE, &limit.file, error))
        return false;
    limit.pool = pool_new(run->threads, error);
    bool ok = limit.pool != NULL;
    if (ok) {
        limit.expected = add_portable(limit.file.bytes, limit.file.size - limit.file.size % 8);
        const struct bench_work work = {.once = limit_once,
                                        .context = &limit,
                                        .bytes = limit.file.size,
                                        .read = limit.file.bytes,
                                        .pool = limit.pool};
        ok = bench_repeat(run, &work, error);
        pool_free(limit.pool);
    }
    bench_file_close(&limit.file);
    return ok;
}

static const bool portable = false, vectors = true;

static const struct bench benches[] = {
    {"limit/vectors", "a sum of all words of a mapped file, by vectors", BENCH_BOTH,
     1u << INPUT_WIDE, false, limit_run, &vectors},
    {"limit/portable", "the same as a plain loop", BENCH_BOTH, 1u << INPUT_WIDE, false, limit_run,
     &portable},
};

const struct bench_table bench_limits = {benches, sizeof benches / sizeof *benches};
