/* SPDX-License-Identifier: MIT */
#include "quant/clip_sample.h"

#include <math.h>
#include <string.h>

#include <gsl/gsl_sort.h>

#include "base/mem.h"

/* More values than this are counted in bins: sorting and their sums would leave the cache. */
#define SORTED_MOST ((size_t)1 << 16)
#define BINS        ((size_t)1 << 16)

/* Sorted samples have about so many values to a bucket, if they are spread evenly. */
#define VALUES_PER_BUCKET 0.5
#define BUCKETS_LEAST     16

/* Fuller buckets than this are not sorted by insertion. */
#define INSERTION_MOST 32

static void *room(void *array, size_t *capacity, size_t n, size_t size)
{
    if (n <= *capacity)
        return array;
    *capacity = n;
    mem_free(array); /* what it holds is not needed */
    return mem_alloc(n, size);
}

/* Sets the range and the unit. */
static void set_range(struct clip_sample *sample, double least, double most)
{
    const double largest = fmax(fabs(least), fabs(most));
    /* Not below what has a reciprocal: the smallest weights stay below 1. */
    const int exponent = largest > 0 ? ilogb(largest) : 0;
    sample->unit = ldexp(1, exponent < -1000 ? -1000 : exponent);
    sample->least = least / sample->unit;
    sample->most = most / sample->unit;
}

/* Counts the finite weights and finds their range; false if there are none. */
static bool measure(struct clip_sample *sample, const double w[], size_t n)
{
    double least = INFINITY, most = -INFINITY;
    size_t count = 0;
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(w[i]))
            continue;
        count++;
        least = w[i] < least ? w[i] : least;
        most = w[i] > most ? w[i] : most;
    }
    if (count == 0)
        return false;
    set_range(sample, least, most);
    sample->count = count;
    return true;
}

static void divide_range(struct clip_sample *sample, size_t buckets)
{
    const double range = sample->most - sample->least, per_bucket = (double)buckets / range;
    sample->buckets = buckets;
    sample->per_bucket = range > 0 && isfinite(per_bucket) ? per_bucket : 0;
}

/* Never falls as value grows; value is at least sample->least. */
static inline size_t bucket_of(const struct clip_sample *sample, double value)
{
    const double place = (value - sample->least) * sample->per_bucket;
    return place < (double)sample->buckets ? (size_t)place : sample->buckets - 1;
}

/* ---- sorted samples ---- */

/* Leaves in first[b + 1] where bucket b starts. */
static void count_buckets(struct clip_sample *sample, const double w[], size_t n)
{
    const double inverse = 1 / sample->unit;
    size_t *start = sample->first + 1, sum = 0;
    memset(sample->first, 0, (sample->buckets + 1) * sizeof *sample->first);
    for (size_t i = 0; i < n; i++)
        if (isfinite(w[i]))
            start[bucket_of(sample, w[i] * inverse)]++;
    for (size_t b = 0; b < sample->buckets; b++) {
        const size_t count = start[b];
        start[b] = sum;
        sum += count;
    }
}

/* Puts each value in its bucket, which moves the starts on to the ends. */
static void fill_buckets(struct clip_sample *sample, const double w[], size_t n)
{
    const double inverse = 1 / sample->unit;
    for (size_t i = 0; i < n; i++)
        if (isfinite(w[i])) {
            const double value = w[i] * inverse;
            sample->value[sample->first[1 + bucket_of(sample, value)]++] = value;
        }
}

static void sort_buckets(struct clip_sample *sample)
{
    double *value = sample->value;
    for (size_t b = 0; b < sample->buckets; b++) {
        const size_t start = sample->first[b], n = sample->first[b + 1] - start;
        if (n > INSERTION_MOST)
            gsl_sort(value + start, 1, n);
    }
    for (size_t i = 1; i < sample->count; i++) {
        const double moving = value[i];
        size_t place = i;
        for (; place > 0 && value[place - 1] > moving; place--)
            value[place] = value[place - 1];
        value[place] = moving;
    }
}

static void sum_values(struct clip_sample *sample)
{
    struct clip_sums sums = {0};
    for (size_t i = 0; i < sample->count; i++) {
        const double value = sample->value[i];
        sample->below[i] = sums;
        sums.count += 1;
        sums.sum += value;
        sums.square += value * value;
    }
    sample->below[sample->count] = sums;
}

static void make_sorted(struct clip_sample *sample, const double w[], size_t n)
{
    const size_t buckets = BUCKETS_LEAST + (size_t)((double)sample->count / VALUES_PER_BUCKET);
    sample->values = sample->count;
    sample->value = room(sample->value, &sample->value_room, sample->count, sizeof *sample->value);
    sample->first = room(sample->first, &sample->first_room, buckets + 1, sizeof *sample->first);
    sample->below =
        room(sample->below, &sample->below_room, sample->count + 1, sizeof *sample->below);
    divide_range(sample, buckets);
    count_buckets(sample, w, n);
    fill_buckets(sample, w, n);
    sort_buckets(sample);
    sum_values(sample);
}

/* Bisects the bucket that x would be in. */
static inline size_t values_below(const struct clip_sample *sample, double x)
{
    const size_t bucket = bucket_of(sample, x);
    size_t low = sample->first[bucket], high = sample->first[bucket + 1];
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (sample->value[middle] < x)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* ---- bins ---- */

/* The sums up to a part u of a bin that starts at `left` and has this count and mean place (0 ..
 * 1): of the density a + b u. */
static inline struct clip_sums part_of_bin(double left, double width, double count, double place,
                                           double u)
{
    const double b = 12 * count * (place - 0.5), a = count - b / 2;
    const double zeroth = u * (a + u * b / 2), first = u * u * (a / 2 + u * b / 3);
    const double second = u * u * u * (a / 3 + u * b / 4);
    return (struct clip_sums){zeroth, left * zeroth + width * first,
                              left * left * zeroth + width * (2 * left * first + width * second)};
}

static void add(struct clip_sums *to, const struct clip_sums *more)
{
    to->count += more->count;
    to->sum += more->sum;
    to->square += more->square;
}

/* Where a bin starts, by the same arithmetic everywhere. */
static double start_of_bin(const struct clip_sample *sample, size_t bin)
{
    return sample->least + (double)bin / sample->per_bucket;
}

static void clear_bins(struct clip_sample *sample)
{
    sample->values = sample->count = 0;
    sample->below = room(sample->below, &sample->below_room, BINS + 1, sizeof *sample->below);
    divide_range(sample, BINS);
    memset(sample->below, 0, (BINS + 1) * sizeof *sample->below);
}

/* Until the bins are summed, `below` holds each one's count and the sum of places in it. */
static void fill_bins(struct clip_sample *sample, const double w[], size_t n)
{
    const double inverse = 1 / sample->unit;
    struct clip_sums *bin = sample->below;
    size_t count = 0;
    for (size_t i = 0; i < n; i++)
        if (isfinite(w[i])) {
            const double place = (w[i] * inverse - sample->least) * sample->per_bucket;
            struct clip_sums *hit = bin + (place < (double)BINS ? (size_t)place : BINS - 1);
            hit->count += 1;
            hit->sum += place;
            count++;
        }
    sample->count += count;
}

static void sum_bins(struct clip_sample *sample)
{
    struct clip_sums *bin = sample->below, total = {0};
    for (size_t b = 0; b < BINS; b++) {
        const double count = bin[b].count, place = count > 0 ? bin[b].sum / count - (double)b : 0;
        const struct clip_sums all =
            part_of_bin(start_of_bin(sample, b), 1 / sample->per_bucket, count, place, 1);
        bin[b] = total;
        add(&total, &all);
    }
    bin[BINS] = total;
}

static double limited(double part)
{
    return part < 1 ? part > 0 ? part : 0 : 1;
}

static struct clip_sums bins_below(const struct clip_sample *sample, double x)
{
    const size_t bin = bucket_of(sample, x);
    const double width = 1 / sample->per_bucket, left = start_of_bin(sample, bin);
    struct clip_sums sums = sample->below[bin];
    const double count = sample->below[bin + 1].count - sums.count;
    if (!(count > 0))
        return sums;
    const double mean = (sample->below[bin + 1].sum - sums.sum) / count;
    const struct clip_sums more = part_of_bin(left, width, count, limited((mean - left) / width),
                                              limited((x - left) / width));
    add(&sums, &more);
    return sums;
}

/* ---- both ---- */

/* One weight stands for all: errors are means. */
static void make_constant(struct clip_sample *sample)
{
    const double weight = sample->least * sample->unit;
    sample->count = 1;
    make_sorted(sample, &weight, 1);
}

struct clip_sample *clip_sample_make(struct clip_sample *old, const double w[], size_t n)
{
    struct clip_sample *sample = old ? old : mem_zero(1, sizeof *sample);
    if (!measure(sample, w, n)) {
        clip_sample_free(sample);
        return NULL;
    }
    if (!(sample->least < sample->most)) {
        make_constant(sample);
    } else if (sample->count > SORTED_MOST) {
        clear_bins(sample);
        fill_bins(sample, w, n);
        sum_bins(sample);
    } else {
        make_sorted(sample, w, n);
    }
    return sample;
}

struct clip_sample *clip_sample_begin(struct clip_sample *old, double least, double most)
{
    struct clip_sample *sample = old ? old : mem_zero(1, sizeof *sample);
    set_range(sample, least, most);
    if (sample->least < sample->most)
        clear_bins(sample);
    else
        make_constant(sample);
    return sample;
}

void clip_sample_add(struct clip_sample *sample, const double w[], size_t n)
{
    if (sample->values == 0)
        fill_bins(sample, w, n);
}

void clip_sample_end(struct clip_sample *sample)
{
    if (sample->values == 0)
        sum_bins(sample);
}

void clip_sample_free(struct clip_sample *sample)
{
    if (!sample)
        return;
    mem_free(sample->value);
    mem_free(sample->first);
    mem_free(sample->below);
    mem_free(sample);
}

struct clip_sums clip_sample_below(const struct clip_sample *sample, double x)
{
    if (!(x > sample->least))
        return (struct clip_sums){0};
    return sample->values > 0 ? sample->below[values_below(sample, x)] : bins_below(sample, x);
}

struct clip_sums clip_sample_total(const struct clip_sample *sample)
{
    return sample->below[sample->values > 0 ? sample->values : sample->buckets];
}

double clip_sample_before_bucket(const struct clip_sample *sample, size_t bucket)
{
    return sample->values > 0 ? (double)sample->first[bucket] : sample->below[bucket].count;
}
