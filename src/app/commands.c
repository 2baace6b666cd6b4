/* SPDX-License-Identifier: MIT */
#include "app/command.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "app/layers_open.h"
#include "app/version.h"
#include "engine/analysis.h"

#define TABLES (OPTIONS_TABLE | OPTIONS_OUTPUT)

/* Of commands that round tensors. */
#define OPTIONS_TENSOR                                                                       \
    (OPTIONS_MODEL | OPTIONS_LOOK | OPTIONS_SCHEME | OPTIONS_QUANTIZER | OPTIONS_TRANSFORM | \
     OPTIONS_INPUTS)

/* Of commands that look at linear layers, whose inputs somebody has to tell. */
#define OPTIONS_LAYER (OPTIONS_INPUTS | OPTIONS_ROUNDED_INPUTS)

/* What the program's own help has no room for, as it has to fit a screen. */
#define OPTIONS_SELDOM                                                                 \
    (OPTIONS_MODEL | OPTIONS_LOOK | OPTIONS_CHANNEL | OPTIONS_COLOR | OPTIONS_SCHEME | \
     OPTIONS_QUANTIZER | OPTIONS_TRANSFORM | OPTIONS_LINK | OPTIONS_LAYER)

/* clang-format off */
const struct command commands[] = {
    { "", "[MODEL...]", 0, SIZE_MAX, "explore a model on the screen",
      "Shows what rounding does to a model's weights; without MODEL, the bundled one's.\n",
      "roundoff --bits 3 model.safetensors",
      OPTIONS_TENSOR | OPTIONS_CHANNEL | OPTIONS_THREADS | OPTIONS_VIEW | OPTIONS_GLYPHS |
          OPTIONS_COLOR | OPTIONS_SCANNED | OPTIONS_LINK | OPTIONS_LAYER,
      cmd_explore },
    { "list", "MODEL...", 1, SIZE_MAX, "print the tensors of a model",
      "Prints name, type and shape of each tensor, in the order of the file, why one\n"
      "cannot be read, whose bytes it shares, and which tensor has its scales.\n"
      "With --metadata, prints what the files say about themselves instead.\n",
      "roundoff list model.safetensors",
      OPTIONS_MODEL | OPTIONS_METADATA | OPTIONS_TENSORS | TABLES, cmd_list },
    { "stats", "MODEL...", 1, SIZE_MAX, "print a record for each tensor",
      "Prints what the weights of each tensor are like, the error that rounding them\n"
      "makes, measured on every element, and what theory predicts.  JSON and TSV hold\n"
      "more figures than the text does.\n",
      "roundoff stats --bits 3 --tensor '*.mlp.*' --json model.safetensors",
      OPTIONS_TENSOR | OPTIONS_TENSORS | OPTIONS_THREADS | TABLES | OPTIONS_SCANNED,
      cmd_stats },
    { "channels", "MODEL [TENSOR]", 1, 2, "print a record for each channel of a tensor",
      "Prints the same for each channel of one tensor, which is given by its name or by\n"
      "the end of its name, if no other has it; a model's only tensor need not be.\n",
      "roundoff channels model.safetensors 2.mlp.down_proj.weight",
      OPTIONS_TENSOR | OPTIONS_CHANNEL | OPTIONS_THREADS | TABLES, cmd_channels },
    { "schemes", "MODEL...", 1, SIZE_MAX, "compare schemes on the weights of a model",
      "Prints the error that each scheme makes on the weights of a model, measured on\n"
      "every element, at each bit width: tensors of two or more dimensions together,\n"
      "or those that --tensor names, each and together.  JSON and TSV have a record for\n"
      "each tensor, scheme and width, with no tensor's name for all together.\n",
      "roundoff schemes --bits 3,4 --granularity tensor model.safetensors",
      OPTIONS_MODEL | OPTIONS_LOOK | OPTIONS_QUANTIZER | OPTIONS_TRANSFORM | OPTIONS_INPUTS |
          OPTIONS_SCHEMES | OPTIONS_TENSORS | OPTIONS_THREADS | TABLES,
      cmd_schemes },
    { "theory", "", 0, 0, "print what theory says of a source and a grid",
      "Prints the exact moments of the error that a uniform grid makes on a source.\n"
      "With --density N also the error's density at N points: from -Q/2 to Q/2, and on\n"
      "a grid with ends as far as values 6 standard deviations from the mean lead;\n"
      "--tsv then prints these points alone.\n",
      "roundoff theory --source gaussian --std 1 --step 2 --density 101 --tsv",
      OPTIONS_SOURCE | OPTIONS_GRID | TABLES, cmd_theory },
    { "codebook", "[MODEL]", 0, 1, "print levels and thresholds for a source",
      "Prints the levels of a scheme, placed about the mean of a source and scaled to\n"
      "fit it best, with what each cell holds and adds to the mean squared error, and\n"
      "beside it what many levels (Panter and Dite) and any code (Shannon) could do.\n"
      "lloyd-max:empirical fits levels to the values of a tensor instead: it needs\n"
      "MODEL and --tensor.  --tsv prints the cells alone.\n",
      "roundoff codebook --scheme lloyd-max --source laplace --bits 3",
      OPTIONS_SOURCE | OPTIONS_CODEBOOK | OPTIONS_MODEL | TABLES, cmd_codebook },
    { "scan", "MODEL...", 1, SIZE_MAX, "survey a model into a file, for other machines",
      "Writes a file with what stats, report and the explorer show of each tensor, at 2\n"
      "to 8 bits and by the scheme that the options give: a line for each as soon as it\n"
      "is known.  A scan that was interrupted keeps what it has; --resume goes on.\n"
      "Parts of a model can be scanned on several machines and joined by merge.\n",
      "roundoff scan model.safetensors --part 3/16 --resume -o scan-3.json.gz",
      OPTIONS_TENSOR | OPTIONS_TENSORS | OPTIONS_THREADS | OPTIONS_SCAN | OPTIONS_SCAN_OUTPUT |
          OPTIONS_FAIL,
      cmd_scan },
    { "merge", "SCAN...", 1, SIZE_MAX, "join the scans of a model's parts",
      "Joins scans that --part made, or scans of one file each of a model: what it\n"
      "writes is what a scan of all would have written, byte for byte.\n",
      "roundoff merge scan-*.json.gz -o scan.json.gz",
      OPTIONS_SCAN_OUTPUT, cmd_merge },
    { "report", "[MODEL...]", 0, SIZE_MAX, "tell in words where a model rounds badly",
      "Prints a page: totals, the tensors that lose most against Gaussian weights, why\n"
      "they do and what would help, and what to look at next.  With --file it is of a\n"
      "scan, where what needs the weights is left out.\n",
      "roundoff report model.safetensors --markdown -o report.md",
      OPTIONS_MODEL | OPTIONS_LOOK | OPTIONS_TRANSFORM | OPTIONS_INPUTS | OPTIONS_TENSORS |
          OPTIONS_THREADS | OPTIONS_SCANNED | OPTIONS_FAIL | OPTIONS_REPORT | OPTIONS_OUTPUT,
      cmd_report },
    { "sqnr", "MODEL...", 1, SIZE_MAX, "print what rounding does to linear layers' outputs",
      "Prints for each linear layer the ratio of its output to the noise that rounding\n"
      "its weights, and its inputs, makes: approximated by what the bits, concentration\n"
      "and alignment give, in decibels, and measured.  A transform T of the inputs goes\n"
      "with its inverse in the weights; layers of one input share it.\n",
      "roundoff sqnr --activations imatrix.gguf --transform cat model.safetensors",
      OPTIONS_MODEL | OPTIONS_LOOK | OPTIONS_TENSORS | OPTIONS_LAYERS | OPTIONS_LAYER |
          OPTIONS_SCHEME | OPTIONS_THREADS | TABLES,
      cmd_sqnr },
    { "plot", "MODEL [TENSOR]", 1, 2, "print the picture of a view",
      "Prints a view of one tensor, or of one channel of it, as the explorer shows it.\n",
      "roundoff plot --view weights --bits 3 model.safetensors embed_tokens.weight",
      OPTIONS_TENSOR | OPTIONS_CHANNEL | OPTIONS_THREADS | OPTIONS_VIEW | OPTIONS_LIMITS |
          OPTIONS_SIZE | OPTIONS_GLYPHS | OPTIONS_COLOR | OPTIONS_OUTPUT | OPTIONS_LAYER,
      cmd_plot },
    { "lab", "[LESSON]", 0, 1, "watch theory and draws agree; lessons",
      "Opens the explorer on random draws of a source: the step and the mean move under\n"
      "the arrow keys.  LESSON is the name or the number of a lesson to begin with.\n",
      "roundoff lab 1",
      OPTIONS_THREADS | OPTIONS_GLYPHS | OPTIONS_COLOR | OPTIONS_LINK, cmd_lab },
    { "replay", "SCRIPT [MODEL...]", 1, SIZE_MAX, "feed keys to the explorer, print its frames",
      "Runs the explorer without a terminal on the keys of a script.\n",
      "roundoff replay --size 120x36 keys.txt model.safetensors",
      OPTIONS_TENSOR | OPTIONS_CHANNEL | OPTIONS_THREADS | OPTIONS_VIEW | OPTIONS_SIZE |
          OPTIONS_GLYPHS | OPTIONS_COLOR | OPTIONS_OUTPUT | OPTIONS_LAYER,
      cmd_replay },
};
/* clang-format on */

const size_t command_count = sizeof commands / sizeof commands[0];

const struct command *command_find(const char *name)
{
    for (size_t i = 0; i < command_count; i++)
        if (*name && strcmp(name, commands[i].name) == 0)
            return &commands[i];
    return NULL;
}

int command_status(const struct error *error)
{
    switch (error->code) {
    case ERROR_NONE:
    case ERROR_CANCELLED:
        return 0;
    case ERROR_USAGE:
        return 2;
    case ERROR_FILE:
    case ERROR_SYSTEM:
        break;
    }
    return 3;
}

void command_help(struct text *out, const struct command *command)
{
    bool all = command == &commands[0];
    text_printf(out, "Usage: roundoff%s%s [OPTION...]%s%s%s\n", all ? "" : " ", command->name,
                *command->operands ? " " : "", command->operands,
                all ? ", or COMMAND [OPTION...] OPERAND..." : "");
    text_puts(out, command->description);
    text_puts(out, all ? "Commands:\n" : "\n");
    for (size_t i = 1; all && i < command_count; i++)
        text_printf(out, "  %-9s %s\n", commands[i].name, commands[i].summary);
    if (all)
        text_puts(
            out, "COMMAND --help tells more, --version which this is.  Options of the explorer:\n");
    options_describe(out,
                     all ? command->groups & ~OPTIONS_SELDOM : command->groups | OPTIONS_ALWAYS);
    if (all)
        text_puts(out,
                  "and those of schemes, channels, files and colours: see roundoff plot --help.\n");
    else
        text_printf(out, "\nExample:\n  %s\n", command->example);
}

struct model *command_open_model(const struct options *options, const char *const paths[], size_t n,
                                 struct error *error)
{
    if (n)
        return model_open(paths, n, &options->model, error);
    const char *folder = getenv("ROUNDOFF_DATA");
    struct text path = {0};
    text_printf(&path, "%s/%s", folder && *folder ? folder : ROUNDOFF_DATADIR, BUNDLED_MODEL);
    const char *const bundled[] = {path.data};
    struct model *model = model_open(bundled, 1, &options->model, error);
    text_done(&path);
    return model;
}

bool command_check_globs(const struct options *options, const struct model *model,
                         struct error *error)
{
    for (size_t i = 0; i < model->count; i++)
        if (options_match(options, model->tensors[i].label))
            return true;
    return options->glob_count == 0 ||
           error_set(error, ERROR_USAGE, "no tensor has a name that --tensor matches");
}

int command_over_model(const struct options *options,
                       void (*run)(const struct options *options, const struct model *model,
                                   struct pool *pool, struct error *error),
                       struct error *error)
{
    struct model *model =
        command_open_model(options, options->operands, options->operand_count, error);
    struct pool *pool = NULL;
    if (model && command_check_globs(options, model, error))
        pool = pool_new(options->threads, error);
    if (pool) {
        run(options, model, pool, error);
        pool_free(pool);
    }
    if (model)
        model_free(model);
    return command_status(error);
}

/* The tensor that the second operand names; of a model of one tensor there is no need to. */
static const struct tensor *find_tensor(const struct options *options, const struct model *model,
                                        struct error *error)
{
    if (model->count == 0) {
        error_set(error, ERROR_USAGE, "%s: has no tensors", model->label);
        return NULL;
    }
    if (options->operand_count > 1)
        return model_find(model, options->operands[1], error);
    if (model->count == 1)
        return &model->tensors[0];
    error_set(error, ERROR_USAGE,
              "%s needs MODEL TENSOR: %s has %zu tensors, which roundoff list prints",
              options->command->name, model->label, model->count);
    return NULL;
}

/* The exact report of a tensor. */
static const struct report *analyse(const struct options *options, const struct tensor *tensor,
                                    const struct layer_index *layers, struct error *error)
{
    struct pool *pool = pool_new(options->threads, error);
    if (!pool)
        return NULL;
    struct watch watch = {0};
    struct analysis analysis = {.pool = pool, .watch = &watch};
    const bool looks = options->command->groups & OPTIONS_VIEW;
    struct request request = {
        .tensor = tensor,
        .view = options->tensor_view,
        .channel = options->channel,
        .transform = options->transform,
        .layers = layers,
        .scheme = options->scheme,
        .belief = options->belief,
        .spectrum = looks && options->view->spectrum,
        .curve = looks && options->view->curve,
        .lineup = looks && options->view->lineup,
        .inputs = options->layers.inputs,
        .comparison = looks ? options->view->comparison : 0,
        .outliers = looks && options->view->outliers,
        .limits = options->limits,
    };
    const struct report *report = analysis_run(&analysis, &request, error);
    pool_free(pool);
    return report;
}

const struct report *command_analyse(const struct options *options, struct command_subject *subject,
                                     struct error *error)
{
    const bool lineup = (options->command->groups & OPTIONS_VIEW) && options->view->lineup;
    *subject = (struct command_subject){.model = NULL};
    subject->model = command_open_model(options, options->operands, 1, error);
    const struct tensor *tensor =
        subject->model ? find_tensor(options, subject->model, error) : NULL;
    if (!tensor || !layers_open(options, subject->model, lineup, &subject->inputs, error))
        return NULL;
    return analyse(options, tensor, subject->inputs.index, error);
}

void command_subject_done(struct command_subject *subject)
{
    layers_close(&subject->inputs);
    model_free(subject->model);
}
