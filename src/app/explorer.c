/* SPDX-License-Identifier: MIT
 *
 * The explorer's loop: keys, finished reports and signals in, frames out.
 */
#include "app/explorer.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "app/command.h"
#include "engine/layer_survey.h"
#include "engine/survey_tensor.h"
#include "ui/action.h"
#include "ui/keys.h"
#include "ui/lesson_player.h"
#include "ui/pace.h"
#include "ui/screen.h"
#include "ui/session_layers.h"
#include "ui/term.h"

/* Seconds after which a link that has not taken a frame yet is asked again. */
#define BACKLOG_PERIOD 0.02

/* Seconds after which is looked whether the engine has come to rest: soon where a report waits that
 * may have been the last one. */
#define ENGINE_PERIOD  0.1
#define INTERIM_PERIOD 0.005

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

/* All keys that have come, so that a held key never lags behind; tells whether there were any. */
static bool take_keys(struct session *session)
{
    bool any = false;
    for (int key; !session->quit && (key = term_key()) != KEY_NONE; any = true) {
        session_key(session, key);
        if (key == KEY_CONTROL('l'))
            term_forget();
    }
    return any;
}

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
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

/* What the user waits for goes first, then what is on the screen, as the survey of layers is
 * whenever it goes on; tells whether a survey has a progress bar to move. */
static bool watch_surveys(const struct session *session, bool engine_busy)
{
    const bool layers = session_watch_layers(session, engine_busy);
    const struct survey_progress progress = survey_progress(session->survey);
    if (!progress.busy)
        return layers;
    survey_hold(session->survey, SURVEY_HOLD_ENGINE, engine_busy || layers);
    session_prefer_shown(session);
    return layers || !progress.held;
}

static struct survey_settings settings_of(const struct session *session)
{
    const struct settings *settings = &session->settings;
    return (struct survey_settings){.view = settings->view,
                                    .transform = settings->transform,
                                    .layers = session_layers(session),
                                    .scheme = settings->scheme,
                                    .belief = settings->belief};
}

/* What a scan knows under the session's settings takes the place of a survey: its own scheme's
 * figures, or those of a width of the ladder. */
static void take_scan(struct session *session, const struct scan *scan,
                      const struct survey_settings *own)
{
    const struct survey_settings present = settings_of(session);
    const bool same =
        scheme_equal(&present.scheme, &own->scheme) && present.belief == own->belief;
    for (size_t i = 0; i < scan->model->count; i++) {
        if (!scan->records[i] || !survey_same_weights(&present, own))
            continue;
        struct survey_record record = *scan->records[i];
        if (!same)
            record.parts &= ~(unsigned)RECORD_SCHEME;
        if (!same && survey_on_ladder(&present) && (record.parts & RECORD_FAST))
            survey_take_from_ladder(&scan->model->tensors[i], &present, &record);
        session_learn(session, i, &record);
    }
}

/* Whether two settings differ in anything that records depend on. */
static bool differ(const struct survey_settings *a, const struct survey_settings *b)
{
    return !survey_same_weights(a, b) || !scheme_equal(&a->scheme, &b->scheme) ||
           a->belief != b->belief;
}

/* The screen, and why it should change. */
struct display {
    struct cells *cells;
    struct pace pace;
    enum pace_reason due;
};

static void want(struct display *display, enum pace_reason reason)
{
    if (display->due < reason)
        display->due = reason;
}

/* Seconds until the frame that is wanted may be shown, 0 for now; negative if none is. */
static double time_to_frame(const struct display *display)
{
    if (display->due == PACE_NOTHING)
        return -1;
    const double wait = pace_wait(&display->pace, display->due, now());
    if (display->due == PACE_INTERIM)
        return fmin(wait, INTERIM_PERIOD);
    return wait == 0 && term_backlog() > 0 ? BACKLOG_PERIOD : wait;
}

/* Shows a frame; what surveys have found out is in it as often as progress is shown, because
 * bringing the list up to date takes time with many tensors. */
static void show(struct display *display, struct session *session, struct engine *engine)
{
    const double begun = now();
    const bool progress = pace_wait(&display->pace, PACE_PROGRESS, begun) == 0;
    if (progress) {
        session_survey(session);
        session_follow_layers(session);
    }
    display->cells = frame_for(display->cells);
    const struct engine_progress engaged = engine_progress(engine);
    screen_compose(session, &engaged, display->cells);
    term_show(display->cells);
    pace_show(&display->pace, progress, begun, now());
    display->due = PACE_NOTHING;
}

/* Waits for keys, signals and news, for so many seconds at most if that is not negative; returns
 * what ends the program, or 0. */
static int wait_for_news(struct display *display, struct session *session, struct engine *engine,
                         double seconds)
{
    const struct survey *survey = session->survey;
    /* poll passes over -1: records that wait for a frame must not end the wait for it. */
    const bool listens = display->due == PACE_NOTHING;
    struct pollfd wait[] = {
        {term_descriptor(), POLLIN, 0},
        {signal_pipe[0], POLLIN, 0},
        {engine_descriptor(engine), POLLIN, 0},
        {listens && survey ? survey_descriptor(survey) : -1, POLLIN, 0},
        {listens ? session_layers_descriptor(session) : -1, POLLIN, 0},
    };
    const int ready =
        poll(wait, sizeof wait / sizeof *wait, seconds < 0 ? -1 : (int)ceil(1e3 * seconds));
    const bool signalled = ready < 0 || (wait[1].revents & POLLIN); /* it may cut the wait short */
    const int ending = take_signals();
    if (take_keys(session) || signalled)
        want(display, PACE_ANSWER);
    if (session_receive(session))
        want(display, engine_progress(engine).busy ? PACE_INTERIM : PACE_ANSWER);
    if ((wait[3].revents | wait[4].revents) & POLLIN)
        want(display, PACE_PROGRESS);
    return wait[0].revents & (POLLHUP | POLLERR | POLLNVAL) ? SIGHUP : ending;
}

/* Runs until the user quits (0), a signal ends it (its number) or the terminal is gone (SIGHUP). */
static int explore(struct session *session, struct engine *engine, const struct scan *scan,
                   bool low_bandwidth)
{
    struct display display = {.pace = pace_new(low_bandwidth, now()), .due = PACE_ANSWER};
    const struct survey_settings own = settings_of(session);
    struct survey_settings shown = own;
    int ending = 0;
    if (scan)
        take_scan(session, scan, &own);
    while (!session->quit && ending == 0) {
        const bool busy = engine_progress(engine).busy;
        if ((session->survey && watch_surveys(session, busy)) || busy)
            want(&display, PACE_PROGRESS);
        if (display.due == PACE_INTERIM && !busy)
            display.due = PACE_ANSWER;
        double wait = time_to_frame(&display);
        if (wait == 0) {
            show(&display, session, engine);
            continue;
        }
        /* A survey that is held for the engine goes on soon after it. */
        if (busy)
            wait = fmin(wait, ENGINE_PERIOD);
        ending = wait_for_news(&display, session, engine, wait);
        const struct survey_settings present = settings_of(session);
        if (scan && !session->in_lab && differ(&present, &shown)) {
            take_scan(session, scan, &own);
            shown = present;
        }
    }
    cells_free(display.cells);
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
               struct survey *survey, struct layer_survey *layer_survey,
               const struct explorer_start *start, struct error *error)
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
    if (layer_survey)
        session_attach_layers(session, layer_survey);
    int ending = explore(session, engine, start->scan, options->low_bandwidth);
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
                                .belief = options->belief,
                                .inputs = options->layers.inputs};
    struct session *session = session_new(model, engine, options->glyphs, &settings);
    session->layers = start->layers;
    session_show(session, options->view);
    session->lessons = start->lessons;
    if (start->lab) {
        session->elsewhere.lab = *start->lab;
        session_enter_lab(session, true);
    }
    if (start->lesson)
        lesson_open(session, start->lesson);
    if (start->warning && *start->warning)
        session_say(session, STYLE_WARN, "%s", start->warning);
    return session;
}

int explorer_run(const struct options *options, const struct model *model,
                 const struct explorer_start *start, struct error *error)
{
    struct engine *engine = engine_new(options->threads, error);
    /* A scan has no weights to survey, and its records tell already what a survey would. */
    struct survey *survey =
        engine && !start->scan ? survey_new(model, options->threads, error) : NULL;
    struct layer_survey *layer_survey =
        survey ? layer_survey_new(model, options->threads, error) : NULL;
    int ending = -1;
    if (engine && (layer_survey || start->scan))
        ending = run(options, model, engine, survey, layer_survey, start, error);
    layer_survey_free(layer_survey);
    survey_free(survey);
    engine_free(engine);
    if (ending > 0)
        end_by(ending);
    return ending < 0 ? command_status(error) : 0;
}
