/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <string.h>

#include "app/codebook_design.h"
#include "app/codebook_steps.h"
#include "app/codebook_values.h"
#include "app/command.h"
#include "app/document.h"
#include "app/emit.h"
#include "app/output.h"
#include "base/decibels.h"
#include "base/mem.h"
#include "quant/bounds.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

struct record {
    struct emit_string scheme, source;
    uint64_t bits;
    struct emit_vector levels, thresholds;
    double mse;
    uint64_t iterations;
    double sqnr_db, mean, std, scale, clip;
    double panter_dite_mse, panter_dite_sqnr_db, shannon_mse, shannon_sqnr_db;
    struct emit_string tensor;
    uint64_t values, elements;
    bool sampled;
    struct emit_vector probabilities, contributions;
};

static const struct emit_field source_fields[] = {
    EMIT_FIELD(record, EMIT_STRING, scheme, "scheme", 0),
    EMIT_FIELD(record, EMIT_STRING, source, "source", 0),
    EMIT_FIELD(record, EMIT_COUNT, bits, "bits", 0),
    EMIT_FIELD(record, EMIT_VECTOR, levels, NULL, 0),
    EMIT_FIELD(record, EMIT_VECTOR, thresholds, NULL, 0),
    EMIT_FIELD(record, EMIT_NUMBER, mse, "mse", 6),
    EMIT_FIELD(record, EMIT_COUNT, iterations, "iterations", 0),
    EMIT_FIELD(record, EMIT_NUMBER, sqnr_db, "SQNR dB", 4),
    EMIT_FIELD(record, EMIT_NUMBER, mean, "mean", 4),
    EMIT_FIELD(record, EMIT_NUMBER, std, "std", 4),
    EMIT_FIELD(record, EMIT_NUMBER, scale, "scale of levels", 6),
    EMIT_FIELD(record, EMIT_NUMBER, clip, "clip", 6),
    EMIT_FIELD(record, EMIT_NUMBER, panter_dite_mse, "Panter-Dite mse", 6),
    EMIT_FIELD(record, EMIT_NUMBER, panter_dite_sqnr_db, "  SQNR dB", 4),
    EMIT_FIELD(record, EMIT_NUMBER, shannon_mse, "Shannon mse", 6),
    EMIT_FIELD(record, EMIT_NUMBER, shannon_sqnr_db, "  SQNR dB", 4),
    EMIT_FIELD(record, EMIT_VECTOR, probabilities, NULL, 0),
    EMIT_FIELD(record, EMIT_VECTOR, contributions, NULL, 0),
};

static const struct emit_field tensor_fields[] = {
    EMIT_FIELD(record, EMIT_STRING, scheme, "scheme", 0),
    EMIT_FIELD(record, EMIT_STRING, source, NULL, 0),
    EMIT_FIELD(record, EMIT_COUNT, bits, "bits", 0),
    EMIT_FIELD(record, EMIT_VECTOR, levels, NULL, 0),
    EMIT_FIELD(record, EMIT_VECTOR, thresholds, NULL, 0),
    EMIT_FIELD(record, EMIT_NUMBER, mse, "mse", 6),
    EMIT_FIELD(record, EMIT_COUNT, iterations, "iterations", 0),
    EMIT_FIELD(record, EMIT_NUMBER, sqnr_db, "SQNR dB", 4),
    EMIT_FIELD(record, EMIT_STRING, tensor, "tensor", 0),
    EMIT_FIELD(record, EMIT_COUNT, values, "values used", 0),
    EMIT_FIELD(record, EMIT_COUNT, elements, "of elements", 0),
    EMIT_FIELD(record, EMIT_BOOLEAN, sampled, "a sample", 0),
    EMIT_FIELD(record, EMIT_VECTOR, probabilities, NULL, 0),
    EMIT_FIELD(record, EMIT_VECTOR, contributions, NULL, 0),
};

/* What is told of all levels together. */
struct sheet {
    const struct emit_field *fields;
    size_t n;
};

static const struct sheet source_sheet = {source_fields, COUNT(source_fields)};
static const struct sheet tensor_sheet = {tensor_fields, COUNT(tensor_fields)};

static const struct emit_field cell_fields[] = {
    EMIT_FIELD(design_cell, EMIT_NUMBER, level, "level", 6),
    EMIT_FIELD(design_cell, EMIT_NUMBER, from, "from", 6),
    EMIT_FIELD(design_cell, EMIT_NUMBER, to, "to", 6),
    EMIT_FIELD(design_cell, EMIT_NUMBER, probability, "probability", 4),
    EMIT_FIELD(design_cell, EMIT_NUMBER, mse, "mse", 4),
};

static void add_bounds(struct record *record, const struct source *source, double signal)
{
    const double unit = ldexp(source->std * source->std, -2 * (int)record->bits);
    record->panter_dite_mse = bounds_panter_dite(source->type) * unit;
    record->shannon_mse = bounds_shannon(source->type) * unit;
    record->panter_dite_sqnr_db = decibels(signal / record->panter_dite_mse);
    record->shannon_sqnr_db = decibels(signal / record->shannon_mse);
}

static struct record describe(const struct options *options, const struct design *design)
{
    return (struct record){
        .scheme = emit_string_of(options->scheme_name),
        .bits = (uint64_t)design->bits,
        .mse = design->mse,
        .iterations = design->iterations,
        .sqnr_db = decibels(design->signal / design->mse),
        .scale = design->scale,
        .clip = design->clip,
    };
}

/* One member of all cells, for the vectors of the JSON document. */
static double *gather(const struct design *design, size_t member)
{
    double *value = mem_alloc(design->n, sizeof *value);
    for (size_t i = 0; i < design->n; i++)
        memcpy(&value[i], (const char *)&design->cell[i] + member, sizeof *value);
    return value;
}

static void print_json(const struct options *options, const struct design *design,
                       struct record *record, const struct sheet *sheet, struct output *output)
{
    const size_t n = design->n;
    double *level = gather(design, offsetof(struct design_cell, level)),
           *from = gather(design, offsetof(struct design_cell, from)),
           *probability = gather(design, offsetof(struct design_cell, probability)),
           *mse = gather(design, offsetof(struct design_cell, mse));
    record->levels = (struct emit_vector){level, n};
    record->thresholds = (struct emit_vector){from + 1, n - 1};
    record->probabilities = (struct emit_vector){probability, n};
    record->contributions = (struct emit_vector){mse, n};
    struct emit *emit = emit_begin(output, options, sheet->fields, sheet->n);
    emit_record(emit, record);
    emit_end(emit);
    mem_free(level);
    mem_free(from);
    mem_free(probability);
    mem_free(mse);
}

/* The cells, and for people the figures of them all below. */
static void print_table(const struct options *options, const struct design *design,
                        const struct record *record, const struct sheet *sheet,
                        struct output *output)
{
    struct emit *emit = emit_begin(output, options, cell_fields, COUNT(cell_fields));
    emit_array(emit, "cells");
    for (size_t i = 0; i < design->n; i++)
        emit_record(emit, &design->cell[i]);
    emit_end(emit);
    if (options->form != FORM_TEXT)
        return;
    output_write(output, "\n", 1);
    emit = emit_begin(output, options, sheet->fields, sheet->n);
    emit_record(emit, record);
    emit_end(emit);
}

static bool print(const struct options *options, const struct design *design, struct record *record,
                  const struct sheet *sheet, struct error *error)
{
    struct output output;
    if (!output_open(&output, options->output, error))
        return false;
    if (options->form == FORM_JSON)
        print_json(options, design, record, sheet, &output);
    else
        print_table(options, design, record, sheet, &output);
    return output_close(&output, true, error);
}

static bool of_source(const struct options *options, const struct source *source,
                      struct error *error)
{
    struct design design;
    if (!design_make(&design, options, source, error))
        return false;
    char name[SOURCE_NAME];
    struct record record = describe(options, &design);
    record.source = emit_string_of(source_print(source, name));
    record.mean = source->mean;
    record.std = source->std;
    add_bounds(&record, source, design.signal);
    bool ok = print(options, &design, &record, &source_sheet, error);
    design_done(&design);
    return ok;
}

static bool of_tensor(const struct options *options, const struct tensor *tensor,
                      struct error *error)
{
    size_t n;
    struct record record;
    struct design design;
    bool sampled;
    double *value = codebook_values(tensor, options->tensor_view, &n, &sampled, error);
    if (!value)
        return false;
    design_make_empirical(&design, options->scheme.bits, value, n);
    mem_free(value);
    record = describe(options, &design);
    record.source = emit_string_of(source_empirical.name);
    record.tensor = document_name(tensor);
    record.values = n;
    record.elements = tensor->elements;
    record.sampled = sampled;
    bool ok = print(options, &design, &record, &tensor_sheet, error);
    design_done(&design);
    return ok;
}

static bool of_model(const struct options *options, struct error *error)
{
    const struct tensor *tensor = NULL;
    struct model *model = command_open_model(options, options->operands, 1, error);
    if (!model)
        return false;
    if (options->glob_count == 1)
        tensor = model_find(model, options->globs[0], error);
    else if (model->count == 1)
        tensor = &model->tensors[0];
    else
        error_set(error, ERROR_USAGE,
                  "%s needs --tensor NAME: %s has %zu tensors, which roundoff list prints",
                  options->scheme_name, model->label, model->count);
    bool ok = tensor && of_tensor(options, tensor, error);
    model_free(model);
    return ok;
}

/* What excludes each other. */
static bool check_empirical(const struct options *options, struct error *error)
{
    const char *scheme = options->scheme_name;
    if (options->source_given)
        return error_set(error, ERROR_USAGE,
                         "%s is fitted to a tensor: --source, --mean and --std mean nothing to it",
                         scheme);
    if (options->operand_count == 0 || options->glob_count > 1)
        return error_set(error, ERROR_USAGE, "%s needs MODEL and one --tensor NAME", scheme);
    return true;
}

static bool check_source(const struct options *options, struct error *error)
{
    if (options->operand_count > 0 || options->glob_count > 0 || options->tensor_view.scaled)
        return error_set(error, ERROR_USAGE,
                         "%s is scaled to a --source; lloyd-max:empirical is what fits levels to a "
                         "tensor of a MODEL",
                         options->scheme_name);
    return true;
}

/* Schemes of other commands that have no levels to print here. */
static bool check_levels(const struct options *options, struct error *error)
{
    const struct levels *levels = &options->scheme.levels;
    if (levels->kind == LEVELS_BLOCKS)
        return error_set(error, ERROR_USAGE,
                         "%s scales its elements block by block: there are no levels for a source",
                         options->scheme_name);
    if (levels->kind == LEVELS_UNIFORM && options->scheme.bits == 1)
        return error_set(error, ERROR_USAGE,
                         "uniform takes 2 to %d bits, not 1; lloyd-max has the two levels of 1 bit",
                         SCHEME_BITS_MOST);
    return true;
}

static bool check(const struct options *options, struct error *error)
{
    const struct levels *levels = &options->scheme.levels;
    if (!options->scheme_name)
        return error_set(error, ERROR_USAGE,
                         "codebook needs --scheme; see roundoff codebook --help");
    if (!check_levels(options, error))
        return false;
    if (!levels_take_clip(levels) && !isnan(options->codebook.clip))
        return error_set(error, ERROR_USAGE,
                         "--clip means nothing to %s, whose levels are where the MSE is least",
                         options->scheme_name);
    if (options->codebook.steps >= 0 &&
        (levels->codebook != &codebook_lloyd_max || levels->family != LEVELS_FAMILY_TENSOR))
        return error_set(error, ERROR_USAGE, "--steps is of --scheme lloyd-max only, not of %s",
                         options->scheme_name);
    return levels->kind == LEVELS_EMPIRICAL ? check_empirical(options, error)
                                            : check_source(options, error);
}

int cmd_codebook(const struct options *options, struct error *error)
{
    struct source source = options->source;
    source.mean = options->mean;
    source.std = isnan(options->std) ? 1 : options->std;
    if (!check(options, error))
        return command_status(error);
    if (options->scheme.levels.kind == LEVELS_EMPIRICAL)
        of_model(options, error);
    else if (options->codebook.steps >= 0)
        codebook_steps(options, &source, error);
    else
        of_source(options, &source, error);
    return command_status(error);
}
