/* SPDX-License-Identifier: MIT */
#include "ui/prompt.h"

#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "ui/about.h"
#include "ui/keys.h"

static size_t selected_node(const struct session *session)
{
    const struct tree *tree = session->tree;
    return tree->rows > 0 ? tree->row[session->cursor] : 0;
}

void prompt_search(struct session *session, int key)
{
    (void)key;
    session->mode = MODE_SEARCH;
    session->line[0] = '\0';
    session->origin = selected_node(session);
}

void prompt_command(struct session *session, int key)
{
    (void)key;
    session->mode = MODE_COMMAND;
    session->line[0] = '\0';
}

static void search(struct session *session, size_t from, bool forward, bool inclusive)
{
    size_t node = tree_search(session->tree, from, session->pattern, forward, inclusive);
    if (node == SIZE_MAX)
        session_say(session, STYLE_WARN, "no tensor matches \"%.200s\"", session->pattern);
    else
        session_reveal(session, node);
}

void prompt_again(struct session *session, int key)
{
    if (!session->pattern[0])
        session_say(session, STYLE_DIM, "nothing was searched for yet: / finds");
    else
        search(session, selected_node(session), key == 'n', false);
}

/* Back to where the search began. */
static void go_back(struct session *session, enum mode mode)
{
    if (mode == MODE_ABOUT_SEARCH)
        about_select(session, (long)session->origin);
    else if (session->tree->nodes > 0)
        session_reveal(session, session->origin);
}

/* Every letter typed searches from where the search began. */
static void search_typed(struct session *session, enum mode mode)
{
    memcpy(session->pattern, session->line, sizeof session->pattern);
    if (!session->pattern[0])
        go_back(session, mode);
    else if (mode == MODE_ABOUT_SEARCH)
        about_search(session, session->origin, true, true);
    else
        search(session, session->origin, true, true);
}

static void run_command(struct session *session)
{
    char *name = session->line + strspn(session->line, " ");
    for (size_t end = strlen(name); end > 0 && name[end - 1] == ' '; end--)
        name[end - 1] = '\0';
    size_t length = strcspn(name, " ");
    const char *argument = name + length + strspn(name + length, " ");
    if (length == 0)
        return;
    for (size_t i = 0; i < prompt_command_count; i++) {
        const struct prompt_command *command = &prompt_commands[i];
        if (strlen(command->name) != length || strncmp(command->name, name, length) != 0)
            continue;
        struct error error;
        if (command->of_tensors && session->in_lab)
            session_say(session, STYLE_DIM, "%s is for tensors; F6 leaves the lab", command->name);
        else if (!command->run(session, argument, &error))
            session_say(session, STYLE_WARN, "%.250s", error.text);
        return;
    }
    session_say(session, STYLE_WARN, "no command \"%.*s\"; ? lists them",
                (int)(length < 60 ? length : 60), name);
}

static void rub_out(char *line)
{
    size_t length = strlen(line);
    while (length > 0 && (line[length - 1] & 0xc0) == 0x80)
        length--;
    line[length > 0 ? length - 1 : 0] = '\0';
}

static void type(char *line, int key)
{
    char bytes[4];
    size_t length = strlen(line);
    if (key < ' ' || key >= KEY_SPECIAL || utf8_columns((uint32_t)key) < 1)
        return;
    size_t size = utf8_encode((uint32_t)key, bytes);
    if (length + size >= SESSION_LINE)
        return;
    memcpy(line + length, bytes, size);
    line[length + size] = '\0';
}

void prompt_key(struct session *session, int key)
{
    enum mode mode = session->mode;
    bool empty = !session->line[0];
    if (key == KEY_ENTER_CODE || key == KEY_ESCAPE || (key == KEY_RUBOUT && empty)) {
        session->mode = mode == MODE_ABOUT_SEARCH ? MODE_ABOUT : MODE_BROWSE;
        if (key == KEY_ENTER_CODE && mode == MODE_COMMAND)
            run_command(session);
        else if (key != KEY_ENTER_CODE && mode != MODE_COMMAND)
            go_back(session, mode);
        return;
    }
    if (key == KEY_RUBOUT)
        rub_out(session->line);
    else if (key == KEY_CONTROL('u'))
        session->line[0] = '\0';
    else
        type(session->line, key);
    if (mode != MODE_COMMAND)
        search_typed(session, mode);
}
