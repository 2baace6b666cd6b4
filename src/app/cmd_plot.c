/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "app/command.h"
#include "app/output.h"
#include "base/utf8.h"
#include "engine/report.h"
#include "ui/facts.h"
#include "ui/view.h"

static bool wants_color(const struct options *options)
{
    if (options->color != COLOR_AUTO)
        return options->color == COLOR_ALWAYS;
    const char *no_color = getenv("NO_COLOR"), *terminal = getenv("TERM");
    return output_is_terminal(options->output) && !(no_color && *no_color) && terminal &&
           *terminal && strcmp(terminal, "dumb") != 0;
}

/* "Error density  NAME  all 344 channels", the name cut to leave room for the rest. */
static void draw_title(const struct options *options, const struct report *report,
                       struct cells *cells)
{
    bool ascii = options->glyphs == GLYPHS_ASCII;
    const char *label = report->request.tensor->label;
    struct text title = {0}, rest = {0};
    text_printf(&title, "%s  ", options->view->title);
    view_describe(&rest, report, true, ascii);
    size_t taken = title.length + 2 + utf8_width(rest.data, rest.length);
    size_t room = (size_t)cells->width > taken ? (size_t)cells->width - taken : 1;
    utf8_cut_middle(&title, label, strlen(label), room, ascii);
    text_printf(&title, "  %s", rest.data);
    cells_text(cells, 0, 0, cells->width, STYLE_TITLE, title.data);
    text_done(&title);
    text_done(&rest);
}

/* The title, the view below it, and the facts at the bottom in at most half of what is left. */
static void draw(const struct options *options, const struct report *report, struct cells *cells)
{
    draw_title(options, report, cells);
    int rest = cells->height - 1;
    int lines = facts_height(report, options->glyphs, cells->width);
    if (lines > rest / 2)
        lines = rest / 2;
    struct rect picture = {0, 1, cells->width, rest - lines};
    struct rect facts = {0, 1 + rest - lines, cells->width, lines};
    struct view_options view_options = {.glyphs = options->glyphs, .channel = options->channel};
    if (report->figures.elements == 0)
        cells_text(cells, 1, picture.y, picture.width - 1, STYLE_DIM, "no elements");
    else if (picture.height > 0)
        options->view->draw(report, &view_options, cells, picture);
    if (facts.height > 0)
        facts_draw(report, options->glyphs, cells, facts);
}

static bool print(const struct options *options, const struct report *report, struct error *error)
{
    int width = options->width, columns = output_columns(options->output);
    if (!options->size_given && columns > 0)
        width = columns < OPTIONS_SIZE_MOST ? columns : OPTIONS_SIZE_MOST;
    struct cells *cells = cells_new(width, options->height);
    draw(options, report, cells);
    struct text dump = {0}, folded = {0};
    if (wants_color(options))
        cells_dump_colour(cells, &dump);
    else
        cells_dump(cells, &dump);
    if (!options->utf8)
        output_fold(&folded, dump.data, dump.length);
    bool ok = output_all(options->output, options->utf8 ? &dump : &folded, error);
    text_done(&dump);
    text_done(&folded);
    cells_free(cells);
    return ok;
}

int cmd_plot(const struct options *options, struct error *error)
{
    struct command_subject subject;
    struct options wanted = *options;
    if (options->view->channels)
        wanted.channel = REQUEST_ALL_CHANNELS; /* the view picks it among all */
    const struct report *report = command_analyse(&wanted, &subject, error);
    if (report) {
        print(options, report, error);
        part_unref(&report->part);
    }
    command_subject_done(&subject);
    return command_status(error);
}
