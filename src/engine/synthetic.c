/* SPDX-License-Identifier: MIT */
#include "engine/synthetic.h"

#include <gsl/gsl_rng.h>

#include "base/mem.h"
#include "model/memory.h"

/* Draws between two looks at whether the work is still wanted. */
#define SLICE 16384

static void synthetic_free(struct part *part)
{
    struct synthetic *synthetic = (struct synthetic *)part;
    model_free(synthetic->model);
    mem_free(synthetic);
}

static bool draw_all(const struct source *law, uint64_t n, gsl_rng *rng, float values[],
                     struct watch *watch, struct error *error)
{
    struct source unit = *law;
    unit.mean = 0;
    unit.std = 1;
    for (uint64_t i = 0; i < n; i++) {
        values[i] = (float)unit.type->draw(&unit, rng);
        if (i % SLICE != 0)
            continue;
        atomic_store(&watch->done, i);
        if (atomic_load(&watch->cancel))
            return error_set(error, ERROR_CANCELLED, "cancelled");
    }
    return true;
}

const struct synthetic *synthetic_draw(const struct source *law, uint64_t n, unsigned long seed,
                                       struct watch *watch, struct error *error)
{
    float *values;
    struct model *model = memory_model("synthetic sample", n, &values, error);
    if (!model)
        return NULL;
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    if (!rng)
        mem_panic("out of memory");
    gsl_rng_set(rng, seed);
    watch_begin(watch, "drawing", n);
    bool ok = draw_all(law, n, rng, values, watch, error);
    gsl_rng_free(rng);
    if (!ok) {
        model_free(model);
        return NULL;
    }
    struct synthetic *synthetic = mem_zero(1, sizeof *synthetic);
    part_init(&synthetic->part, (size_t)n * sizeof *values, synthetic_free);
    synthetic->model = model;
    return synthetic;
}
