/* SPDX-License-Identifier: MIT
 *
 * The explorer's loop: keys, finished reports and signals in, frames out.
 */
#include "app/explorer.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/command.h"
#include "engine/survey_tensor.h"
#include "ui/action.h"
#include "ui/keys.h"
#include "ui/lesson_player.h"
#include "ui/screen.h"
#include "ui/term.h"

/* Milliseconds between frames while nothing but the progress bar moves. */
#define PROGRESS_PERIOD 100

/* Signals come as bytes through this pipe, so that they are handled between frames. */
static int signal_pipe[2] = {-1, -1};

static void on_signal(int number)
{
    int saved = errno;
    char byte = (char)number;
    ssize_t written = write(signal_pipe[1], &byte, 1);
    (void)written;
    errno = saved;
}

/* A fault of our own: the terminal first, then whatever the system does about it. */
static void on_fault(int number)
{
    term_abandon();
    signal(number, SIG_DFL);
    raise(number);
}

static const int handled[] = {SIGWINCH, SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGTSTP, SIGCONT};
static const int faults[] = {SIGSEGV, SIGABRT, SIGFPE, SIGILL};

/* What the parent ignores stays ignored: nohup's SIGHUP, a shell's SIGTSTP without job control. */
static void catch_signal(int number, void (*handler)(int))
{
    struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART}, before;
    sigemptyset(&action.sa_mask);
    if (sigaction(number, NULL, &before) == 0 && before.sa_handler != SIG_IGN)
        sigaction(number, &action, NULL);
}

static void catch_signals(void)
{
    for (size_t i = 0; i < sizeof handled / sizeof *handled; i++)
        catch_signal(handled[i], on_signal);
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++)
        catch_signal(faults[i], on_fault);
}

/* Stops as any program does on ^Z, with the terminal given back, and goes on where it was. */
static void suspend(void)
{
    term_leave();
    signal(SIGTSTP, SIG_DFL);
    raise(SIGTSTP);
    catch_signal(SIGTSTP, on_signal);
    term_return();
}

/* Handles the signals that have come; returns one that ends the program, or 0. */
static int take_signals(void)
{
    char byte;
    while (read(signal_pipe[0], &byte, 1) == 1) {
        if (byte == SIGTSTP) {
            suspend();
        } else if (byte == SIGCONT) {
            /* After a SIGSTOP the shell has used the terminal. */
            term_leave();
            term_return();
        } else if (byte != SIGWINCH) {
            return byte;
        }
    }
    return 0;
}

/* All keys that have come, so that a held key never lags behind. */
static void take_keys(struct session *session)
{
    for (int key; !session->quit && (key = term_key()) != KEY_NONE;) {
        session_key(session, key);
        if (key == KEY_CONTROL('l'))
            term_forget();
    }
}

/* A frame of the terminal's present size. */
static struct cells *frame_for(struct cells *cells)
{
    int width, height;
    term_size(&width, &height);
    if (cells && cells->width == width && cells->height == height)
        return cells;
    cells_free(cells);
    return cells_new(width, height);
}

/* What the user waits for goes first, then what is on the screen; tells whether the survey has a
 * progress bar to move. */
static bool watch_survey(const struct session *session, bool engine_busy)
{
    const struct survey_progress progress = survey_progress(session->survey);
    if (!progress.busy)
        return false;
    survey_hold(session->survey, SURVEY_HOLD_ENGINE, engine_busy);
    session_prefer_shown(session);
    return !progress.held;
}

static struct survey_settings settings_of(const struct session *session)
{
    const struct settings *settings = &session->settings;
    return (struct survey_settings){.view = settings->view,
                                    .transform = settings->transform,
                                    .scheme = settings->scheme,
                                    .belief = settings->belief};
}

/* What a scan knows under the session's settings takes the place of a survey: its own scheme's
 * figures, or those of a width of the ladder. */
static void take_scan(struct session *session, const struct scan *scan,
                      const struct survey_settings *own)
{
    const struct survey_settings now = settings_of(session);
    const bool same = scheme_equal(&now.scheme, &own->scheme) && now.belief == own->belief;
    for (size_t i = 0; i < scan->model->count; i++) {
        if (!scan->records[i] || !survey_same_weights(&now, own))
            continue;
        struct survey_record record = *scan->records[i];
        if (!same)
            record.parts &= ~(unsigned)RECORD_SCHEME;
        if (!same && survey_on_ladder(&now) && (record.parts & RECORD_FAST))
            survey_take_from_ladder(&scan->model->tensors[i], &now, &record);
        session_learn(session, i, &record);
    }
}

/* Whether two settings differ in anything that records depend on. */
static bool differ(const struct survey_settings *a, const struct survey_settings *b)
{
    return !survey_same_weights(a, b) || !scheme_equal(&a->scheme, &b->scheme) ||
           a->belief != b->belief;
}

/* Runs until the user quits (0), a signal ends it (its number) or the terminal is gone (SIGHUP). */
static int explore(struct session *session, struct engine *engine, const struct scan *scan)
{
    struct cells *cells = NULL;
    struct survey *survey = session->survey;
    const struct survey_settings own = settings_of(session);
    struct survey_settings shown = own;
    int ending = 0;
    if (scan)
        take_scan(session, scan, &own);
    while (!session->quit && ending == 0) {
        cells = frame_for(cells);
        struct engine_progress progress = engine_progress(engine);
        screen_compose(session, &progress, cells);
        term_show(cells);
        const bool surveying = survey && watch_survey(session, progress.busy);
        struct pollfd wait[] = {
            {term_descriptor(), POLLIN, 0},
            {signal_pipe[0], POLLIN, 0},
            {engine_descriptor(engine), POLLIN, 0},
            {survey ? survey_descriptor(survey) : -1, POLLIN, 0}, /* poll passes over -1 */
        };
        poll(wait, 4, progress.busy || surveying ? PROGRESS_PERIOD : -1);
        ending = take_signals();
        take_keys(session);
        const struct survey_settings now = settings_of(session);
        if (scan && !session->in_lab && differ(&now, &shown)) {
            take_scan(session, scan, &own);
            shown = now;
        }
        if (wait[0].revents & (POLLHUP | POLLERR | POLLNVAL))
            ending = SIGHUP;
        session_receive(session);
        session_survey(session);
    }
    cells_free(cells);
    return ending;
}

static bool wants_colour(const struct options *options)
{
    const char *no_color = getenv("NO_COLOR");
    return options->color == COLOR_ALWAYS ||
           (options->color == COLOR_AUTO && !(no_color && *no_color));
}

/* As explore; negative with *error if it could not begin. */
static int run(const struct options *options, const struct model *model, struct engine *engine,
               struct survey *survey, const struct explorer_start *start, struct error *error)
{
    if (pipe2(signal_pipe, O_NONBLOCK | O_CLOEXEC) != 0) {
        error_set(error, ERROR_SYSTEM, "cannot make a pipe: %s", strerror(errno));
        return -1;
    }
    catch_signals();
    if (!term_open(wants_colour(options), error))
        return -1;
    struct session *session = explorer_session(options, model, engine, start);
    if (survey)
        session_attach(session, survey);
    int ending = explore(session, engine, start->scan);
    session_free(session);
    term_close();
    return ending;
}

/* Ends the program as the signal would have, so that its parent sees what it was. */
static void end_by(int number)
{
    fprintf(stderr, "roundoff: ended by a signal: %s\n", strsignal(number));
    signal(number, SIG_DFL);
    raise(number);
}

struct session *explorer_session(const struct options *options, const struct model *model,
                                 struct engine *engine, const struct explorer_start *start)
{
    struct settings settings = {.view = options->tensor_view,
                                .scheme = options->scheme,
                                .transform = options->transform,
                                .channel = options->channel,
                                .belief = options->belief};
    struct session *session = session_new(model, engine, options->glyphs, &settings);
    session_show(session, options->view);
    session->lessons = start->lessons;
    if (start->lab) {
        session->elsewhere.lab = *start->lab;
        session_enter_lab(session, true);
    }
    if (start->lesson)
        lesson_open(session, start->lesson);
    return session;
}

int explorer_run(const struct options *options, const struct model *model,
                 const struct explorer_start *start, struct error *error)
{
    struct engine *engine = engine_new(options->threads, error);
    /* A scan has no weights to survey, and its records tell already what a survey would. */
    struct survey *survey =
        engine && !start->scan ? survey_new(model, options->threads, error) : NULL;
    int ending = -1;
    if (engine && (survey || start->scan))
        ending = run(options, model, engine, survey, start, error);
    survey_free(survey);
    engine_free(engine);
    if (ending > 0)
        end_by(ending);
    return ending < 0 ? command_status(error) : 0;
}
