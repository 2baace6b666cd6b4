/* SPDX-License-Identifier: MIT
 *
 * The commands.  A new one is one file with its cmd_ function, declared here, and one row in
 * commands.c.
 */
#ifndef APP_COMMAND_H
#define APP_COMMAND_H

#include <stddef.h>

#include "app/layers_open.h"
#include "app/options.h"
#include "base/error.h"
#include "base/text.h"
#include "engine/pool.h"
#include "model/model.h"

struct command {
    const char *name;        /* "" for the explorer, which is what runs without a command */
    const char *operands;    /* "MODEL [TENSOR]" */
    size_t operands_least, operands_most;
    const char *summary;     /* one line of the list of commands */
    const char *description; /* a paragraph, lines of at most 80 columns */
    const char *example;
    unsigned groups;         /* of options that it accepts: enum option_group */
    /* Does it all and returns the exit status.  On failure *error, which comes empty, is set; main
     * prints it and command_status(error) is what to return. */
    int (*run)(const struct options *options, struct error *error);
};

extern const struct command commands[]; /* the explorer first */
extern const size_t command_count;

/* The command of that name, NULL if there is none. */
const struct command *command_find(const char *name);

/* The exit status for an error: 0 for none, 2 for usage, 3 for files and the system. */
int command_status(const struct error *error);

/* Appends the answer to --help: the program's if command is the explorer. */
void command_help(struct text *out, const struct command *command);

/* Opens paths[0..n-1] as one model, or the bundled model if there are none; NULL with *error. */
struct model *command_open_model(const struct options *options, const char *const paths[], size_t n,
                                 struct error *error);

/* False with *error if --tensor matches no tensor: that is a mistake, not an empty answer. */
bool command_check_globs(const struct options *options, const struct model *model,
                         struct error *error);

/* Opens the model of the operands and a pool, and has run go over both: the body of a command.
 * Returns its status. */
int command_over_model(const struct options *options,
                       void (*run)(const struct options *options, const struct model *model,
                                   struct pool *pool, struct error *error),
                       struct error *error);

/* What a report of a tensor is made from. */
struct command_subject {
    struct model *model; /* NULL if it could not be opened */
    struct layer_source inputs;
};

/* The exact report of `MODEL [TENSOR]`, the operands of several commands; the caller unrefs it.
 * NULL with *error.  Either way the subject is the caller's to be done with, after the report. */
const struct report *command_analyse(const struct options *options,
                                     struct command_subject *subject, struct error *error);
void command_subject_done(struct command_subject *subject);

int cmd_explore(const struct options *options, struct error *error);
int cmd_lab(const struct options *options, struct error *error);
int cmd_list(const struct options *options, struct error *error);
int cmd_stats(const struct options *options, struct error *error);
int cmd_channels(const struct options *options, struct error *error);
int cmd_theory(const struct options *options, struct error *error);
int cmd_codebook(const struct options *options, struct error *error);
int cmd_sqnr(const struct options *options, struct error *error);
int cmd_schemes(const struct options *options, struct error *error);
int cmd_plot(const struct options *options, struct error *error);
int cmd_replay(const struct options *options, struct error *error);
int cmd_scan(const struct options *options, struct error *error);
int cmd_merge(const struct options *options, struct error *error);
int cmd_report(const struct options *options, struct error *error);

#endif
