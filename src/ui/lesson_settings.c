/* SPDX-License-Identifier: MIT */
#include "ui/lesson_settings.h"

#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "linear/token_grid.h"
#include "ui/lab.h"
#include "ui/lesson_value.h"
#include "ui/scheme_words.h"
#include "ui/view.h"

/* The generator's seeds; 0 would be another name of its default one. */
#define SEED_MOST 4294967295.0

#define BLANKS " "

struct lesson_settings lesson_settings_default(void)
{
    struct scheme scheme = scheme_default();
    scheme.clip = (struct clip){.rule = CLIP_STEP, .parameter = 1};
    return (struct lesson_settings){
        .source = {.type = &source_gaussian, .std = 1},
        .n = 100000,
        .seed = 1,
        .ratio = 1,
        .scheme = scheme,
        .belief = BELIEF_LAW,
        .view = "error",
    };
}

/* ---- Values */

static bool parse_number(const char *text, double least, double most, double *number,
                         struct error *error)
{
    if (lesson_number(text, strlen(text), number) && *number >= least && *number <= most)
        return true;
    return error_set(error, ERROR_FILE, "a number from %.10g to %.10g is wanted", least, most);
}

static bool parse_whole(const char *text, double least, double most, double *number,
                        struct error *error)
{
    if (parse_number(text, least, most, number, NULL) && *number == floor(*number))
        return true;
    return error_set(error, ERROR_FILE, "a whole number from %.10g to %.10g is wanted", least,
                     most);
}

static bool set_source(struct lesson_settings *settings, const char *text, struct error *error)
{
    return source_parse(text, &settings->source, error);
}

static bool set_n(struct lesson_settings *settings, const char *text, struct error *error)
{
    double n;
    if (!parse_whole(text, LAB_DRAWS_LEAST, LAB_DRAWS_MOST, &n, error))
        return false;
    settings->n = (uint64_t)n;
    return true;
}

static bool set_seed(struct lesson_settings *settings, const char *text, struct error *error)
{
    double seed;
    if (!parse_whole(text, 1, SEED_MOST, &seed, error))
        return false;
    settings->seed = (unsigned long)seed;
    return true;
}

static bool set_ratio(struct lesson_settings *settings, const char *text, struct error *error)
{
    return parse_number(text, LESSON_RATIO_LEAST, LESSON_RATIO_MOST, &settings->ratio, error);
}

static bool set_phase(struct lesson_settings *settings, const char *text, struct error *error)
{
    return parse_number(text, -LESSON_PHASE_MOST, LESSON_PHASE_MOST, &settings->phase, error);
}

static bool set_layer(struct lesson_settings *settings, const char *text, struct error *error)
{
    return synthetic_layer_parse(text, &settings->layer, error);
}

static bool set_transform(struct lesson_settings *settings, const char *text, struct error *error)
{
    return transform_spec_parse(text, &settings->transform, error);
}

static bool set_activation_bits(struct lesson_settings *settings, const char *text,
                                struct error *error)
{
    double bits = 0;
    if (strcmp(text, "none") != 0 &&
        !parse_whole(text, TOKEN_GRID_BITS_LEAST, TOKEN_GRID_BITS_MOST, &bits, error))
        return false;
    settings->inputs.bits = (int)bits;
    return true;
}

static bool set_bits(struct lesson_settings *settings, const char *text, struct error *error)
{
    double bits;
    if (!parse_whole(text, SCHEME_BITS_LEAST, SCHEME_BITS_MOST, &bits, error))
        return false;
    settings->scheme.bits = (int)bits;
    return true;
}

/* "nf:4" says the bits too; of a name that leaves them open they stay as they are. */
static bool set_scheme(struct lesson_settings *settings, const char *text, struct error *error)
{
    return levels_parse(text, &settings->scheme.levels, &settings->scheme.bits, error);
}

static bool set_granularity(struct lesson_settings *settings, const char *text, struct error *error)
{
    return granularity_parse(text, &settings->scheme.granularity, error);
}

static bool set_asymmetric(struct lesson_settings *settings, const char *text, struct error *error)
{
    return scheme_words_parse_switch(text, &settings->scheme.asymmetric, error);
}

static bool set_full_range(struct lesson_settings *settings, const char *text, struct error *error)
{
    return scheme_words_parse_switch(text, &settings->scheme.full_range, error);
}

static bool set_correct(struct lesson_settings *settings, const char *text, struct error *error)
{
    return scheme_words_parse_correction(text, &settings->scheme, error);
}

static bool set_clip(struct lesson_settings *settings, const char *text, struct error *error)
{
    if (!clip_parse(text, &settings->scheme.clip, error))
        return false;
    if (settings->scheme.clip.rule == CLIP_STEP && strcmp(text, "step") != 0)
        return error_set(error, ERROR_FILE, "clip step takes its number from the ratio");
    return true;
}

static bool set_belief(struct lesson_settings *settings, const char *text, struct error *error)
{
    for (int i = 0; i <= BELIEF_LAW; i++)
        if (strcmp(text, belief_name((enum belief)i)) == 0) {
            settings->belief = (enum belief)i;
            return true;
        }
    return error_set(error, ERROR_FILE, "law, gaussian, laplace, auto or empirical is wanted");
}

static bool set_view(struct lesson_settings *settings, const char *text, struct error *error)
{
    const struct view *view = view_find(text);
    if (!view)
        return error_set(error, ERROR_FILE, "there is no such view");
    settings->view = view->name;
    return true;
}

static bool set_log(struct lesson_settings *settings, const char *text, struct error *error)
{
    return scheme_words_parse_switch(text, &settings->log, error);
}

/* ---- The line */

static const struct setting {
    const char *name;
    bool (*set)(struct lesson_settings *settings, const char *text, struct error *error);
} table[] = {
    {"source", set_source},
    {"n", set_n},
    {"seed", set_seed},
    {"ratio", set_ratio},
    {"phase", set_phase},
    {"layer", set_layer},
    {"transform", set_transform},
    {"activation-bits", set_activation_bits},
    {"bits", set_bits},
    {"scheme", set_scheme},
    {"granularity", set_granularity},
    {"asymmetric", set_asymmetric},
    {"full-range", set_full_range},
    {"clip", set_clip},
    {"correct", set_correct},
    {"belief", set_belief},
    {"view", set_view},
    {"log", set_log},
};

static bool set(struct lesson_settings *settings, const char *name, const char *value,
                struct error *error)
{
    struct error why = {ERROR_NONE, ""};
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        if (strcmp(table[i].name, name) != 0)
            continue;
        return table[i].set(settings, value, &why) ||
               error_set(error, ERROR_FILE, "%s: %.900s", name, why.text);
    }
    return error_set(error, ERROR_FILE, "there is no setting \"%s\"", name);
}

/* One "KEY VALUE", which it cuts into its words. */
static bool set_pair(struct lesson_settings *settings, char *pair, struct error *error)
{
    char *save;
    const char *name = strtok_r(pair, BLANKS, &save);
    const char *value = strtok_r(NULL, BLANKS, &save);
    if (!name || !value || strtok_r(NULL, BLANKS, &save))
        return error_set(error, ERROR_FILE, "\"set KEY VALUE; KEY VALUE\" is wanted");
    return set(settings, name, value, error);
}

bool lesson_settings_parse(struct lesson_settings *settings, const char *text, struct error *error)
{
    char *copy = mem_string(text, strlen(text)), *rest = copy, *pair;
    bool ok = true;
    while (ok && (pair = strsep(&rest, ";")) != NULL)
        ok = set_pair(settings, pair, error);
    mem_free(copy);
    if (settings->scheme.clip.rule == CLIP_STEP)
        settings->scheme.clip.parameter = settings->ratio;
    struct error why;
    if (ok && !scheme_check(&settings->scheme, &why))
        ok = error_set(error, ERROR_FILE, "%.900s", why.text);
    return ok;
}
