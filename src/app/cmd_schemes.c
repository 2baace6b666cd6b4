/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdio.h>

#include "app/command.h"
#include "app/document.h"
#include "app/emit.h"
#include "app/layers_open.h"
#include "app/output.h"
#include "app/progress.h"
#include "app/schemes_select.h"
#include "app/schemes_table.h"
#include "engine/analysis.h"

struct record {
    struct emit_string tensor, title, scheme;
    uint64_t bits;
    struct emit_string granularity, clip, correction;
    bool asymmetric;
    struct comparison_figures figures;
    uint64_t elements, bytes;
    double panter_dite_sqnr_db, shannon_sqnr_db;
    bool best;
};

#define FIGURE(member)                                                         \
    {                                                                          \
#member, EMIT_NUMBER, offsetof(struct record, figures.member), NULL, 0 \
    }

static const struct emit_field fields[] = {
    EMIT_FIELD(record, EMIT_STRING, tensor, NULL, 0), /* null: all of them together */
    EMIT_FIELD(record, EMIT_STRING, title, NULL, 0),
    EMIT_FIELD(record, EMIT_STRING, scheme, NULL, 0),
    EMIT_FIELD(record, EMIT_COUNT, bits, NULL, 0),
    EMIT_FIELD(record, EMIT_STRING, granularity, NULL, 0),
    EMIT_FIELD(record, EMIT_BOOLEAN, asymmetric, NULL, 0),
    EMIT_FIELD(record, EMIT_STRING, clip, NULL, 0),
    EMIT_FIELD(record, EMIT_STRING, correction, NULL, 0),
    FIGURE(bits_per_weight),
    EMIT_FIELD(record, EMIT_COUNT, elements, NULL, 0),
    EMIT_FIELD(record, EMIT_COUNT, bytes, NULL, 0),
    FIGURE(mse),
    FIGURE(sqnr_db),
    FIGURE(theory_sqnr_db),
    FIGURE(error_mean),
    FIGURE(error_std),
    FIGURE(theory_error_mean),
    FIGURE(theory_error_std),
    EMIT_FIELD(record, EMIT_NUMBER, panter_dite_sqnr_db, NULL, 0),
    EMIT_FIELD(record, EMIT_NUMBER, shannon_sqnr_db, NULL, 0),
    EMIT_FIELD(record, EMIT_BOOLEAN, best, NULL, 0),
};

/* What a run over the tensors needs and finds out. */
struct run {
    const struct options *options;
    const struct model *model;
    struct selection selection;
    struct analysis analysis;
    struct layer_source inputs;
    struct output output;
    struct emit *emit; /* NULL for text */
    struct progress progress;
    struct comparison *total; /* NULL before the first tensor */
};

static void emit_entry(struct run *run, struct emit_string tensor,
                       const struct comparison *comparison, size_t i)
{
    const struct comparison_entry *entry = &comparison->entry[i];
    const struct scheme *scheme = &entry->scheme;
    const struct granularity held = scheme_granularity(scheme);
    struct text name = {0}, granularity = {0}, clip = {0};
    levels_print(&name, &scheme->levels, scheme->bits);
    granularity_print(&granularity, &held);
    clip_print(&clip, &scheme->clip);
    const struct record record = {
        .tensor = tensor,
        .title = emit_string_of(entry->contender->title),
        .scheme = emit_string_of(name.data),
        .bits = (uint64_t)scheme->bits,
        .granularity = emit_string_of(granularity.data),
        .clip = emit_string_of(levels_take_clip(&scheme->levels) ? clip.data : NULL),
        .correction = emit_string_of(scheme->correct_mean ? "both" : "none"),
        .asymmetric = scheme->asymmetric,
        .figures = comparison_figures(comparison, i),
        .elements = (uint64_t)comparison->elements,
        .bytes = (uint64_t)ceil(entry->stored_bits / 8),
        .panter_dite_sqnr_db =
            comparison_bound_db(comparison, COMPARISON_PANTER_DITE, scheme->bits),
        .shannon_sqnr_db = comparison_bound_db(comparison, COMPARISON_SHANNON, scheme->bits),
        .best = comparison_best(comparison, scheme->bits) == i,
    };
    emit_record(run->emit, &record);
    text_done(&name);
    text_done(&granularity);
    text_done(&clip);
}

/* A tensor's comparison, or with an undefined name that of all. */
static void show(struct run *run, struct emit_string tensor, const struct comparison *comparison)
{
    if (run->emit) {
        for (size_t i = 0; i < comparison->count; i++)
            emit_entry(run, tensor, comparison, i);
        return;
    }
    struct text out = {0}, folded = {0};
    if (tensor.bytes)
        text_printf(&out, "%s\n", tensor.label);
    schemes_table_print(&out, comparison, run->options->schemes.widths);
    text_puts(&out, tensor.bytes ? "\n" : "");
    if (!run->options->utf8)
        output_fold(&folded, out.data, out.length);
    const struct text *shown = run->options->utf8 ? &out : &folded;
    output_write(&run->output, shown->data, shown->length);
    text_done(&out);
    text_done(&folded);
}

/* People are shown single layers on request. */
static bool shows_layers(const struct run *run)
{
    return run->emit || run->options->schemes.each ||
           (run->options->glob_count > 0 && run->selection.tensors > 1);
}

static bool add_tensor(struct run *run, const struct tensor *tensor, struct error *error)
{
    const struct options *options = run->options;
    const struct request request = {
        .tensor = tensor,
        .view = options->tensor_view,
        .channel = REQUEST_ALL_CHANNELS,
        .transform = options->transform,
        .layers = run->inputs.index,
        .scheme = options->scheme,
        .belief = options->belief,
        .comparison = options->schemes.widths,
        .figures_only = true,
    };
    const struct report *report = analysis_run(&run->analysis, &request, error);
    if (!report)
        return false;
    if (run->total)
        comparison_add(run->total, report->comparison);
    else
        run->total = comparison_copy(report->comparison);
    progress_clear(&run->progress);
    if (shows_layers(run))
        show(run, document_name(tensor), report->comparison);
    part_unref(&report->part);
    return true;
}

static bool add_tensors(struct run *run, struct error *error)
{
    const struct model *model = run->model;
    size_t done = 0;
    bool ok = true;
    progress_init(&run->progress);
    for (size_t i = 0; i < model->count && ok && !output_broken(&run->output); i++) {
        const struct tensor *tensor = &model->tensors[i];
        if (!options_match(run->options, tensor->label) ||
            schemes_why_not(run->options, tensor) != LEFT_OUT_NONE)
            continue;
        progress_show(&run->progress, done++, run->selection.tensors, "tensors");
        ok = add_tensor(run, tensor, error);
    }
    progress_clear(&run->progress);
    return ok;
}

static void begin_document(struct run *run)
{
    const struct options *options = run->options;
    const struct selection *selection = &run->selection;
    struct text granularity = {0};
    granularity_print(&granularity, &options->scheme.granularity);
    run->emit = emit_begin(&run->output, options, fields, sizeof fields / sizeof fields[0]);
    document_head(run->emit, run->model);
    emit_object(run->emit, "settings");
    emit_text(run->emit, "granularity", granularity.data);
    document_put_transform(run->emit, options, run->inputs.activations);
    emit_text(run->emit, "source", belief_name(options->belief));
    emit_count(run->emit, "channel_axis", options->tensor_view.axis);
    emit_truth(run->emit, "scaled", options->tensor_view.scaled);
    emit_close(run->emit);
    emit_count(run->emit, "tensors", selection->tensors);
    emit_count(run->emit, "elements", selection->elements);
    emit_count(run->emit, "bytes", selection->bytes);
    emit_array(run->emit, "schemes");
    text_done(&granularity);
}

/* "20 tensors, 268 336 weights: 1.02 MiB, 32.0 bits each; 1 bit each is 32.8 KiB". */
static void write_headline(struct run *run)
{
    const struct selection *selection = &run->selection;
    char weights[TEXT_NUMBER], bytes[TEXT_NUMBER], each[TEXT_NUMBER], bit[TEXT_NUMBER];
    struct text out = {0};
    text_printf(&out, "%zu tensor%s, %s weights: %s, %s bits each; 1 bit each is %s\n",
                selection->tensors, selection->tensors == 1 ? "" : "s",
                text_count(weights, selection->elements), text_bytes(bytes, selection->bytes),
                text_number(each, 8 * (double)selection->bytes / (double)selection->elements, 3),
                text_bytes(bit, selection->elements / 8));
    output_write(&run->output, out.data, out.length);
    text_done(&out);
}

/* What the stars and the last lines mean. */
static const char footnote[] =
    "\n"
    "*  the best of its width, each stored bit a weight more counted as 6.02 dB\n"
    "Panter-Dite: levels of the best places where they are many; Shannon: any code;\n"
    "both of a source of each tensor's family and variance.  bits/w: scales included\n";

static void write_all(struct run *run, struct error *error)
{
    const bool text = run->options->form == FORM_TEXT;
    if (!output_open(&run->output, run->options->output, error))
        return;
    if (text)
        write_headline(run);
    else
        begin_document(run);
    bool ok = add_tensors(run, error);
    if (ok && run->total)
        show(run, (struct emit_string){0}, run->total);
    if (run->emit)
        emit_end(run->emit);
    else if (ok)
        output_write(&run->output, footnote, sizeof footnote - 1);
    output_close(&run->output, ok, error);
    if (run->total)
        part_unref(&run->total->part);
}

static void run_over(const struct options *options, const struct model *model, struct pool *pool,
                     struct error *error)
{
    struct watch watch = {0};
    struct cache *bases = cache_new(ANALYSIS_BASES);
    struct run run = {
        .options = options,
        .model = model,
        .selection = schemes_select(options, model),
        .analysis = {.pool = pool, .watch = &watch, .bases = bases},
    };
    struct text left_out = {0};
    schemes_print_left_out(&left_out, &run.selection);
    if (run.selection.tensors == 0)
        error_set(error, ERROR_USAGE, "no tensors to compare schemes on%s%s",
                  left_out.length ? ": left out are " : "", left_out.length ? left_out.data : "");
    else if (layers_open(options, model, false, &run.inputs, error))
        write_all(&run, error);
    if (error->code == ERROR_NONE && left_out.length)
        fprintf(stderr, "roundoff: left out: %s\n", left_out.data);
    layers_close(&run.inputs);
    cache_free(bases);
    text_done(&left_out);
}

int cmd_schemes(const struct options *options, struct error *error)
{
    return command_over_model(options, run_over, error);
}
