/* SPDX-License-Identifier: MIT */
#include "engine/layer_inputs.h"

#include <math.h>

#include "base/mem.h"
#include "linear/moment_sums.h"

static void inputs_free(struct part *part)
{
    struct layer_inputs *inputs = (struct layer_inputs *)part;
    mem_free(inputs->maxima);
    mem_free((double *)inputs->moment.value);
    mem_free(inputs->x);
    mem_free(inputs);
}

static bool no_memory(const char *what, uint64_t rows, size_t columns, struct error *error)
{
    return error_set(error, ERROR_SYSTEM, "no memory for %s of %llu x %zu numbers", what,
                     (unsigned long long)rows, columns);
}

static void find_maxima(struct layer_inputs *inputs)
{
    inputs->maxima = mem_zero(inputs->columns, sizeof *inputs->maxima);
    for (size_t i = 0; i < inputs->tokens * inputs->columns; i++) {
        double *most = &inputs->maxima[i % inputs->columns];
        *most = fmax(*most, fabs(inputs->x[i]));
    }
}

static bool read_samples(struct layer_inputs *inputs, const struct activation *entry, size_t block,
                         struct error *error)
{
    const size_t columns = inputs->columns;
    if (columns > 0 && entry->rows > LAYER_SAMPLES_MOST / columns)
        return error_set(error, ERROR_FILE,
                         "%s: %llu samples of %zu values are more than memory is used for; second "
                         "moments of them would do",
                         entry->tensor->label, (unsigned long long)entry->rows, columns);
    inputs->x = mem_try(entry->rows, columns * sizeof *inputs->x);
    if (!inputs->x)
        return no_memory("samples", entry->rows, columns, error);
    inputs->tokens = (size_t)entry->rows;
    if (!activation_read_samples(entry, 0, inputs->tokens, inputs->x, error))
        return false;
    find_maxima(inputs);
    struct moment_sums *sums = moment_sums_new(columns, block);
    if (sums)
        moment_sums_add(sums, inputs->x, inputs->tokens);
    inputs->moment.value = sums ? moment_sums_finish(sums, (double)inputs->tokens) : NULL;
    inputs->moment.block = block;
    return inputs->moment.value || no_memory("a second moment", block, columns, error);
}

static bool read_second_moment(struct layer_inputs *inputs, const struct activation *entry,
                               struct error *error)
{
    double *value = mem_try(inputs->columns, inputs->columns * sizeof *value);
    if (!value)
        return no_memory("a second moment", inputs->columns, inputs->columns, error);
    inputs->moment.value = value;
    inputs->moment.block = inputs->columns;
    return activation_read_second_moment(entry, value, error);
}

static double *read_vector(const struct activation *entry, uint64_t row, size_t columns,
                           struct error *error)
{
    double *values = mem_alloc(columns, sizeof *values);
    if (activation_read_vector(entry, row, columns, values, error))
        return values;
    mem_free(values);
    return NULL;
}

static bool read_inputs(struct layer_inputs *inputs, const struct activation_match *match,
                        size_t block, struct error *error)
{
    const struct activation *entry = match->inputs;
    inputs->kind = entry->kind;
    if (entry->kind == ACTIVATION_SAMPLES)
        return read_samples(inputs, entry, block, error);
    if (entry->kind == ACTIVATION_SECOND_MOMENT)
        return read_second_moment(inputs, entry, error);
    inputs->moment.value = read_vector(entry, match->inputs_row, inputs->columns, error);
    return inputs->moment.value;
}

/* Ranges of the file serve where samples do not tell the maxima. */
static bool read_all(struct layer_inputs *inputs, const struct activation_match *match,
                     size_t block, struct error *error)
{
    if (match->inputs && match->inputs->rows > 0 && !read_inputs(inputs, match, block, error))
        return false;
    if (match->ranges && !inputs->maxima)
        inputs->maxima = read_vector(match->ranges, match->ranges_row, inputs->columns, error);
    return !match->ranges || inputs->maxima;
}

const struct layer_inputs *layer_inputs_read(const struct activation_match *match, size_t columns,
                                             size_t block, struct error *error)
{
    struct layer_inputs *inputs = mem_zero(1, sizeof *inputs);
    inputs->columns = columns;
    inputs->moment = (struct moment){.columns = columns, .block = 1};
    const bool read = !match || read_all(inputs, match, block, error);
    const size_t numbers = (inputs->tokens + inputs->moment.block + 1) * columns;
    part_init(&inputs->part, sizeof *inputs + numbers * sizeof(double), inputs_free);
    if (read)
        return inputs;
    part_unref(&inputs->part);
    return NULL;
}
