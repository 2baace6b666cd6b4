/* SPDX-License-Identifier: MIT
 *
 * The line at the bottom: `/` finds tensors as one types, `:` takes commands.
 */
#ifndef UI_PROMPT_H
#define UI_PROMPT_H

#include "ui/session.h"

/* Actions that open the line, or repeat the last search (key 'n' or 'N'). */
void prompt_search(struct session *session, int key);
void prompt_again(struct session *session, int key);
void prompt_command(struct session *session, int key);

/* A key while the line is open. */
void prompt_key(struct session *session, int key);

/* A command of the `:` line: one table, from which the help screen is made too. */
struct prompt_command {
    const char *name, *arguments, *help;
    /* False with *error if the argument makes no sense. */
    bool (*run)(struct session *session, const char *argument, struct error *error);
    bool of_tensors; /* of no meaning in the lab */
};
extern const struct prompt_command prompt_commands[];
extern const size_t prompt_command_count;

#endif
