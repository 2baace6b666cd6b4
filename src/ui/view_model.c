/* SPDX-License-Identifier: MIT */
#include "ui/view_model.h"

#include <math.h>

#include "base/mem.h"
#include "base/text.h"
#include "engine/agreement.h"
#include "plot/figure.h"
#include "ui/view.h"

/* What all matrices come to at a width.  Vectors are set apart. */
struct totals {
    struct regression fit[AGREEMENT_MOMENTS][RECORD_CHANNELS];
    uint64_t channels, wide, tested, normal;
    size_t matrices, known, vectors; /* known: matrices that have a record */
    double highest;                  /* q/σ */
    size_t tensor;                   /* that has it */
};

static const struct regression *fit_of(const struct record_error *error,
                                       enum agreement_moment moment, enum record_channels of)
{
    return moment == AGREEMENT_MEAN ? &error->mean_fit[of] : &error->std_fit[of];
}

static void add_record(struct totals *totals, const struct survey_record *record, size_t tensor,
                       int bits)
{
    const struct record_error *error = record_error(record, bits);
    for (int of = 0; of < RECORD_CHANNELS; of++)
        for (int moment = 0; moment < AGREEMENT_MOMENTS; moment++)
            regression_merge(&totals->fit[moment][of], fit_of(error, (enum agreement_moment)moment,
                                                              (enum record_channels)of));
    totals->known++;
    totals->channels += record->weights.channels;
    totals->wide += error->wide_channels;
    if (record->parts & RECORD_SLOW) {
        totals->tested += record->normality.tested;
        totals->normal += record->normality.normal;
    }
    const double highest = record_step_over_std_max(record, bits);
    if (highest > totals->highest) {
        totals->highest = highest;
        totals->tensor = tensor;
    }
}

/* The record of a matrix, NULL for vectors and before there is one. */
static const struct survey_record *matrix_record(const struct view_model *model, size_t tensor)
{
    const struct survey_record *record = model->record[tensor];
    const bool known = record && (record->parts & RECORD_FAST);
    return known && model->model->tensors[tensor].rank >= 2 ? record : NULL;
}

/* Totals at the widths from `least` to `most`, in one walk through the tensors. */
static void add_totals(const struct view_model *model, int least, int most, struct totals totals[])
{
    size_t vectors = 0;
    for (size_t i = 0; i < model->model->count; i++) {
        const struct survey_record *record = matrix_record(model, i);
        vectors += model->model->tensors[i].rank < 2;
        for (int bits = least; record && bits <= most; bits++)
            add_record(&totals[bits - least], record, i, bits);
    }
    for (int bits = least; bits <= most; bits++) {
        totals[bits - least].vectors = vectors;
        totals[bits - least].matrices = model->model->count - vectors;
    }
}

/* At the model's own width, or at any if the ladder does not have that. */
static struct totals totals_of(const struct view_model *model)
{
    const int bits = record_has_bits(model->bits) ? model->bits : RECORD_BITS_LEAST;
    struct totals totals = {.matrices = 0};
    add_totals(model, bits, bits, &totals);
    return totals;
}

/* Says so if there is nothing to draw. */
static bool is_empty(const struct view_model *model, const struct totals *totals,
                     struct cells *cells, struct rect *rect)
{
    if (!record_has_bits(model->bits))
        view_say(cells, rect, STYLE_DIM, "the survey knows 2 to 8 bits");
    else if (totals->matrices == 0)
        view_say(cells, rect, STYLE_DIM, "there are no matrices, and vectors are set apart");
    else if (totals->known == 0)
        view_say(cells, rect, STYLE_DIM, "the survey has told nothing of a matrix yet");
    else
        return false;
    return true;
}

/* "21 matrices at clip max; 9 vectors set apart", or how far the survey is. */
static void say_extent(const struct totals *totals, struct cells *cells, struct rect *rect)
{
    struct text text = {0};
    if (totals->known < totals->matrices)
        text_printf(&text, "%zu of %zu matrices so far", totals->known, totals->matrices);
    else
        text_printf(&text, "%zu matri%s at clip max", totals->matrices,
                    totals->matrices == 1 ? "x" : "ces");
    if (totals->vectors > 0)
        text_printf(&text, "; %zu vector%s set apart", totals->vectors,
                    totals->vectors == 1 ? "" : "s");
    view_say(cells, rect, STYLE_DIM, text.data);
    text_done(&text);
}

/* The matrices as dots; the one to mark becomes a marker, too. */
struct cloud {
    double *x, *y;
    size_t n;
    double low, high;
    struct marker marked;
    bool has_marked;
};

static struct cloud cloud_of(const struct view_model *model, const struct view_options *options)
{
    const size_t count = model->model->count;
    struct cloud cloud = {.low = INFINITY, .high = -INFINITY};
    cloud.x = mem_alloc(2 * count, sizeof *cloud.x);
    cloud.y = cloud.x + count;
    for (size_t i = 0; i < count; i++) {
        const struct survey_record *record = matrix_record(model, i);
        if (!record)
            continue;
        const struct regression *fit = fit_of(record_error(record, model->bits),
                                              options->means ? AGREEMENT_MEAN : AGREEMENT_STD,
                                              options->normal_only ? RECORD_NORMAL : RECORD_ALL);
        if (fit->n == 0)
            continue;
        cloud.x[cloud.n] = fit->mean_x;
        cloud.y[cloud.n++] = fit->mean_y;
        cloud.low = fmin(cloud.low, fmin(fit->mean_x, fit->mean_y));
        cloud.high = fmax(cloud.high, fmax(fit->mean_x, fit->mean_y));
        if (i == model->tensor) {
            cloud.marked =
                (struct marker){fit->mean_x, model->model->tensors[i].label, STYLE_TITLE};
            cloud.has_marked = true;
        }
    }
    return cloud;
}

static void draw_cloud(const struct cloud *cloud, const struct view_options *options,
                       struct cells *cells, struct rect rect)
{
    const double room = view_room(cloud->low, cloud->high);
    const double low = cloud->low - room, high = cloud->high + room, line[] = {low, high};
    const struct figure figure = {
        .x_title = "theory",
        .y_title = options->means ? "measured mean of e" : "measured std of e",
        .x_low = low,
        .x_high = high,
        .y_low = low,
        .y_high = high,
        .series = {{SERIES_DOTTED, STYLE_REFERENCE, "y = x", line, line, 2},
                   {SERIES_SCATTER, STYLE_POINT,
                    options->normal_only ? "matrices' normal channels" : "matrices", cloud->x,
                    cloud->y, cloud->n}},
        .series_count = 2,
        .markers = &cloud->marked,
        .marker_count = cloud->has_marked,
    };
    draw_figure(cells, rect, &figure, options->glyphs);
}

void view_model_channels(const struct view_model *model, const struct view_options *options,
                         struct cells *cells, struct rect rect)
{
    const enum agreement_moment moment = options->means ? AGREEMENT_MEAN : AGREEMENT_STD;
    const struct totals totals = totals_of(model);
    if (is_empty(model, &totals, cells, &rect))
        return;
    struct text all = {0}, normal = {0};
    const bool ascii = options->glyphs == GLYPHS_ASCII;
    view_describe_fit(&all, "all:", &totals.fit[moment][RECORD_ALL], ascii);
    view_describe_fit(&normal, "normal:", &totals.fit[moment][RECORD_NORMAL], ascii);
    if (totals.tested > 0)
        text_printf(&normal, "  %.0f %%", 100 * (double)totals.normal / (double)totals.tested);
    view_say(cells, &rect, STYLE_VALUE, all.data);
    view_say(cells, &rect, STYLE_VALUE, normal.data);
    say_extent(&totals, cells, &rect);
    text_done(&all);
    text_done(&normal);
    struct cloud cloud = cloud_of(model, options);
    if (cloud.n > 0)
        draw_cloud(&cloud, options, cells, rect);
    mem_free(cloud.x);
}

/* Channels by q/σ, in the bins of the records; the lowest and the highest that hold any. */
struct counts {
    double edge[RECORD_RATIOS + 1], height[RECORD_RATIOS];
    size_t first, end;
};

static struct counts counts_of(const struct view_model *model)
{
    struct counts counts = {.height = {0}, .first = RECORD_RATIOS};
    for (size_t bin = 0; bin <= RECORD_RATIOS; bin++)
        counts.edge[bin] = record_ratio_low(bin, model->bits);
    for (size_t i = 0; i < model->model->count; i++) {
        const struct survey_record *record = matrix_record(model, i);
        for (size_t bin = 0; record && bin < RECORD_RATIOS; bin++)
            counts.height[bin] += record->weights.ratio[bin];
    }
    for (size_t bin = 0; bin < RECORD_RATIOS; bin++)
        if (counts.height[bin] > 0) {
            counts.first = counts.first < bin ? counts.first : bin;
            counts.end = bin + 1;
        }
    return counts;
}

static void say_share(const struct view_model *model, const struct totals *totals, bool ascii,
                      struct cells *cells, struct rect *rect)
{
    char wide[TEXT_NUMBER], all[TEXT_NUMBER];
    struct text text = {0};
    text_printf(&text, "%s > %g: %s of %s channels, %.2f %%", ascii ? "q/std" : "q/σ",
                AGREEMENT_WIDE, text_count(wide, totals->wide), text_count(all, totals->channels),
                100 * (double)totals->wide / (double)totals->channels);
    view_say(cells, rect, STYLE_VALUE, text.data);
    text_clear(&text);
    if (totals->highest > 0) {
        const struct survey_record *record = model->record[totals->tensor];
        text_printf(&text, "largest %.3f: %s, channel %llu", totals->highest,
                    model->model->tensors[totals->tensor].label,
                    (unsigned long long)record->weights.worst_channel);
        view_say(cells, rect, STYLE_VALUE, text.data);
    }
    text_done(&text);
}

void view_model_ratio(const struct view_model *model, const struct view_options *options,
                      struct cells *cells, struct rect rect)
{
    const bool ascii = options->glyphs == GLYPHS_ASCII;
    const struct totals totals = totals_of(model);
    if (is_empty(model, &totals, cells, &rect))
        return;
    say_share(model, &totals, ascii, cells, &rect);
    say_extent(&totals, cells, &rect);
    const struct counts counts = counts_of(model);
    if (counts.end == 0)
        return;
    const struct marker markers[] = {{view_limit(THEORY_PQN_HOLDS), "strained", STYLE_MARK},
                                     {view_limit(THEORY_PQN_STRAINED), "broken", STYLE_MARK}};
    const struct figure figure = {
        .x_title = ascii ? "q/std" : "q/σ",
        .y_title = "channels",
        .x_high = counts.edge[counts.end] * 1.1,
        .y_log = options->log,
        .series = {{SERIES_BARS, STYLE_DATA, "channels of matrices", counts.edge + counts.first,
                    counts.height + counts.first, counts.end - counts.first}},
        .series_count = 1,
        .markers = markers,
        .marker_count = 2,
    };
    draw_figure(cells, rect, &figure, options->glyphs);
}

static void draw_width(const struct totals *totals, int bits, bool marked,
                       enum agreement_moment moment, struct cells *cells, struct rect line)
{
    const struct regression *fit = totals->fit[moment];
    char number[4][TEXT_NUMBER];
    for (int of = 0; of < RECORD_CHANNELS; of++) {
        text_number(number[2 * of], view_slope(&fit[of]), 4);
        text_number(number[2 * of + 1], regression_r2(&fit[of]), 4);
    }
    cells_printf(cells, line.x, line.y, line.width, marked ? STYLE_TITLE : STYLE_VALUE,
                 "%c%d %8s %7s %8s %7s %7.2f %%", marked ? '>' : ' ', bits, number[0], number[1],
                 number[2], number[3],
                 totals->channels ? 100 * (double)totals->wide / (double)totals->channels : 0);
}

void view_model_table(const struct view_model *model, const struct view_options *options,
                      struct cells *cells, struct rect rect)
{
    const bool ascii = options->glyphs == GLYPHS_ASCII;
    if (rect.height < 1)
        return;
    cells_printf(cells, rect.x, rect.y, rect.width, STYLE_DIM, "b  %s of e %s  normal %s  %s > 2",
                 options->means ? "mean" : " std", ascii ? "     R2" : "     R²",
                 ascii ? "     R2" : "     R²", ascii ? "q/s" : "q/σ");
    struct totals totals[RECORD_WIDTHS] = {{.matrices = 0}};
    add_totals(model, RECORD_BITS_LEAST, RECORD_BITS_MOST, totals);
    for (int i = 0; i < RECORD_WIDTHS && i + 1 < rect.height; i++)
        draw_width(&totals[i], RECORD_BITS_LEAST + i, RECORD_BITS_LEAST + i == model->bits,
                   options->means ? AGREEMENT_MEAN : AGREEMENT_STD, cells,
                   (struct rect){rect.x, rect.y + 1 + i, rect.width, 1});
}
