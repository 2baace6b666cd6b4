/* SPDX-License-Identifier: MIT */
#include "ui/transform_settings.h"

#include <assert.h>

#include "base/text.h"

/* As people type them, in the order of the key: what costs nothing, what the paper combines, and
 * the scaling of columns that it starts from. */
static const char *const usual[] = {"none", "hadamard", "cat", "align:1"};

#define USUAL (sizeof usual / sizeof *usual)

static struct transform_spec usual_spec(size_t i)
{
    struct transform_spec spec = {.count = 0};
    const bool parsed = transform_spec_parse(usual[i], &spec, NULL);
    assert(parsed);
    (void)parsed;
    return spec;
}

/* What people would not see at once. */
static void say_effect(struct session *session, const char *name)
{
    const struct transform_spec *spec = &session->settings.transform;
    const struct tensor *tensor = session_tensor(session);
    if (spec->count > 0 && tensor && tensor->rank < 2)
        session_say(session, STYLE_DIM, "%s changes nothing here: one dimension has no input side",
                    name);
    else if (transform_spec_fits_layer(spec) &&
             !(session->layers && layers_activations(session->layers)))
        session_say(session, STYLE_DIM, "transform %s: isotropic input assumed", name);
    else
        session_say(session, STYLE_DIM, "transform %s", name);
}

static void change(struct session *session, const struct transform_spec *spec, const char *name)
{
    struct settings settings = session->settings;
    settings.transform = *spec;
    session_change(session, &settings);
    say_effect(session, name);
}

/* The usual one that is set; USUAL for any other. */
static size_t find_usual(const struct transform_spec *spec)
{
    for (size_t i = 0; i < USUAL; i++) {
        const struct transform_spec other = usual_spec(i);
        if (transform_spec_equal(spec, &other))
            return i;
    }
    return USUAL;
}

static void step(struct session *session, size_t steps)
{
    const size_t at = find_usual(&session->settings.transform);
    const size_t next = at < USUAL ? (at + steps) % USUAL : 0;
    const struct transform_spec spec = usual_spec(next);
    change(session, &spec, usual[next]);
}

void transform_settings_next_key(struct session *session, int key)
{
    (void)key;
    step(session, 1);
}

void transform_settings_previous_key(struct session *session, int key)
{
    (void)key;
    step(session, USUAL - 1);
}

bool transform_settings_set(struct session *session, const char *text, struct error *error)
{
    struct transform_spec spec;
    if (!transform_spec_parse(text, &spec, error))
        return false;
    change(session, &spec, text);
    return true;
}
