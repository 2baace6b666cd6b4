/* SPDX-License-Identifier: MIT */
#include "ui/lesson_player.h"

#include "ui/keys.h"
#include "ui/lesson_figures.h"

/* The settings of the step, whole: what the reader changed meanwhile is taken back. */
static void set_step(struct session *session)
{
    const struct lesson_settings *wanted = &session->lesson->step[session->lesson_step].settings;
    struct settings settings = session->settings;
    settings.scheme = wanted->scheme;
    settings.belief = wanted->belief;
    settings.inputs = wanted->inputs;
    settings.transform = wanted->transform;
    settings.lab = (struct lab){.law = wanted->source,
                                .draws = wanted->n,
                                .seed = wanted->seed,
                                .phase = wanted->phase,
                                .layer = wanted->layer};
    const struct view *view = view_find(wanted->view);
    if (view)
        session->view = view;
    session->options.log = wanted->log;
    session->lesson_top = 0;
    session_change(session, &settings);
    session_ask(session); /* the view alone may want more than before */
}

void lesson_open(struct session *session, const struct lesson *lesson)
{
    session_enter_lab(session, true);
    session->lesson = lesson;
    session->lesson_step = 0;
    set_step(session);
}

void lesson_close(struct session *session)
{
    session->lesson = NULL;
}

void lesson_forward(struct session *session, int key)
{
    (void)key;
    const struct lesson_set *lessons = session->lessons;
    if (!session->lesson) {
        if (lessons && session->lesson_index < lessons->count)
            lesson_open(session, lessons->lesson[session->lesson_index]);
        else
            session_say(session, STYLE_DIM, "no lessons were found");
        return;
    }
    if (session->lesson_step + 1 < session->lesson->steps) {
        session->lesson_step++;
        set_step(session);
        return;
    }
    session_say(session, STYLE_DIM, "that was \"%s\"", session->lesson->title);
    lesson_close(session);
    if (lessons && session->lesson_index + 1 < lessons->count)
        session->lesson_index++;
}

void lesson_back(struct session *session, int key)
{
    (void)key;
    if (!session->lesson || session->lesson_step == 0) {
        session_say(session, STYLE_DIM,
                    session->lesson ? "this is the first step" : "Space begins the marked lesson");
        return;
    }
    session->lesson_step--;
    set_step(session);
}

void lesson_mark(struct session *session, int key)
{
    if (session->lesson || !session->lessons || session->lessons->count == 0) {
        session_say(session, STYLE_DIM,
                    session->lesson ? "Esc leaves the lesson, then n and p choose another"
                                    : "no lessons were found");
        return;
    }
    size_t count = session->lessons->count;
    session->lesson_index = (session->lesson_index + (key == 'n' ? 1 : count - 1)) % count;
}

void lesson_scroll(struct session *session, int key)
{
    session->lesson_top += key == KEY_PAGE_DOWN ? 5 : -5;
}

void lesson_render(const struct session *session, const char *text, struct text *out)
{
    /* Figures of other settings would make the words wrong until the new ones come. */
    const struct report *report = session_report(session);
    if (report && !request_equal(&report->request, &session->asked))
        report = NULL;
    lesson_text(out, text, lesson_report_lookup, (void *)report);
}
