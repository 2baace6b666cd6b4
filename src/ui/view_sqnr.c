/* SPDX-License-Identifier: MIT
 *
 * View 6: what rounding does to the output of the layer whose weight the tensor is, taken apart
 * into bits, concentration and alignment, behind several transforms of its input (MATH §8, §9).
 */
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "ui/pane.h"
#include "ui/sqnr_bars.h"
#include "ui/view.h"

/* Panes lower than this leave bars out that would only tell why they are not there. */
#define ALL_BARS_HEIGHT 14

/* From this width on lines of words say all. */
#define WIDE 60

/* The layer, and how it is drawn. */
struct scene {
    const struct layer_lineup *lineup;
    const struct layer_member *member;
    size_t index; /* of the member */
    bool wide;    /* there is room for long lines */
};

static const struct layer_sqnr *sqnr_named(const struct scene *scene, const char *label)
{
    return layer_lineup_sqnr(layer_lineup_find(scene->lineup, label), scene->index);
}

static const struct layer_sqnr *sqnr_own(const struct scene *scene)
{
    return layer_lineup_sqnr(layer_lineup_own(scene->lineup), scene->index);
}

static size_t collect(const struct scene *scene, bool all, struct sqnr_bar bars[LAYER_LINEUP_MOST])
{
    size_t n = 0;
    for (size_t i = 0; i < scene->lineup->count; i++) {
        const struct layer_lineup_entry *entry = &scene->lineup->entry[i];
        if (!all && *entry->reason)
            continue;
        bars[n++] = (struct sqnr_bar){
            .label = entry->label,
            .reason = *entry->reason ? entry->reason : NULL,
            .sqnr = layer_lineup_sqnr(entry, scene->index),
            .own = entry->own,
        };
    }
    return n;
}

/* ---- words: each appends a line, or nothing where there is nothing to say ---- */

static void say_inputs(const struct scene *scene, struct text *out)
{
    static const char *const known[ACTIVATION_KINDS] = {
        [ACTIVATION_UNKNOWN] = "isotropic input assumed",
        [ACTIVATION_SAMPLES] = "samples of the input",
        [ACTIVATION_SECOND_MOMENT] = "second moment of the input",
        [ACTIVATION_DIAGONAL] = "mean squares of the input",
        [ACTIVATION_RANGES] = "isotropic input assumed",
    };
    const struct layer_lineup *lineup = scene->lineup;
    char count[TEXT_NUMBER];
    if (lineup->tokens > 0)
        text_printf(out, "%s ", text_count(count, lineup->tokens));
    text_puts(out, known[lineup->inputs]);
    if (lineup->members > 1)
        text_printf(out, " of %zu layers", lineup->members);
}

static void say_left(const struct scene *scene, struct text *out)
{
    if (scene->lineup->inputs_left)
        text_puts(out, "inputs are not rounded: that takes samples");
}

/* What the paper is about: where the gain over a rotation comes from. */
static void say_gain(const struct scene *scene, struct text *out)
{
    const struct layer_sqnr *cat = sqnr_named(scene, "cat");
    const struct layer_sqnr *hadamard = sqnr_named(scene, "hadamard");
    if (!cat || !hadamard || isnan(cat->measured - hadamard->measured))
        return;
    text_printf(out, "cat gains %+.1f dB over hadamard: align. %+.1f",
                cat->measured - hadamard->measured, cat->alignment - hadamard->alignment);
    if (scene->wide && !isnan(cat->concentration - hadamard->concentration))
        text_printf(out, ", conc. %+.1f", cat->concentration - hadamard->concentration);
}

static void say_limit(const struct scene *scene, struct text *out)
{
    const struct layer_sqnr *sqnr = sqnr_own(scene);
    if (!sqnr || isnan(sqnr->weights_only - sqnr->activations_only))
        return;
    const bool inputs = sqnr->activations_only < sqnr->weights_only;
    text_printf(out, "%s limit: %.1f dB alone, %s %.1f", inputs ? "inputs" : "weights",
                fmin(sqnr->activations_only, sqnr->weights_only), inputs ? "weights" : "inputs",
                fmax(sqnr->activations_only, sqnr->weights_only));
}

static void say_alignment(const struct scene *scene, struct text *out)
{
    const struct layer_sqnr *sqnr = sqnr_own(scene);
    if (!sqnr || isnan(sqnr->alignment))
        return;
    text_printf(out, "alignment %.1f dB", sqnr->alignment);
    if (!isnan(sqnr->max_alignment))
        text_printf(out, ", at best %.1f", sqnr->max_alignment);
}

static void say_concentration(struct text *out, const char *name, double value, double gaussian,
                              double laplace)
{
    if (isnan(value))
        return;
    text_printf(out, "%s %.1f dB", name, value);
    if (!isnan(gaussian))
        text_printf(out, " (G Gaussian %.1f, L Laplace %.1f)", gaussian, laplace);
}

static void say_weights(const struct scene *scene, struct text *out)
{
    const struct layer_lineup *lineup = scene->lineup;
    const struct layer_sqnr *sqnr = sqnr_own(scene);
    if (sqnr)
        say_concentration(out, "C(W)", sqnr->weight_concentration, lineup->gaussian.weight,
                          lineup->laplace.weight);
}

static void say_tokens(const struct scene *scene, struct text *out)
{
    const struct layer_lineup *lineup = scene->lineup;
    const struct layer_sqnr *sqnr = sqnr_own(scene);
    if (sqnr)
        say_concentration(out, "C(x)", sqnr->activation_concentration, lineup->gaussian.input,
                          lineup->laplace.input);
}

static void say_basis(const struct scene *scene, struct text *out)
{
    const struct layer_lineup_entry *cat = layer_lineup_find(scene->lineup, "cat");
    if (cat && cat->layer)
        text_printf(out, "cat is %s", cat->layer->basis);
}

static void say_source(const struct scene *scene, struct text *out)
{
    if (scene->lineup->source)
        text_printf(out, "inputs: %s", scene->lineup->source);
}

static void say_nonfinite(const struct scene *scene, struct text *out)
{
    char count[TEXT_NUMBER];
    if (scene->member->nonfinite > 0)
        text_printf(out, "%s NaN or infinite weights count as 0",
                    text_count(count, scene->member->nonfinite));
}

/* In the order in which they matter. */
static const struct {
    void (*say)(const struct scene *scene, struct text *out);
    enum style style;
} words[] = {
    {say_inputs, STYLE_TEXT},   {say_left, STYLE_WARN},    {say_nonfinite, STYLE_WARN},
    {say_gain, STYLE_VALUE},    {say_limit, STYLE_VALUE},  {say_alignment, STYLE_VALUE},
    {say_weights, STYLE_VALUE}, {say_tokens, STYLE_VALUE}, {say_basis, STYLE_DIM},
    {say_source, STYLE_DIM},
};
#define WORDS (sizeof words / sizeof *words)

struct line {
    enum style style;
    struct text text;
};

/* Returns how many lines there are; the caller is to end all texts. */
static size_t collect_words(const struct scene *scene, struct line lines[WORDS])
{
    size_t n = 0;
    for (size_t i = 0; i < WORDS; i++) {
        lines[n] = (struct line){.style = words[i].style};
        words[i].say(scene, &lines[n].text);
        n += lines[n].text.length > 0;
    }
    return n;
}

static void draw_scene(const struct scene *scene, enum glyphs glyphs, struct cells *cells,
                       struct rect rect)
{
    struct sqnr_bar bar[LAYER_LINEUP_MOST];
    struct line lines[WORDS];
    const struct sqnr_mark marks[] = {{'L', scene->lineup->laplace.given},
                                      {'G', scene->lineup->gaussian.given}};
    const struct sqnr_bars bars = {bar, collect(scene, rect.height >= ALL_BARS_HEIGHT, bar), marks,
                                   sizeof marks / sizeof *marks};
    const size_t n = collect_words(scene, lines);
    const int least = sqnr_bars_least(bars.count), spare = rect.height - (int)n - 1;
    struct rect picture = rect;
    picture.height = spare > least ? spare : least < rect.height ? least : rect.height - 1;
    const int used = sqnr_bars_draw(&bars, glyphs, cells, picture);
    const int gap = rect.height - used > (int)n;
    rect = (struct rect){rect.x + 2, rect.y + used + gap, rect.width - 2, rect.height - used - gap};
    for (size_t i = 0; i < n; i++) {
        view_say(cells, &rect, lines[i].style, lines[i].text.data);
        text_done(&lines[i].text);
    }
}

static void draw(const struct report *report, const struct view_options *options,
                 struct cells *cells, struct rect rect)
{
    const struct layer_lineup *lineup = report->lineup;
    if (!lineup || *lineup->refusal) {
        rect.y += rect.height / 3;
        rect.height -= rect.height / 3;
        view_say(cells, &rect, STYLE_DIM,
                 lineup ? lineup->refusal : "the layer and its input are still being read");
        return;
    }
    const size_t index = layer_lineup_member(lineup, report->request.tensor);
    if (index == lineup->members)
        return;
    const struct scene scene = {lineup, &lineup->member[index], index, rect.width >= WIDE};
    draw_scene(&scene, options->glyphs, cells, rect);
}

const struct view view_sqnr = {
    '6',
    "sqnr",
    "Layer SQNR",
    "what is left of a layer's output y = Wx over the noise of rounding: bits and concentration "
    "give, alignment takes; behind transforms of x, and at more bits; ( ) round the inputs, too",
    draw,
    .lineup = true,
    .layers = true,
    .draw_model = view_model_sqnr};
