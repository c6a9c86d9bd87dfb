/* test_report_doc.c - documents: one well-formed page without outside requests, JSON, CSV, memory */
#include <jansson.h>

#include "t.h"
#include "test_report_samples.h"

static sei_ctx *ctx;

static void setup(void)
{
    ctx = sei_ctx_create(NULL);
}

static void teardown(void)
{
    sei_ctx_free(ctx);
}

static char *written(sei_doc *doc, const char *key, sei_lang lang)
{
    char  *text = NULL;
    size_t len  = 0;

    T_OK(ctx, sei_doc_write(ctx, doc, key, lang, &text, &len));
    ck_assert_uint_eq(strlen(text), len);
    return text;
}

START_TEST(page_is_well_formed)
{
    char      path[] = "/tmp/seiryu-page-XXXXXX", command[400];
    sei_doc  *doc    = sample_doc(ctx);
    const int handle = mkstemp(path);

    ck_assert_int_ge(handle, 0);
    close(handle);
    if (system("command -v python3 >/dev/null 2>&1") != 0) {
        printf("skipped: no python3 to parse the page with\n");
    } else {
        for (int lang = SEI_LANG_BOTH; lang <= SEI_LANG_EN; lang++) {
            T_OK(ctx, sei_doc_save(ctx, doc, "html", (sei_lang)lang, path));
            snprintf(command, sizeof command,
                     "python3 -c 'import sys,xml.etree.ElementTree as e; "
                     "r=e.parse(sys.argv[1]).getroot(); "
                     "assert r.tag.endswith(\"}html\"); "
                     "assert not [x for x in r.iter() if x.tag.endswith(\"}script\")]' %s",
                     path);
            ck_assert_msg(system(command) == 0, "page in language %d is not well-formed", lang);
        }
    }
    unlink(path);
    sei_doc_free(doc);
}
END_TEST

/* The start of the value of an attribute; its length in *len. NULL at the end. */
static const char *next_value(const char *page, const char *before, size_t *len)
{
    const char *at = strstr(page, before);

    if (!at)
        return NULL;
    at += strlen(before);
    *len = strcspn(at, "\"");
    return at;
}

START_TEST(ids_are_unique_and_links_lead_somewhere)
{
    enum { IDS_MAX = 20000 };
    sei_doc     *doc  = sample_doc(ctx);
    char        *page = written(doc, "html", SEI_LANG_BOTH);
    const char **ids  = sei_alloc(ctx, IDS_MAX, sizeof *ids);
    size_t       n = 0, len = 0, links = 0;
    char         wanted[200];

    for (const char *p = page; (p = next_value(p, " id=\"", &len)) != NULL; p += len) {
        for (size_t i = 0; i < n; i++)
            ck_assert_msg(strncmp(ids[i], p, len + 1) != 0, "id %.*s is there twice", (int)len, p);
        ck_assert_uint_lt(n, IDS_MAX);
        ids[n++] = p;
    }
    for (const char *p = page; (p = next_value(p, "href=\"", &len)) != NULL; p += len) {
        ck_assert(p[0] == '#'); /* never out of the page */
        if (links++ > 40)
            continue;
        snprintf(wanted, sizeof wanted, " id=\"%.*s\"", (int)len - 1, p + 1);
        T_CONTAINS(page, wanted);
    }
    ck_assert_uint_gt(links, 40);
    sei_release(ctx, ids);
    sei_release(ctx, page);
    sei_doc_free(doc);
}
END_TEST

START_TEST(page_asks_for_nothing)
{
    static const char *const names[] = {"xmlns=\"http://www.w3.org/1999/xhtml\"",
                                        "xmlns=\"http://www.w3.org/2000/svg\"",
                                        "xmlns:xlink=\"http://www.w3.org/1999/xlink\""};
    sei_doc                 *doc     = sample_doc(ctx);
    char                    *page    = written(doc, "html", SEI_LANG_BOTH);

    T_CONTAINS(page, "content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
                     "base-uri 'none'; form-action 'none'\"");
    ck_assert_ptr_null(strstr(page, "<script"));
    ck_assert_ptr_null(strstr(page, "<link"));
    ck_assert_ptr_null(strstr(page, "@import"));
    ck_assert_ptr_null(strstr(page, " src="));
    ck_assert_ptr_null(strstr(page, " onload"));
    for (const char *p = page; (p = strstr(p, "://")) != NULL; p++) { /* names of XML only */
        bool is_known = false;
        for (size_t i = 0; i < T_COUNT(names); i++) {
            const char *scheme = strstr(names[i], "://");
            const char *from   = p - (scheme - names[i]);
            is_known |= strncmp(from, names[i], strlen(names[i])) == 0;
        }
        ck_assert_msg(is_known, "%.60s", p - 20);
    }
    sei_release(ctx, page);
    sei_doc_free(doc);
}
END_TEST

START_TEST(page_has_both_languages_and_names_its_parts)
{
    sei_doc *doc  = sample_doc(ctx);
    char    *page = written(doc, "html", SEI_LANG_BOTH);

    T_CONTAINS(page, "<html lang=\"ja\"");
    T_CONTAINS(page, "<span class=\"ja\" lang=\"ja\">概要</span> <span class=\"en\" "
                     "lang=\"en\">Summary</span>");
    T_CONTAINS(page, "<h3 id=\"s2.1\">2.1 ");
    T_CONTAINS(page, "例示鉱山 &lt;script&gt;alert(1)&lt;/script&gt;");
    T_CONTAINS(page, "<figure id=\"figure-train\">\n<svg role=\"img\"");
    T_CONTAINS(page, "aria-labelledby=\"train-title train-desc\"");
    T_CONTAINS(page, "図 1");
    T_CONTAINS(page, "表 1");
    sei_release(ctx, page);
    page = written(doc, "html", SEI_LANG_EN);
    T_CONTAINS(page, "<html lang=\"en\"");
    T_CONTAINS(page, "<h2 id=\"s1\">1 Summary</h2>");
    ck_assert_ptr_null(strstr(page, "概要"));
    ck_assert_ptr_null(strstr(page, "type=\"radio\""));
    sei_release(ctx, page);
    sei_doc_free(doc);
}
END_TEST

START_TEST(page_bytes_repeat)
{
    sei_doc *a = sample_doc(ctx), *b = sample_doc(ctx);
    char *page_a = written(a, "html", SEI_LANG_BOTH), *page_b = written(b, "html", SEI_LANG_BOTH);

    ck_assert_str_eq(page_a, page_b);
    sei_release(ctx, page_a);
    sei_release(ctx, page_b);
    sei_doc_free(a);
    sei_doc_free(b);
}
END_TEST

START_TEST(json_and_csv_carry_the_tables)
{
    sei_doc     *doc  = sample_doc(ctx);
    char        *text = written(doc, "json", SEI_LANG_BOTH);
    json_error_t error;
    json_t      *root = json_loads(text, 0, &error);

    ck_assert_msg(root != NULL, "%s", error.text);
    const json_t *blocks = json_object_get(root, "blocks");
    ck_assert_str_eq(json_string_value(json_object_get(json_array_get(blocks, 2), "block")),
                     "table");
    json_decref(root);
    sei_release(ctx, text);
    text = written(doc, "csv", SEI_LANG_EN);
    T_CONTAINS(text, "table,row,column,value,unit\ncompliance,1,item,total zinc,\n"
                     "compliance,1,influent_mg_l,18,mg/L\n");
    T_CONTAINS(text, "compliance,2,effluent_mg_l,<0.0005,mg/L\n");
    sei_release(ctx, text);
    sei_doc_free(doc);
}
END_TEST

START_TEST(unknown_format_names_the_known_ones)
{
    sei_doc *doc  = sei_doc_create(ctx, L("t", NULL));
    char    *text = NULL;
    size_t   len  = 0;

    T_STATUS(ctx, sei_doc_write(ctx, doc, "docx", SEI_LANG_JA, &text, &len), SEI_E_NOT_FOUND);
    ck_assert_str_eq(sei_ctx_error(ctx), "no document format \"docx\"; known are csv, html, json");
    ck_assert_ptr_null(sei_writer_find("docx"));
    ck_assert_str_eq(sei_writer_find("html")->media_type, "text/html; charset=utf-8");
    ck_assert_ptr_null(sei_writer_at(sei_writer_count()));
    sei_doc_free(doc);
}
END_TEST

static void refused(sei_doc *doc, sei_status status, const char *message)
{
    char  *text = NULL;
    size_t len  = 0;

    T_STATUS(ctx, sei_doc_write(ctx, doc, "html", SEI_LANG_JA, &text, &len), status);
    ck_assert_str_eq(sei_ctx_error(ctx), message);
    ck_assert_ptr_null(text);
    sei_doc_free(doc);
}

START_TEST(failures_of_parts_reach_the_document)
{
    const double nan_value = (double)NAN, x = 1;
    sei_doc     *doc = sei_doc_create(ctx, L("t", NULL));
    sei_figure  *f   = sei_figure_create(ctx, SEI_FIGURE_XY, "f", L("t", NULL));

    sei_figure_add_panel(f, &(sei_axis){.unit = "m"});
    sei_figure_add_line(f, 0, &(sei_line){.label = L("a", NULL), .n = 1, .x = &x, .y = &nan_value});
    sei_doc_add_figure(doc, f, L(NULL, NULL));
    sei_doc_add_figure(doc, sample_figure(ctx, 0), L(NULL, NULL)); /* taken and freed */
    refused(doc, SEI_E_RANGE,
            "figure f: y[0] is not finite; flag it SEI_POINT_MISSING or leave it out");

    doc = sei_doc_create(ctx, L("t", NULL));
    sei_doc_add_table(doc, sample_table(ctx));
    sei_doc_add_table(doc, sample_table(ctx));
    refused(doc, SEI_E_DUPLICATE, "table compliance is in the document twice");

    doc = sei_doc_create(ctx, L("t", NULL));
    sei_doc_add_section(doc, 2, L("前提", "Assumptions"));
    refused(doc, SEI_E_ARG, "section \"Assumptions\": level 2 does not fit here");

    doc = sei_doc_create(ctx, L("t", NULL));
    sei_doc_add_table(doc, NULL);
    refused(doc, SEI_E_NOMEM, "a table of the document could not be made");

    refused(NULL, SEI_E_NOMEM, "there is no document to write");
}
END_TEST

static void *counted_resize(void *user, void *p, size_t size)
{
    long *left = user;

    if (size == 0) {
        free(p);
        return NULL;
    }
    return --*left >= 0 ? realloc(p, size) : NULL;
}

/* Every allocation fails once: a status, nothing lost, nothing written over. */
START_TEST(short_memory_is_a_status_everywhere)
{
    static const char *const keys[] = {"html", "json", "csv"};

    for (size_t k = 0; k < T_COUNT(keys); k++) {
        sei_status st = SEI_E_NOMEM;
        for (long n = 1; st != SEI_OK && n < 5000; n++) {
            long                left = n;
            const sei_allocator a    = {counted_resize, &left};
            sei_ctx            *poor = sei_ctx_create(&a);
            char               *text = NULL;
            size_t              len  = 0;
            if (!poor)
                continue;
            sei_doc *doc = sei_doc_create(poor, L("題", "title"));
            sei_doc_add_property(doc, L("名", "name"), L("値", "value"));
            sei_doc_add_section(doc, 1, L("章", "section"));
            sei_doc_add_assumption(doc, L("仮定", "assumed"), "1", L("理由", "why"), "x");
            sei_doc_add_table(doc, sample_table(poor));
            sei_doc_add_figure(doc, sample_figure(poor, 4), L("図", "figure"));
            st = sei_doc_write(poor, doc, keys[k], SEI_LANG_BOTH, &text, &len);
            ck_assert_msg(st == SEI_OK || st == SEI_E_NOMEM, "%s", sei_ctx_error(poor));
            ck_assert((text != NULL) == (st == SEI_OK));
            sei_release(poor, text);
            sei_doc_free(doc);
            sei_ctx_free(poor);
        }
        ck_assert_int_eq(st, SEI_OK);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("report documents");
    TCase *tc    = tcase_create("documents");

    tcase_set_timeout(tc, 240);
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, page_is_well_formed);
    tcase_add_test(tc, ids_are_unique_and_links_lead_somewhere);
    tcase_add_test(tc, page_asks_for_nothing);
    tcase_add_test(tc, page_has_both_languages_and_names_its_parts);
    tcase_add_test(tc, page_bytes_repeat);
    tcase_add_test(tc, json_and_csv_carry_the_tables);
    tcase_add_test(tc, unknown_format_names_the_known_ones);
    tcase_add_test(tc, failures_of_parts_reach_the_document);
    tcase_add_test(tc, short_memory_is_a_status_everywhere);
    suite_add_tcase(suite, tc);
    return t_run(suite);
}
