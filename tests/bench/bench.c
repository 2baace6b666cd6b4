/* SPDX-License-Identifier: MIT
 *
 * Measures how fast the program is, beside how fast this machine can be at all.
 *
 * usage: bench [OPTION...]
 *   --list           only names the benchmarks
 *   --only GLOB      only those whose name matches: 'kernel*'
 *   --runs N         rounds of each; 7 if not said
 *   --quick          small inputs and one round: whether all works
 *   --json FILE      appends each result to FILE as a line of JSON
 *   --label TEXT     what the version is called there
 *   --keep FOLDER    keeps the inputs there (1.6 GB), or finds them there; else in a temporary
 *                    folder under $TMPDIR, removed at the end
 *   --compare FILE   only compares the last two runs in FILE
 * ROUNDOFF is the program that the benchmarks of terminals start.
 */
#include <errno.h>
#include <fnmatch.h>
#include <getopt.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gsl/gsl_errno.h>

#include "app/version.h"
#include "bench.h"
#include "bench_inputs.h"
#include "bench_report.h"
#include "engine/pool.h"

#define RUNS      7
#define RUNS_MOST 1000

struct options {
    struct bench_settings settings;
    const char *only, *json, *label, *compare;
    bool list;
};

/* A run of the program. */
struct session {
    const struct options *options;
    struct bench_origin origin;
    FILE *json; /* NULL: not kept */
    bool failed;
};

static const struct bench_table *const tables[] = {
    &bench_limits,   &bench_kernels, &bench_tensors,   &bench_surveys,
    &bench_openings, &bench_keys,    &bench_terminals,
};
#define TABLES (sizeof tables / sizeof *tables)

static bool is_wanted(const struct options *options, const struct bench *bench)
{
    return (!options->only || fnmatch(options->only, bench->name, 0) == 0) &&
           (!bench->program || options->settings.program || options->list);
}

/* Calls back with each benchmark that is wanted. */
static void for_each(const struct options *options,
                     void (*call)(void *user, const struct bench *bench), void *user)
{
    for (size_t i = 0; i < TABLES; i++)
        for (size_t k = 0; k < tables[i]->count; k++)
            if (is_wanted(options, &tables[i]->bench[k]))
                call(user, &tables[i]->bench[k]);
}

static void list(void *user, const struct bench *bench)
{
    (void)user;
    printf("%-24s %s\n", bench->name, bench->what);
}

static void add_inputs(void *user, const struct bench *bench)
{
    *(unsigned *)user |= bench->inputs;
}

static void take(void *user, const struct bench_result *result)
{
    struct session *session = user;
    bench_row(stdout, result);
    if (!bench_sane(result)) {
        printf("%s: the figures make no sense\n", result->name);
        session->failed = true;
    }
    if (!session->json)
        return;
    struct text line = {0};
    bench_json(&line, &session->origin, result);
    /* In one piece, so that a run that is broken off leaves whole lines. */
    if (fwrite(line.data, 1, line.length, session->json) != line.length ||
        fflush(session->json) != 0) {
        fprintf(stderr, "bench: the results cannot be written: %s\n", strerror(errno));
        session->failed = true;
    }
    text_done(&line);
}

static void run_on(struct session *session, const struct bench *bench, unsigned threads)
{
    struct error error = {0};
    if (bench_fork(&session->options->settings, bench, threads, take, session, &error))
        return;
    printf("%s: %s\n", bench->name, error.text);
    session->failed = true;
}

static void run(void *user, const struct bench *bench)
{
    struct session *session = user;
    const unsigned all = session->options->settings.threads;
    if (bench->on != BENCH_ALL || all == 1)
        run_on(session, bench, 1);
    if (bench->on != BENCH_ONE && all > 1)
        run_on(session, bench, all);
}

/* Does a work in a process of its own, which ^C ends and not us; returns its status. */
static int apart(int (*work)(const struct options *options), const struct options *options)
{
    void (*before)(int) = signal(SIGINT, SIG_IGN);
    fflush(NULL);
    const pid_t process = fork();
    if (process == 0) {
        signal(SIGINT, SIG_DFL);
        exit(work(options));
    }
    int status = -1;
    while (process > 0 && waitpid(process, &status, 0) < 0 && errno == EINTR)
        continue;
    signal(SIGINT, before);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

static int make_inputs(const struct options *options)
{
    struct error error = {0};
    unsigned inputs = 0;
    for_each(options, add_inputs, &inputs);
    if (bench_inputs_make(&options->settings, inputs, &error))
        return 0;
    fprintf(stderr, "bench: %s\n", error.text);
    return 1;
}

static int run_all(const struct options *options)
{
    struct session session = {.options = options,
                              .origin = bench_origin(&options->settings, options->label)};
    /* Memory used and freed here would be at hand to every benchmark and not be counted. */
    if (apart(make_inputs, options) != 0)
        return 1;
    if (options->json && !(session.json = fopen(options->json, "a"))) {
        fprintf(stderr, "bench: %s: %s\n", options->json, strerror(errno));
        return 1;
    }
    bench_heading(stdout, &session.origin);
    for_each(options, run, &session);
    if (!options->settings.program && !options->only)
        printf("ROUNDOFF is not set: nothing is measured on a terminal\n");
    if (session.json)
        fclose(session.json);
    return session.failed ? 1 : 0;
}

/* In a folder of our own unless the user names one. */
static int run_in_folder(struct options *options)
{
    const char *temporary = getenv("TMPDIR");
    struct text folder = {0};
    if (options->settings.folder)
        return run_all(options);
    text_printf(&folder, "%s/roundoff-bench-XXXXXX", temporary ? temporary : "/tmp");
    options->settings.folder = mkdtemp(folder.data);
    int status = 1;
    if (options->settings.folder) {
        status = apart(run_all, options); /* so that somebody is left to tidy up */
        bench_inputs_remove(&options->settings);
        rmdir(folder.data);
    } else {
        fprintf(stderr, "bench: %s: %s\n", folder.data, strerror(errno));
    }
    text_done(&folder);
    return status;
}

static bool read_options(struct options *options, int argc, char *argv[])
{
    static const struct option names[] = {
        {"list", no_argument, NULL, 'l'},
        {"only", required_argument, NULL, 'o'},
        {"runs", required_argument, NULL, 'r'},
        {"quick", no_argument, NULL, 'q'},
        {"json", required_argument, NULL, 'j'},
        {"label", required_argument, NULL, 'v'},
        {"keep", required_argument, NULL, 'k'},
        {"compare", required_argument, NULL, 'c'},
        {NULL, 0, NULL, 0},
    };
    struct bench_settings *settings = &options->settings;
    int option;
    while ((option = getopt_long(argc, argv, "", names, NULL)) != -1) {
        switch (option) {
        case 'l':
            options->list = true;
            break;
        case 'o':
            options->only = optarg;
            break;
        case 'r':
            settings->runs = strtoul(optarg, NULL, 10);
            if (settings->runs == 0 || settings->runs > RUNS_MOST)
                return false;
            break;
        case 'q':
            settings->quick = true;
            break;
        case 'j':
            options->json = optarg;
            break;
        case 'v':
            options->label = optarg;
            break;
        case 'k':
            settings->folder = optarg;
            break;
        case 'c':
            options->compare = optarg;
            break;
        default:
            return false;
        }
    }
    if (settings->runs == 0)
        settings->runs = settings->quick ? 1 : RUNS;
    return optind == argc;
}

int main(int argc, char *argv[])
{
    struct options options = {
        .settings = {.threads = pool_processors(), .program = getenv("ROUNDOFF")},
        .label = PACKAGE_VERSION,
    };
    struct error error = {0};
    setlocale(LC_CTYPE, "");
    gsl_set_error_handler_off();
    if (!read_options(&options, argc, argv)) {
        fprintf(stderr, "bench: see the options at the top of tests/bench/bench.c\n");
        return 2;
    }
    if (options.compare && !bench_compare(options.compare, &error)) {
        fprintf(stderr, "bench: %s\n", error.text);
        return 1;
    }
    if (options.compare)
        return 0;
    if (options.list) {
        for_each(&options, list, NULL);
        return 0;
    }
    return run_in_folder(&options);
}
