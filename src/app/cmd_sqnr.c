/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "app/command.h"
#include "app/document.h"
#include "app/emit.h"
#include "app/layers_open.h"
#include "app/output.h"
#include "app/progress.h"
#include "app/sqnr_candidates.h"
#include "app/sqnr_record.h"
#include "app/sqnr_text.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "engine/layer_index.h"
#include "engine/layer_rounding.h"
#include "model/layer_name.h"

struct run {
    const struct options *options;
    const struct model *model;
    struct pool *pool;
    struct watch watch;
    struct layer_source source;
    struct sqnr_candidates candidates;
    struct output output;
    struct emit *emit; /* JSON and TSV */
    struct sqnr_page page;
    struct progress progress;
    size_t figures, failed; /* layers and transforms with figures, and without */
    struct error first_failure;
    size_t nonfinite; /* layers with weights that are left out */
};

/* ---- what is asked for ---- */

static bool check_options(const struct options *options, struct error *error)
{
    const struct input_grid *inputs = &options->layers.inputs;
    if (inputs->bits == 0 && (inputs->symmetric || inputs->fixed))
        return error_set(error, ERROR_USAGE, "--activation-%s needs --activation-bits",
                         inputs->symmetric ? "symmetric" : "static");
    return layer_rounding_check(&options->scheme, error);
}

/* ---- one group ---- */

static void note_failure(struct run *run, const struct tensor *tensor, const char *why)
{
    if (run->failed++ == 0)
        error_set(&run->first_failure, ERROR_USAGE, "%s: %s", tensor->label, why);
}

/* A group's figures for each candidate; NULL for transforms that it does not admit. */
struct results {
    const struct layer_group *group;
    const struct layer *layer[SQNR_CANDIDATES_MOST];
};

static void results_done(const struct run *run, struct results *results)
{
    for (size_t i = 0; i < run->candidates.count; i++)
        if (results->layer[i])
            part_unref(&results->layer[i]->part);
    if (results->group)
        part_unref(&results->group->part);
}

static bool compute_group(struct run *run, const struct layer_list *list, struct results *results,
                          struct error *error)
{
    struct transform_spec specs[SQNR_CANDIDATES_MOST];
    for (size_t i = 0; i < run->candidates.count; i++)
        specs[i] = run->candidates.candidate[i].request.transform;
    const struct layer_group_request request = {.tensors = list->tensor,
                                                .count = list->count,
                                                .view = run->options->tensor_view,
                                                .match = list->match,
                                                .transforms = specs,
                                                .transform_count = run->candidates.count};
    results->group = layer_group_compute(&request, &run->watch, error);
    return results->group;
}

/* A transform that does not fit the layers is no failure of the run; a file that breaks is one. */
static bool compute_layers(struct run *run, struct results *results, struct error *error)
{
    for (size_t i = 0; i < run->candidates.count; i++) {
        const struct layer_request *request = &run->candidates.candidate[i].request;
        struct error why = {0};
        results->layer[i] = layer_compute(run->pool, &run->watch, results->group, request, &why);
        if (results->layer[i])
            continue;
        if (why.code != ERROR_USAGE) {
            *error = why;
            return false;
        }
        note_failure(run, results->group->member[0].tensor, why.text);
    }
    return true;
}

static void print_member(struct run *run, const struct results *results,
                         const struct emit_string names[], size_t member)
{
    struct sqnr_record records[SQNR_CANDIDATES_MOST];
    for (size_t i = 0; i < run->candidates.count; i++) {
        const struct layer *layer = results->layer[i];
        const struct sqnr_candidate *candidate = &run->candidates.candidate[i];
        records[i] = sqnr_record_of(results->group, member, names);
        records[i].transform = emit_string_of(candidate->name.data);
        records[i].label = candidate->label.data;
        sqnr_record_bits(&records[i], &candidate->request);
        if (layer) {
            sqnr_record_fill(&records[i], &layer->member[member]);
            records[i].basis = emit_string_of(layer->basis);
            run->figures++;
        }
        if (run->emit)
            emit_record(run->emit, &records[i]);
    }
    run->nonfinite += results->group->member[member].nonfinite > 0;
    if (!run->emit)
        sqnr_page_layer(&run->page, records, run->candidates.count);
}

static bool is_wanted(const struct run *run, const struct tensor *tensor)
{
    return layer_is_linear(tensor) && options_match(run->options, tensor->label);
}

static void print_group(struct run *run, const struct results *results)
{
    const struct layer_group *group = results->group;
    struct emit_string *names = mem_alloc(group->count, sizeof *names);
    for (size_t i = 0; i < group->count; i++)
        names[i] = document_name(group->member[i].tensor);
    progress_clear(&run->progress);
    for (size_t i = 0; i < group->count; i++)
        if (is_wanted(run, group->member[i].tensor))
            print_member(run, results, names, i);
    mem_free(names);
    if (!run->emit && run->page.out->length > 0) {
        output_write(&run->output, run->page.out->data, run->page.out->length);
        text_clear(run->page.out);
    }
}

/* The group of tensor i, unless it was done with an earlier one, or nobody asks for it. */
static bool add_group(struct run *run, size_t i, struct error *error)
{
    struct layer_list list = layer_index_group(run->source.index, i);
    struct results results = {.group = NULL};
    bool wanted = false, ok = true;
    for (size_t k = 0; k < list.count; k++)
        wanted |= is_wanted(run, list.tensor[k]);
    if (wanted && list.tensor[0] == &run->model->tensors[i]) {
        ok = compute_group(run, &list, &results, error) && compute_layers(run, &results, error);
        if (ok)
            print_group(run, &results);
    }
    results_done(run, &results);
    layer_list_done(&list);
    return ok;
}

/* ---- all ---- */

static bool check_layers(const struct run *run, struct error *error)
{
    for (size_t i = 0; i < run->model->count; i++)
        if (is_wanted(run, &run->model->tensors[i]))
            return true;
    return error_set(error, ERROR_USAGE, "%s: has no linear layers%s", run->model->label,
                     run->options->glob_count > 0 ? " that --tensor matches" : "");
}

static bool add_groups(struct run *run, struct error *error)
{
    const struct model *model = run->model;
    bool ok = true;
    progress_init(&run->progress);
    for (size_t i = 0; ok && i < model->count && !output_broken(&run->output); i++) {
        const char *reason;
        progress_show(&run->progress, i, model->count, "tensors");
        if (layer_index_has(run->source.index, i, &reason))
            ok = add_group(run, i, error);
        else if (reason && is_wanted(run, &model->tensors[i]))
            note_failure(run, &model->tensors[i], reason);
    }
    progress_clear(&run->progress);
    return ok;
}

static void begin_document(struct run *run)
{
    const struct options *options = run->options;
    const struct input_grid *inputs = &options->layers.inputs;
    run->emit = emit_begin(&run->output, options, sqnr_fields, sqnr_field_count);
    document_head(run->emit, run->model);
    emit_object(run->emit, "settings");
    document_put_scheme(run->emit, &options->scheme);
    emit_text(run->emit, "transform",
              options->layers.all_transforms ? "all" : run->candidates.candidate[0].name.data);
    document_put_view(run->emit, options);
    if (run->source.activations)
        emit_text(run->emit, "activation_file", run->source.activations->model->label);
    if (inputs->bits > 0) {
        emit_count(run->emit, "activation_bits", (uint64_t)inputs->bits);
        emit_truth(run->emit, "activation_symmetric", inputs->symmetric);
        emit_truth(run->emit, "activation_static", inputs->fixed);
    }
    emit_close(run->emit);
    emit_array(run->emit, "layers");
}

static void begin_page(struct run *run, struct text *out)
{
    const struct options *options = run->options;
    run->page = (struct sqnr_page){.out = out,
                                   .utf8 = options->utf8,
                                   .header = !options->no_header,
                                   .compare = options->layers.all_transforms,
                                   .hadamard = SQNR_HADAMARD,
                                   .cat = SQNR_CAT};
    for (size_t i = 0; i < run->model->count; i++) {
        const struct tensor *tensor = &run->model->tensors[i];
        const size_t columns =
            is_wanted(run, tensor) ? utf8_width(tensor->label, layer_stem(tensor->label)) : 0;
        if (columns > run->page.name_columns)
            run->page.name_columns = columns;
    }
    const struct sqnr_asked asked = {
        .scheme = &options->scheme,
        .grid = &options->layers.inputs,
        .transform = options->layers.all_transforms ? NULL : &options->transform,
        .inputs = run->source.activations ? run->source.activations->model->label : NULL,
    };
    sqnr_page_head(&run->page, &asked);
}

/* What is amiss, on standard error. */
static bool tell_failures(const struct run *run, struct error *error)
{
    if (run->nonfinite > 0)
        fprintf(stderr, "roundoff: NaN or infinite weights of %zu layer%s count as 0\n",
                run->nonfinite, run->nonfinite == 1 ? "" : "s");
    if (run->failed == 0)
        return true;
    if (run->figures == 0) {
        *error = run->first_failure;
        return false;
    }
    fprintf(stderr, "roundoff: %s%s\n", run->first_failure.text,
            run->failed > 1 ? " (and others)" : "");
    return true;
}

static void print_layers(struct run *run, struct error *error)
{
    struct text text = {0};
    if (run->options->form == FORM_TEXT)
        begin_page(run, &text);
    else
        begin_document(run);
    bool ok = add_groups(run, error);
    if (run->emit)
        emit_end(run->emit);
    else if (ok)
        sqnr_page_end(&run->page);
    sqnr_page_done(&run->page);
    if (text.length > 0)
        output_write(&run->output, text.data, text.length);
    text_done(&text);
    ok = ok && tell_failures(run, error);
    output_close(&run->output, ok, error);
}

static void run_over(struct run *run, struct error *error)
{
    if (!sqnr_candidates_choose(&run->candidates, run->options, error) || !check_layers(run, error))
        return;
    if (layers_open_telling(run->options, run->model, &run->source, error))
        run->pool = pool_new(run->options->threads, error);
    if (run->pool && output_open(&run->output, run->options->output, error))
        print_layers(run, error);
    if (run->pool)
        pool_free(run->pool);
    layers_close(&run->source);
}

int cmd_sqnr(const struct options *options, struct error *error)
{
    struct model *model = NULL;
    if (check_options(options, error))
        model = command_open_model(options, options->operands, options->operand_count, error);
    if (model && command_check_globs(options, model, error)) {
        struct run run = {.options = options, .model = model};
        run_over(&run, error);
        sqnr_candidates_done(&run.candidates);
    }
    if (model)
        model_free(model);
    return command_status(error);
}
