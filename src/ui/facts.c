/* SPDX-License-Identifier: MIT */
#include "ui/facts.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/utf8.h"
#include "engine/normality.h"
#include "quant/conditions.h"
#include "quant/theory.h"
#include "ui/pane.h"
#include "ui/scheme_words.h"
#include "ui/tensor_settings.h"

#define FACTS_MOST 40

/* A name and its value; a heading begins a new line and names what follows. */
struct fact {
    const char *heading; /* NULL: stands behind the one before it */
    const char *name;
    char value[CONDITIONS_REASON];
    int width; /* columns kept for the value, so that nothing jumps */
    enum style style;
};

struct facts {
    struct fact fact[FACTS_MOST];
    int count, columns; /* columns: of the pane */
    bool ascii;
    bool compact; /* a narrow pane: three digits, nothing kept free */
};

/* Panes narrower than this are compact. */
#define COMPACT_WIDTH 58

/* Columns that headings take, so that the facts stand below each other. */
#define HEADING 8

static struct fact *add(struct facts *facts, const char *heading, const char *name, int width)
{
    struct fact *fact = &facts->fact[facts->count++];
    *fact = (struct fact){heading, name, "", width, STYLE_VALUE};
    return fact;
}

static struct fact *add_number(struct facts *facts, const char *heading, const char *name,
                               double value, int digits)
{
    struct fact *fact = add(facts, heading, name, 9);
    text_number(fact->value, value, facts->compact && digits > 3 ? 3 : digits);
    return fact;
}

static const char *spell(const struct facts *facts, const char *unicode, const char *ascii)
{
    return facts->ascii ? ascii : unicode;
}

static enum style verdict_style(enum pqn_verdict verdict)
{
    return verdict == PQN_HOLDS ? STYLE_GOOD : verdict == PQN_STRAINED ? STYLE_WARN : STYLE_BAD;
}

/* A tensor's name, cut to what is left of a line. */
static void add_label(struct facts *facts, const char *heading, const char *name, const char *label,
                      enum style style)
{
    struct fact *fact = add(facts, heading, name, 0);
    int room = facts->columns - HEADING - (int)strlen(name) - 1;
    /* Cutting never adds more than a mark; a longer label may have four bytes a column. */
    int most = strlen(label) + 4 < sizeof fact->value ? room : (int)sizeof fact->value / 4 - 1;
    struct text cut = {0};
    room = room < most ? room : most;
    pane_name(&cut, label, strlen(label), room > 1 ? (size_t)room : 1, facts->ascii);
    snprintf(fact->value, sizeof fact->value, "%s", cut.data ? cut.data : "");
    fact->style = style;
    text_done(&cut);
}

/* How the tensor is looked at, if not as it lies in the file, and whose bytes it has. */
static void add_tensor(struct facts *facts, const struct report *report)
{
    const struct tensor *tensor = report->request.tensor;
    const struct tensor_view view = report->request.view;
    if (!tensor)
        return;
    const char *heading = "tensor";
    if (tensor->rank >= 2 && view.axis > 0) {
        struct text channels = {0};
        tensor_settings_describe_axis(&channels, tensor, view.axis);
        struct fact *fact = add(facts, heading, "channels:", 0);
        snprintf(fact->value, sizeof fact->value, "%s", channels.data);
        text_done(&channels);
        heading = NULL;
    }
    if (tensor->scale) {
        add_label(facts, heading,
                  view.scaled ? "scaled by" : "raw codes, scales:", tensor->scale->values.label,
                  view.scaled ? STYLE_VALUE : STYLE_WARN);
        heading = NULL;
    }
    if (tensor->alias_of)
        add_label(facts, heading, "tied to", tensor->alias_of, STYLE_DIM);
}

/* The threshold that a rule has found, if it had to look for it. */
static void add_clip(struct facts *facts, const struct report *report)
{
    const struct errors *errors = report->errors;
    const char *heading = "clip", *ratio = spell(facts, "c/σ", "c/std");
    if (!scheme_searches(&report->request.scheme))
        return;
    if (errors->channels == 1) {
        add_number(facts, heading, "c", errors->channel[0].clip, 3);
        heading = NULL;
    } else {
        ratio = spell(facts, "median c/σ", "median c/std");
    }
    add_number(facts, heading, ratio, report->figures.clip_over_std_median, 3);
    if (errors->clip_source) {
        struct fact *fact = add(facts, NULL, "taken for", 0);
        snprintf(fact->value, sizeof fact->value, "%s", errors->clip_source->title);
    }
}

/* How many groups or blocks have a scale of their own, and what that costs. */
static void add_units(struct facts *facts, const struct report *report)
{
    const struct request *request = &report->request;
    const struct tensor *tensor = report->rows.tensor; /* the lab's, too */
    const struct granularity unit = scheme_granularity(&request->scheme);
    if (unit.columns == 0)
        return;
    const uint64_t rows = tensor_channels(tensor, request->view),
                   columns = tensor_channel_length(tensor, request->view);
    char count[TEXT_NUMBER];
    struct text words = {0};
    scheme_words_granularity(&words, &request->scheme);
    struct fact *fact = add(facts, "units", "", 0);
    snprintf(fact->value, sizeof fact->value, "%s %s",
             text_count(count, granularity_units(&unit, rows, columns)), words.data);
    text_done(&words);
    add_number(facts, NULL, "bits/weight beside the codes",
               report->figures.bits_per_weight - request->scheme.bits, 3);
}

/* The verdict on the PQN model, which is of a grid of even steps without ends. */
static void add_verdict(struct facts *facts, const struct report *report)
{
    const double deviation = report->figures.pqn_deviation;
    const struct scheme *scheme = &report->request.scheme;
    struct fact *fact = add(facts, NULL, "", 8);
    if (scheme->levels.kind != LEVELS_UNIFORM || scheme_words_is_sign(scheme) || isnan(deviation)) {
        snprintf(fact->value, sizeof fact->value, "%s",
                 scheme->levels.kind != LEVELS_UNIFORM ? "uneven"
                 : scheme_words_is_sign(scheme)        ? "2 levels"
                                                       : "no spread");
        fact->style = STYLE_DIM;
    } else {
        enum pqn_verdict verdict = theory_pqn_verdict(deviation);
        snprintf(fact->value, sizeof fact->value, "%s", theory_pqn_word(verdict));
        fact->style = verdict_style(verdict);
    }
}

static void add_grid(struct facts *facts, const struct report *report)
{
    const struct figures *figures = &report->figures;
    bool one = report->errors->channels == 1;
    add_number(facts, "weights", spell(facts, "σ", "std"), figures->std, 3);
    add_number(facts, NULL, spell(facts, "µ", "mean"), figures->mean, 3);
    add_number(facts, NULL, one ? "q" : "median q", figures->step_median, 3);
    add_units(facts, report);
    add_clip(facts, report);
    add_number(facts, "PQN",
               one ? spell(facts, "q/σ", "q/std") : spell(facts, "worst q/σ", "worst q/std"),
               figures->step_over_std_max, 3);
    add_verdict(facts, report);
    struct fact *fact = add(facts, NULL, "clipped", 8);
    snprintf(fact->value, sizeof fact->value, "%.3g %%", 100 * figures->clipped_share);
    if (!(figures->clipped_share > 0))
        snprintf(fact->value, sizeof fact->value, "none");
    add_number(facts, NULL, "gap", figures->error_ks, 2)->width = 7;
}

/* A mean error that is nothing but rounding noise of the sum reads better as zero. */
static double mean_error(double mean, double std)
{
    return fabs(mean) < 1e-9 * std ? 0 : mean;
}

static void add_decibels(struct facts *facts, const char *heading, const char *name, double value)
{
    struct fact *fact = add(facts, heading, name, 9);
    snprintf(fact->value, sizeof fact->value, "-");
    if (!isnan(value))
        snprintf(fact->value, sizeof fact->value, "%.2f dB", value);
}

/* One line of what the characteristic function says, by theory (0) or measured (1). */
static void add_spectrum_line(struct facts *facts, const struct report *report, int which)
{
    const char *name = which ? "measured QT I" : facts->compact ? "theory QT I" : "theory   QT I";
    int digits = facts->compact ? 2 : 3;
    const struct spectrum *spectrum = report->spectrum;
    const double none = NAN;
    const double *phi = !spectrum ? &none
                        : which   ? &spectrum->measured[SPECTRUM_PER_PSI]
                                  : &spectrum->theory[SPECTRUM_PER_PSI];
    add_number(facts, which ? "  " : "CF", name, spectrum ? spectrum->qt1[which] : none, digits);
    add_number(facts, NULL, "QT II", spectrum ? spectrum->qt2[which] : none, digits);
    add_number(facts, NULL, spell(facts, "|Φ(Ψ)|", "Phi(Psi)"), *phi, digits);
    if (spectrum && spectrum->judged)
        add_number(facts, NULL, "holds below q",
                   which ? spectrum->measured_holds_below : spectrum->conditions.holds_below_step,
                   3);
}

/* Why the verdict on theory's source is what it is, a clause a line. */
static void add_reason(struct facts *facts, const struct report *report)
{
    const struct spectrum *spectrum = report->spectrum;
    if (!spectrum || !spectrum->judged)
        return;
    const char *reason = spectrum->conditions.reason, *colon = strchr(reason, ':');
    size_t first = colon ? (size_t)(colon - reason) + 1 : strlen(reason);
    struct fact *fact = add(facts, "because", "", 0);
    snprintf(fact->value, sizeof fact->value, "%.*s", (int)first, reason);
    fact = add(facts, "  ", "", 0);
    snprintf(fact->value, sizeof fact->value, "%s", colon ? colon + 2 : "");
}

static void add_errors(struct facts *facts, const struct report *report)
{
    const struct figures *figures = &report->figures;
    add_number(facts, "std e", "theory", figures->theory_error_std, 4);
    add_number(facts, NULL, "measured", figures->error_std, 4);
    add_number(facts, NULL, "PQN", figures->pqn_error_std, 4);
    add_number(facts, "mean e", "theory",
               mean_error(figures->theory_error_mean, figures->error_std), 3);
    add_number(facts, NULL, "measured", mean_error(figures->error_mean, figures->error_std), 3);
    add_decibels(facts, "SQNR", "theory", figures->theory_sqnr_db);
    add_decibels(facts, NULL, "measured", figures->sqnr_db);
}

static const char *sample_mark(const struct facts *facts, bool sampled)
{
    return !sampled ? "" : facts->ascii ? "~" : "≈";
}

static void add_normality(struct facts *facts, const struct report *report)
{
    const struct normality *normality = report->normality;
    if (!normality)
        return;
    if (report->errors->channels == 1 && !report->sampled) {
        add_number(facts, NULL, "W", normality->channel[0].w, 4)->width = 7;
        add_number(facts, NULL, "p", normality->channel[0].p, 2)->width = 8;
        return;
    }
    struct fact *fact = add(facts, NULL, "normal rows", 6);
    if (isnan(normality->share))
        snprintf(fact->value, sizeof fact->value, "-");
    else
        snprintf(fact->value, sizeof fact->value, "%s%.0f %%",
                 sample_mark(facts, report->normality_sampled), 100 * normality->share);
}

/* The nearer family, and how near it is. */
static void add_family(struct facts *facts, const struct report *report)
{
    const struct family *family = report->family;
    if (!family || isnan(family->ks_gaussian))
        return;
    char number[TEXT_NUMBER];
    struct fact *fact = add(facts, NULL, "KS", 15);
    text_number(number, family->laplace ? family->ks_laplace : family->ks_gaussian, 2);
    snprintf(fact->value, sizeof fact->value, "%s%s %s", sample_mark(facts, report->family_sampled),
             number, belief_title(BELIEF_FAMILY, family, NULL));
}

static void add_shape(struct facts *facts, const struct report *report)
{
    const struct figures *figures = &report->figures;
    add_number(facts, "shape", "skew", figures->skewness, 2)->width = 8;
    add_number(facts, NULL, "kurtosis", figures->excess_kurtosis, 2)->width = 7;
    add_normality(facts, report);
    add_family(facts, report);
    struct fact *fact = add_number(facts, "tails", spell(facts, "max|w|/σ", "max|w|/std"),
                                   figures->abs_max_over_std, 3);
    fact->width = 5;
    if (figures->abs_max_over_std > 2 * figures->abs_max_expected)
        fact->style = STYLE_WARN;
    add_number(facts, NULL, "Gaussian", figures->abs_max_expected, 3)->width = 5;
    if (report->spread) {
        fact = add(facts, NULL, spell(facts, "beyond 6σ", "beyond 6 std"), 8);
        char number[TEXT_NUMBER];
        snprintf(fact->value, sizeof fact->value, "%s%s",
                 sample_mark(facts, report->spread_sampled),
                 text_count(number, report->spread->outliers));
        if (report->spread->outliers > 0)
            fact->style = STYLE_WARN;
        fact = add(facts, NULL, spell(facts, "q-q R²", "q-q R2"), 7);
        snprintf(fact->value, sizeof fact->value, "-");
        if (!isnan(report->spread->r2))
            snprintf(fact->value, sizeof fact->value, "%s%.4f",
                     sample_mark(facts, report->spread_sampled), report->spread->r2);
    }
    if (figures->nonfinite > 0) {
        fact = add(facts, "NaN/inf", "left out", 8);
        text_count(fact->value, figures->nonfinite);
        fact->style = STYLE_BAD;
    }
}

static int fact_columns(const struct facts *facts, const struct fact *fact)
{
    int name = (int)utf8_width(fact->name, strlen(fact->name));
    int value = (int)utf8_width(fact->value, strlen(fact->value));
    int kept = facts->compact ? 0 : fact->width;
    return name + (name > 0) + (value > kept ? value : kept);
}

static void draw_fact(const struct fact *fact, struct cells *cells, int x, int y, int width)
{
    int used = cells_text(cells, x, y, width, STYLE_DIM, fact->name);
    used += used > 0;
    cells_text(cells, x + used, y, width - used, fact->style, fact->value);
}

/* Lays the facts out in lines and draws them if cells is not NULL; returns the lines. */
static int lay_out(const struct facts *facts, struct cells *cells, struct rect rect)
{
    int x = 0, y = -1, indent = 0;
    for (int i = 0; i < facts->count; i++) {
        const struct fact *fact = &facts->fact[i];
        int columns = fact_columns(facts, fact);
        if (fact->heading || (x > indent && x + columns > rect.width)) {
            y++;
            if (fact->heading)
                indent = facts->compact ? (int)strlen(fact->heading) + 1 : HEADING;
            x = indent;
        }
        if (cells && y < rect.height) {
            if (fact->heading)
                cells_text(cells, rect.x, rect.y + y,
                           indent - 1 < rect.width ? indent - 1 : rect.width, STYLE_TEXT,
                           fact->heading);
            draw_fact(fact, cells, rect.x + x, rect.y + y, rect.width - x);
        }
        x += columns + 2;
    }
    return y + 1;
}

static struct facts facts_of(const struct report *report, enum glyphs glyphs, int width)
{
    struct facts facts = {
        .columns = width, .ascii = glyphs == GLYPHS_ASCII, .compact = width < COMPACT_WIDTH};
    add_tensor(&facts, report);
    add_grid(&facts, report);
    if (report->request.spectrum) {
        add_spectrum_line(&facts, report, 0);
        add_spectrum_line(&facts, report, 1);
        add_reason(&facts, report);
    }
    add_errors(&facts, report);
    add_shape(&facts, report);
    return facts;
}

int facts_draw(const struct report *report, enum glyphs glyphs, struct cells *cells,
               struct rect rect)
{
    struct facts facts = facts_of(report, glyphs, rect.width);
    int lines = lay_out(&facts, cells, rect);
    return lines < rect.height ? lines : rect.height;
}

int facts_height(const struct report *report, enum glyphs glyphs, int width)
{
    struct facts facts = facts_of(report, glyphs, width);
    return lay_out(&facts, NULL, (struct rect){0, 0, width, 0});
}
