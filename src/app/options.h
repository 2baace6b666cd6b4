/* SPDX-License-Identifier: MIT
 *
 * The command line: one table of options, from which getopt_long's array, the help of each
 * command and the man page come.
 */
#ifndef APP_OPTIONS_H
#define APP_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/expression.h"
#include "base/text.h"
#include "engine/layer.h"
#include "engine/outlier_limits.h"
#include "engine/report.h"
#include "linear/transform_spec.h"
#include "model/activations.h"
#include "model/model.h"
#include "plot/cells.h"
#include "quant/scheme.h"
#include "stats/source.h"
#include "ui/view.h"

/* Options are accepted in groups: a command's row names its groups, an option's row its one. */
enum option_group {
    OPTIONS_ALWAYS = 1 << 0,    /* --help, --version */
    OPTIONS_QUANTIZER = 1 << 1, /* --source: what theory takes the weights for */
    OPTIONS_TENSORS = 1 << 2,   /* --tensor */
    OPTIONS_CHANNEL = 1 << 3,   /* --channel */
    OPTIONS_TABLE = 1 << 4,     /* --json, --tsv, --no-header */
    OPTIONS_THREADS = 1 << 5,   /* --threads */
    OPTIONS_OUTPUT = 1 << 6,    /* --output */
    OPTIONS_VIEW = 1 << 7,      /* --view */
    OPTIONS_SIZE = 1 << 8,      /* --size */
    OPTIONS_GLYPHS = 1 << 9,    /* --glyphs, --ascii */
    OPTIONS_COLOR = 1 << 10,    /* --color */
    OPTIONS_SOURCE = 1 << 11,   /* --source, --mean: the density in the place of weights */
    OPTIONS_MODEL = 1 << 12,    /* what the user knows of a file; told by the commands' help only */
    OPTIONS_METADATA = 1 << 13, /* --metadata */
    OPTIONS_GRID = 1 << 14,     /* theory's --std, --step, --density, ... */
    OPTIONS_CODEBOOK = 1 << 15, /* codebook's --scheme, --clip, --steps, ... */
    OPTIONS_LOOK = 1 << 16,     /* --channel-axis, --scaled: how tensors are looked at */
    OPTIONS_SCAN = 1 << 17,     /* --part, --resume */
    OPTIONS_SCANNED = 1 << 18,  /* --file: a scan in the place of a model */
    OPTIONS_FAIL = 1 << 19,     /* --fail-if */
    OPTIONS_REPORT = 1 << 20,   /* --markdown, --top, report's --bits */
    OPTIONS_SCAN_OUTPUT = 1 << 21, /* the --output of scans, written as they go */
    OPTIONS_SCHEME = 1 << 22,      /* --bits, --scheme, --granularity, --clip, ... */
    OPTIONS_LAYERS = 1 << 23,      /* sqnr's --transform, which may be several */
    OPTIONS_SCHEMES = 1 << 24,     /* schemes' --bits, --granularity, --layers */
    OPTIONS_LIMITS = 1 << 25,      /* --outliers */
    OPTIONS_INPUTS = 1 << 26,      /* --activations, --activation-kind, --map */
    OPTIONS_ROUNDED_INPUTS = 1 << 27, /* --activation-bits, ... */
    OPTIONS_LINK = 1 << 28,           /* --low-bandwidth */
    OPTIONS_TRANSFORM = 1 << 29,      /* --transform */
};

enum form { FORM_TEXT, FORM_JSON, FORM_TSV };

/* What theory goes through instead of taking one value. */
enum sweep_over { SWEEP_NONE, SWEEP_STEP, SWEEP_STD, SWEEP_MEAN };

/* n values from first to last, evenly spaced or, if logarithmic, in even ratios. */
struct sweep {
    enum sweep_over over;
    double first, last;
    size_t n;
    bool logarithmic;
};

/* What only codebook takes. */
struct codebook_options {
    double clip; /* NaN if not given */
    int steps;   /* of Lloyd's alternation; -1: the levels themselves */
};

/* What only scan takes. */
struct scan_options {
    unsigned part, parts; /* from 1; 1 of 1: the whole model */
    bool resume;
};

/* The condition of --fail-if; expression is NULL if it was not given. */
struct fail_if {
    const char *text;
    struct expression *expression;
};

/* What only schemes takes. */
struct schemes_options {
    unsigned widths; /* that are compared: a set, COMPARISON_WIDTH */
    bool each;       /* a table for each tensor, not for all together alone */
};

/* What is asked of linear layers and their inputs. */
struct layer_options {
    const char *activations; /* a file; NULL: one beside the model, if there is one */
    enum activation_kind kind;
    struct layer_rules rules;
    bool all_transforms; /* a comparison of several, instead of the one of the options */
    struct input_grid inputs;
};

enum color { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

#define OPTIONS_SIZE_MOST    1000    /* cells, in each direction */
#define OPTIONS_DENSITY_MOST 1000000 /* points */
#define OPTIONS_SWEEP_MOST   100000  /* records */
#define OPTIONS_STEPS_MOST   100000  /* of an alternation */
#define OPTIONS_THREADS_MOST 1024
#define OPTIONS_LEVELS_MOST  (1 << 20) /* each side */

struct options {
    const struct command *command;
    const char **operands; /* without the command's name */
    size_t operand_count;
    bool help, version;

    struct scheme scheme;
    const char *scheme_name;    /* as --scheme gave it; NULL if it did not */
    int named_bits, given_bits; /* by that name, and by --bits; 0: not said */
    struct transform_spec transform;
    enum belief belief;
    const char **globs; /* of --tensor: any may match a tensor's label; none: all tensors */
    size_t glob_count;
    int64_t channel;                /* or REQUEST_ALL_CHANNELS */
    struct tensor_view tensor_view; /* how tensors are looked at */
    struct model_options model;     /* how models are opened */
    bool metadata;                  /* list what the files say about themselves, not the tensors */

    enum form form;
    bool no_header;
    unsigned threads;
    const char *output; /* NULL: standard output */

    const struct view *view;      /* never NULL */
    struct outlier_limits limits; /* of --outliers: where the view of them has them begin */
    int width, height;       /* of --size, else 80x24 */
    bool size_given;
    enum glyphs glyphs; /* of --glyphs, else what the locale can show */
    enum color color;
    bool low_bandwidth; /* few frames, for a slow link to the terminal */
    bool utf8; /* the locale's characters are UTF-8 */

    struct source source; /* type and shape alone; the type is never NULL */
    bool source_given;    /* --source, --mean or --std is */
    double mean, offset;
    double std, step;     /* NaN if not given */
    int levels_each_side; /* or THEORY_INFINITE */
    size_t density;       /* points */
    struct sweep sweep;
    struct codebook_options codebook;
    struct layer_options layers;
    struct schemes_options schemes;

    struct scan_options scan;
    const char *scan_file; /* of --file; NULL if not given */
    struct fail_if fail_if;
    bool markdown;
    size_t top; /* hot spots that are told of */
};

/* Reads the command line; the command is the first operand if it is a command's name, else the
 * explorer.  False with ERROR_USAGE, a text that ends with advice, on anything that the command
 * does not accept.  The strings are argv's own; options_done frees the lists in either case. */
bool options_read(struct options *options, int argc, char *argv[], struct error *error);
void options_done(struct options *options);

/* True if a tensor of this label was asked for. */
bool options_match(const struct options *options, const char *label);

/* Appends the lines of --help on the options of these groups, at most 80 columns wide. */
void options_describe(struct text *out, unsigned groups);

#endif
