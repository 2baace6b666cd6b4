/* SPDX-License-Identifier: MIT */
#include "quant/codebook.h"

#include <assert.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "base/utf8.h"

/* Bits of a double's fraction: shifted out, an exponent is left, and buckets are octaves. */
#define FRACTION_BITS 52

/* More buckets than this for each level do not make it quicker, but fill the cache. */
#define BUCKETS_A_LEVEL 8
#define BUCKETS_LEAST   64

const struct codebook_type *const codebook_types[] = {
    &codebook_lloyd_max, &codebook_apot,     &codebook_nf,       &codebook_fp4_e2m1,
    &codebook_fp6_e2m3,  &codebook_fp6_e3m2, &codebook_fp8_e4m3, &codebook_fp8_e5m2,
};

const size_t codebook_type_count = sizeof codebook_types / sizeof *codebook_types;

/* The name that everybody uses for one width of a type. */
static const struct {
    const char *name;
    const struct codebook_type *type;
    int bits;
} usual = {"nf4", &codebook_nf, 4};

static const struct codebook_type *refuse_name(const char *name, struct error *error)
{
    struct text allowed = {0}, shown = {0};
    for (size_t i = 0; i < codebook_type_count; i++)
        text_printf(&allowed, "%s%s",
                    i == 0                        ? ""
                    : i + 1 < codebook_type_count ? ", "
                                                  : " and ",
                    codebook_types[i]->name);
    utf8_escape(&shown, name, strlen(name));
    error_set(error, ERROR_USAGE, "no codebook is called \"%s\"; there are %s",
              shown.data ? shown.data : "", allowed.data);
    text_done(&shown);
    text_done(&allowed);
    return NULL;
}

/* The bits behind a name's colon. */
static bool parse_bits(const struct codebook_type *type, const char *text, int *bits,
                       struct error *error)
{
    const size_t digits = strspn(text, "0123456789");
    if (type->bits_least == type->bits_most)
        return error_set(error, ERROR_USAGE, "%s takes no number of bits", type->name);
    if (digits == 0 || digits > 2 || text[digits] != '\0')
        return error_set(error, ERROR_USAGE, "%s takes %d to %d bits, as in %s:%d", type->name,
                         type->bits_least, type->bits_most, type->name, type->bits_least);
    const int parsed = atoi(text);
    if (!codebook_check_bits(type, parsed, error))
        return false;
    *bits = parsed;
    return true;
}

const struct codebook_type *codebook_find(const char *name, int *bits, struct error *error)
{
    const size_t length = strcspn(name, ":");
    if (strcmp(name, usual.name) == 0) {
        *bits = usual.bits;
        return usual.type;
    }
    for (size_t i = 0; i < codebook_type_count; i++) {
        const struct codebook_type *type = codebook_types[i];
        if (strlen(type->name) != length || memcmp(type->name, name, length) != 0)
            continue;
        if (name[length] == ':')
            return parse_bits(type, name + length + 1, bits, error) ? type : NULL;
        if (type->bits_least == type->bits_most)
            *bits = type->bits_least;
        return type;
    }
    return refuse_name(name, error);
}

bool codebook_check_bits(const struct codebook_type *type, int bits, struct error *error)
{
    if (bits >= type->bits_least && bits <= type->bits_most)
        return true;
    if (type->bits_least == type->bits_most)
        return error_set(error, ERROR_USAGE, "%s has %d bits, not %d", type->name, type->bits_least,
                         bits);
    return error_set(error, ERROR_USAGE, "%s takes %d to %d bits, not %d", type->name,
                     type->bits_least, type->bits_most, bits);
}

static uint64_t bits_of(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

static double double_of(uint64_t bits)
{
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

/* The least and the largest value of a bucket.  Negative buckets come first, backwards. */
static void bucket_range(const struct codebook_index *index, size_t bucket, double range[2])
{
    const bool negative = bucket < index->buckets;
    const size_t place = negative ? index->buckets - 1 - bucket : bucket - index->buckets;
    const uint64_t number = index->lowest + place;
    const double low = place == 0 ? 0 : double_of(number << index->shift);
    const double high =
        place + 1 == index->buckets ? DBL_MAX : double_of(((number + 1) << index->shift) - 1);
    range[0] = negative ? -high : low;
    range[1] = negative ? -low : high;
}

/* Fills the buckets, if not NULL, and returns the most edges that lie in one of them. */
static size_t fill_buckets(const struct codebook_index *index, size_t edges, uint16_t first[])
{
    size_t at = 0, most = 0;
    for (size_t bucket = 0; bucket < 2 * (size_t)index->buckets; bucket++) {
        double range[2];
        bucket_range(index, bucket, range);
        while (at < edges && index->edge[at] <= range[0])
            at++;
        const size_t before = at;
        if (first)
            first[bucket] = (uint16_t)before;
        while (at < edges && index->edge[at] <= range[1])
            at++;
        most = at - before > most ? at - before : most;
    }
    return most;
}

/* The smallest magnitude but 0, and the largest one; both 1 if there is none. */
static void edge_magnitudes(const struct codebook_index *index, size_t edges, double *least,
                            double *most)
{
    *least = INFINITY;
    *most = 0;
    for (size_t i = 0; i < edges; i++) {
        const double magnitude = fabs(index->edge[i]);
        *most = fmax(*most, magnitude);
        if (magnitude > 0)
            *least = fmin(*least, magnitude);
    }
    if (!(*most > 0))
        *least = *most = 1;
}

/* Divides octaves into more and more buckets, until none has two edges or they become too many.
 * The first bucket ends below the least edge, because there might be one at 0, too. */
static size_t choose_buckets(struct codebook_index *index, size_t edges)
{
    double least, most;
    size_t crowd = edges;
    edge_magnitudes(index, edges, &least, &most);
    for (unsigned shift = FRACTION_BITS; shift > 0; shift--) {
        const uint64_t lowest = (bits_of(least) >> shift) - (bits_of(least) >> shift > 0);
        const uint64_t buckets = (bits_of(most) >> shift) - lowest + 1;
        if (shift < FRACTION_BITS && buckets > BUCKETS_LEAST + BUCKETS_A_LEVEL * edges)
            break;
        index->shift = shift;
        index->lowest = lowest;
        index->buckets = (uint32_t)buckets;
        index->least = double_of(lowest << shift);
        index->most = most;
        crowd = fill_buckets(index, edges, NULL);
        if (crowd < 2)
            break;
    }
    return crowd;
}

static void build_index(struct codebook *codebook)
{
    struct codebook_index *index = &codebook->index;
    const size_t edges = codebook->count - 1;
    index->edge = mem_alloc(2 * edges + 1, sizeof *index->edge);
    for (size_t i = 0; i < edges; i++)
        index->edge[i] = codebook->tie_up[i] ? codebook->threshold[i]
                                             : nextafter(codebook->threshold[i], INFINITY);
    for (size_t i = edges; i < 2 * edges + 1; i++)
        index->edge[i] = (double)NAN;
    const size_t crowd = choose_buckets(index, edges);
    for (index->half_step = 1; 2 * (size_t)index->half_step < crowd + 1;)
        index->half_step *= 2;
    index->first = mem_alloc(2 * (size_t)index->buckets, sizeof *index->first);
    fill_buckets(index, edges, index->first);
}

/* What lies half way between neighbours, and where that goes. */
static void put_threshold(struct codebook *codebook, size_t i, bool tie_up)
{
    const double low = codebook->level[i], high = codebook->level[i + 1], sum = low + high;
    const double middle = isfinite(sum) ? 0.5 * sum : 0.5 * low + 0.5 * high;
    assert(low < high);
    codebook->threshold[i] = middle;
    codebook->tie_up[i] = middle == high || (tie_up && middle > low);
}

struct codebook *codebook_of_levels(const double level[], size_t count, const uint8_t tie_up[])
{
    assert(count >= 1 && count <= CODEBOOK_LEVELS_MOST);
    struct codebook *codebook = mem_zero(1, sizeof *codebook);
    codebook->count = count;
    codebook->mse = (double)NAN;
    codebook->level = mem_alloc(count, sizeof *codebook->level);
    codebook->threshold = mem_alloc(count - 1, sizeof *codebook->threshold);
    codebook->tie_up = mem_alloc(count - 1, sizeof *codebook->tie_up);
    memcpy(codebook->level, level, count * sizeof *level);
    for (size_t i = 0; i + 1 < count; i++)
        put_threshold(codebook, i, tie_up ? tie_up[i] : i % 2 == 1);
    build_index(codebook);
    return codebook;
}

struct codebook *codebook_of_magnitudes(const double magnitude[], size_t count)
{
    assert(count >= 1 && magnitude[0] == 0);
    const size_t zero = count - 1, levels = 2 * count - 1;
    double *level = mem_alloc(levels, sizeof *level);
    uint8_t *tie_up = mem_alloc(levels, sizeof *tie_up);
    level[zero] = 0;
    for (size_t i = 1; i < count; i++) {
        level[zero + i] = magnitude[i];
        level[zero - i] = -magnitude[i];
        tie_up[zero + i - 1] = i % 2 == 0; /* between magnitudes i - 1 and i */
        tie_up[zero - i] = i % 2 == 1;
    }
    struct codebook *codebook = codebook_of_levels(level, levels, tie_up);
    mem_free(level);
    mem_free(tie_up);
    return codebook;
}

void codebook_free(struct codebook *codebook)
{
    if (!codebook)
        return;
    mem_free(codebook->level);
    mem_free(codebook->threshold);
    mem_free(codebook->tie_up);
    mem_free(codebook->index.edge);
    mem_free(codebook->index.first);
    mem_free(codebook);
}

/* Without branches that depend on x, which nobody could predict.  Infinities go to the outermost
 * levels, and NaN to any. */
static inline size_t nearest(const struct codebook_index *index, double x)
{
    const uint64_t negative = 0 - (bits_of(x) >> 63); /* all ones, or 0 */
    double magnitude = fabs(x);
    magnitude = magnitude < index->most ? magnitude : index->most;
    magnitude = magnitude > index->least ? magnitude : index->least;
    const uint64_t place = (bits_of(magnitude) >> index->shift) - index->lowest;
    size_t level = index->first[index->buckets + (place ^ negative)]; /* or -1 - place */
    for (size_t step = index->half_step; step > 1; step >>= 1)
        level += step * (size_t)(index->edge[level + step - 1] <= x);
    return level + (size_t)(index->edge[level] <= x);
}

size_t codebook_nearest(const struct codebook *codebook, double x)
{
    assert(isfinite(x));
    return nearest(&codebook->index, x);
}

void codebook_round(const struct codebook *codebook, double location, double scale,
                    const double w[], size_t n, double e[], int32_t code[])
{
    assert(scale >= 0);
    const struct codebook_index index = codebook->index;
    const double *level = codebook->level;
    const double divisor = scale > 0 ? scale : INFINITY; /* all quotients 0 */
    for (size_t i = 0; i < n; i++) {
        const double value = w[i];
        const size_t k = nearest(&index, (value - location) / divisor);
        /* value - value is 0, but NaN for what is not finite. */
        e[i] = location + scale * level[k] - value + (value - value);
        if (code)
            code[i] = isfinite(value) ? (int32_t)k : 0;
    }
}
