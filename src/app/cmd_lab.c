/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "app/command.h"
#include "app/explorer.h"
#include "app/lessons.h"

/* The lesson of that name or number; ERROR_USAGE with the list of all. */
static const struct lesson *find_lesson(const struct lesson_set *lessons, const char *name,
                                        struct error *error)
{
    struct text list = {0};
    for (size_t i = 0; i < lessons->count; i++) {
        const struct lesson *lesson = lessons->lesson[i];
        char number[24];
        snprintf(number, sizeof number, "%zu", i + 1);
        if (strcmp(name, lesson->name) == 0 || strcmp(name, number) == 0) {
            text_done(&list);
            return lesson;
        }
        text_printf(&list, "%s%s", i > 0 ? ", " : "", lesson->name);
    }
    error_set(error, ERROR_USAGE, "no lesson is called \"%.60s\"; there are %s", name,
              list.data ? list.data : "none");
    text_done(&list);
    return NULL;
}

static int run(const struct options *options, const struct lesson_set *lessons, struct error *error)
{
    struct lab lab = lab_default();
    struct explorer_start start = {.lessons = lessons, .lab = &lab};
    if (options->operand_count > 0) {
        start.lesson = find_lesson(lessons, options->operands[0], error);
        if (!start.lesson)
            return command_status(error);
    }
    struct model *model = command_open_model(options, NULL, 0, error);
    if (!model)
        return command_status(error);
    /* The way out of the lab leads to this model. */
    struct layer_source source;
    struct error broken;
    int status = 0;
    if (layers_open_quietly(options, model, &source, &broken, error)) {
        start.layers = source.layers;
        start.warning = broken.text;
        status = explorer_run(options, model, &start, error);
    }
    layers_close(&source);
    model_free(model);
    return status ? status : command_status(error);
}

int cmd_lab(const struct options *options, struct error *error)
{
    struct lesson_set *lessons = lessons_load(error);
    if (!lessons)
        return command_status(error);
    int status = run(options, lessons, error);
    lessons_free(lessons);
    return status;
}
