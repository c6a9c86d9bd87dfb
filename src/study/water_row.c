/* water_row.c - one analysed water from a row of a table */
#include "study/water_row.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/constants.h"
#include "base/number.h"
#include "base/text.h"
#include "chem/analysis.h"
#include "study/run.h"
#include "water/value.h"

#define LN10 2.302585092994045684

/* ---- filling ------------------------------------------------------------------------------------ */

void sei_water_row_begin(sei_water_row *w)
{
    memset(w, 0, sizeof *w);
    w->analysis = sei_analysis_default();
    w->fe_kg_m3 = w->fe2_kg_m3 = w->fe3_kg_m3 = NAN;
    w->analysis.analytes                      = w->analytes;
}

static bool has_component(const sei_water_row *w, const char *component)
{
    for (size_t i = 0; i < w->analysis.n; i++)
        if (strcmp(w->component[i], component) == 0)
            return true;
    return false;
}

sei_status sei_water_row_add(sei_ctx *ctx, const sei_where *where, const char *component,
                             double value, const sei_unit *unit, sei_water_row *w)
{
    if (!(value > 0.0))
        return SEI_OK;
    if (has_component(w, component))
        return sei_fail(ctx, SEI_E_DUPLICATE, where, "%s is given twice", component);
    if (w->analysis.n == SEI_ANALYTES_MAX || strlen(component) >= SEI_WATER_ROW_COMPONENT)
        return sei_fail(ctx, SEI_E_TOO_LARGE, where, "more than %d components in one water",
                        (int)SEI_ANALYTES_MAX);
    const size_t i = w->analysis.n++;
    snprintf(w->component[i], SEI_WATER_ROW_COMPONENT, "%s", component);
    w->analytes[i] = (sei_analyte){w->component[i], value, unit};
    if (component[0] == 'C' && (component[1] == '\0' || component[1] == '('))
        w->has_carbon = true;
    if (strcmp(component, "Alkalinity") == 0)
        w->has_carbon = true;
    return SEI_OK;
}

/* As moles: mass units of databases differ (S as SO4, Si as SiO2 or Si). */
static sei_status add_molar(sei_ctx *ctx, const sei_db *db, const sei_where *where,
                            const char *component, const sei_quantity *q, double kg_m3,
                            sei_water_row *w)
{
    const size_t before = w->analysis.n;
    double       mol_m3;

    if (!sei_db_has_component(db, component)) {
        sei_warn(ctx, where, "database %s has no %s: it is left out", sei_db_name(db), component);
        return SEI_OK;
    }
    if (!sei_quantity_to_molar(q, kg_m3, &mol_m3))
        return SEI_OK;
    const sei_status st =
        sei_water_row_add(ctx, where, component, mol_m3, sei_unit_find("mmol_l"), w);
    if (w->analysis.n > before)
        w->is_measured[before] = true;
    return st;
}

/* Quantities that are no components. False: not one of these. */
static bool take_condition(sei_water_row *w, const char *key, double si)
{
    if (strcmp(key, "ph") == 0) {
        w->analysis.ph = si;
        w->has_ph      = true;
    } else if (strcmp(key, "temp") == 0) {
        w->analysis.temp_c = si - SEI_ZERO_CELSIUS;
    } else if (strcmp(key, "flow") == 0) {
        w->flow_m3_s = si;
        w->has_flow  = true;
    } else if (strcmp(key, "fe") == 0) {
        w->fe_kg_m3 = si;
    } else if (strcmp(key, "fe2") == 0) {
        w->fe2_kg_m3 = si;
    } else if (strcmp(key, "fe3") == 0) {
        w->fe3_kg_m3 = si;
    } else if (strcmp(key, "eh") == 0) {
        w->eh_v   = si;
        w->has_eh = true;
    } else {
        return false;
    }
    return true;
}

/* Component of a quantity: that of the treatment model, or the element whose symbol it bears (Ni, Ba). */
static const char *component_of(const sei_db *db, const sei_quantity *q)
{
    if (strcmp(q->key, "tic") == 0)
        return "C(4)";
    if (strcmp(q->key, "alkalinity") == 0)
        return "Alkalinity";
    const char *component = sei_run_component_of(q->key);
    if (component)
        return component;
    return sei_equal_nocase(q->key, q->symbol) && sei_db_has_component(db, q->symbol) ? q->symbol
                                                                                      : NULL;
}

sei_status sei_water_row_take(sei_ctx *ctx, const sei_db *db, const sei_where *where,
                              const sei_quantity *q, double si, sei_water_row *w)
{
    if (take_condition(w, q->key, si))
        return SEI_OK;
    const char *component = component_of(db, q);
    return component ? add_molar(ctx, db, where, component, q, si, w) : SEI_OK;
}

/* ---- settling ----------------------------------------------------------------------------------- */

static void warn_of_iron(sei_ctx *ctx, const sei_where *where)
{
    sei_warn(ctx, where,
             "total iron is taken as Fe(II); give Fe(II) and Fe(III) apart (fe2_mg_l and fe3_mg_l, "
             "Fe(2) and Fe(3)), "
             "a pe or an Eh (eh_mv), or with titrate --fe2-share");
}

static sei_status take_iron(sei_ctx *ctx, const sei_db *db, const sei_where *where, double share,
                            sei_water_row *w)
{
    const sei_quantity *fe2 = sei_quantity_find("fe2"), *fe3 = sei_quantity_find("fe3");

    if (!isnan(w->fe_kg_m3) && isnan(w->fe2_kg_m3) && isnan(w->fe3_kg_m3)) {
        if (isnan(share) && w->has_pe)
            return add_molar(ctx, db, where, "Fe", sei_quantity_find("fe"), w->fe_kg_m3, w);
        if (isnan(share))
            warn_of_iron(ctx, where);
        w->fe2_kg_m3 = w->fe_kg_m3 * (isnan(share) ? 1.0 : share);
    }
    if (!isnan(w->fe_kg_m3) && isnan(w->fe3_kg_m3))
        w->fe3_kg_m3 = fmax(0.0, w->fe_kg_m3 - w->fe2_kg_m3);
    if (!isnan(w->fe_kg_m3) && isnan(w->fe2_kg_m3))
        w->fe2_kg_m3 = fmax(0.0, w->fe_kg_m3 - w->fe3_kg_m3);
    sei_status st = SEI_OK;
    if (!isnan(w->fe2_kg_m3))
        st = add_molar(ctx, db, where, "Fe(2)", fe2, w->fe2_kg_m3, w);
    if (st == SEI_OK && !isnan(w->fe3_kg_m3))
        st = add_molar(ctx, db, where, "Fe(3)", fe3, w->fe3_kg_m3, w);
    return st;
}

/* The default pe would make some of the copper Cu(I). */
static void choose_valences(const sei_db *db, bool of_components, sei_water_row *w)
{
    static const struct {
        const char *whole, *valence;
    } usual[] = {{"As", "As(5)"}, {"C", "C(4)"}, {"Cu", "Cu(2)"}, {"Mn", "Mn(2)"}, {"S", "S(6)"}};

    for (size_t i = 0; i < w->analysis.n; i++)
        for (size_t k = 0; k < sizeof usual / sizeof usual[0]; k++)
            if ((of_components || w->is_measured[i]) &&
                strcmp(w->component[i], usual[k].whole) == 0 &&
                sei_db_has_component(db, usual[k].valence) && !has_component(w, usual[k].valence))
                snprintf(w->component[i], SEI_WATER_ROW_COMPONENT, "%s", usual[k].valence);
}

/* The same for iron given whole as a component: its share of Fe(II). */
static sei_status split_iron(sei_ctx *ctx, const sei_db *db, const sei_where *where, double share,
                             sei_water_row *w)
{
    for (size_t i = 0; i < w->analysis.n; i++) {
        sei_analyte *a = &w->analytes[i];
        if (strcmp(w->component[i], "Fe") != 0 || !sei_db_has_component(db, "Fe(2)") ||
            !sei_db_has_component(db, "Fe(3)"))
            continue;
        if (isnan(share))
            warn_of_iron(ctx, where);
        const double fe2 = isnan(share) ? 1.0 : share, whole = a->value;
        snprintf(w->component[i], SEI_WATER_ROW_COMPONENT, "%s", fe2 > 0.0 ? "Fe(2)" : "Fe(3)");
        if (!(fe2 > 0.0 && fe2 < 1.0))
            return SEI_OK;
        a->value = fe2 * whole;
        return sei_water_row_add(ctx, where, "Fe(3)", (1.0 - fe2) * whole, a->unit, w);
    }
    return SEI_OK;
}

sei_status sei_water_row_settle(sei_ctx *ctx, const sei_db *db, const sei_where *where,
                                double fe2_share, bool of_components, sei_water_row *w)
{
    if (w->has_eh && !w->has_pe) {
        const double t_k = w->analysis.temp_c + SEI_ZERO_CELSIUS;
        w->analysis.pe   = w->eh_v * SEI_FARADAY / (SEI_GAS_CONSTANT * t_k * LN10);
        w->has_pe        = true;
    }
    sei_status st = take_iron(ctx, db, where, fe2_share, w);
    if (st != SEI_OK || w->has_pe)
        return st;
    if (of_components)
        st = split_iron(ctx, db, where, fe2_share, w);
    choose_valences(db, of_components, w);
    return st;
}

/* ---- columns of a table ------------------------------------------------------------------------- */

typedef enum { PASS, NAME, TIME, TEMP, PH, PE, DENSITY, CHARGE, COMPONENT, QUANTITY } column_kind;

static column_kind plain_kind(const char *header)
{
    static const struct {
        const char *header;
        column_kind kind;
    } known[] = {
        {"name", NAME},    {"point", NAME}, {"temp", TEMP},       {"temp_c", TEMP},
        {"pH", PH},        {"pe", PE},      {"density", DENSITY}, {"density_kg_l", DENSITY},
        {"charge", CHARGE}};

    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (sei_equal_nocase(header, known[i].header))
            return known[i].kind;
    return PASS;
}

/* "Fe(2)", "Zn_ug_l"; "Fe_di" is a component itself and carries no unit. */
static sei_status find_component(const sei_db *db, const char *header, sei_arena *arena,
                                 sei_water_column *c)
{
    size_t stem = strlen(header);

    if (!sei_db_has_component(db, header))
        c->unit = sei_name_unit(header, &stem);
    c->component = sei_arena_strndup(arena, header, stem);
    if (!c->component)
        return SEI_E_NOMEM;
    if (!sei_db_has_component(db, c->component))
        c->component = NULL;
    return SEI_OK;
}

static sei_status find_quantity(sei_ctx *ctx, const sei_db *db, const sei_where *where,
                                const char *header, const sei_headers *headers, sei_water_column *c)
{
    sei_column       meaning;
    const sei_status st = sei_headers_resolve(ctx, headers, where, header, &meaning);

    /* Zinc without a unit is a slip, not a column to do without. */
    if (st == SEI_E_NOMEM || st == SEI_E_UNIT)
        return st;
    if (st != SEI_OK) {
        char reason[600];
        snprintf(reason, sizeof reason, "%s", sei_ctx_error(ctx));
        sei_warn(ctx, NULL, "%s; it is no component of %s either: the column is passed over",
                 reason, sei_db_name(db));
        return SEI_OK;
    }
    if (meaning.kind == SEI_COLUMN_VALUE) {
        c->kind     = QUANTITY;
        c->measured = meaning.measured;
    } else if (meaning.kind == SEI_COLUMN_TIME) {
        c->kind = TIME;
    } else if (meaning.kind == SEI_COLUMN_TEXT && strcmp(meaning.text_key, "point") == 0) {
        c->kind = NAME;
    }
    return SEI_OK;
}

static sei_status read_column(sei_ctx *ctx, const sei_db *db, const sei_table *t, size_t at,
                              const sei_headers *headers, sei_arena *arena, sei_water_column *c)
{
    const char     *header = sei_table_header(t, at);
    const sei_where where  = sei_table_where(t, SEI_TABLE_HEADER);

    *c = (sei_water_column){.kind = (int)plain_kind(header)};
    if (c->kind != PASS)
        return SEI_OK;
    const sei_status st = find_component(db, header, arena, c);
    if (st != SEI_OK || !c->component)
        return st != SEI_OK ? st : find_quantity(ctx, db, &where, header, headers, c);
    c->kind = COMPONENT;
    return sei_analyte_check_unit(ctx, &where, c->component, c->unit);
}

sei_status sei_water_columns_read(sei_ctx *ctx, const sei_db *db, const sei_table *t,
                                  const sei_headers *headers, sei_arena *arena,
                                  sei_water_column columns[])
{
    sei_status st = SEI_OK;

    for (size_t at = 0; at < sei_table_n_columns(t) && st == SEI_OK; at++)
        st = read_column(ctx, db, t, at, headers, arena, &columns[at]);
    return st;
}

size_t sei_water_columns_name(const sei_water_column columns[], size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (columns[i].kind == NAME)
            return i;
    return SIZE_MAX;
}

sei_status sei_water_rows_check(sei_ctx *ctx, const sei_table *waters)
{
    return sei_table_n_rows(waters) > 0
               ? SEI_OK
               : sei_fail(ctx, SEI_E_MISSING, NULL,
                          "%s holds no water: there is no row below the header",
                          sei_table_file(waters));
}

/* ---- cells of a row ----------------------------------------------------------------------------- */

static sei_status read_component(sei_ctx *ctx, const sei_table *t, size_t row, size_t at,
                                 const sei_water_column *c, sei_water_row *w)
{
    const sei_where where = sei_table_where(t, row);
    const char     *cell  = sei_table_cell(t, row, at);
    double          value = 0.0;

    switch (sei_cell_read(cell, &value)) {
    case SEI_CELL_BELOW:
    case SEI_CELL_BELOW_UNKNOWN:
        sei_warn(ctx, &where, "%s %s is below the limit of quantification: left out", c->component,
                 cell);
        return SEI_OK;
    case SEI_CELL_NUMBER:
    case SEI_CELL_ABOVE: break;
    case SEI_CELL_MISSING: return SEI_OK;
    case SEI_CELL_OTHER: return sei_table_fail(ctx, t, SEI_E_TYPE, row, at, "not a number");
    }
    if (value < 0.0)
        return sei_table_fail(ctx, t, SEI_E_RANGE, row, at, "a concentration is not below 0");
    return sei_water_row_add(ctx, &where, c->component, value, c->unit, w);
}

static bool is_missing(const char *cell)
{
    double number;

    return sei_cell_read(cell, &number) == SEI_CELL_MISSING;
}

/* A quantity that another cell of the row gives as well (total and dissolved zinc): the dissolved one counts. */
static bool is_outdone(const sei_table *t, size_t row, const sei_water_column columns[], size_t at)
{
    const size_t n = sei_table_n_columns(t);

    if (columns[at].kind != QUANTITY || columns[at].measured.fraction == SEI_FRACTION_DISSOLVED)
        return false;
    for (size_t i = 0; i < n; i++)
        if (i != at && columns[i].kind == QUANTITY &&
            columns[i].measured.quantity == columns[at].measured.quantity &&
            columns[i].measured.fraction == SEI_FRACTION_DISSOLVED &&
            !is_missing(sei_table_cell(t, row, i)))
            return true;
    return columns[at].measured.fraction == SEI_FRACTION_SUSPENDED;
}

static sei_status read_quantity(sei_ctx *ctx, const sei_db *db, const sei_table *t, size_t row,
                                size_t at, const sei_water_column *c, sei_water_row *w)
{
    const sei_where where = sei_table_where(t, row);
    sei_value       v;

    const sei_status st = sei_table_value(ctx, t, row, at, &c->measured, &v);
    if (st != SEI_OK || v.qc == SEI_QC_MISSING || v.qc == SEI_QC_BAD)
        return st;
    if (v.qc == SEI_QC_BELOW_LOQ) {
        sei_warn(ctx, &where, "%s %s is below the limit of quantification: left out",
                 c->measured.quantity->symbol, sei_table_cell(t, row, at));
        return SEI_OK;
    }
    return sei_water_row_take(ctx, db, &where, c->measured.quantity, v.value_si, w);
}

static sei_status read_number(sei_ctx *ctx, const sei_table *t, size_t row, size_t at, double low,
                              double high, double *ret_value)
{
    double           value = 0.0;
    const sei_status st    = sei_table_number(ctx, t, row, at, &value);

    if (st != SEI_OK)
        return st;
    if (!(value >= low && value <= high))
        return sei_table_fail(ctx, t, SEI_E_RANGE, row, at, "outside %g..%g", low, high);
    *ret_value = value;
    return SEI_OK;
}

static sei_status read_balance(sei_ctx *ctx, const sei_table *t, size_t row, size_t at,
                               sei_water_row *w)
{
    const char *cell = sei_table_cell(t, row, at);

    if (strlen(cell) >= sizeof w->balance)
        return sei_table_fail(ctx, t, SEI_E_RANGE, row, at, "neither pH nor a component");
    memcpy(w->balance, cell, strlen(cell) + 1);
    return SEI_OK;
}

static sei_status read_cell(sei_ctx *ctx, const sei_db *db, const sei_table *t, size_t row,
                            size_t at, const sei_water_column *c, sei_water_row *w)
{
    const char *cell = sei_table_cell(t, row, at);

    /* "Na" is a component to balance the charge with, and no mark for a missing value there */
    if (cell[0] == '\0' || (c->kind != CHARGE && c->kind != TIME && is_missing(cell)))
        return SEI_OK;
    switch ((column_kind)c->kind) {
    case TEMP: return read_number(ctx, t, row, at, 0.0, 100.0, &w->analysis.temp_c);
    case PH: w->has_ph = true; return read_number(ctx, t, row, at, -2.0, 16.0, &w->analysis.ph);
    case PE: w->has_pe = true; return read_number(ctx, t, row, at, -20.0, 25.0, &w->analysis.pe);
    case DENSITY: return read_number(ctx, t, row, at, 0.5, 3.0, &w->analysis.density_kg_l);
    case TIME:
        w->has_time = sei_parse_time(cell, strlen(cell), SEI_JST_OFFSET_US, &w->time_us);
        return SEI_OK;
    case CHARGE: return read_balance(ctx, t, row, at, w);
    case COMPONENT: return read_component(ctx, t, row, at, c, w);
    case QUANTITY: return read_quantity(ctx, db, t, row, at, c, w);
    default: return SEI_OK;
    }
}

sei_status sei_water_row_read(sei_ctx *ctx, const sei_db *db, const sei_table *t, size_t row,
                              const sei_water_column columns[], sei_water_row *w)
{
    const size_t n       = sei_table_n_columns(t);
    const size_t name_at = sei_water_columns_name(columns, n);
    sei_status   st      = SEI_OK;

    sei_water_row_begin(w);
    if (name_at != SIZE_MAX)
        snprintf(w->name, sizeof w->name, "%s", sei_table_cell(t, row, name_at));
    sei_utf8_trim(w->name);
    memcpy(w->name_ja, w->name, sizeof w->name);
    for (size_t at = 0; at < n && st == SEI_OK; at++)
        if (!is_outdone(t, row, columns, at))
            st = read_cell(ctx, db, t, row, at, &columns[at], w);
    return st;
}
