/* SPDX-License-Identifier: MIT */
#include "app/scan_settings.h"

#include <yajl/yajl_tree.h>

#include "app/option_layers.h"
#include "app/option_scheme.h"
#include "app/option_value.h"
#include "ui/scheme_words.h"

static bool read_source(struct options *options, const char *argument, struct error *error)
{
    return belief_parse(argument, &options->belief, error);
}

static bool read_axis(struct options *options, const char *argument, struct error *error)
{
    long axis;
    bool ok = option_whole(argument, 0, 1, &axis, error);
    if (ok)
        options->tensor_view.axis = (unsigned)axis;
    return ok;
}

static bool read_scaled(struct options *options, const char *argument, struct error *error)
{
    (void)argument, (void)error;
    options->tensor_view.scaled = true;
    return true;
}

/* Members of the settings and what reads them; a truth is read if it is true.  The scheme's name
 * does not say its bits, which come after it. */
static const struct {
    const char *name;
    bool (*read)(struct options *options, const char *argument, struct error *error);
} members[] = {
    {"scheme", option_read_scheme},
    {"bits", option_read_bits},
    {"clip", option_read_clip},
    {"granularity", option_read_granularity},
    {"asymmetric", option_read_asymmetric},
    {"full_range", option_read_full_range},
    {"correction", option_read_correct},
    {"transform", option_read_transform},
    {"source", read_source},
    {"channel_axis", read_axis},
    {"scaled", read_scaled},
};

static bool apply_member(struct options *options, size_t i, yajl_val value, struct error *error)
{
    if (YAJL_IS_TRUE(value))
        return members[i].read(options, "", error);
    if (YAJL_IS_STRING(value))
        return members[i].read(options, YAJL_GET_STRING(value), error);
    if (YAJL_IS_NUMBER(value))
        return members[i].read(options, YAJL_GET_NUMBER(value), error);
    return YAJL_IS_FALSE(value) || error_set(error, ERROR_FILE, "is not understood");
}

bool scan_settings_apply(const struct scan *scan, struct options *options, struct error *error)
{
    struct error inner = {ERROR_NONE, ""};
    yajl_val settings = yajl_tree_parse(scan->settings.data, NULL, 0);
    bool good = settings != NULL;
    for (size_t i = 0; good && i < sizeof members / sizeof *members; i++) {
        const char *path[] = {members[i].name, NULL};
        yajl_val value = yajl_tree_get(settings, path, yajl_t_any);
        good = !value || apply_member(options, i, value, &inner);
    }
    good = good && option_settle_scheme(options, &inner);
    /* The name was the tree's. */
    options->scheme_name = NULL;
    yajl_tree_free(settings);
    return good || error_set(error, ERROR_FILE, "the settings of the scan are not understood: %s",
                             inner.text);
}
