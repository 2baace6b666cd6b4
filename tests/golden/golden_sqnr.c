/* SPDX-License-Identifier: MIT
 *
 * The SQNR of linear layers against an independent implementation's, without transforms: from
 * samples (REFERENCE.json), and weights only from second moments, diagonals and importance matrices
 * (a reference that lies beside these files).  Fails if a figure is off by more than 0.001 dB.
 *
 * usage: golden_sqnr REFERENCE.json FOLDER      (FOLDER is that of ROUNDOFF_MODELS)
 */
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <yajl/yajl_tree.h>

#include "base/mem.h"
#include "linear/layer_sqnr.h"
#include "linear/max_alignment.h"
#include "linear/second_moment.h"
#include "linear/token_grid.h"
#include "model/activations.h"
#include "model/activations_match.h"

#define TOLERANCE 1e-3 /* dB */
#define ROWS      48 /* of a weight at a time: less than any has, so that blocks are put together */
#define TOKENS    200

struct tally {
    size_t compared, failed;
    double deviation;
    char where[256]; /* of the largest deviation */
};

/* A layer and what is known of its inputs; the rest is NULL. */
struct layer {
    const struct tensor *tensor;
    size_t count, d, tokens;
    double *x; /* samples */
    double *moment;
    double *diagonal;
};

static _Noreturn void die(const char *what, const char *why)
{
    fprintf(stderr, "golden_sqnr: %s: %s\n", what, why);
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

static double number(yajl_val object, const char *a, const char *b, const char *c)
{
    const char *path[] = {a, b, c, NULL};
    yajl_val value = yajl_tree_get(object, path, yajl_t_number);
    return value ? YAJL_GET_DOUBLE(value) : (double)NAN;
}

static void compare(struct tally *tally, const char *layer, const char *mode, const char *field,
                    double ours, double theirs)
{
    double deviation = fabs(ours - theirs);
    tally->compared++;
    tally->failed += !(deviation <= TOLERANCE);
    if (!(deviation <= tally->deviation)) {
        tally->deviation = deviation;
        snprintf(tally->where, sizeof tally->where, "%.120s %s %s: %.6f, not %.6f", layer, mode,
                 field, ours, theirs);
    }
}

static bool report(const char *what, const struct tally *tally)
{
    printf("%-28s %5zu compared, %zu failed, deviation %.2g dB  (%s)\n", what, tally->compared,
           tally->failed, tally->deviation, tally->where);
    return tally->compared > 0 && tally->failed == 0;
}

static void read_rows(const struct layer *layer, size_t first, size_t n, double *rows)
{
    struct error error = {0};
    if (!tensor_read(layer->tensor, (struct tensor_view){0}, first * layer->d, n * layer->d, rows,
                     &error))
        die("weight", error.text);
}

/* Rounds rows of n values each with grids of their own, or all with one of this range; adds them to
 * the concentration. */
static void quantize(const double *rows, size_t n, size_t d, int bits, bool symmetric, double most,
                     double *errors, struct concentration *sums)
{
    for (size_t i = 0; i < n; i++) {
        const double *row = rows + i * d;
        struct token_grid grid = most > 0 ? token_grid_make(-most, most, bits, symmetric)
                                          : token_grid_of(row, d, bits, symmetric);
        token_grid_round(&grid, row, d, errors + i * d);
        concentration_add(sums, row, d, grid.range);
    }
}

static void add_block(const struct layer *layer, const struct layer_rows *rows, const double *f,
                      struct layer_error *error)
{
    if (layer->moment)
        layer_error_add_moment(error, rows, layer->moment);
    else if (layer->diagonal)
        layer_error_add_diagonal(error, rows, layer->diagonal);
    for (size_t first = 0, n; layer->x && first < layer->tokens; first += n) {
        n = layer->tokens - first < TOKENS ? layer->tokens - first : TOKENS;
        layer_error_add_samples(error, rows, layer->x + first * layer->d,
                                f ? f + first * layer->d : NULL, n);
    }
}

/* most > 0 is the range of one grid for the whole weight. */
static struct layer_sums sum_layer(const struct layer *layer, int weight_bits, double most,
                                   const double *f)
{
    struct layer_sums sums = {.weight_steps = token_grid_steps(weight_bits, true)};
    double *w = mem_alloc(ROWS * layer->d, sizeof *w), *e = mem_alloc(ROWS * layer->d, sizeof *e);
    for (size_t first = 0, n; first < layer->count; first += n) {
        n = layer->count - first < ROWS ? layer->count - first : ROWS;
        read_rows(layer, first, n, w);
        quantize(w, n, layer->d, weight_bits, true, most, e, &sums.weight);
        add_block(layer, &(struct layer_rows){w, e, n, layer->d}, f, &sums.error);
    }
    mem_free(w);
    mem_free(e);
    return sums;
}

static double find_max_alignment(const struct layer *layer)
{
    size_t d = layer->d;
    double *w = mem_alloc(layer->count * d, sizeof *w);
    double *sigma_w = mem_zero(d * d, sizeof *w), *sigma_x = mem_zero(d * d, sizeof *w);
    read_rows(layer, 0, layer->count, w);
    second_moment_add(sigma_w, d, w, layer->count);
    second_moment_finish(sigma_w, d, 1);
    second_moment_add(sigma_x, d, layer->x, layer->tokens);
    second_moment_finish(sigma_x, d, (double)layer->tokens);
    double alignment = max_alignment(sigma_x, sigma_w, d);
    mem_free(w);
    mem_free(sigma_w);
    mem_free(sigma_x);
    return alignment;
}

static void compare_sqnr(struct tally *tally, const char *name, const char *mode, yajl_val theirs,
                         const struct layer_sqnr *ours)
{
    const struct {
        const char *field;
        double value;
    } figures[] = {
        {"bits_term_db", ours->bits},
        {"concentration_db", ours->concentration},
        {"weight_concentration_db", ours->weight_concentration},
        {"activation_concentration_db", ours->activation_concentration},
        {"alignment_db", ours->alignment},
        {"max_alignment_db", ours->max_alignment},
        {"approx_sqnr_db", ours->approximation},
        {"measured_sqnr_db", ours->measured},
        {"weight_only_sqnr_db", ours->weights_only},
        {"activation_only_sqnr_db", ours->activations_only},
    };
    for (size_t i = 0; i < sizeof figures / sizeof *figures; i++)
        compare(tally, name, mode, figures[i].field, figures[i].value,
                number(theirs, "none", mode, figures[i].field));
    compare(tally, name, mode, "sum of the terms",
            1e6 * (ours->bits + ours->concentration + ours->alignment), 1e6 * ours->approximation);
}

static void check_samples(struct tally *tally, yajl_val theirs, const struct layer *layer)
{
    static const struct {
        const char *name;
        int weight_bits, activation_bits;
    } modes[] = {{"W4A4", 4, 4}, {"W8A8", 8, 8}, {"W4A8", 4, 8}};
    double alignment = find_max_alignment(layer);
    double *f = mem_alloc(layer->tokens * layer->d, sizeof *f);
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
        struct concentration activation = {0};
        quantize(layer->x, layer->tokens, layer->d, modes[i].activation_bits, false, 0, f,
                 &activation);
        struct layer_sums sums = sum_layer(layer, modes[i].weight_bits, 0, f);
        sums.activation = activation;
        sums.activation_steps = token_grid_steps(modes[i].activation_bits, false);
        sums.max_alignment = alignment;
        struct layer_sqnr sqnr = layer_sqnr_of(&sums);
        compare_sqnr(tally, layer->tensor->label, modes[i].name, theirs, &sqnr);
    }
    mem_free(f);
}

static double largest(const struct layer *layer)
{
    double most = 0, *w = mem_alloc(layer->count * layer->d, sizeof *w);
    read_rows(layer, 0, layer->count, w);
    for (size_t i = 0; i < layer->count * layer->d; i++)
        most = fmax(most, fabs(w[i]));
    mem_free(w);
    return most;
}

static void check_moments(struct tally *tally, yajl_val theirs, const struct layer *layer)
{
    static const struct {
        const char *name;
        int bits;
        bool one_grid;
    } grids[] = {{"int4_row", 4, false},
                 {"int8_row", 8, false},
                 {"int4_tensor", 4, true},
                 {"int8_tensor", 8, true}};
    const char *field = layer->moment ? "sqnr_act_db" : "sqnr_diag_db";
    for (size_t i = 0; i < sizeof grids / sizeof *grids; i++) {
        double most = grids[i].one_grid ? largest(layer) : 0;
        struct layer_sums sums = sum_layer(layer, grids[i].bits, most, NULL);
        compare(tally, layer->tensor->label, grids[i].name, field,
                layer_sqnr_of(&sums).weights_only,
                number(theirs, layer->tensor->label, grids[i].name, field));
    }
}

static void read_inputs(struct layer *layer, const struct activation_match *match)
{
    const struct activation *entry = match->inputs;
    struct error error = {0};
    bool good = false;
    double *values = mem_alloc(entry->rows * layer->d, sizeof *values);
    if (entry->kind == ACTIVATION_SAMPLES) {
        layer->tokens = entry->rows;
        good = activation_read_samples(entry, 0, entry->rows, layer->x = values, &error);
    } else if (entry->kind == ACTIVATION_SECOND_MOMENT) {
        good = activation_read_second_moment(entry, layer->moment = values, &error);
    } else {
        good = activation_read_vector(entry, match->inputs_row, layer->d, layer->diagonal = values,
                                      &error);
    }
    if (!good)
        die("activations", error.text);
}

static void check_layer(struct tally *tally, yajl_val reference, const struct tensor *tensor,
                        const struct activation_match *match)
{
    struct layer layer = {.tensor = tensor, .count = tensor->dims[0], .d = tensor->dims[1]};
    read_inputs(&layer, match);
    const char *samples[] = {"layers", tensor->label, NULL}, *moments[] = {"weights", NULL};
    yajl_val theirs = yajl_tree_get(reference, layer.x ? samples : moments, yajl_t_object);
    if (!theirs)
        die(tensor->label, "is not in the reference");
    if (layer.x)
        check_samples(tally, theirs, &layer);
    else
        check_moments(tally, theirs, &layer);
    mem_free(layer.x);
    mem_free(layer.moment);
    mem_free(layer.diagonal);
}

/* Checks each layer of a model that the reference and the activation file have. */
static bool check_file(yajl_val reference, const char *folder, const char *weights,
                       const char *name)
{
    char path[4096];
    struct error error = {0};
    struct tally tally = {0};
    struct activation_matches matches;
    snprintf(path, sizeof path, "%s/real/byte_llama/%s", folder, weights);
    struct model *model = model_open((const char *const[]){path}, 1, NULL, &error);
    if (!model)
        die("weights", error.text);
    snprintf(path, sizeof path, "%s/activations/byte_llama/%s", folder, name);
    struct activations *activations = activations_open(path, ACTIVATION_UNKNOWN, &error);
    if (!activations)
        die("activations", error.text);
    activations_match(&matches, activations, model, (struct tensor_view){0}, &(struct name_map){0});
    for (size_t i = 0; i < model->count; i++)
        if (matches.layers[i].inputs)
            check_layer(&tally, reference, &model->tensors[i], &matches.layers[i]);
    activations_match_done(&matches);
    activations_free(activations);
    model_free(model);
    return report(name, &tally);
}

int main(int count, char **arguments)
{
    static const char *const moments[] = {"moments_full_layer0.safetensors",
                                          "moments_diag.safetensors", "imatrix.dat",
                                          "imatrix.gguf"};
    if (count != 3)
        die("usage", "golden_sqnr REFERENCE.json FOLDER");
    const char *folder = arguments[2];
    char beside[4096];
    snprintf(beside, sizeof beside, "%s/activations/byte_llama/reference_sqnr.json", folder);
    yajl_val samples = parse_file(arguments[1]), others = parse_file(beside);
    bool good = check_file(samples, folder, "byte_llama_bf16.safetensors", "acts_512tok_f16.npz");
    for (size_t i = 0; i < sizeof moments / sizeof *moments; i++)
        good = check_file(others, folder, "byte_llama_f32.safetensors", moments[i]) && good;
    yajl_tree_free(samples);
    yajl_tree_free(others);
    return !good;
}
