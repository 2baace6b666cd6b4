/* SPDX-License-Identifier: MIT
 *
 * From a key to its answer through a pseudo-terminal: the built program as a user has it, whose
 * bytes are counted.
 */
#include "bench_terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* Seconds without a byte after which an answer is over; the first one is given more, as the survey
 * of a small model ends in it. */
#define QUIET       0.08
#define QUIET_START 0.5

/* Seconds after which no answer is waited for any more. */
#define PATIENCE 5.0

/* In the child: the terminal takes the place of the standard files, and the program that of us. */
static _Noreturn void become(const char *terminal, const char *program, const char *model)
{
    const struct winsize size = {.ws_row = TERMINAL_ROWS, .ws_col = TERMINAL_COLUMNS};
    setsid();
    const int end = open(terminal, O_RDWR); /* the first terminal that is opened is ours */
    if (end < 0 || ioctl(end, TIOCSWINSZ, &size) != 0)
        _exit(126);
    for (int i = STDIN_FILENO; i <= STDERR_FILENO; i++)
        dup2(end, i);
    if (end > STDERR_FILENO)
        close(end);
    setenv("TERM", "xterm-256color", 1);
    unsetenv("LINES");
    unsetenv("COLUMNS");
    execl(program, program, model, (char *)NULL);
    _exit(127);
}

bool terminal_open(struct terminal *terminal, const char *program, const char *model,
                   struct error *error)
{
    *terminal = (struct terminal){.end = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC)};
    const char *name = NULL;
    if (terminal->end >= 0 && grantpt(terminal->end) == 0 && unlockpt(terminal->end) == 0)
        name = ptsname(terminal->end);
    if (name) {
        terminal->started = bench_now();
        terminal->process = fork();
        if (terminal->process == 0)
            become(name, program, model);
        if (terminal->process > 0)
            return true;
    }
    error_set(error, ERROR_SYSTEM, "cannot make a pseudo-terminal: %s", strerror(errno));
    if (terminal->end >= 0)
        close(terminal->end);
    return false;
}

struct answer terminal_hear(const struct terminal *terminal, double asked, bool starting)
{
    struct answer answer = {0};
    const double quiet = starting ? QUIET_START : QUIET;
    for (;;) {
        const double now = bench_now();
        const double until = answer.bytes ? asked + answer.settled + quiet : asked + PATIENCE;
        struct pollfd wait = {terminal->end, POLLIN, 0};
        if (now >= until || now >= asked + PATIENCE ||
            poll(&wait, 1, (int)(1e3 * (until - now)) + 1) == 0)
            return answer;
        char bytes[65536];
        const ssize_t got = read(terminal->end, bytes, sizeof bytes);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return answer; /* the program has gone */
        answer.settled = bench_now() - asked;
        if (answer.bytes == 0)
            answer.first = answer.settled;
        answer.bytes += (size_t)got;
    }
}

double terminal_first(const struct terminal *terminal, double asked)
{
    char bytes[65536];
    struct pollfd wait = {terminal->end, POLLIN, 0};
    if (poll(&wait, 1, (int)(1e3 * PATIENCE)) > 0 && read(terminal->end, bytes, sizeof bytes) > 0)
        return bench_now() - asked;
    return -1;
}

double terminal_press(const struct terminal *terminal, char key)
{
    /* What the program draws on its own until then is no answer. */
    char bytes[65536];
    struct pollfd wait = {terminal->end, POLLIN, 0};
    while (poll(&wait, 1, 0) > 0 && read(terminal->end, bytes, sizeof bytes) > 0)
        continue;
    const double now = bench_now();
    return write(terminal->end, &key, 1) == 1 ? now : -1;
}

bool terminal_close(struct terminal *terminal, double *seconds, struct error *error)
{
    const double begin = terminal_press(terminal, 'q');
    char bytes[65536];
    struct pollfd wait = {terminal->end, POLLIN, 0};
    while (bench_now() < begin + PATIENCE) {
        poll(&wait, 1, 100);
        if (wait.revents && read(terminal->end, bytes, sizeof bytes) <= 0 && errno != EINTR)
            break;
    }
    /* Its end of the terminal is closed a moment before it is gone. */
    int status;
    pid_t gone;
    while ((gone = waitpid(terminal->process, &status, WNOHANG)) == 0 &&
           bench_now() < begin + PATIENCE)
        poll(NULL, 0, 1);
    *seconds = bench_now() - begin;
    if (gone == 0) {
        kill(terminal->process, SIGKILL);
        waitpid(terminal->process, &status, 0);
    }
    close(terminal->end);
    return (gone > 0 && status == 0) ||
           error_set(error, ERROR_SYSTEM, "the explorer did not end well on q");
}
