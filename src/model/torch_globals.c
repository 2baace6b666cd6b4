/* SPDX-License-Identifier: MIT
 *
 * The globals that checkpoints are made of.  Nothing is ever called, whatever a file names, so this
 * list protects nobody here; but a file that names anything else is either no checkpoint or one
 * that does harm when Python loads it, and who opens it should learn of it.
 */
#include <string.h>

#include "model/parts.h"
#include "model/torch.h"

/* What Python itself and NumPy have that plain values are pickled by. */
static const char *const functions[] = {
    "argparse.Namespace",
    "_codecs.encode",
    "copy_reg._reconstructor",
    "copyreg._reconstructor",
    "collections.Counter",
    "collections.OrderedDict",
    "collections.defaultdict",
    "collections.deque",
    "datetime.date",
    "datetime.datetime",
    "datetime.timedelta",
    "datetime.timezone",
    "decimal.Decimal",
    "fractions.Fraction",
    "numpy.dtype",
    "numpy.ndarray",
    "numpy.core.multiarray._reconstruct",
    "numpy.core.multiarray.scalar",
    "numpy.core.numeric._frombuffer",
    "numpy._core.multiarray._reconstruct",
    "numpy._core.multiarray.scalar",
    "numpy._core.numeric._frombuffer",
    "numpy.random._pickle.__randomstate_ctor",
    "numpy.random._pickle.__generator_ctor",
    "numpy.random._pickle.__bit_generator_ctor",
    "pathlib.Path",
    "pathlib.PosixPath",
    "pathlib.PurePosixPath",
    "pathlib.PureWindowsPath",
    "pathlib.WindowsPath",
    "types.SimpleNamespace",
    "uuid.UUID",
};

/* Types under their names in Python 2 and 3: "builtins.set", "__builtin__.set". */
static const char *const builtins[] = {
    "bool", "bytearray", "bytes", "complex", "dict",  "float", "frozenset", "int",     "list",
    "long", "object",    "range", "set",     "slice", "str",   "tuple",     "unicode",
};

/* Modules whose classes are opaque here but for the tensors among their attributes.  "torch" alone
 * stands for types, storages and tensors, not for its functions. */
static const char *const modules[] = {
    "__torch__",
    "accelerate",
    "addict",
    "detectron2",
    "diffusers",
    "easydict",
    "fairseq",
    "ignite",
    "lightning",
    "mmcv",
    "mmengine",
    "ml_collections",
    "omegaconf",
    "peft",
    "pyannote",
    "pytorch_lightning",
    "segmentation_models_pytorch",
    "speechbrain",
    "timm",
    "tokenizers",
    "torch._C",
    "torch._tensor",
    "torch._utils",
    "torch.ao",
    "torch.cuda",
    "torch.distributions",
    "torch.jit._pickle",
    "torch.nn",
    "torch.optim",
    "torch.quantization",
    "torch.storage",
    "torch.serialization",
    "torchaudio",
    "torchvision",
    "transformers",
    "ultralytics",
    "yacs",
};

static bool in_list(const char *const list[], size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(list[i], name) == 0)
            return true;
    return false;
}

/* Behind the prefix, if the name has it; else NULL. */
static const char *behind(const char *name, const char *prefix)
{
    size_t length = strlen(prefix);
    return strncmp(name, prefix, length) == 0 ? name + length : NULL;
}

static bool in_module(const char *global)
{
    for (size_t i = 0; i < sizeof modules / sizeof modules[0]; i++) {
        const char *rest = behind(global, modules[i]);
        if (rest && *rest == '.')
            return true;
    }
    return false;
}

/* "torch.float32", "torch.Size", "torch.FloatStorage": no part of a submodule, and no function of
 * which Python would make something else than a value. */
static bool is_torch_value(const char *global)
{
    const char *name = behind(global, "torch.");
    return name && !strchr(name, '.') && strcmp(name, "load") != 0 && strcmp(name, "save") != 0 &&
           strcmp(name, "compile") != 0;
}

static bool allows(const char *global)
{
    const char *name = behind(global, "builtins.");
    if (!name)
        name = behind(global, "__builtin__.");
    if (name)
        return in_list(builtins, sizeof builtins / sizeof builtins[0], name);
    return in_list(functions, sizeof functions / sizeof functions[0], global) ||
           is_torch_value(global) || in_module(global);
}

static bool allows_any(const char *global)
{
    (void)global;
    return true;
}

torch_allowed *torch_globals(const struct torch *torch)
{
    return torch->model->parts->options.any_class ? allows_any : allows;
}
