/* SPDX-License-Identifier: MIT */
#include "ui/input_settings.h"

#include <stdlib.h>
#include <string.h>

#include "linear/token_grid.h"

bool input_settings_choose(struct session *session, int bits, struct error *error)
{
    if (bits != 0 && (bits < TOKEN_GRID_BITS_LEAST || bits > TOKEN_GRID_BITS_MOST))
        return error_set(error, ERROR_USAGE, "activation-bits takes none, or a width from %d to %d",
                         TOKEN_GRID_BITS_LEAST, TOKEN_GRID_BITS_MOST);
    struct settings settings = session->settings;
    settings.inputs.bits = bits;
    session_change(session, &settings);
    return true;
}

bool input_settings_parse(struct session *session, const char *argument, struct error *error)
{
    char *end;
    long bits = strtol(argument, &end, 10);
    if (strcmp(argument, "none") == 0)
        bits = 0;
    else if (end == argument || *end || bits < TOKEN_GRID_BITS_LEAST || bits > TOKEN_GRID_BITS_MOST)
        bits = -1; /* no width at all */
    return input_settings_choose(session, (int)bits, error);
}

static int clamp(int bits)
{
    return bits < TOKEN_GRID_BITS_LEAST  ? TOKEN_GRID_BITS_LEAST
           : bits > TOKEN_GRID_BITS_MOST ? TOKEN_GRID_BITS_MOST
                                         : bits;
}

/* Tells what a key has done, where the picture does not. */
static void tell(struct session *session)
{
    if (session->settings.inputs.bits == 0)
        session_say(session, STYLE_DIM, "inputs of layers are left as they are");
    else if (!session->view->lineup)
        session_say(session, STYLE_DIM,
                    "inputs of layers are rounded to %d bits: 6 shows what of it",
                    session->settings.inputs.bits);
}

void input_settings_bits_key(struct session *session, int key)
{
    const int bits = session->settings.inputs.bits;
    if (key == '(' && bits == 0) {
        session_say(session, STYLE_DIM, "inputs of layers are left as they are: ) rounds them");
        return;
    }
    if (key == ')' && bits == TOKEN_GRID_BITS_MOST) {
        session_say(session, STYLE_DIM, "inputs take %d to %d bits", TOKEN_GRID_BITS_LEAST,
                    TOKEN_GRID_BITS_MOST);
        return;
    }
    const int next = bits == 0                      ? clamp(session->settings.scheme.bits)
                     : key == ')'                   ? bits + 1
                     : bits > TOKEN_GRID_BITS_LEAST ? bits - 1
                                                    : 0;
    input_settings_choose(session, next, NULL);
    tell(session);
}

void input_settings_describe(struct text *out, const struct settings *settings)
{
    const struct input_grid *inputs = &settings->inputs;
    if (inputs->bits > 0)
        text_printf(out, "W%d A%d%s%s", settings->scheme.bits, inputs->bits,
                    inputs->symmetric ? " symmetric" : "", inputs->fixed ? " static" : "");
}
