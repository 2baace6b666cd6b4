/* SPDX-License-Identifier: MIT */
#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <gsl/gsl_errno.h>
#include <gsl/gsl_version.h>
#include <yajl/yajl_version.h>

#include "app/command.h"
#include "app/options.h"
#include "app/output.h"
#include "app/version.h"
#include "linear/blas_threads.h"

/* A model must not be opened as descriptor 1 because somebody closed standard output: we would
 * then write into it.  Opened the wrong way round, each still fails where it is used. */
static void hold_standard_files(void)
{
    for (int descriptor = STDIN_FILENO; descriptor <= STDERR_FILENO; descriptor++)
        if (fcntl(descriptor, F_GETFD) == -1)
            open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

static void print_error(const struct error *error, bool utf8)
{
    struct text text = {0};
    if (utf8)
        text_puts(&text, error->text);
    else
        output_fold(&text, error->text, strlen(error->text));
    fprintf(stderr, "roundoff: %s\n", text.data);
    text_done(&text);
}

static void print_version(struct error *error)
{
    struct text text = {0};
    text_printf(&text, "roundoff %s\nGSL %s, yajl %d.%d.%d\n", PACKAGE_VERSION, gsl_version,
                YAJL_MAJOR, YAJL_MINOR, YAJL_MICRO);
    output_all(NULL, &text, error);
    text_done(&text);
}

static void print_help(const struct options *options, struct error *error)
{
    struct text text = {0};
    command_help(&text, options->command);
    output_all(NULL, &text, error);
    text_done(&text);
}

int main(int argc, char *argv[])
{
    /* The characters of the locale, and nothing else of it: numbers keep their '.'. */
    setlocale(LC_CTYPE, "");
    gsl_set_error_handler_off();
    blas_threads_none();
    /* A reader that has had enough shows as a failed write. */
    signal(SIGPIPE, SIG_IGN);
    hold_standard_files();

    struct options options;
    struct error error = {0};
    int status = 0;
    if (!options_read(&options, argc, argv, &error))
        status = command_status(&error);
    else if (options.version)
        print_version(&error);
    else if (options.help)
        print_help(&options, &error);
    else
        status = options.command->run(&options, &error);
    if (error.code != ERROR_NONE && error.code != ERROR_CANCELLED) {
        print_error(&error, options.utf8);
        status = command_status(&error);
    }
    options_done(&options);
    return status;
}
