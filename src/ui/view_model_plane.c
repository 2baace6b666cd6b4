/* SPDX-License-Identifier: MIT
 *
 * The plane of what rounding the inputs alone and the weights alone leaves of each layer's signal
 * (the CAT paper's figure 3).
 */
#include <ctype.h>
#include <math.h>
#include <stdio.h>

#include "base/mem.h"
#include "base/text.h"
#include "plot/figure.h"
#include "plot/scale.h"
#include "ui/view_model_sqnr.h"

/* Layers of a role behind a transform. */
struct cloud {
    char letter[2];
    enum style style;
    double *x, *y; /* of weights and of inputs, in dB */
    size_t n;
};

/* Roles, without a transform and with the one compared. */
#define CLOUDS (2 * (LAYER_ROLES + 1))

struct plane {
    struct cloud cloud[CLOUDS];
    double low, high; /* of both coordinates; low > high if there are no layers */
    double *room;     /* that the coordinates lie in */
};

static void add_layer(struct plane *plane, struct cloud *cloud, const struct model_layers *layers,
                      size_t tensor, size_t transform)
{
    const double x = model_layers_figure(layers, tensor, LAYER_FIGURE_WEIGHTS_ONLY, transform);
    const double y = model_layers_figure(layers, tensor, LAYER_FIGURE_INPUTS_ONLY, transform);
    if (isnan(x + y))
        return;
    cloud->x[cloud->n] = x;
    cloud->y[cloud->n++] = y;
    plane->low = fmin(plane->low, fmin(x, y));
    plane->high = fmax(plane->high, fmax(x, y));
}

static struct plane plane_of(const struct model_layers *layers)
{
    const size_t count = layers->model->count;
    struct plane plane = {.low = INFINITY, .high = -INFINITY};
    plane.room = mem_alloc(4 * count, sizeof *plane.room);
    size_t used = 0;
    for (int i = 0; i < CLOUDS; i++) {
        const enum layer_role role = (enum layer_role)(i % (LAYER_ROLES + 1));
        const bool compared = i > LAYER_ROLES;
        const char letter = layer_role_letter(role);
        struct cloud *cloud = &plane.cloud[i];
        *cloud = (struct cloud){.letter = {compared ? (char)toupper(letter) : letter},
                                .style = compared ? STYLE_THEORY : STYLE_POINT,
                                .x = plane.room + used,
                                .y = plane.room + 2 * count + used};
        for (size_t k = 0; k < count; k++)
            if (layers->record[k] && layers->record[k]->role == role)
                add_layer(&plane, cloud, layers, k,
                          compared ? layers->compared : MODEL_LAYERS_NONE);
        used += cloud->n;
    }
    return plane;
}

/* ---- lines of equal joint SQNR ---- */

#define ISO_MOST   8
#define ISO_POINTS 65

struct iso_lines {
    size_t count;
    double x[ISO_MOST][ISO_POINTS], y[ISO_MOST][ISO_POINTS];
    double end_x[ISO_MOST], end_y[ISO_MOST]; /* of the names */
    char name[ISO_MOST][TEXT_NUMBER];
};

/* x ∥ y = joint: of all the noise, a share comes from the weights and the rest from the inputs. */
static void fill_iso_line(struct iso_lines *lines, double joint, double high)
{
    const size_t k = lines->count++;
    for (int i = 0; i < ISO_POINTS; i++) {
        const double share = 1 / (1 + exp(0.25 * (i - ISO_POINTS / 2)));
        lines->x[k][i] = joint - 10 * log10(share);
        lines->y[k][i] = joint - 10 * log10(1 - share);
    }
    lines->end_x[k] = high;
    lines->end_y[k] = joint;
}

static void find_iso_lines(const struct plane *plane, double low, double high,
                           struct iso_lines *lines)
{
    const struct scale scale = {low, plane->high, false};
    struct scale_ticks ticks;
    lines->count = 0;
    scale_find_ticks(&scale, ISO_MOST - 2, &ticks);
    for (size_t i = 0; i < ticks.count && lines->count < ISO_MOST; i++) {
        snprintf(lines->name[lines->count], TEXT_NUMBER, "%s", ticks.label[i]);
        fill_iso_line(lines, ticks.at[i], high);
    }
}

static void add_series(struct figure *figure, const struct series *series)
{
    if (figure->series_count < FIGURE_SERIES)
        figure->series[figure->series_count++] = *series;
}

static void add_iso_lines(struct figure *figure, const struct iso_lines *lines)
{
    for (size_t k = 0; k < lines->count; k++) {
        add_series(figure,
                   &(struct series){SERIES_DOTTED, STYLE_REFERENCE, k == 0 ? "joint SQNR" : NULL,
                                    lines->x[k], lines->y[k], ISO_POINTS});
        add_series(figure, &(struct series){SERIES_NAMES, STYLE_REFERENCE, lines->name[k],
                                            &lines->end_x[k], &lines->end_y[k], 1});
    }
}

/* ---- words ---- */

/* How many layers lose more by their inputs than by their weights, of all. */
static size_t count_limited(const struct model_layers *layers, size_t transform, size_t *all)
{
    size_t n = 0, limited = 0;
    for (size_t i = 0; i < layers->model->count; i++) {
        const double gap = model_layers_figure(layers, i, LAYER_FIGURE_INPUTS_ONLY, transform) -
                           model_layers_figure(layers, i, LAYER_FIGURE_WEIGHTS_ONLY, transform);
        n += !isnan(gap);
        limited += gap < 0;
    }
    *all = n;
    return limited;
}

static void say_limits(const struct sqnr_scene *scene, struct cells *cells, struct rect *rect)
{
    struct text text = {0};
    const struct model_layers *layers = scene->layers;
    size_t all;
    const size_t before = count_limited(layers, MODEL_LAYERS_NONE, &all);
    const size_t after = count_limited(layers, layers->compared, &all);
    text_printf(&text, "a %s, A %s; inputs limit %zu and %zu of %zu",
                layers->name[MODEL_LAYERS_NONE].data, layers->name[layers->compared].data, before,
                after, all);
    view_say(cells, rect, STYLE_VALUE, text.data);
    text_done(&text);
}

/* ---- the picture ---- */

/* The selected layer, over all others. */
struct selected {
    double x[2], y[2];
    size_t n;
};

static struct selected find_selected(const struct sqnr_scene *scene)
{
    const struct model_layers *layers = scene->layers;
    struct selected selected = {.n = 0};
    if (scene->tensor >= layers->model->count)
        return selected;
    const size_t transforms[] = {MODEL_LAYERS_NONE, layers->compared};
    for (; selected.n < 2; selected.n++) {
        const size_t transform = transforms[selected.n];
        selected.x[selected.n] =
            model_layers_figure(layers, scene->tensor, LAYER_FIGURE_WEIGHTS_ONLY, transform);
        selected.y[selected.n] =
            model_layers_figure(layers, scene->tensor, LAYER_FIGURE_INPUTS_ONLY, transform);
    }
    return selected;
}

static void draw(const struct sqnr_scene *scene, const struct plane *plane, struct cells *cells,
                 struct rect rect)
{
    const double room = view_room(plane->low, plane->high);
    const double low = plane->low - room, high = plane->high + room, line[] = {low, high};
    const struct selected selected = find_selected(scene);
    struct figure figure = {
        .x_title = "weights only, dB",
        .y_title = "inputs only, dB",
        .x_low = low,
        .x_high = high,
        .y_low = low,
        .y_high = high,
    };
    struct iso_lines *lines = mem_alloc(1, sizeof *lines);
    find_iso_lines(plane, low, high, lines);
    add_iso_lines(&figure, lines);
    add_series(&figure, &(struct series){SERIES_LINE, STYLE_FRAME, "equal", line, line, 2});
    for (int i = 0; i < CLOUDS; i++) {
        const struct cloud *cloud = &plane->cloud[i];
        if (cloud->n > 0)
            add_series(&figure, &(struct series){SERIES_LETTERS, cloud->style, cloud->letter,
                                                 cloud->x, cloud->y, cloud->n});
    }
    add_series(&figure, &(struct series){SERIES_LETTERS, STYLE_TITLE,
                                         scene->glyphs == GLYPHS_ASCII ? "*" : "◆", selected.x,
                                         selected.y, selected.n});
    draw_figure(cells, rect, &figure, scene->glyphs);
    mem_free(lines);
}

void sqnr_draw_plane(const struct sqnr_scene *scene, struct cells *cells, struct rect rect)
{
    const char *title = "SQNR of inputs against weights";
    struct plane plane = plane_of(scene->layers);
    if (plane.low <= plane.high) {
        view_say(cells, &rect, STYLE_TITLE, title);
        say_limits(scene, cells, &rect);
        draw(scene, &plane, cells, rect);
    } else {
        sqnr_say_no_inputs(scene, title, cells, rect);
    }
    mem_free(plane.room);
}
