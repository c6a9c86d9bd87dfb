/* validation_inputs.c - what went into the runs of a page: water, units, and what its file says of sources */
#include "base/file.h"
#include "study/result_digest.h"
#include "study/result_words.h"
#include "t.h"
#include "unit/validation_score.h"

enum { CASES_MAX = 40, FILE_BYTES_MAX = 1 << 20 };

static bool is_mg_l(const sei_influent_row *r)
{
    return strcmp(r->column.quantity->unit, "mg_l") == 0;
}

/* A constant in the unit of tables, "38", and the unit behind it where is_alone. */
static void put_value(sei_buf *out, const sei_influent_row *r, bool is_alone)
{
    const double x = sei_column_shown(&r->column, r->constant.value_si);

    sei_buf_printf(out, "%.4g", x);
    if (is_alone)
        sei_buf_printf(out, " %s", sei_column_unit(&r->column));
}

static void put_water(sei_buf *out, const sei_site *site)
{
    bool first = true;

    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < site->influent.n_rows; i++) {
            const sei_influent_row *r     = &site->influent.rows[i];
            const bool              is_ph = strcmp(r->column.quantity->key, "ph") == 0;
            if (is_mg_l(r) != (pass == 1))
                continue;
            sei_buf_puts(out, first ? "" : ", ");
            first = false;
            if (pass == 1 || is_ph)
                sei_buf_printf(out, "%s ", r->column.quantity->symbol);
            if (r->has_constant)
                put_value(out, r, pass == 0 && !is_ph);
            else
                sei_buf_puts(out, "as a series");
        }
        if (pass == 0)
            sei_buf_puts(out, "; mg/L: "), first = true;
    }
    if (site->influent.has_fe2_share)
        sei_buf_printf(out, "; Fe(II) %.3g of iron", site->influent.fe2_share);
    if (site->influent.balance)
        sei_buf_printf(out, "; charge by %s", site->influent.balance->symbol);
}

static void put_units(sei_buf *out, const sei_site *site)
{
    static const char *const sizes[] = {"volume_m3", "area_m2", "depth_m"};

    for (size_t u = 0; u < site->n_units; u++) {
        const sei_unit_spec *spec = &site->units[u];
        sei_buf_printf(out, "%s%s `%s`", u > 0 ? "; " : "", spec->name, spec->type->key);
        for (size_t k = 0; k < T_COUNT(sizes); k++)
            for (size_t p = 0; p < spec->type->n_params; p++) {
                const sei_param *row = &spec->type->params[p];
                if (strcmp(row->key, sizes[k]) != 0 || !(spec->params[p] > 0.0))
                    continue;
                sei_buf_printf(out, ", %.5g %s", sei_param_shown(row, spec->params[p]), row->unit);
            }
    }
}

/* The remark at the head of the file in one line: source, what is published and what assumed. */
static void put_remark(sei_buf *out, sei_ctx *ctx, const sei_site *site)
{
    char       *text = NULL;
    size_t      len  = 0;
    const char *at;

    T_OK(ctx, sei_file_read(ctx, site->path, FILE_BYTES_MAX, &text, &len));
    for (at = text; *at == '#';) {
        const size_t n = strcspn(at, "\n");
        if (n > 2)
            sei_buf_printf(out, "%s%.*s", at == text ? "" : " ", (int)(n - 2), at + 2);
        at += n + (at[n] == '\n');
    }
    sei_release(ctx, text);
}

static void put_case(sei_buf *out, const char *run)
{
    v_run       r    = {.ctx = NULL};
    const char *file = NULL;

    v_open(&r, run);
    file = r.site->path + strlen(SEI_PROJECT_DIR);
    if (strncmp(file, "/docs/validation/", 17) == 0)
        sei_buf_printf(out, "| [%s](%s) | ", run, file + 17);
    else
        sei_buf_printf(out, "| [%s](../..%s) | ", run, file);
    put_water(out, r.site);
    sei_buf_puts(out, " | ");
    put_units(out, r.site);
    sei_buf_puts(out, " | ");
    put_remark(out, r.ctx, r.site);
    sei_buf_puts(out, " |\n");
    v_run_done(&r);
}

void v_inputs_put(sei_buf *out, v_book *book, const char *page)
{
    const v_data *data = v_book_data(book);
    char          seen[CASES_MAX][V_WORD_MAX];
    size_t        n = 0;

    sei_buf_puts(out, "| case | raw water | units | source, published, assumed |\n"
                      "|---|---|---|---|\n");
    for (size_t g = 0; g < data->n; g++)
        for (size_t f = 0; f < data->groups[g].n_figures; f++) {
            char   name[V_WORD_MAX];
            size_t k = 0;
            if (strcmp(data->groups[g].page, page) != 0)
                break;
            const char *run = data->groups[g].figures[f].measure.run;
            snprintf(name, sizeof name, "%.*s", (int)strcspn(run, "[@"), run);
            while (k < n && strcmp(seen[k], name) != 0)
                k++;
            if (k < n)
                continue;
            ck_assert_uint_lt(n, CASES_MAX);
            snprintf(seen[n++], V_WORD_MAX, "%s", name);
            put_case(out, name);
        }
}
