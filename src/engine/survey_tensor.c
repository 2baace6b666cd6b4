/* SPDX-License-Identifier: MIT */
#include "engine/survey_tensor.h"

#include <math.h>
#include <stdio.h>

#include "engine/audit.h"
#include "engine/family.h"
#include "engine/ladder.h"
#include "engine/normality.h"
#include "engine/outliers.h"
#include "engine/profile.h"

_Static_assert(RECORD_OUTLIER_RULES == OUTLIER_RULES, "a record has a count for each rule");
_Static_assert(RECORD_AUDIT_KINDS == AUDIT_KINDS, "a record has a count for each kind");
_Static_assert(RECORD_WORST <= OUTLIERS_WORST, "a record's worst elements are the first ones");
_Static_assert(RECORD_PLACES <= AUDIT_PLACES && RECORD_PLACES <= AUDIT_CHANNELS, "likewise");

bool survey_same_weights(const struct survey_settings *a, const struct survey_settings *b)
{
    return a->view.axis == b->view.axis && a->view.scaled == b->view.scaled &&
           transform_spec_equal(&a->transform, &b->transform) &&
           (a->layers == b->layers || !transform_spec_fits_layer(&a->transform));
}

bool survey_on_ladder(const struct survey_settings *settings)
{
    struct scheme ladder = scheme_default();
    ladder.bits = settings->scheme.bits;
    return record_has_bits(ladder.bits) && scheme_equal(&settings->scheme, &ladder) &&
           settings->belief == BELIEF_GAUSSIAN;
}

static double bits_per_weight(const struct tensor *tensor, const struct survey_settings *settings)
{
    return scheme_bits_per_weight(&settings->scheme, tensor_channels(tensor, settings->view),
                                  tensor_channel_length(tensor, settings->view));
}

void survey_take_from_ladder(const struct tensor *tensor, const struct survey_settings *settings,
                             struct survey_record *record)
{
    const int bits = settings->scheme.bits;
    const struct record_error *error = record_error(record, bits);
    record->scheme = (struct record_scheme){
        .error_mean = error->mean,
        .error_std = error->std,
        .error_mse = error->mse,
        .error_abs_max = error->abs_max,
        .clipped_share = isnan(error->mse) ? (double)NAN : 0,
        .theory_error_mean = error->theory_mean,
        .theory_error_std = error->theory_std,
        .pqn_error_std = error->pqn_std,
        .sqnr_db = error->sqnr_db,
        .theory_sqnr_db = error->theory_sqnr_db,
        .step_over_std_median = record_step_over_std_median(record, bits),
        .step_over_std_max = record_step_over_std_max(record, bits),
        .bits_per_weight = bits_per_weight(tensor, settings),
    };
    record->parts |= RECORD_SCHEME;
}

/* ---- the scheme, if it is another than the ladder's ---- */

static bool add_scheme(const struct analysis *analysis, const struct tensor *tensor,
                       const struct survey_settings *settings, struct survey_record *record,
                       struct error *error)
{
    const struct request request = {
        .tensor = tensor,
        .view = settings->view,
        .channel = REQUEST_ALL_CHANNELS,
        .transform = settings->transform,
        .layers = settings->layers,
        .scheme = settings->scheme,
        .belief = settings->belief,
        .figures_only = true,
    };
    const struct report *report = analysis_run(analysis, &request, error);
    if (!report)
        return false;
    const struct figures *figures = &report->figures;
    record->scheme = (struct record_scheme){
        .error_mean = figures->error_mean,
        .error_std = figures->error_std,
        .error_mse = figures->error_mse,
        .error_abs_max = figures->error_abs_max,
        .clipped_share = figures->clipped_share,
        .theory_error_mean = figures->theory_error_mean,
        .theory_error_std = figures->theory_error_std,
        .pqn_error_std = figures->pqn_error_std,
        .sqnr_db = figures->sqnr_db,
        .theory_sqnr_db = figures->theory_sqnr_db,
        .step_over_std_median = figures->step_over_std_median,
        .step_over_std_max = figures->step_over_std_max,
        .bits_per_weight = bits_per_weight(tensor, settings),
    };
    record->parts |= RECORD_SCHEME;
    part_unref(&report->part);
    return true;
}

/* ---- the slow pass ---- */

static void put_normality(const struct normality *normality, struct record_normality *record)
{
    record->tested = record->normal = 0;
    for (size_t i = 0; i < normality->channels; i++) {
        record->tested += !isnan(normality->channel[i].p);
        record->normal += normality->channel[i].p >= NORMALITY_LEVEL;
    }
}

static struct record_line line_of(const struct outlier_line *line)
{
    return (struct record_line){.hit = line->hit, .index = line->index, .count = line->count};
}

static void put_outliers(const struct outliers *outliers, struct record_outliers *record)
{
    *record = (struct record_outliers){
        .row = line_of(&outliers->row),
        .column = line_of(&outliers->column),
        .listed = (uint32_t)(outliers->listed < RECORD_WORST ? outliers->listed : RECORD_WORST),
    };
    for (size_t i = 0; i < OUTLIER_RULES; i++) {
        record->limit[i] = outliers->limits.limit[i];
        record->count[i] = outliers->count[i];
    }
    for (size_t i = 0; i < record->listed; i++) {
        const struct outlier *worst = &outliers->worst[i];
        record->worst[i] = (struct record_outlier){
            .channel = worst->channel,
            .column = worst->column,
            .value = worst->value,
            .sigmas = worst->sigmas,
            .channel_sigmas = worst->channel_sigmas,
        };
    }
}

static struct record_lines lines_of(const struct audit_channels *channels)
{
    struct record_lines lines = {.count = channels->count};
    lines.listed = (uint32_t)(channels->listed < RECORD_PLACES ? channels->listed : RECORD_PLACES);
    for (size_t i = 0; i < lines.listed; i++) {
        lines.channel[i] = channels->channel[i];
        lines.same_as[i] = channels->same_as[i];
    }
    return lines;
}

static void put_audit(const struct audit *audit, struct record_audit *record)
{
    *record = (struct record_audit){
        .zero = lines_of(&audit->zero),
        .constant = lines_of(&audit->constant),
        .duplicate = lines_of(&audit->duplicate),
        .dead = audit->dead,
        .dead_value = audit->dead_value,
    };
    for (size_t kind = 0; kind < AUDIT_KINDS; kind++) {
        const struct audit_elements *from = &audit->elements[kind];
        struct record_elements *to = &record->elements[kind];
        to->count = from->count;
        to->listed = (uint32_t)(from->listed < RECORD_PLACES ? from->listed : RECORD_PLACES);
        for (size_t i = 0; i < to->listed; i++) {
            to->place[i].channel = from->place[i].channel;
            to->place[i].column = from->place[i].column;
        }
    }
}

static bool add_family(const struct stage *stage, const struct profile *profile,
                       struct survey_record *record, struct error *error)
{
    const struct family *family = family_compute(stage, profile, error);
    if (!family)
        return false;
    record->normality.ks_gaussian = family->ks_gaussian;
    record->normality.ks_laplace = family->ks_laplace;
    record->normality.laplace = family->laplace;
    part_unref(&family->part);
    return true;
}

static bool add_outliers(const struct stage *stage, const struct profile *profile,
                         struct survey_record *record, struct error *error)
{
    const struct outlier_limits limits = outlier_limits_default();
    const struct outliers *outliers = outliers_compute(stage, profile, &limits, error);
    if (!outliers)
        return false;
    put_outliers(outliers, &record->outliers);
    part_unref(&outliers->part);
    return true;
}

static bool add_audit(const struct stage *stage, struct survey_record *record, struct error *error)
{
    const struct audit *audit = audit_compute(stage, error);
    if (!audit)
        return false;
    put_audit(audit, &record->audit);
    part_unref(&audit->part);
    return true;
}

/* Shapiro and Wilk's test, and the ladder with it: which channels are normal matters to both. */
static bool add_normality(const struct stage *stage, struct survey_record *record,
                          struct error *error)
{
    const struct normality *normality = normality_compute(stage, error);
    if (!normality)
        return false;
    put_normality(normality, &record->normality);
    const bool ok = ladder_compute(stage, normality, &record->weights, record->error, error);
    part_unref(&normality->part);
    return ok;
}

static bool add_slow(const struct stage *stage, struct survey_record *record, struct error *error)
{
    if (!add_normality(stage, record, error))
        return false;
    const struct profile *profile = profile_compute(stage, error);
    if (!profile)
        return false;
    const bool ok = add_family(stage, profile, record, error) &&
                    add_outliers(stage, profile, record, error) && add_audit(stage, record, error);
    part_unref(&profile->part);
    if (ok)
        record->parts |= RECORD_FAST | RECORD_SLOW;
    return ok;
}

static bool add_fast(const struct stage *stage, struct survey_record *record, struct error *error)
{
    const bool ok = ladder_compute(stage, NULL, &record->weights, record->error, error);
    if (ok)
        record->parts |= RECORD_FAST;
    return ok;
}

/* ---- all ---- */

static bool add_parts(const struct analysis *analysis, const struct rows *rows,
                      const struct survey_settings *settings, unsigned parts,
                      struct survey_record *record, struct error *error)
{
    const struct stage all = {analysis->pool, rows, analysis->watch}, *stage = &all;
    if ((parts & RECORD_SLOW) && !add_slow(stage, record, error))
        return false;
    if ((parts & RECORD_FAST) && !(record->parts & RECORD_FAST) && !add_fast(stage, record, error))
        return false;
    if (!(parts & RECORD_SCHEME))
        return true;
    if (!survey_on_ladder(settings) || !(record->parts & RECORD_FAST))
        return add_scheme(analysis, rows->tensor, settings, record, error);
    survey_take_from_ladder(rows->tensor, settings, record);
    return true;
}

void survey_begin(const struct tensor *tensor, struct survey_record *record)
{
    *record = (struct survey_record){.vector = tensor->rank < 2};
}

/* Adds what can be added; false with *error, in which case some of it may be missing. */
static bool extend(const struct analysis *analysis, const struct tensor *tensor,
                   const struct survey_settings *settings, unsigned parts,
                   struct survey_record *record, struct error *error)
{
    const struct basis_wish wish = {&settings->transform, settings->view, settings->layers};
    const struct tensor_basis *basis = NULL;
    struct rows rows;
    const bool ok = rows_init(&rows, tensor, settings->view, REQUEST_ALL_CHANNELS, error) &&
                    analysis_transform(analysis, &wish, &rows, &basis, error) &&
                    add_parts(analysis, &rows, settings, parts, record, error) &&
                    content_whole(tensor->content, error);
    part_unref((const struct part *)basis);
    return ok;
}

bool survey_tensor(const struct analysis *analysis, const struct tensor *tensor,
                   const struct survey_settings *settings, unsigned parts,
                   struct survey_record *record, struct error *error)
{
    struct survey_record next = *record;
    struct error why = {0};
    if (extend(analysis, tensor, settings, parts, &next, &why)) {
        *record = next;
        return true;
    }
    if (why.code == ERROR_CANCELLED) {
        *error = why;
        return false;
    }
    /* A scheme that does not go with the tensor leaves what else is known of it; a file that broke
     * does not. */
    if (why.code == ERROR_USAGE)
        *record = next;
    snprintf(record->failure, sizeof record->failure, "%.*s", (int)sizeof record->failure - 1,
             why.text);
    return true;
}

bool survey_run(struct pool *pool, struct watch *watch, const struct model *model,
                const size_t tensor[], size_t n, const struct survey_settings *settings,
                survey_done *done, void *user, struct error *error)
{
    struct cache *bases = cache_new(ANALYSIS_BASES);
    const struct analysis analysis = {.pool = pool, .watch = watch, .bases = bases};
    bool ok = true;
    for (size_t i = 0; ok && i < n; i++) {
        struct survey_record record;
        survey_begin(&model->tensors[tensor[i]], &record);
        ok = survey_tensor(&analysis, &model->tensors[tensor[i]], settings,
                           RECORD_FAST | RECORD_SLOW | RECORD_SCHEME, &record, error) &&
             done(user, tensor[i], &record, error);
    }
    cache_free(bases);
    return ok;
}
