/* SPDX-License-Identifier: MIT
 *
 * The line at the top: what is looked at, and how far work is that takes its time.
 */
#include <string.h>

#include "base/text.h"
#include "base/utf8.h"
#include "ui/pane.h"

/* A bar of ten cells and the work's name at the right of the header, or the number alone; returns
 * the columns left of it. */
static int draw_bar(struct cells *cells, const char *name, double fraction, bool ascii)
{
    const int width = cells->width, bar = 10, full = (int)(fraction * bar);
    int left = width - (int)strlen(name) - bar - 8;
    if (left < 12) {
        cells_printf(cells, width - 6, 0, 6, STYLE_DIM, " %3.0f %%", 100 * fraction);
        return width - 6;
    }
    int x = left + cells_printf(cells, left, 0, width, STYLE_DIM, "%s ", name);
    for (int i = 0; i < bar; i++)
        cells_put(cells, x + i, 0, ascii ? (i < full ? '#' : '.') : (i < full ? 0x2588 : 0x2591),
                  STYLE_DATA);
    cells_printf(cells, x + bar, 0, 6, STYLE_DIM, " %3.0f %%", 100 * fraction);
    return left;
}

/* How far the survey of the layers is; false where it is not seen, or done. */
static bool layers_progress(const struct session *session, double *fraction)
{
    if (!session->model_layers || !session->model_layers->survey || !session_is_whole(session) ||
        !session->view->layers)
        return false;
    const struct layer_survey_progress progress =
        layer_survey_progress(session->model_layers->survey);
    *fraction = progress.of > 0 ? (double)progress.layers / (double)progress.of : 0;
    return progress.busy;
}

/* What the user waits for, or how far the surveys are. */
static int draw_progress(const struct session *session, const struct engine_progress *progress,
                         struct cells *cells)
{
    double layers;
    struct survey *survey = session->survey;
    const bool ascii = session->options.glyphs == GLYPHS_ASCII;
    if (progress->busy && progress->seconds >= PANE_PATIENCE && progress->stage)
        return draw_bar(cells, progress->stage, progress->fraction, ascii);
    if (layers_progress(session, &layers))
        return draw_bar(cells, session->paused ? "paused" : "layers", layers, ascii);
    const struct survey_progress surveyed =
        survey ? survey_progress(survey) : (struct survey_progress){.busy = false};
    if (!surveyed.busy || !surveyed.pass)
        return cells->width;
    return draw_bar(cells, session->paused ? "paused" : surveyed.pass, surveyed.fraction, ascii);
}

/* The one element type of the model, or a word for several. */
static const char *element_types(const struct model *model)
{
    for (size_t i = 1; i < model->count; i++)
        if (strcmp(model->tensors[i].dtype_name, model->tensors[0].dtype_name) != 0)
            return "mixed types";
    return model->count > 0 ? model->tensors[0].dtype_name : "";
}

void pane_header(const struct session *session, const struct engine_progress *progress,
                 struct cells *cells)
{
    const struct model *model = session->model;
    const bool ascii = session->options.glyphs == GLYPHS_ASCII;
    char tensors[TEXT_NUMBER], elements[TEXT_NUMBER];
    int width = draw_progress(session, progress, cells);
    int x = 1 + cells_text(cells, 1, 0, width - 1, STYLE_TITLE, "roundoff") + 2;
    struct text text = {0};
    size_t columns = width / 2 > 10 ? (size_t)width / 2 : 10;
    if (session->in_lab)
        text_puts(&text, "lab: random draws of standard deviation 1");
    else
        utf8_cut_middle(&text, model->label, strlen(model->label), columns, ascii);
    text_puts(&text, "");
    x += cells_text(cells, x, 0, width - x, STYLE_TEXT, text.data) + 2;
    for (int i = 0; i < 3 && !session->in_lab; i++) {
        text_clear(&text);
        if (i == 0)
            text_printf(&text, "%s tensor%s", text_count(tensors, model->count),
                        model->count == 1 ? "" : "s");
        else if (i == 1)
            text_printf(&text, "%s weight%s", text_count(elements, model->elements),
                        model->elements == 1 ? "" : "s");
        else
            text_puts(&text, element_types(model));
        if (x + (int)utf8_width(text.data, text.length) > width)
            break;
        x += cells_text(cells, x, 0, width - x, STYLE_DIM, text.data) + 2;
    }
    text_done(&text);
}
