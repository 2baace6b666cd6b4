/* SPDX-License-Identifier: MIT
 *
 * Concentration and alignment of a model's layers by role (the CAT paper's figures 4 and 5).
 */
#include <math.h>
#include <string.h>

#include "base/decibels.h"
#include "base/mem.h"
#include "linear/concentration.h"
#include "plot/strips.h"
#include "stats/source.h"
#include "ui/view_model_sqnr.h"

/* The spreads of one figure by role, and the memory that their values lie in. */
struct spreads {
    struct strip row[STRIPS_ROWS];
    size_t rows;
    double low, high; /* of all values; low > high if there are none */
    double *room;     /* of every role and set one after the other */
};

static void add_range(struct spreads *spreads, double value)
{
    if (isnan(value))
        return;
    spreads->low = fmin(spreads->low, value);
    spreads->high = fmax(spreads->high, value);
}

/* Every role that has layers has a row, whether the figure is known or not. */
static bool has_role(const struct model_layers *layers, int role)
{
    for (size_t i = 0; i < layers->model->count; i++)
        if (layers->record[i] && (int)layers->record[i]->role == role)
            return true;
    return false;
}

static struct spreads spreads_of(const struct model_layers *layers, enum layer_figure figure)
{
    const size_t transforms[STRIPS_SETS] = {MODEL_LAYERS_NONE, layers->compared};
    struct spreads spreads = {.low = INFINITY, .high = -INFINITY};
    double *free = spreads.room =
        mem_alloc(STRIPS_SETS * layers->model->count, sizeof *spreads.room);
    for (int role = 0; role <= LAYER_ROLES && spreads.rows < STRIPS_ROWS; role++) {
        if (!has_role(layers, role))
            continue;
        struct strip *strip = &spreads.row[spreads.rows++];
        *strip = (struct strip){.label = layer_role_word((enum layer_role)role), .bound = NAN};
        for (int i = 0; i < STRIPS_SETS; i++) {
            const size_t n = model_layers_values(layers, role, figure, transforms[i], free);
            strip->set[i] = (struct strip_set){free, n};
            add_range(&spreads, n > 0 ? free[0] : (double)NAN);
            add_range(&spreads, n > 0 ? free[n - 1] : (double)NAN);
            free += n;
        }
    }
    return spreads;
}

int sqnr_strips_height(const struct sqnr_scene *scene)
{
    struct strips strips = {.count = 0};
    for (int role = 0; role <= LAYER_ROLES; role++)
        strips.count += has_role(scene->layers, role);
    return strips_height(&strips, true);
}

static void draw(const struct sqnr_scene *scene, const struct spreads *spreads,
                 struct strips *strips, struct cells *cells, struct rect rect)
{
    const struct model_layers *layers = scene->layers;
    strips->x_title = "dB";
    strips->name[0] = layers->name[MODEL_LAYERS_NONE].data;
    strips->name[1] = layers->name[layers->compared].data;
    strips->rows = spreads->row;
    strips->count = spreads->rows;
    strips_draw(cells, rect, strips, scene->glyphs);
}

/* ---- concentration ---- */

struct concentration_strips {
    const char *title;
    enum layer_figure figure;
    bool symmetric;
    uint64_t group; /* columns that share a range; 0: all */
};

/* In dB, for vectors of the median width. */
static double reference(const struct source_type *type, const struct sqnr_scene *scene,
                        const struct concentration_strips *what)
{
    return decibels(
        concentration_reference_grouped(type, scene->extent.columns, what->group, what->symmetric));
}

static void draw_concentration(const struct sqnr_scene *scene,
                               const struct concentration_strips *what, struct cells *cells,
                               struct rect rect)
{
    struct spreads spreads = spreads_of(scene->layers, what->figure);
    const double least = decibels(what->symmetric ? 0.25 : 0.5);
    const struct marker markers[] = {
        {least, "least", STYLE_REFERENCE},
        {reference(&source_laplace, scene, what), "Laplace", STYLE_REFERENCE},
        {reference(&source_gaussian, scene, what), "Gaussian", STYLE_REFERENCE},
    };
    const size_t count = sizeof markers / sizeof *markers;
    for (size_t i = 0; i < count; i++)
        add_range(&spreads, markers[i].x);
    const double room = view_room(spreads.low, spreads.high);
    struct strips strips = {.title = what->title,
                            .low = spreads.low - room / 2,
                            .high = spreads.high + room,
                            .markers = markers,
                            .marker_count = count};
    draw(scene, &spreads, &strips, cells, rect);
    mem_free(spreads.room);
}

void sqnr_draw_weight_strips(const struct sqnr_scene *scene, struct cells *cells, struct rect rect)
{
    const struct scheme *scheme = &scene->layers->settings.scheme;
    const struct concentration_strips what = {
        .title = "concentration of weights",
        .figure = LAYER_FIGURE_WEIGHT_CONCENTRATION,
        .symmetric = !scheme->asymmetric,
        .group = scheme_granularity(scheme).columns,
    };
    draw_concentration(scene, &what, cells, rect);
}

void sqnr_draw_input_strips(const struct sqnr_scene *scene, struct cells *cells, struct rect rect)
{
    const struct input_grid *inputs = &scene->layers->settings.inputs;
    const struct concentration_strips what = {
        .title = "concentration of inputs",
        .figure = LAYER_FIGURE_INPUT_CONCENTRATION,
        .symmetric = inputs->symmetric,
    };
    if (inputs->bits > 0 && scene->extent.sampled > 0)
        draw_concentration(scene, &what, cells, rect);
    else
        sqnr_say_no_inputs(scene, what.title, cells, rect);
}

/* ---- alignment ---- */

/* Shades what each role's layers could reach: up to the median of their maxima.  Returns whether
 * any is known. */
static bool add_bounds(const struct model_layers *layers, struct spreads *spreads)
{
    struct spreads maxima = spreads_of(layers, LAYER_FIGURE_MAX_ALIGNMENT);
    for (size_t i = 0; i < maxima.rows; i++) {
        const struct strip_set *set = &maxima.row[i].set[0];
        if (set->n == 0)
            continue;
        spreads->row[i].bound = set->value[(set->n - 1) / 2] / 2 + set->value[set->n / 2] / 2;
        add_range(spreads, spreads->row[i].bound);
    }
    mem_free(maxima.room);
    return maxima.low <= maxima.high;
}

void sqnr_draw_alignment_strips(const struct sqnr_scene *scene, struct cells *cells,
                                struct rect rect)
{
    struct spreads spreads = spreads_of(scene->layers, LAYER_FIGURE_ALIGNMENT);
    const bool bounded = add_bounds(scene->layers, &spreads);
    if (spreads.low <= spreads.high) {
        const double room = view_room(spreads.low, spreads.high);
        struct strips strips = {.title = "alignment",
                                .bound_name = bounded ? "possible" : NULL,
                                .low = spreads.low - room,
                                .high = spreads.high + room};
        draw(scene, &spreads, &strips, cells, rect);
    }
    mem_free(spreads.room);
}
