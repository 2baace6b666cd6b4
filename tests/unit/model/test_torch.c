/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "torch_fixture.h"

/* An archive of a pickle and a storage "0" of 16 numbers. */
static const char *write_zip(const char *program)
{
    struct archive_maker maker = {0};
    struct text pickle = {0}, floats = {0};
    torch_put_pickle(&pickle, program);
    torch_put_floats(&floats, 16, false);
    archive_add(&maker, (struct archive_member){
                            .name = "a/data.pkl", .bytes = pickle.data, .length = pickle.length});
    archive_add(&maker, (struct archive_member){
                            .name = "a/data/0", .bytes = floats.data, .length = floats.length});
    struct text archive = archive_make(&maker, "", "");
    const char *path = fixture_write("a.pt", archive.data, archive.length);
    text_done(&archive);
    text_done(&pickle);
    text_done(&floats);
    return path;
}

struct sample {
    const char *program, *expected;
};

static void check(const struct sample samples[], size_t count)
{
    for (size_t i = 0; i < count; i++)
        torch_expect(write_zip(samples[i].program), samples[i].expected);
}

static void refuse(const struct sample samples[], size_t count)
{
    for (size_t i = 0; i < count; i++) {
        fixture_refused(write_zip(samples[i].program), samples[i].expected);
        fixture_refused(write_zip(samples[i].program), "(byte ");
    }
}

#define CHECK(function, samples) function(samples, sizeof(samples) / sizeof *(samples))

static void test_names(void **state)
{
    static const struct sample samples[] = {
        {"*0:16:0:2:1", "PyTorch\n\"\" F32 (2) 0 1\n"},
        {"} 'w' *0:16:0:2:1 s", "PyTorch\nw F32 (2) 0 1\n"},
        {"} 'a' } 'b' *0:16:0:1:1 s s", "PyTorch\na.b F32 (1) 0\n"},
        {"@collections.OrderedDict ) R 'w' *0:16:1:1:1 s", "PyTorch\nw F32 (1) 1\n"},
        /* As Python 2 wrote it: from a list of pairs. */
        {"@collections.OrderedDict ( ( ( 'w' *0:16:1:1:1 l l t R", "PyTorch\nw F32 (1) 1\n"},
        {"( *0:16:0:1:1 *0:16:1:1:1 l", "PyTorch\n0 F32 (1) 0\n1 F32 (1) 1\n"},
        {"} #7 *0:16:7:1:1 s", "PyTorch\n7 F32 (1) 7\n"},
        {"} =1,2 *0:16:7:1:1 s", "PyTorch\n0 F32 (1) 7\n"},
        {"}", "PyTorch\n"},
    };
    (void)state;
    CHECK(check, samples);
}

static void test_places(void **state)
{
    static const struct sample samples[] = {
        {"} 'w' *0:16:4:2,3:3,1 s", "PyTorch\nw F32 (2,3) 4 5 6 7 8 9\n"},
        {"} 'w' *0:16:0:2,3:1,2 s", "PyTorch\nw F32 (2,3) 0 2 4 1 3 5\n"},
        {"} 'w' *0:16:3:2,2:0,5 s", "PyTorch\nw F32 (2,2) 3 8 3 8\n"},
        {"} 'w' *0:16:15:1,1:9,9 s", "PyTorch\nw F32 (1,1) 15\n"},
        {"} 'w' *0:16:5:: s", "PyTorch\nw F32 () 5\n"},
        {"} 'w' *0:16:99:0,4:4,1 s", "PyTorch\nw F32 (0,4)\n"},
        {"} 'w' $FloatStorage:0:3 s", "PyTorch\nw F32 (3) 0 1 2\n"},
        {"} 'w' $EvilStorage:0:3 s",
         "PyTorch\nw \"torch.EvilStorage\" (3): this element type is not known\n"},
    };
    (void)state;
    CHECK(check, samples);
}

static void test_places_that_lie(void **state)
{
    static const struct sample samples[] = {
        {"} 'w' *0:16:11:2,3:3,1 s", "not all in its storage of 64 bytes"},
        {"} 'w' *0:4:0:5:1 s", "not all in its storage of 16 bytes"},
        {"} 'w' *0:17:0:1:1 s", "storage \"0\" should have 68 bytes, but has 64"},
        {"} 'w' *0:16:0:2,3:3 s", "its size has 2 numbers, its stride 1"},
        {"} 'w' *0:16:-1:2:1 s", "its place in its storage"},
        {"} 'w' *0:16:0:-2:1 s", "its size has what is no number"},
        {"} 'w' *0:16:0:2:-1 s", "its stride has what is no number"},
        {"} 'w' *9:16:0:2:1 s", "it names storage \"9\", which the archive has not"},
        {"} 'w' *../0:16:0:2:1 s", "it names storage \"../0\""},
        {"} 'w' *0:16:0:2000000000,2000000000,2000000000:0,0,0 s", "beyond 64 bits"},
        {"} 'w' *0:-1:0:2:1 s", "the size of a storage is not a number"},
        {"} 'w' 'x' Q s", "a persistent id is not that of a storage"},
        {"} 'w' *0:16:0:1:1 s 'w' *0:16:0:1:1 s", "tensor \"w\": is there twice"},
        {"} 'w' @torch._utils._rebuild_tensor_v2 ) R s", "has only 0 arguments"},
    };
    (void)state;
    CHECK(refuse, samples);
}

static void test_aliases(void **state)
{
    static const struct sample samples[] = {
        {"} 'a' *0:16:0:16:1 s 'b' *0:16:4:2:1 s 'c' *0:16:0:2:8 s",
         "PyTorch\na F32 (16) 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15\nb F32 (2) in a 4 5\n"
         "c F32 (2) in a 0 8\n"},
        /* What comes later holds nothing that is earlier; halves overlap without holding. */
        {"} 'b' *0:16:4:2:1 s 'a' *0:16:3:4:1 s 'c' *0:16:4:4:1 s",
         "PyTorch\nb F32 (2) 4 5\na F32 (4) 3 4 5 6\nc F32 (4) 4 5 6 7\n"},
        /* Every second element does not hold those between. */
        {"} 'a' *0:16:0:4:2 s 'b' *0:16:1:1:1 s 'c' *0:16:0:4:2 s",
         "PyTorch\na F32 (4) 0 2 4 6\nb F32 (1) 1\nc F32 (4) in a 0 2 4 6\n"},
        /* The transposed one holds all. */
        {"} 'a' *0:16:0:2,3:1,2 s 'b' *0:16:1:5:1 s",
         "PyTorch\na F32 (2,3) 0 2 4 1 3 5\nb F32 (5) in a 1 2 3 4 5\n"},
        /* One tensor under two names, as tied weights are. */
        {"} 'a' *0:16:0:2:1 >0 s 'b' <0 s", "PyTorch\na F32 (2) 0 1\nb F32 (2) in a 0 1\n"},
    };
    (void)state;
    CHECK(check, samples);
}

static void test_sharing(void **state)
{
    static const struct sample samples[] = {
        {"} 'a' } >0 'w' *0:16:0:1:1 s s 'b' <0 s",
         "PyTorch\na.w F32 (1) 0\nb.w F32 (1) in a.w 0\n"},
        /* A dictionary that holds itself. */
        {"} >0 'self' <0 s 'w' *0:16:0:1:1 s", "PyTorch\nw F32 (1) 0\n"},
    };
    (void)state;
    CHECK(check, samples);

    /* 2 ^ 40 leaves. */
    struct text program = {0};
    text_puts(&program, "( *0:16:0:1:1 t >0");
    for (int i = 0; i < 40; i++)
        text_puts(&program, " ( <0 <0 t >0");
    struct error error = {0};
    struct model *model = fixture_open(write_zip(program.data), &error);
    assert_non_null(model);
    assert_in_range(model->count, 2, 70000);
    assert_int_equal(model->elements, 1);
    assert_int_equal(model->metadata.count, 1);
    assert_string_equal(model->metadata.entries[0].key, "shared values that are not listed again");
    model_free(model);

    text_clear(&program);
    for (int i = 0; i < 300; i++)
        text_puts(&program, "( ");
    text_puts(&program, "} }");
    for (int i = 0; i < 300; i++)
        text_puts(&program, " l");
    fixture_refused(write_zip(program.data), "nested more than 256 deep (byte ");
    text_done(&program);
}

static void put_times(struct text *out, unsigned count, const char *words)
{
    for (unsigned i = 0; i < count; i++)
        text_puts(out, words);
}

/* Opens a list of a value of program and `count` references to it: only some are listed. */
static void check_unrepeated(struct text *program, unsigned count)
{
    struct error error = {0};
    text_puts(program, " >0");
    put_times(program, count, " <0");
    text_puts(program, " l");
    struct model *model = fixture_open(write_zip(program->data), &error);
    if (!model)
        fail_msg("%s", error.text);
    assert_in_range(model->metadata.count, 1, METADATA_ENTRIES_MOST - 1);
    const struct metadata_entry *last = &model->metadata.entries[model->metadata.count - 1];
    assert_string_equal(last->key, "shared values that are not listed again");
    model_free(model);
    text_done(program);
}

/* Long values that a pickle repeats in two bytes are looked at a bounded number of times, whatever
 * they are: rows, the arguments of a call, its state, what a call wraps. */
static void test_long_values_repeated(void **state)
{
    (void)state;
    struct text program = {0};
    text_puts(&program, "( (");
    put_times(&program, 1000, " N");
    text_puts(&program, " l");
    check_unrepeated(&program, 600);

    text_puts(&program, "( @collections.OrderedDict (");
    put_times(&program, 1000, " N");
    text_puts(&program, " t R");
    check_unrepeated(&program, 600);

    text_puts(&program, "( @collections.OrderedDict ) R (");
    put_times(&program, 100, " N ]");
    text_puts(&program, " u");
    check_unrepeated(&program, 6000);

    text_puts(&program, "@torch._utils._rebuild_parameter >1 0 ( ");
    put_times(&program, 200, "<1 ");
    text_puts(&program, "N");
    put_times(&program, 200, " \x85 R");
    check_unrepeated(&program, 3000);
}

/* The class of a tensor may be the maker of such classes. */
static void test_classes_in_each_other(void **state)
{
    (void)state;
    struct text program = {0};
    text_puts(&program, "@torch._tensor._rebuild_from_type_v2 >0 ");
    put_times(&program, 100000, "<0 N ");
    text_puts(&program, "<0 N )");
    put_times(&program, 100001, " \x87");
    text_puts(&program, " R");
    fixture_refused(write_zip(program.data), "its classes are nested more than 256 deep (byte ");
    text_done(&program);
}

/* Keys longer than any name are cut where they lead to metadata, and refused where to a tensor. */
static void test_long_keys(void **state)
{
    (void)state;
    struct error error = {0};
    struct text program = {0};
    text_puts(&program, "} '");
    put_times(&program, 5000, "k");
    text_puts(&program, "' N s");
    struct model *model = fixture_open(write_zip(program.data), &error);
    assert_non_null(model);
    assert_int_equal(model->metadata.count, 1);
    model_free(model);
    program.length -= strlen("N s");
    text_puts(&program, "*0:16:0:1:1 s");
    fixture_refused(write_zip(program.data), "the name of a tensor has more than 4096 bytes");
    text_done(&program);
}

/* Marks that are too many to look for one in count as the one that keeps a tensor from being read. */
static void test_many_marks(void **state)
{
    (void)state;
    struct text program = {0};
    text_puts(&program, "@torch._utils._rebuild_tensor_v2 ( $FloatStorage:0:16 #0 =1 =1 FALSE } } (");
    put_times(&program, 33, " N N");
    text_puts(&program, " u t R");
    torch_expect(write_zip(program.data),
                 "PyTorch\n\"\" F32 (1): it is a view that stands for its values with the other "
                 "sign\n");
    text_done(&program);
}

static void test_makers(void **state)
{
    static const struct sample samples[] = {
        {"} 'w' @torch._utils._rebuild_parameter ( *0:16:2:1:1 FALSE } t R s",
         "PyTorch\nw F32 (1) 2\n"},
        {"} 'w' @torch._utils._rebuild_parameter_with_state ( *0:16:2:1:1 FALSE } } t R s",
         "PyTorch\nw F32 (1) 2\n"},
        {"} 'w' @torch._tensor._rebuild_from_type_v2 ( @torch._utils._rebuild_tensor_v2 @timm.Tensor "
         "( $FloatStorage:0:16 #3 =2 =1 FALSE } t } t R s",
         "PyTorch\nw F32 (2) 3 4\n"},
        {"} 'w' @torch._utils._rebuild_tensor ( $IntStorage:0:16 #1 =1 =1 t R s",
         "PyTorch\nw I32 (1) 1.06535e+09\n"},
        {"} 'w' @torch._utils._rebuild_tensor_v3 ( $UntypedStorage:0:64 #0 =4 =1 FALSE } "
         "@torch.float8_e4m3fn t R s",
         "PyTorch\nw F8_E4M3 (4) 0 0 0 0\n"},
        {"} 'w' @torch._utils._rebuild_tensor_v3 ( $UntypedStorage:0:64 #1 =2 =1 FALSE } "
         "@torch.float32 t R s",
         "PyTorch\nw F32 (2) 1 2\n"},
        {"} 'w' @torch._utils._rebuild_tensor_v2 ( $FloatStorage:0:16 #1 =2 =1 FALSE } "
         "} 'neg' I01\n s t R s",
         "PyTorch\nw F32 (2): it is a view that stands for its values with the other sign\n"},
        {"} 'w' @torch._utils._rebuild_qtensor ( $QInt8Storage:0:16 #0 =2 =1 =1 FALSE } t R s",
         "PyTorch\nw QINT8 (2): it is quantized already: its integers mean numbers by a scale and "
         "a zero point\n"},
        {"} 'w' @torch._utils._rebuild_sparse_tensor ( @torch.sparse_coo ( *0:16:0:2:1 "
         "*0:16:8:2:1 =9 t t R s",
         "PyTorch\nw.indices F32 (2) 0 1\nw.values F32 (2) 8 9\n"
         "w: object torch._utils._rebuild_sparse_tensor\nw.2: list of 1 [9]\n"},
        {"} 'w' @torch._utils._rebuild_meta_tensor_no_storage ( @torch.float16 =2 =1 FALSE t R s",
         "PyTorch\nw F16 (2): it was saved without values (on the meta device)\n"},
        {"} 'w' @torch._utils._rebuild_tensor ( @torch.storage._load_from_bytes ( 'x' t R #0 =2 =1 "
         "t R s",
         "PyTorch\nw unknown (2): its values are a file of their own inside the pickle\n"},
        {"} 'w' @numpy.core.multiarray._reconstruct ( @numpy.ndarray =0 'b' t R ( #1 =3 "
         "@numpy.dtype ( 'f4' t R FALSE 'bytes' t b s",
         "PyTorch\nw F32 (3): it is a NumPy array inside the pickle, which is not read\n"},
        {"} 's' @numpy.core.multiarray.scalar ( @numpy.dtype ( 'i2' t R U\2\5\1 t R s",
         "PyTorch\ns: float 261\n"},
    };
    (void)state;
    CHECK(check, samples);
}

static void test_modules(void **state)
{
    static const struct sample samples[] = {
        {"@timm.Net ) NEWOBJ } '_modules' } 'fc' @torch.nn.modules.linear.Linear ) NEWOBJ } "
         "'_parameters' } 'weight' *0:16:0:2:1 s 'bias' N s s 'in' #2 s b s s b",
         "PyTorch\nfc.weight F32 (2) 0 1\n(all): object timm.Net\n"
         "fc: object torch.nn.modules.linear.Linear\nfc.bias: none None\nfc.in: int 2\n"},
        /* The versions that state_dict() leaves. */
        {"@collections.OrderedDict ) R 'w' *0:16:1:1:1 s } '_metadata' } '' } s s b",
         "PyTorch\nw F32 (1) 1\n_metadata: string versions of 1 modules\n"},
        /* Attributes in a dictionary and in slots. */
        {"@timm.Thing ) NEWOBJ ( } 'a' *0:16:1:1:1 s } 'b' #1 s t b",
         "PyTorch\na F32 (1) 1\n(all): object timm.Thing\nb: int 1\n"},
    };
    (void)state;
    CHECK(check, samples);
}

static void test_metadata(void **state)
{
    static const struct sample samples[] = {
        {"} 'epoch' #3 s 'name' 'net' s 'lr' F0.1\n s 'betas' ( F0.9\n #1 t s 'none' N s",
         "PyTorch\nepoch: int 3\nname: string net\nlr: float 0.1\n"
         "betas: list of 2 [0.9, 1]\nnone: none None\n"},
        {"} 'd' @torch.device ( 'cuda' #0 t R s 't' @torch.float32 s",
         "PyTorch\nd: object torch.device(cuda, 0)\nt: name torch.float32\n"},
        {"} 'args' @argparse.Namespace ) NEWOBJ } 'lr' #1 s b s", "PyTorch\nargs.lr: int 1\n"},
        {"} 'b' U\2\377\1 s 'l' L99999999999999999999L\n s",
         "PyTorch\nb: bytes (2 bytes)\nl: int (a number of 9 bytes)\n"},
    };
    (void)state;
    CHECK(check, samples);
}

static void test_globals(void **state)
{
    static const struct sample samples[] = {
        {"@os.system ( 'x' t R", "\"os.system\""},
        {"@posix.system ( 'x' t R", "\"posix.system\""},
        {"@subprocess.Popen ( 'x' t R", "\"subprocess.Popen\""},
        {"@builtins.eval ( 'x' t R", "\"builtins.eval\""},
        {"@__builtin__.execfile ( 'x' t R", "\"__builtin__.execfile\""},
        {"@osprey.Bird ) R", "\"osprey.Bird\""},
        {"@torchy.Bird ) R", "\"torchy.Bird\""},
        {"@torch.load ( 'x' t R", "\"torch.load\""},
    };
    (void)state;
    CHECK(refuse, samples);
    /* Unless the user says that any will do. */
    const char *path = write_zip("@osprey.Bird ) R");
    const struct model_options options = {.any_class = true};
    struct error error = {0};
    struct model *model = model_open(&path, 1, &options, &error);
    assert_non_null(model);
    model_free(model);
    torch_expect(write_zip("@yacs.Bird ) R"), "PyTorch\n(all): object yacs.Bird\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names),           cmocka_unit_test(test_places),
        cmocka_unit_test(test_places_that_lie), cmocka_unit_test(test_aliases),
        cmocka_unit_test(test_sharing),         cmocka_unit_test(test_makers),
        cmocka_unit_test(test_modules),         cmocka_unit_test(test_metadata),
        cmocka_unit_test(test_globals),         cmocka_unit_test(test_long_values_repeated),
        cmocka_unit_test(test_long_keys),       cmocka_unit_test(test_classes_in_each_other),
        cmocka_unit_test(test_many_marks),
    };
    return cmocka_run_group_tests_name("torch", tests, fixture_setup, fixture_teardown);
}
