/* SPDX-License-Identifier: MIT */
#include "app/command.h"
#include "app/explorer.h"
#include "app/lessons.h"

int cmd_explore(const struct options *options, struct error *error)
{
    struct model *model =
        command_open_model(options, options->operands, options->operand_count, error);
    if (!model)
        return command_status(error);
    struct lesson_set *lessons = lessons_load(NULL);
    const struct explorer_start start = {.lessons = lessons};
    int status = explorer_run(options, model, &start, error);
    lessons_free(lessons);
    model_free(model);
    return status;
}
