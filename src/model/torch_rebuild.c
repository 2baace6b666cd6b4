/* SPDX-License-Identifier: MIT
 *
 * Calls that make tensors, after torch/_utils.py and torch/_tensor.py.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "model/parts.h"
#include "model/torch.h"

/* A global that makes tensors, and how to read its arguments. */
struct maker {
    const char *global;
    bool (*take)(struct torch *torch, const struct maker *maker, struct pickle_value *call,
                 bool *known);
    size_t arguments;   /* at least; fewer are an error */
    size_t dtype, size; /* which arguments are these */
    const char *reason; /* why such tensors are not read; NULL */
};

/* A failure that names the tensor of the path. */
static bool fail(struct torch *torch, uint64_t at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static bool fail(struct torch *torch, uint64_t at, const char *format, ...)
{
    char reason[256];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(reason, sizeof reason, format, arguments);
    va_end(arguments);
    const struct tensor tensor = {.name = torch->path.length > 0 ? torch->path.data : "",
                                  .name_length = torch->path.length,
                                  .content = torch->file};
    return parts_fail(&tensor, at, torch->error, "%s", reason);
}

/* A tuple of numbers, or a torch.Size or list of them; NULL if it is neither. */
static const struct pickle_value *numbers_of(const struct pickle_value *value)
{
    if (pickle_is_call(value, "torch.Size") && value->items[1]->length == 1)
        value = value->items[1]->items[0];
    return value->kind == PICKLE_TUPLE || value->kind == PICKLE_LIST ? value : NULL;
}

/* Sizes or strides, into the arena of the model. */
static bool take_numbers(struct torch *torch, const struct pickle_value *value, const char *what,
                         const uint64_t **numbers, unsigned *count)
{
    const struct pickle_value *list = numbers_of(value);
    if (!list || list->length > TENSOR_RANK_MOST)
        return fail(torch, value->at, "its %s is not a tuple of at most %d numbers", what,
                    TENSOR_RANK_MOST);
    uint64_t *taken = arena_take(&torch->model->parts->arena, (list->length + 1) * sizeof *taken);
    for (size_t i = 0; i < list->length; i++) {
        const struct pickle_value *item = list->items[i];
        if (item->kind != PICKLE_INTEGER || item->integer < 0)
            return fail(torch, value->at, "its %s has what is no number from 0 on", what);
        taken[i] = (uint64_t)item->integer;
    }
    *numbers = taken;
    *count = (unsigned)list->length;
    return true;
}

void torch_drop_strides(struct tensor *tensor)
{
    uint64_t natural = 1;
    for (unsigned i = tensor->rank; i-- > 0;) {
        if (tensor->dims[i] != 1 && tensor->strides[i] != natural)
            return;
        if (__builtin_mul_overflow(natural, tensor->dims[i], &natural))
            return;
    }
    tensor->strides = NULL;
}

void torch_set_type(struct tensor *tensor, const struct torch_type *type)
{
    tensor->dtype = type->dtype;
    tensor->dtype_name = type->shown;
    if (!type->dtype)
        tensor->reason = type->reason;
}

static const char unknown_name[] = "unknown";

/* The type that an argument names; one that is not known has no dtype. */
static void set_named_type(struct tensor *tensor, const struct pickle_value *dtype)
{
    const struct torch_type *type =
        dtype->kind == PICKLE_GLOBAL ? torch_type_of_dtype(dtype->text) : NULL;
    tensor->dtype = NULL;
    tensor->dtype_name = unknown_name;
    if (type)
        torch_set_type(tensor, type);
}

/* A tensor whose values are not to be had. */
static bool add_valueless(struct torch *torch, struct tensor *tensor, uint64_t at,
                          const char *reason)
{
    tensor->dtype = NULL;
    tensor->strides = NULL;
    tensor->reason = reason;
    const struct torch_tensor described = {*tensor, TORCH_NO_STORAGE, 0, at};
    return torch_add_tensor(torch, &described);
}

/* Items of a tensor's own metadata, which many tensors may share: PyTorch gives it two marks. */
#define MARKS_MOST 64

/* True if a tensor is marked as to be negated when it is read, or marked more than can be told. */
static bool is_negated(const struct pickle_value *arguments, size_t metadata)
{
    if (arguments->length <= metadata)
        return false;
    const struct pickle_value *marks = arguments->items[metadata];
    if (marks->kind == PICKLE_CALL && marks->state)
        marks = marks->state;
    if (marks->kind == PICKLE_DICT && marks->length > MARKS_MOST)
        return true;
    const struct pickle_value *mark = pickle_lookup(marks, "neg");
    return mark && mark->kind == PICKLE_BOOLEAN && mark->integer;
}

/* (storage, first element, size, stride, ...) */
static bool take_strided(struct torch *torch, const struct maker *maker, struct pickle_value *call,
                         bool *known)
{
    const struct pickle_value *arguments = call->items[1];
    struct pickle_value *const *items = arguments->items;
    struct torch_tensor described = {.at = call->at};
    struct tensor *tensor = &described.tensor;
    unsigned strides;
    *known = true;
    if (!take_numbers(torch, items[2], "size", &tensor->dims, &tensor->rank) ||
        !take_numbers(torch, items[3], "stride", &tensor->strides, &strides))
        return false;
    if (strides != tensor->rank)
        return fail(torch, call->at, "its size has %u numbers, its stride %u", tensor->rank,
                    strides);
    if (items[1]->kind != PICKLE_INTEGER || items[1]->integer < 0)
        return fail(torch, call->at, "its place in its storage is no number from 0 on");
    described.first = (uint64_t)items[1]->integer;
    torch_drop_strides(tensor);
    tensor->dtype_name = unknown_name;
    if (items[0]->kind != PICKLE_REFERENCE)
        return add_valueless(torch, tensor, call->at,
                             "its values are a file of their own inside the pickle");
    if (!torch_take_storage(torch, items[0]->items[0], items[0]->at, &described.storage))
        return false;
    const struct torch_storage *storage = &torch->storages[described.storage];
    tensor->dtype_name = storage->type_name;
    if (storage->type && maker->dtype > 0)
        set_named_type(tensor, items[maker->dtype]);
    else if (storage->type)
        torch_set_type(tensor, storage->type);
    if (maker->reason)
        tensor->reason = maker->reason;
    else if (is_negated(arguments, maker->dtype > 0 ? 7 : 6))
        tensor->reason = "it is a view that stands for its values with the other sign";
    return torch_add_tensor(torch, &described);
}

/* What is only wrapped: the first argument is the tensor. */
static bool take_wrapped(struct torch *torch, const struct maker *maker, struct pickle_value *call,
                         bool *known)
{
    (void)maker;
    *known = true;
    return torch_walk_value(torch, call->items[1]->items[0]);
}

/* (maker, class, its arguments, state): a tensor of a class of its own. */
static bool take_subclass(struct torch *torch, const struct maker *maker, struct pickle_value *call,
                          bool *known)
{
    struct pickle_value *const *items = call->items[1]->items;
    (void)maker;
    if (items[0]->kind != PICKLE_GLOBAL || items[2]->kind != PICKLE_TUPLE)
        return true;
    struct pickle_value **parts = arena_take(&torch->pickles, 2 * sizeof(struct pickle_value *));
    parts[0] = items[0];
    parts[1] = items[2];
    struct pickle_value inner = {.kind = PICKLE_CALL, .at = call->at, .items = parts, .length = 2};
    if (torch->depth == TORCH_DEPTH_MOST) /* the maker may be this one again */
        return fail(torch, call->at, "its classes are nested more than %d deep", TORCH_DEPTH_MOST);
    torch->open[torch->depth++] = NULL;
    bool good = torch_rebuild(torch, &inner, known);
    torch->depth--;
    return good;
}

static bool take_valueless(struct torch *torch, const struct maker *maker,
                           struct pickle_value *call, bool *known)
{
    struct pickle_value *const *items = call->items[1]->items;
    struct tensor tensor = {0};
    *known = true;
    set_named_type(&tensor, items[maker->dtype]);
    return take_numbers(torch, items[maker->size], "size", &tensor.dims, &tensor.rank) &&
           add_valueless(torch, &tensor, call->at, maker->reason);
}

/* The type of a NumPy dtype, dtype("f4", ...); NULL if it is none that we know. */
static const struct torch_type *numpy_type(const struct pickle_value *dtype)
{
    const struct pickle_value *arguments = dtype->kind == PICKLE_CALL ? dtype->items[1] : NULL;
    return pickle_is_call(dtype, "numpy.dtype") && arguments->length > 0 &&
                   (arguments->items[0]->kind == PICKLE_TEXT ||
                    arguments->items[0]->kind == PICKLE_BYTES)
               ? torch_type_of_numpy(arguments->items[0]->text)
               : NULL;
}

/* An array whose state is (version, shape, dtype, Fortran order, bytes).  One of objects has a
 * list of them instead, which is walked as any other. */
static bool take_array(struct torch *torch, const struct maker *maker, struct pickle_value *call,
                       bool *known)
{
    const struct pickle_value *state = call->state;
    if (!state || state->kind != PICKLE_TUPLE || state->length != 5 ||
        state->items[4]->kind == PICKLE_LIST)
        return true;
    *known = true;
    const struct torch_type *type = numpy_type(state->items[2]);
    struct tensor tensor = {.dtype_name = type ? type->shown : unknown_name};
    return take_numbers(torch, state->items[1], "shape", &tensor.dims, &tensor.rank) &&
           add_valueless(torch, &tensor, call->at, maker->reason);
}

/* (dtype, bytes) */
static bool take_scalar(struct torch *torch, const struct maker *maker, struct pickle_value *call,
                        bool *known)
{
    const struct pickle_value *const bytes = call->items[1]->items[1];
    const struct torch_type *type = numpy_type(call->items[1]->items[0]);
    const struct dtype *dtype = type ? type->dtype : NULL;
    (void)maker;
    if (!dtype || !dtype->decode || bytes->kind != PICKLE_BYTES ||
        bytes->length != dtype->block_bytes)
        return true;
    struct pickle_value number = {.kind = PICKLE_REAL, .at = call->at};
    dtype->decode((const unsigned char *)bytes->text, 1, &number.real);
    torch_add_plain(torch, &number);
    *known = true;
    return true;
}

static const char array_reason[] = "it is a NumPy array inside the pickle, which is not read";
static const char quantized_reason[] =
    "it is quantized already: its integers mean numbers by a scale and a zero point";
static const char meta_reason[] = "it was saved without values (on the meta device)";
static const char wrapper_reason[] =
    "it stands for other tensors, from which a class of its own makes its values";

static const struct maker makers[] = {
    // clang-format off
    {"torch._utils._rebuild_tensor",                take_strided,   4, 0, 0, NULL},
    {"torch._utils._rebuild_tensor_v2",             take_strided,   4, 0, 0, NULL},
    {"torch._utils._rebuild_tensor_v3",             take_strided,   7, 6, 0, NULL},
    {"torch._utils._rebuild_qtensor",               take_strided,   4, 0, 0, quantized_reason},
    {"torch._utils._rebuild_parameter",             take_wrapped,   1, 0, 0, NULL},
    {"torch._utils._rebuild_parameter_with_state",  take_wrapped,   1, 0, 0, NULL},
    {"torch._utils._rebuild_device_tensor_from_cpu_tensor", take_wrapped, 1, 0, 0, NULL},
    {"torch._utils._rebuild_device_tensor_from_numpy", take_wrapped, 1, 0, 0, NULL},
    {"torch._utils._rebuild_xla_tensor",            take_wrapped,   1, 0, 0, NULL},
    {"torch.nn.parameter.Parameter",                take_wrapped,   1, 0, 0, NULL},
    {"torch.nn.parameter.Buffer",                   take_wrapped,   1, 0, 0, NULL},
    {"torch.autograd.variable.Variable",            take_wrapped,   1, 0, 0, NULL},
    {"torch._tensor._rebuild_from_type",            take_subclass,  3, 0, 0, NULL},
    {"torch._tensor._rebuild_from_type_v2",         take_subclass,  3, 0, 0, NULL},
    {"torch.tensor._rebuild_from_type",             take_subclass,  3, 0, 0, NULL},
    {"torch._utils._rebuild_meta_tensor_no_storage", take_valueless, 2, 0, 1, meta_reason},
    {"torch._utils._rebuild_wrapper_subclass",      take_valueless, 3, 1, 2, wrapper_reason},
    {"numpy.core.multiarray._reconstruct",          take_array,     0, 0, 0, array_reason},
    {"numpy._core.multiarray._reconstruct",         take_array,     0, 0, 0, array_reason},
    {"numpy.core.multiarray.scalar",                take_scalar,    2, 0, 0, NULL},
    {"numpy._core.multiarray.scalar",               take_scalar,    2, 0, 0, NULL},
    // clang-format on
};

bool torch_rebuild(struct torch *torch, struct pickle_value *call, bool *known)
{
    const char *callee = torch_callee(call);
    *known = false;
    for (size_t i = 0; i < sizeof makers / sizeof makers[0]; i++) {
        const struct maker *maker = &makers[i];
        if (strcmp(callee, maker->global) != 0)
            continue;
        if (call->items[1]->length < maker->arguments)
            return fail(torch, call->at, "%s has only %zu arguments", maker->global,
                        call->items[1]->length);
        return maker->take(torch, maker, call, known);
    }
    return true;
}

bool torch_rebuild_storage(struct torch *torch, size_t index, uint64_t at)
{
    struct torch_tensor described = {.at = at, .storage = index};
    struct tensor *tensor = &described.tensor;
    const struct torch_storage *storage = &torch->storages[index];
    uint64_t *count = arena_take(&torch->model->parts->arena, sizeof *count);
    *count = storage->shown;
    tensor->rank = 1;
    tensor->dims = count;
    tensor->dtype_name = storage->type_name;
    if (storage->type)
        torch_set_type(tensor, storage->type);
    return torch_add_tensor(torch, &described);
}
