/* SPDX-License-Identifier: MIT */
#include "app/command.h"
#include "app/explorer.h"
#include "app/lessons.h"
#include "app/scan_file.h"
#include "app/scan_settings.h"

/* Explores a scan: all that can be seen without the weights. */
static int explore_scan(const struct options *options, struct error *error)
{
    struct scan *scan = scan_file_read(options->scan_file, error);
    struct options its = *options;
    int status = 0;
    if (scan && scan_settings_apply(scan, &its, error)) {
        const struct explorer_start start = {.scan = scan};
        status = explorer_run(&its, scan->model, &start, error);
    }
    scan_free(scan);
    return status ? status : command_status(error);
}

static int explore_model(const struct options *options, const struct model *model,
                         struct error *error)
{
    struct layer_source source;
    struct error broken;
    int status = 0;
    if (layers_open_quietly(options, model, &source, &broken, error)) {
        struct lesson_set *lessons = lessons_load(NULL);
        const struct explorer_start start = {
            .lessons = lessons, .layers = source.layers, .warning = broken.text};
        status = explorer_run(options, model, &start, error);
        lessons_free(lessons);
    }
    layers_close(&source);
    return status ? status : command_status(error);
}

int cmd_explore(const struct options *options, struct error *error)
{
    if (options->scan_file)
        return explore_scan(options, error);
    struct model *model =
        command_open_model(options, options->operands, options->operand_count, error);
    if (!model)
        return command_status(error);
    const int status = explore_model(options, model, error);
    model_free(model);
    return status;
}
