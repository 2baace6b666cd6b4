/* SPDX-License-Identifier: MIT */
#include "golden_engine.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/analysis.h"
#include "model/model.h"

/* Relative; and how far above an upper bound a least error may lie. */
#define ALLOWED       1e-6
#define ALLOWED_ABOVE 1e-3

struct golden_engine {
    struct model *model;
    struct pool *pool;
    struct watch watch;
};

static _Noreturn void die(const char *what, const struct error *error)
{
    fprintf(stderr, "golden_check: %s: %s\n", what, error->text);
    exit(1);
}

struct golden_engine *golden_engine_new(const char *model)
{
    struct error error = { ERROR_NONE, "" };
    struct golden_engine *engine = calloc(1, sizeof *engine);
    if (!engine)
        abort();
    engine->model = model_open(&model, 1, NULL, &error);
    if (engine->model)
        engine->pool = pool_new(2, &error);
    if (!engine->pool)
        die(model, &error);
    return engine;
}

void golden_engine_free(struct golden_engine *engine)
{
    pool_free(engine->pool);
    model_free(engine->model);
    free(engine);
}

static struct scheme scheme_of(const struct golden_entry *entry, int bits)
{
    struct error error = { ERROR_NONE, "" };
    struct scheme scheme = scheme_default();
    scheme.bits = entry->bits ? entry->bits : bits;
    scheme.asymmetric = entry->asymmetric;
    scheme.correct_mean = scheme.correct_norm = entry->corrected;
    if (!levels_parse(entry->levels, &scheme.levels, &scheme.bits, &error) ||
        !granularity_parse(entry->granularity, &scheme.granularity, &error) ||
        !clip_parse(entry->clip, &scheme.clip, &error))
        die(entry->name, &error);
    return scheme;
}

static double mse_of(struct golden_engine *engine, const char *tensor, const struct scheme *scheme)
{
    struct error error = { ERROR_NONE, "" };
    const struct request request = {
        .tensor = model_find(engine->model, tensor, NULL),
        .channel = REQUEST_ALL_CHANNELS,
        .scheme = *scheme,
        .figures_only = true,
    };
    const struct analysis analysis = { .pool = engine->pool, .watch = &engine->watch };
    const struct report *report = request.tensor ? analysis_run(&analysis, &request, &error) : NULL;
    if (!report)
        die(tensor, &error);
    const double mse = report->figures.error_mse;
    part_unref(&report->part);
    return mse;
}

static void compare(struct golden_engine *engine, const char *tensor, double theirs, int bits,
                    const struct golden_entry *entry, struct golden_field *field)
{
    char where[160];
    const struct scheme scheme = scheme_of(entry, bits);
    double ours = mse_of(engine, tensor, &scheme);
    if (entry->upper_bound)
        ours = fmax(ours, theirs);
    snprintf(where, sizeof where, "%s, %d bits", tensor, scheme.bits);
    golden_compare(field, ours, theirs, (entry->upper_bound ? ALLOWED_ABOVE : ALLOWED) * theirs,
                   where);
}

void golden_engine_check(struct golden_engine *engine, const char *tensor, yajl_val object, int bits,
                         const struct golden_entry entries[], struct golden_field fields[], size_t n)
{
    for (size_t k = 0; k < object->u.object.len; k++) {
        const char *name = object->u.object.keys[k];
        size_t i = 0;
        while (i < n && strcmp(entries[i].name, name) != 0)
            i++;
        if (i == n) {
            fprintf(stderr, "golden_check: nobody knows \"%s\"\n", name);
            exit(1);
        }
        fields[i].name = entries[i].name;
        compare(engine, tensor, golden_number(object->u.object.values[k]), bits, &entries[i],
                &fields[i]);
    }
}
