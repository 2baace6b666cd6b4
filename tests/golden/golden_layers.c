/* SPDX-License-Identifier: MIT
 *
 * The engine's figures of linear layers against an independent implementation's (REFERENCE.json):
 * every transform that is named there, at W4A4, W8A8 and W4A8, layers that share an input with one
 * transform.  Fails if a figure is off by more than 0.001 dB; behind an alignment, where roots of
 * nearly singular matrices move weights over the thresholds of their grids, measured ones by more
 * than 0.02 dB.  Tells how far the approximation is from what is measured.
 *
 * usage: golden_layers REFERENCE.json FOLDER [all]      (FOLDER is that of ROUNDOFF_MODELS)
 *
 * Without "all" some groups and transforms are done, in turn, each at one of the three, which takes
 * an eighth of the time.
 */
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <yajl/yajl_tree.h>

#include "base/mem.h"
#include "engine/layer.h"
#include "model/activations_match.h"
#include "model/layer_groups.h"
#include "stats/quantile.h"

#define TOLERANCE       1e-3  /* dB */
#define TOLERANCE_ALIGN 2e-2  /* dB, of measured figures behind an alignment */
#define DEVIATION_MOST  1e-12 /* of W T⁻¹ T x from W x, relative */
#define MEMBERS_MOST    8
#define TRANSFORMS_MOST 16
#define GAPS_MOST       1024

/* Of so many groups and transforms in a row, as many as there are modes are done; it has no divisor
 * in common with the transforms of a group, so that each has its turn. */
#define SPARSE 8

enum { MODES = 3 };

static const struct {
    const char *name;
    int weight_bits, activation_bits;
} modes[MODES] = {{"W4A4", 4, 4}, {"W8A8", 8, 8}, {"W4A8", 4, 8}};

/* What is found out on the way. */
struct tally {
    size_t compared, failed;
    double deviation, loose_deviation; /* the largest: of strict and of loose comparisons */
    double same;                       /* the largest deviation of W T⁻¹ T x */
    double gap[MODES][GAPS_MOST];      /* |approximated - measured| */
    size_t gaps[MODES];
    char widest[MODES][200]; /* where it is the largest */
};

struct check {
    struct tally *tally;
    yajl_val reference;
    const struct model *model;
    const struct activation_matches *matches;
    const size_t *leader;
    struct pool *pool;
    struct watch watch;
    bool all;
    size_t turn; /* groups and transforms so far */
};

static _Noreturn void die(const char *what, const char *why)
{
    fprintf(stderr, "golden_layers: %s: %s\n", what, why);
    exit(1);
}

static yajl_val parse_file(const char *path)
{
    FILE *file = fopen(path, "r");
    struct text text = {0};
    char buffer[4096], why[256] = "";
    if (!file)
        die(path, "cannot be opened");
    for (size_t n; (n = fread(buffer, 1, sizeof buffer, file)) > 0;)
        text_add(&text, buffer, n);
    fclose(file);
    yajl_val tree = text.data ? yajl_tree_parse(text.data, why, sizeof why) : NULL;
    if (!tree)
        die(path, why);
    text_done(&text);
    return tree;
}

static yajl_val member(yajl_val object, const char *a, const char *b)
{
    const char *path[] = {a, b, NULL};
    return yajl_tree_get(object, path, yajl_t_any);
}

static void compare(struct tally *tally, const char *where, double ours, yajl_val value, bool loose)
{
    const double theirs = YAJL_IS_DOUBLE(value) ? YAJL_GET_DOUBLE(value) : (double)NAN;
    const double off = fabs(ours - theirs);
    double *most = loose ? &tally->loose_deviation : &tally->deviation;
    tally->compared++;
    if (!(off <= *most))
        *most = off;
    if (!(off <= (loose ? TOLERANCE_ALIGN : TOLERANCE))) {
        tally->failed++;
        printf("%s: %.6f, not %.6f\n", where, ours, theirs);
    }
}

static void compare_layer(struct tally *tally, const char *what, yajl_val theirs, bool aligned,
                          const struct layer_sqnr *ours)
{
    const struct {
        const char *field;
        double value;
        bool measured;
    } figures[] = {
        {"bits_term_db", ours->bits, false},
        {"concentration_db", ours->concentration, false},
        {"weight_concentration_db", ours->weight_concentration, false},
        {"activation_concentration_db", ours->activation_concentration, false},
        {"alignment_db", ours->alignment, false},
        {"max_alignment_db", ours->max_alignment, false},
        {"approx_sqnr_db", ours->approximation, false},
        {"measured_sqnr_db", ours->measured, true},
        {"weight_only_sqnr_db", ours->weights_only, true},
        {"activation_only_sqnr_db", ours->activations_only, true},
    };
    for (size_t i = 0; i < sizeof figures / sizeof *figures; i++) {
        char where[256];
        snprintf(where, sizeof where, "%s %s", what, figures[i].field);
        compare(tally, where, figures[i].value, member(theirs, figures[i].field, NULL),
                figures[i].measured && aligned);
    }
}

static void note_gap(struct tally *tally, size_t mode, const char *what, double gap)
{
    double widest = 0;
    for (size_t i = 0; i < tally->gaps[mode]; i++)
        widest = fmax(widest, tally->gap[mode][i]);
    if (tally->gaps[mode] == GAPS_MOST)
        die(what, "has no room");
    if (gap > widest)
        snprintf(tally->widest[mode], sizeof tally->widest[mode], "%s", what);
    tally->gap[mode][tally->gaps[mode]++] = gap;
}

/* One transform of a group in one mode. */
static void check_mode(struct check *check, const struct layer_group *group, const char *name,
                       const struct transform_spec *spec, size_t mode)
{
    struct error error = {0};
    struct layer_request request = {.transform = *spec,
                                    .scheme = scheme_default(),
                                    .inputs = {.bits = modes[mode].activation_bits}};
    request.scheme.bits = modes[mode].weight_bits;
    const struct layer *layer = layer_compute(check->pool, &check->watch, group, &request, &error);
    if (!layer)
        die(name, error.text);
    for (size_t i = 0; i < layer->count; i++) {
        char what[200];
        const char *label = group->member[i].tensor->label;
        const struct layer_sqnr *sqnr = &layer->member[i].sqnr;
        yajl_val theirs = member(member(check->reference, "layers", label), name, modes[mode].name);
        snprintf(what, sizeof what, "%s %s %s", label, name, modes[mode].name);
        compare_layer(check->tally, what, theirs, strstr(name, "align"), sqnr);
        check->tally->same = fmax(check->tally->same, layer->member[i].deviation);
        note_gap(check->tally, mode, what, fabs(sqnr->approximation - sqnr->measured));
    }
    part_unref(&layer->part);
}

static void check_transform(struct check *check, const struct layer_group *group, const char *name,
                            const struct transform_spec *spec)
{
    for (size_t mode = 0; mode < MODES; mode++)
        if (check->all || check->turn % SPARSE == mode)
            check_mode(check, group, name, spec, mode);
    check->turn++;
}

/* All transforms that the reference has of a group. */
static void check_group(struct check *check, const struct tensor *const tensors[], size_t count,
                        const struct activation_match *match)
{
    struct error error = {0};
    struct transform_spec spec[TRANSFORMS_MOST];
    const char *name[TRANSFORMS_MOST];
    size_t n = 0;
    yajl_val layer = member(check->reference, "layers", tensors[0]->label);
    for (size_t i = 0; layer && i < layer->u.object.len; i++) {
        name[n] = layer->u.object.keys[i];
        if (!YAJL_IS_OBJECT(layer->u.object.values[i]) || n == TRANSFORMS_MOST)
            continue;
        if (!transform_spec_parse(name[n], &spec[n], &error))
            die(name[n], error.text);
        n++;
    }
    if (n == 0)
        die(tensors[0]->label, "is not in the reference");
    const struct layer_group_request request = {.tensors = tensors,
                                                .count = count,
                                                .match = match,
                                                .transforms = spec,
                                                .transform_count = n};
    const struct layer_group *group = layer_group_compute(&request, &check->watch, &error);
    if (!group)
        die(tensors[0]->label, error.text);
    for (size_t i = 0; i < n; i++)
        check_transform(check, group, name[i], &spec[i]);
    part_unref(&group->part);
}

static void check_model(struct check *check)
{
    for (size_t first = 0; first < check->model->count; first++) {
        const struct tensor *tensors[MEMBERS_MOST];
        size_t count = 0;
        if (check->leader[first] != first || !check->matches->layers[first].inputs)
            continue;
        for (size_t i = first; i < check->model->count && count < MEMBERS_MOST; i++)
            if (check->leader[i] == first)
                tensors[count++] = &check->model->tensors[i];
        check_group(check, tensors, count, &check->matches->layers[first]);
    }
}

static bool report(struct tally *tally)
{
    printf(
        "%zu figures compared, %zu failed; deviation %.2g dB, %.2g dB of measured ones behind an "
        "alignment; W T^-1 T x is W x within %.2g\n",
        tally->compared, tally->failed, tally->deviation, tally->loose_deviation, tally->same);
    for (size_t mode = 0; mode < MODES; mode++) {
        double *gap = tally->gap[mode];
        const size_t n = tally->gaps[mode];
        if (n == 0)
            die(modes[mode].name, "was not checked");
        quantile_sort(gap, n);
        printf("%s: approximation and measurement of %zu layers and transforms are %.3f dB apart "
               "in the median, %.3f dB at most (%s)\n",
               modes[mode].name, n, gap[n / 2], gap[n - 1], tally->widest[mode]);
    }
    return tally->compared > 0 && tally->failed == 0 && tally->same <= DEVIATION_MOST;
}

int main(int count, char **arguments)
{
    static struct tally tally;
    struct error error = {0};
    char path[4096];
    const bool all = count == 4 && strcmp(arguments[3], "all") == 0;
    if (count != 3 && !all)
        die("usage", "golden_layers REFERENCE.json FOLDER [all]");
    snprintf(path, sizeof path, "%s/real/byte_llama/byte_llama_bf16.safetensors", arguments[2]);
    struct model *model = model_open((const char *const[]){path}, 1, NULL, &error);
    if (!model)
        die("weights", error.text);
    snprintf(path, sizeof path, "%s/activations/byte_llama/acts_512tok_f16.npz", arguments[2]);
    struct activations *activations = activations_open(path, ACTIVATION_UNKNOWN, &error);
    struct pool *pool = activations ? pool_new(2, &error) : NULL;
    if (!pool)
        die("activations", error.text);
    struct activation_matches matches;
    activations_match(&matches, activations, model, (struct tensor_view){0}, &(struct name_map){0});
    size_t *leader = mem_alloc(model->count, sizeof *leader);
    layer_groups(model, (struct tensor_view){0}, NULL, leader);
    struct check check = {.tally = &tally,
                          .reference = parse_file(arguments[1]),
                          .model = model,
                          .matches = &matches,
                          .leader = leader,
                          .pool = pool,
                          .all = all};
    check_model(&check);
    yajl_tree_free(check.reference);
    mem_free(leader);
    activations_match_done(&matches);
    pool_free(pool);
    activations_free(activations);
    model_free(model);
    return !report(&tally);
}
