/* SPDX-License-Identifier: MIT */
#include "engine/layer_lineup.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/decibels.h"
#include "base/mem.h"
#include "engine/layer_rounding.h"
#include "linear/concentration.h"
#include "linear/token_grid.h"
#include "quant/levels.h"

/* What is always compared, under these names. */
static const char *const usual[] = {"none", "scale:0.5", "hadamard", "cat"};
#define USUAL (sizeof usual / sizeof *usual)

_Static_assert(USUAL + 1 == LAYER_LINEUP_TRANSFORMS, "one more is asked for");

static void lineup_free(struct part *part)
{
    struct layer_lineup *lineup = (struct layer_lineup *)part;
    for (size_t i = 0; i < lineup->count; i++)
        part_unref((const struct part *)lineup->entry[i].layer);
    mem_free(lineup->source);
    mem_free(lineup->member);
    mem_free(lineup);
}

const struct layer_lineup *layer_lineup_refuse(const char *why)
{
    struct layer_lineup *lineup = mem_zero(1, sizeof *lineup);
    part_init(&lineup->part, sizeof *lineup, lineup_free);
    snprintf(lineup->refusal, sizeof lineup->refusal, "%s", why);
    return lineup;
}

/* ---- what is compared ---- */

size_t layer_lineup_transforms(const struct transform_spec *own,
                               struct transform_spec specs[LAYER_LINEUP_TRANSFORMS])
{
    bool there = false;
    for (size_t i = 0; i < USUAL; i++) {
        const bool parsed = transform_spec_parse(usual[i], &specs[i], NULL);
        assert(parsed);
        (void)parsed;
        there = there || transform_spec_equal(&specs[i], own);
    }
    if (there)
        return USUAL;
    specs[USUAL] = *own;
    return USUAL + 1;
}

static void list_transforms(struct layer_lineup *lineup, const struct layer_lineup_job *job)
{
    struct transform_spec specs[LAYER_LINEUP_TRANSFORMS];
    lineup->count = layer_lineup_transforms(job->own, specs);
    for (size_t i = 0; i < lineup->count; i++) {
        struct layer_lineup_entry *entry = &lineup->entry[i];
        struct text name = {0};
        transform_spec_print(&specs[i], &name);
        snprintf(entry->label, sizeof entry->label, "%s", i < USUAL ? usual[i] : name.data);
        text_done(&name);
        entry->own = transform_spec_equal(&specs[i], job->own);
        entry->request.transform = specs[i];
        entry->request.scheme = *job->scheme;
        entry->request.inputs = lineup->inputs_left ? (struct input_grid){0} : *job->inputs;
    }
}

/* More bits for weights and inputs alike, as far as there are such levels. */
static void list_more_bits(struct layer_lineup *lineup)
{
    for (int more = 1; more <= LAYER_LINEUP_MORE_BITS; more++) {
        struct layer_lineup_entry *entry = &lineup->entry[lineup->count];
        struct text label = {0};
        entry->request = lineup->entry[0].request;
        if (!layer_request_add_bits(&entry->request, more))
            break;
        layer_request_print_bits(&entry->request, &label);
        snprintf(entry->label, sizeof entry->label, "%s", label.data);
        text_done(&label);
        lineup->count++;
    }
}

static struct layer_reference find_reference(const struct source_type *type, size_t d,
                                             const struct layer_request *asked)
{
    const uint64_t group = scheme_granularity(&asked->scheme).columns;
    const double weight_steps = layer_rounding_steps(&asked->scheme);
    struct layer_reference reference = {NAN, NAN, NAN};
    if (!(weight_steps > 0))
        return reference;
    const double weight =
        concentration_reference_grouped(type, (double)d, group, !asked->scheme.asymmetric);
    double both = weight * weight_steps * weight_steps;
    reference.weight = decibels(weight);
    if (asked->inputs.bits > 0) {
        const double input =
            concentration_reference_grouped(type, (double)d, 0, asked->inputs.symmetric);
        const double steps = token_grid_steps(asked->inputs.bits, asked->inputs.symmetric);
        reference.input = decibels(input);
        both = 1 / (1 / both + 1 / (input * steps * steps));
    }
    reference.given = decibels(12 * both);
    return reference;
}

static char *copy_text(const char *string)
{
    struct text text = {0};
    if (string)
        text_puts(&text, string);
    return text.data;
}

static struct layer_lineup *lineup_new(const struct layer_lineup_job *job)
{
    const struct layer_group *group = job->group;
    struct layer_lineup *lineup = mem_zero(1, sizeof *lineup);
    part_init(&lineup->part, sizeof *lineup + group->count * sizeof *lineup->member, lineup_free);
    lineup->columns = group->columns;
    lineup->members = group->count;
    lineup->member = mem_alloc(group->count, sizeof *lineup->member);
    memcpy(lineup->member, group->member, group->count * sizeof *lineup->member);
    lineup->inputs = group->inputs->kind;
    lineup->tokens = group->inputs->tokens;
    lineup->source = copy_text(job->source);
    lineup->inputs_left = job->inputs->bits > 0 && !group->inputs->x;
    list_transforms(lineup, job);
    list_more_bits(lineup);
    const struct layer_request *asked = &lineup->entry[0].request;
    lineup->gaussian = find_reference(&source_gaussian, lineup->columns, asked);
    lineup->laplace = find_reference(&source_laplace, lineup->columns, asked);
    return lineup;
}

/* ---- the figures ---- */

/* False with *error for what concerns more than this entry. */
static bool fill(struct layer_lineup_entry *entry, const struct layer_lineup_job *job,
                 struct error *error)
{
    const struct layer_group *group = job->group;
    struct error why = {ERROR_NONE, ""};
    if (transform_spec_needs(&entry->request.transform, group->columns).maxima &&
        !group->inputs->maxima)
        error_set(&why, ERROR_USAGE, "needs samples or ranges of the inputs");
    else
        entry->layer = layer_compute(job->pool, job->watch, group, &entry->request, &why);
    if (entry->layer)
        return true;
    if (why.code != ERROR_USAGE) {
        if (error)
            *error = why;
        return false;
    }
    snprintf(entry->reason, sizeof entry->reason, "%.*s", LAYER_LINEUP_REASON - 1, why.text);
    return true;
}

/* A copy is shown, for what is shown stays as it is. */
static void show(const struct layer_lineup_job *job, const struct layer_lineup *lineup)
{
    struct layer_lineup *copy = mem_alloc(1, sizeof *copy);
    *copy = *lineup;
    part_init(&copy->part, lineup->part.bytes, lineup_free);
    copy->member = mem_alloc(copy->members, sizeof *copy->member);
    memcpy(copy->member, lineup->member, copy->members * sizeof *copy->member);
    copy->source = copy_text(lineup->source);
    for (size_t i = 0; i < copy->count; i++)
        part_ref((const struct part *)copy->entry[i].layer);
    job->show(job->context, copy);
    part_unref(&copy->part);
}

const struct layer_lineup *layer_lineup_compute(const struct layer_lineup_job *job,
                                                struct error *error)
{
    struct layer_lineup *lineup = lineup_new(job);
    for (size_t i = 0; i < lineup->count; i++) {
        if (!fill(&lineup->entry[i], job, error)) {
            part_unref(&lineup->part);
            return NULL;
        }
        lineup->known++;
        if (job->show && lineup->known < lineup->count)
            show(job, lineup);
    }
    return lineup;
}

size_t layer_lineup_member(const struct layer_lineup *lineup, const struct tensor *tensor)
{
    size_t i = 0;
    while (i < lineup->members && tensor && lineup->member[i].tensor != tensor)
        i++;
    return i;
}

const struct layer_lineup_entry *layer_lineup_own(const struct layer_lineup *lineup)
{
    for (size_t i = 0; i < lineup->count; i++)
        if (lineup->entry[i].own)
            return &lineup->entry[i];
    return NULL;
}

const struct layer_sqnr *layer_lineup_sqnr(const struct layer_lineup_entry *entry, size_t member)
{
    return entry && entry->layer ? &entry->layer->member[member].sqnr : NULL;
}

const struct layer_lineup_entry *layer_lineup_find(const struct layer_lineup *lineup,
                                                   const char *label)
{
    for (size_t i = 0; i < lineup->count; i++)
        if (strcmp(lineup->entry[i].label, label) == 0)
            return &lineup->entry[i];
    return NULL;
}
