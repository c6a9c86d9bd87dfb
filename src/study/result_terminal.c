/* result_terminal.c - the table of a run for the terminal */
#include "study/result_terminal.h"

#include "base/buf.h"
#include "study/result_tables.h"
#include "study/result_words.h"

static size_t count_fails(const sei_digest *d)
{
    size_t n = 0;

    for (size_t i = 0; i < d->n_judgements; i++)
        n += d->judgements[i].verdict == SEI_VERDICT_FAIL;
    return n;
}

/* One line below the table: what it comes to. */
static void put_sum(sei_buf *out, const sei_digest *d, sei_lang lang)
{
    const size_t fails = count_fails(d), n = d->n_judgements;

    if (lang != SEI_LANG_EN) {
        if (n == 0)
            sei_buf_puts(out, "適用される基準がないため判定していません。\n");
        else if (fails == 0)
            sei_buf_printf(out, "基準 %zu 件すべてに適合。\n", n);
        else
            sei_buf_printf(out, "基準 %zu 件のうち %zu 件が不適合。\n", n, fails);
    }
    if (lang != SEI_LANG_JA) {
        if (n == 0)
            sei_buf_puts(out, "No limit applies: nothing was judged.\n");
        else if (fails == 0)
            sei_buf_printf(out, "Every limit that applies is kept (%zu).\n", n);
        else
            sei_buf_printf(out, "%zu of %zu limits are not kept.\n", fails, n);
    }
}

static void put_rest(sei_buf *out, const sei_result *r, sei_lang lang)
{
    if (!sei_result_drifts(r))
        return;
    if (lang != SEI_LANG_EN)
        sei_buf_puts(out,
                     "槽内の固相はこの定常状態でも変化し続ける(報告書に一覧)。沈殿物を含む状態は "
                     "run.deposits_after_d で求める。\n");
    if (lang != SEI_LANG_JA)
        sei_buf_puts(out, "Solids in the beds go on changing at this steady state (listed in the "
                          "report); run.deposits_after_d finds it with deposits.\n");
}

static void put_warnings(sei_buf *out, const sei_digest *d, sei_lang lang)
{
    const size_t n      = d->result->n_warnings + sei_digest_n_breach_rows(d),
                 n_laws = sei_digest_n_laws_outside(d);

    if (n > 0 && lang != SEI_LANG_EN)
        sei_buf_printf(out, "警告 %zu 件(報告書に一覧)。\n", n);
    if (n > 0 && lang != SEI_LANG_JA)
        sei_buf_printf(out, "Warnings: %zu, listed in the report.\n", n);
    if (n_laws > 0 && lang != SEI_LANG_EN)
        sei_buf_printf(out, "適用範囲外で使われた速度則 %zu 件:\n", n_laws);
    if (n_laws > 0 && lang != SEI_LANG_JA)
        sei_buf_printf(out, "Rate laws that worked outside their range: %zu\n", n_laws);
    for (size_t i = 0; i < d->n_breaches; i += sei_digest_breaches_of(d, i)) {
        const sei_words w = sei_law_outside_words(d, i);
        sei_buf_printf(out, "  %s\n", lang == SEI_LANG_JA ? w.ja : w.en);
    }
}

/* Appends a table that only some trains have, and frees it. */
static sei_status put_extra(sei_ctx *ctx, sei_buf *out, sei_rtable *table, sei_lang lang,
                            bool colour)
{
    char      *text = NULL;
    size_t     len  = 0;
    sei_status st   = SEI_OK;

    if (!table)
        return SEI_OK;
    st = sei_rtable_write(ctx, table, SEI_RTABLE_TERMINAL, lang, colour, &text, &len);
    if (st == SEI_OK) {
        sei_buf_puts(out, "\n");
        sei_buf_put(out, text, len);
    }
    sei_release(ctx, text);
    sei_rtable_free(table);
    return st;
}

sei_status sei_result_terminal_in(sei_ctx *ctx, const sei_result *result, sei_lang lang,
                                  bool colour, char **ret_text)
{
    sei_digest *d     = NULL;
    sei_rtable *table = NULL;
    char       *text  = NULL, *all;
    size_t      len   = 0;
    sei_buf     out;

    sei_buf_init(&out, ctx, (size_t)1 << 24);
    sei_status st = sei_digest_create(ctx, result, &d);
    if (st != SEI_OK)
        goto done;
    table = sei_table_water(d);
    st    = sei_rtable_write(ctx, table, SEI_RTABLE_TERMINAL, lang, colour, &text, &len);
    if (st != SEI_OK)
        goto done;
    sei_buf_put(&out, text, len);
    put_sum(&out, d, lang);
    put_rest(&out, result, lang);
    put_warnings(&out, d, lang);
    st = put_extra(ctx, &out, sei_table_reagents(d), lang, colour);
    if (st == SEI_OK)
        st = put_extra(ctx, &out, sei_table_sludge(d), lang, colour);
    if (st == SEI_OK)
        st = out.status;
    if (st != SEI_OK)
        goto done;
    all = sei_strdup(ctx, out.text);
    if (!all) {
        st = SEI_E_NOMEM;
        goto done;
    }
    *ret_text = all;
done:
    sei_buf_done(&out);
    sei_release(ctx, text);
    sei_rtable_free(table);
    sei_digest_free(d);
    return st;
}

sei_status sei_result_terminal(sei_ctx *ctx, const sei_result *result, bool colour, char **ret_text)
{
    return sei_result_terminal_in(ctx, result, SEI_LANG_BOTH, colour, ret_text);
}
