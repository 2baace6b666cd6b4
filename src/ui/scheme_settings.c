/* SPDX-License-Identifier: MIT */
#include "ui/scheme_settings.h"

#include <inttypes.h>
#include <math.h>

#include "base/text.h"
#include "ui/scheme_words.h"

/* Sizes that keys lead to; commands take any. */
#define GROUP_LEAST 8
#define GROUP_MOST  1024
#define BLOCK_LEAST 16
#define BLOCK_MOST  512

/* What the keys begin with. */
#define GROUP_USUAL ((struct granularity){1, 128})
#define BLOCK_USUAL ((struct granularity){128, 128})

/* ---- What all changes share */

bool scheme_settings_change(struct session *session, const struct scheme *scheme,
                            struct error *error)
{
    struct settings settings = session->settings;
    if (!scheme_check(scheme, error))
        return false;
    settings.scheme = *scheme;
    session_change(session, &settings);
    return true;
}

/* The same for keys, which have nobody else to tell. */
static void change(struct session *session, const struct scheme *scheme)
{
    struct error error;
    if (!scheme_settings_change(session, scheme, &error))
        session_say(session, STYLE_DIM, "%s", error.text);
}

/* Says "TITLE IS" of the present levels. */
static void say_of_levels(struct session *session, const char *is)
{
    const struct scheme *scheme = &session->settings.scheme;
    struct text title = {0};
    levels_title(&title, &scheme->levels, scheme->bits);
    session_say(session, STYLE_DIM, "%s %s", title.data, is);
    text_done(&title);
}

/* ---- Bits and levels */

void scheme_settings_bits_key(struct session *session, int key)
{
    struct scheme scheme = session->settings.scheme;
    int least, most;
    levels_bits(&scheme.levels, &least, &most);
    if (scheme_words_given_step(&scheme)) {
        session_say(session, STYLE_DIM, "a grid without ends has no bits: c chooses a clip rule");
        return;
    }
    scheme.bits += key == '-' || key == '_' ? -1 : 1;
    if (scheme.bits >= least && scheme.bits <= most) {
        change(session, &scheme);
        return;
    }
    char range[64];
    if (least == most)
        snprintf(range, sizeof range, "has %d bits: s chooses other levels", least);
    else
        snprintf(range, sizeof range, "takes %d to %d bits", least, most);
    say_of_levels(session, range);
}

bool scheme_settings_choose(struct session *session, const struct levels *levels, int bits,
                            struct error *error)
{
    struct scheme scheme = session->settings.scheme;
    scheme.levels = *levels;
    scheme.bits = bits;
    if (levels->kind != LEVELS_UNIFORM) {
        scheme.asymmetric = scheme.full_range = false;
        if (levels_take_clip(levels) && scheme.clip.rule == CLIP_STEP)
            scheme.clip = clip_default(CLIP_MAX);
    }
    return scheme_settings_change(session, &scheme, error);
}

/* The present levels among the choices; those with a parameter, as lloyd-max:laplace, stand where
 * those of the same codebook without it do. */
static size_t choice_of(const struct levels *levels)
{
    size_t at = 0;
    while (at + 1 < levels_choice_count && !(levels_choices[at].kind == levels->kind &&
                                             levels_choices[at].codebook == levels->codebook &&
                                             levels_choices[at].format == levels->format))
        at++;
    return at;
}

/* Levels of one width are always offered; of those with several that the user last chose one for,
 * the ones that have it. */
void scheme_settings_levels_key(struct session *session, int key)
{
    (void)key;
    const int wanted = session->settings.bits_wanted;
    size_t at = choice_of(&session->settings.scheme.levels);
    int least, most;
    do {
        at = (at + 1) % levels_choice_count;
        levels_bits(&levels_choices[at], &least, &most);
    } while (least != most && (wanted < least || wanted > most));
    scheme_settings_choose(session, &levels_choices[at], least == most ? least : wanted, NULL);
}

/* ---- Granularity */

/* A lab's sample is one channel: its units are all of it, or groups. */
static struct granularity next_granularity(const struct granularity *now, bool in_lab)
{
    if (now->rows == 0)
        return GRANULARITY_CHANNEL;
    if (now->columns == 0)
        return GROUP_USUAL;
    if (in_lab)
        return GRANULARITY_CHANNEL;
    return now->rows == 1 ? BLOCK_USUAL : GRANULARITY_TENSOR;
}

void scheme_settings_granularity_key(struct session *session, int key)
{
    (void)key;
    struct scheme scheme = session->settings.scheme;
    if (scheme.levels.kind == LEVELS_BLOCKS) {
        say_of_levels(session, "has blocks of its own");
        return;
    }
    scheme.granularity = next_granularity(&scheme.granularity, session->in_lab);
    change(session, &scheme);
}

/* Half or twice a side, and what is out of range into it. */
static uint64_t next_size(uint64_t size, bool larger, uint64_t least, uint64_t most)
{
    const uint64_t next = larger ? size * 2 : size / 2;
    return next < least ? least : next > most ? most : next;
}

void scheme_settings_size_key(struct session *session, int key)
{
    struct scheme scheme = session->settings.scheme;
    struct granularity *unit = &scheme.granularity;
    const bool larger = key == '}', group = unit->rows == 1;
    const uint64_t least = group ? GROUP_LEAST : BLOCK_LEAST,
                   most = group ? GROUP_MOST : BLOCK_MOST;
    if (scheme.levels.kind == LEVELS_BLOCKS) {
        say_of_levels(session, "has blocks of its own");
    } else if (unit->columns == 0) {
        session_say(session, STYLE_DIM, "v chooses groups or blocks, which have a size");
    } else if (larger ? unit->columns >= most : unit->columns <= least) {
        session_say(session, STYLE_DIM, "by key %s go from %" PRIu64 " to %" PRIu64,
                    group ? "groups" : "sides of blocks", least, most);
    } else {
        unit->columns = next_size(unit->columns, larger, least, most);
        unit->rows = group ? 1 : unit->columns;
        change(session, &scheme);
    }
}

/* ---- Symmetry */

void scheme_settings_symmetry_key(struct session *session, int key)
{
    (void)key;
    struct scheme scheme = session->settings.scheme;
    if (scheme.levels.kind != LEVELS_UNIFORM) {
        say_of_levels(session, "has levels that are as they are: only uniform ones are moved");
        return;
    }
    const bool symmetric = !scheme.asymmetric && !scheme.full_range;
    scheme.full_range = scheme.asymmetric;
    scheme.asymmetric = symmetric;
    change(session, &scheme);
}

/* ---- Clip */

/* A threshold to start from that means something here: half of the largest weight. */
static double usual_value(const struct session *session)
{
    const struct report *report = session_report(session);
    double half = report ? report->figures.abs_max / 2 : 0;
    if (!(half > 0))
        return clip_default(CLIP_VALUE).parameter;
    double unit = pow(10, floor(log10(half)) - 1);
    return round(half / unit) * unit;
}

static bool takes_clip(struct session *session)
{
    const struct levels *levels = &session->settings.scheme.levels;
    if (levels_take_clip(levels))
        return true;
    say_of_levels(session, levels->kind == LEVELS_BLOCKS
                               ? "takes no clip rule: its blocks have scales of their own"
                               : "takes no clip rule: its levels lie where the weights are");
    return false;
}

bool scheme_settings_next_clip(struct session *session, const struct clip rules[], size_t n,
                               struct scheme *scheme)
{
    const enum clip_rule now = session->settings.scheme.clip.rule;
    size_t at = 0;
    if (!takes_clip(session))
        return false;
    for (size_t i = 0; i < n; i++)
        if (rules[i].rule == now)
            at = i;
    *scheme = session->settings.scheme;
    do {
        at = (at + 1) % n;
        scheme->clip = rules[at];
    } while (rules[at].rule != now && !scheme_check(scheme, NULL));
    return true;
}

void scheme_settings_clip_key(struct session *session, int key)
{
    (void)key;
    struct clip rules[CLIP_STEP]; /* a step is the lab's */
    struct scheme scheme;
    for (int i = 0; i < CLIP_STEP; i++)
        rules[i] = clip_default((enum clip_rule)i);
    rules[CLIP_VALUE].parameter = usual_value(session);
    if (scheme_settings_next_clip(session, rules, CLIP_STEP, &scheme))
        change(session, &scheme);
}

void scheme_settings_threshold_key(struct session *session, int key)
{
    struct scheme scheme = session->settings.scheme;
    if (!takes_clip(session))
        return;
    if (!clip_has_parameter(scheme.clip.rule)) {
        session_say(session, STYLE_DIM, "clip %s has no threshold to move: c chooses another rule",
                    clip_name(scheme.clip.rule));
        return;
    }
    clip_step(&scheme.clip, key == ']' ? 1 : -1);
    change(session, &scheme);
    if (scheme_words_is_sign(&scheme))
        session_say(session, STYLE_DIM,
                    "with one bit the levels are at the mean |w|, not the clip");
}

/* ---- Bias correction */

/* None, the mean, both. */
void scheme_settings_correction_key(struct session *session, int key)
{
    (void)key;
    struct scheme scheme = session->settings.scheme;
    const bool both = scheme.correct_mean && scheme.correct_norm;
    scheme.correct_norm = !both && (scheme.correct_mean || scheme.correct_norm);
    scheme.correct_mean = !both;
    change(session, &scheme);
}
