/* SPDX-License-Identifier: MIT */
#include "ui/lab.h"

#include <math.h>
#include <string.h>

static const char *const laws[] = {
    "gaussian", "laplace", "uniform", "logistic", "t:5", "mixture:0.01:10",
};
#define LAWS (sizeof laws / sizeof *laws)

struct lab lab_default(void)
{
    return (struct lab){.law = {.type = &source_gaussian, .std = 1}, .draws = 100000, .seed = 1};
}

static bool same_law(const struct source *a, const struct source *b)
{
    return a->type == b->type && memcmp(a->shape, b->shape, sizeof a->shape) == 0;
}

bool lab_equal(const struct lab *a, const struct lab *b)
{
    return same_law(&a->law, &b->law) && a->draws == b->draws && a->seed == b->seed &&
           a->phase == b->phase && synthetic_layer_equal(&a->layer, &b->layer);
}

void lab_shape(const struct lab *lab, uint64_t *rows, uint64_t *columns)
{
    const bool layer = synthetic_layer_is(&lab->layer);
    *rows = layer ? lab->layer.rows : 1;
    *columns = layer ? lab->layer.columns : lab->draws;
}

void lab_next_law(struct lab *lab, int direction)
{
    size_t at = 0;
    struct source law = {.std = 1};
    for (size_t i = 0; i < LAWS; i++)
        if (source_parse(laws[i], &law, NULL) && same_law(&law, &lab->law))
            at = i;
    source_parse(laws[(at + LAWS + (size_t)direction) % LAWS], &lab->law, NULL);
}

bool lab_knows_step(const struct scheme *scheme)
{
    enum clip_rule rule = scheme->clip.rule;
    if (scheme->levels.kind != LEVELS_UNIFORM || scheme->asymmetric)
        return false;
    if (rule == CLIP_STEP)
        return true;
    /* A group's σ is not the 1 of the whole sample. */
    bool whole = scheme->granularity.columns == 0;
    return scheme->bits > 1 && (rule == CLIP_VALUE || (rule == CLIP_SIGMA && whole));
}

double lab_step(const struct scheme *scheme)
{
    if (!lab_knows_step(scheme))
        return 1;
    if (scheme->clip.rule == CLIP_STEP)
        return scheme->clip.parameter;
    /* From -c to c: one level less than there are codes, or as many. */
    int steps = (1 << scheme->bits) - (scheme->full_range ? 1 : 2);
    return 2 * scheme->clip.parameter / steps;
}

void lab_scale_step(struct scheme *scheme, double factor)
{
    static const double least = 0.01, most = 100;
    if (!lab_knows_step(scheme))
        return;
    double parameter = scheme->clip.parameter * factor;
    /* Whole powers of two are met again and again, not only nearly. */
    double log = round(log2(parameter) * 16) / 16;
    scheme->clip.parameter = fmin(fmax(exp2(log), least), most);
}

enum belief lab_belief(const struct lab *lab, enum belief belief)
{
    return belief == BELIEF_LAW && synthetic_layer_is(&lab->layer) ? BELIEF_FAMILY : belief;
}

void lab_request(struct request *request, const struct lab *lab, const struct scheme *scheme)
{
    uint64_t rows, columns;
    lab_shape(lab, &rows, &columns);
    request->tensor = NULL;
    request->channel = REQUEST_ALL_CHANNELS;
    request->law = lab->law;
    request->draws = rows * columns;
    request->seed = lab->seed;
    request->layer = lab->layer;
    request->layers = NULL; /* those of the model */
    request->belief = lab_belief(lab, request->belief);
    if (synthetic_layer_is(&lab->layer))
        return;
    request->transform = (struct transform_spec){.count = 0};
    request->shift = lab->phase * lab_step(scheme);
}
