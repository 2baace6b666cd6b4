/* SPDX-License-Identifier: MIT */
#include "engine/steps.h"

#include <limits.h>
#include <math.h>
#include <string.h>

#include "base/mem.h"

/* Entries of an octave of steps, of an octave of the distance of the extremes in steps, and of the
 * place of levels along their reach.  Where a grid has no ends, or levels are many, coarser steps
 * do. */
#define PER_OCTAVE          32
#define PER_OCTAVE_FINE     8
#define PER_OCTAVE_EXTREMES 16
#define PER_REACH           48

/* More levels than this are many: each weighs little, if nothing lies far beyond the last. */
#define MANY_LEVELS 64

/* Neighbours of each sort that are one when curves are drawn. */
#define COARSE_SIZES    4
#define COARSE_PLACES   6
#define COARSE_EXTREMES 4

void steps_clear(struct steps *steps)
{
    steps->count = 0;
}

void steps_done(struct steps *steps)
{
    mem_free(steps->entry);
}

/* Where the levels lie in units of their own: the lowest code of a grid, a codebook's location. */
static double place_of(const struct quantizer *quantizer)
{
    return quantizer->kind == LEVELS_UNIFORM ? quantizer->grid.lowest : quantizer->location;
}

static double place_unit(const struct quantizer *quantizer)
{
    const struct grid *grid = &quantizer->grid;
    return quantizer->kind == LEVELS_UNIFORM ? (double)grid->highest - grid->lowest
                                             : quantizer->reach;
}

static int bounded(double x)
{
    return x > INT_MIN && x < INT_MAX ? (int)x : INT_MIN;
}

static void find_key(const struct scheme *scheme, const struct quantizer *quantizer,
                     int key[STEPS_KEY])
{
    const bool endless = scheme_endless(scheme);
    const double unit = place_unit(quantizer);
    const double width = quantizer->extremes.high - quantizer->extremes.low;
    const bool fine = endless || (isfinite(width) && quantizer->codebook &&
                                  quantizer->codebook->count > MANY_LEVELS);
    key[0] = key[1] = key[2] = INT_MIN;
    if (quantizer->step > 0)
        key[0] = bounded(floor(log2(quantizer->step) * (fine ? PER_OCTAVE_FINE : PER_OCTAVE)));
    if (!endless && unit > 0)
        key[1] = bounded(floor(place_of(quantizer) / unit * PER_REACH));
    /* Rounded, because of most levels the width is always the same, and often a power of 2. */
    if (width > 0 && isfinite(width))
        key[2] = bounded(floor(log2(width) * PER_OCTAVE_EXTREMES + 0.5));
}

static struct steps_entry *find_entry(struct steps *steps, const struct quantizer *quantizer,
                                      const int key[STEPS_KEY])
{
    for (size_t i = 0; i < steps->count; i++) {
        struct steps_entry *entry = &steps->entry[i];
        if (memcmp(entry->key, key, sizeof entry->key) == 0 &&
            entry->first.codebook == quantizer->codebook)
            return entry;
    }
    return NULL;
}

static struct steps_entry *new_entry(struct steps *steps)
{
    steps->entry = mem_grow(steps->entry, &steps->room, steps->count + 1, sizeof *steps->entry);
    return &steps->entry[steps->count++];
}

static bool agree(const struct quantizer *a, const struct quantizer *b)
{
    const struct theory_extremes *x = &a->extremes, *y = &b->extremes;
    return a->step == b->step && a->reach == b->reach && a->centre == b->centre &&
           place_of(a) == place_of(b) && x->low == y->low && x->high == y->high &&
           x->share == y->share && x->x == y->x;
}

static void add_extremes(struct theory_extremes *sum, const struct theory_extremes *extremes,
                         double n)
{
    sum->low += n * extremes->low;
    sum->high += n * extremes->high;
    sum->share += n * extremes->share;
    sum->x += n * extremes->x;
    sum->e += n * extremes->e;
    sum->ee += n * extremes->ee;
    sum->xe += n * extremes->xe;
}

void steps_add(struct steps *steps, const struct scheme *scheme, const struct quantizer *quantizer,
               size_t elements)
{
    int key[STEPS_KEY];
    find_key(scheme, quantizer, key);
    const double n = (double)elements, step = quantizer->step, reach = quantizer->reach;
    struct steps_entry *entry = find_entry(steps, quantizer, key);
    if (!entry) {
        entry = new_entry(steps);
        *entry = (struct steps_entry){.first = *quantizer, .alike = true};
        memcpy(entry->key, key, sizeof entry->key);
    }
    entry->alike = entry->alike && agree(&entry->first, quantizer);
    entry->elements += n;
    entry->step_squares += n * step * step;
    entry->reach_squares += n * reach * reach;
    entry->centres += n * quantizer->centre;
    entry->places += n * place_of(quantizer);
    add_extremes(&entry->extremes, &quantizer->extremes, n);
}

static void merge_entry(struct steps *steps, const struct steps_entry *other)
{
    struct steps_entry *entry = find_entry(steps, &other->first, other->key);
    if (!entry) {
        *new_entry(steps) = *other;
        return;
    }
    entry->alike = entry->alike && other->alike && agree(&entry->first, &other->first);
    entry->elements += other->elements;
    entry->step_squares += other->step_squares;
    entry->reach_squares += other->reach_squares;
    entry->centres += other->centres;
    entry->places += other->places;
    add_extremes(&entry->extremes, &other->extremes, 1);
}

static int coarse_key(int key, int neighbours)
{
    return key == INT_MIN ? key : (int)floor((double)key / neighbours);
}

void steps_coarsen(const struct steps *steps, struct steps *coarse)
{
    steps_clear(coarse);
    for (size_t i = 0; i < steps->count; i++) {
        struct steps_entry entry = steps->entry[i];
        entry.key[0] = coarse_key(entry.key[0], COARSE_SIZES);
        entry.key[1] = coarse_key(entry.key[1], COARSE_PLACES);
        entry.key[2] = coarse_key(entry.key[2], COARSE_EXTREMES);
        merge_entry(coarse, &entry);
    }
}

void steps_merge(struct steps *steps, const struct steps *other)
{
    for (size_t i = 0; i < other->count; i++)
        merge_entry(steps, &other->entry[i]);
}

struct quantizer steps_quantizer(const struct steps_entry *entry)
{
    struct quantizer quantizer = entry->first;
    if (entry->alike || !(quantizer.step > 0))
        return quantizer;
    const double factor = sqrt(entry->step_squares / entry->elements) / quantizer.step;
    const double place = entry->places / entry->elements;
    quantizer.step *= factor;
    quantizer.grid.step *= factor;
    quantizer.grid.clip *= factor;
    quantizer.scale *= factor;
    quantizer.reach = sqrt(entry->reach_squares / entry->elements);
    quantizer.centre = entry->centres / entry->elements;
    quantizer.extremes = (struct theory_extremes){0};
    add_extremes(&quantizer.extremes, &entry->extremes, 1 / entry->elements);
    if (quantizer.kind == LEVELS_UNIFORM) {
        const int shift = (int)lrint(place) - quantizer.grid.lowest;
        quantizer.grid.lowest += shift;
        quantizer.grid.highest += shift;
    } else {
        quantizer.location = place;
    }
    return quantizer;
}

struct steps_means steps_means(const struct steps *steps)
{
    double elements = 0, step_squares = 0, reach_squares = 0, centres = 0;
    if (steps->count == 1 && steps->entry->alike)
        return (struct steps_means){steps->entry->first.step, steps->entry->first.reach,
                                    steps->entry->first.centre};
    for (size_t i = 0; i < steps->count; i++) {
        elements += steps->entry[i].elements;
        step_squares += steps->entry[i].step_squares;
        reach_squares += steps->entry[i].reach_squares;
        centres += steps->entry[i].centres;
    }
    return (struct steps_means){sqrt(step_squares / elements), sqrt(reach_squares / elements),
                                centres / elements};
}
