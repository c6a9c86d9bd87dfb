/* water_row.h - one analysed water: a row of a table whose columns are components or quantities */
#ifndef SEI_STUDY_WATER_ROW_H
#define SEI_STUDY_WATER_ROW_H

#include "base/arena.h"
#include "seiryu/chem.h"
#include "seiryu/water.h"

enum { SEI_WATER_ROW_NAME = 128, SEI_WATER_ROW_COMPONENT = 32 };

typedef struct {
    char         name[SEI_WATER_ROW_NAME], name_ja[SEI_WATER_ROW_NAME];
    sei_analysis analysis; /* analytes and balance point into this struct: do not copy it */
    sei_analyte  analytes[SEI_ANALYTES_MAX];
    char         component[SEI_ANALYTES_MAX][SEI_WATER_ROW_COMPONENT];
    bool    is_measured[SEI_ANALYTES_MAX];    /* came as a quantity (zn_mg_l), not as a component */
    char    balance[SEI_WATER_ROW_COMPONENT]; /* "" when the charge is left as it is */
    bool    has_time, has_flow;
    int64_t time_us;
    double  flow_m3_s;
    bool    has_ph, has_pe, has_eh, has_carbon;
    double  eh_v;                           /* against SHE */
    double  fe_kg_m3, fe2_kg_m3, fe3_kg_m3; /* NAN: not given */
} sei_water_row;

void sei_water_row_begin(sei_water_row *w);

/* Adds a component (unit NULL: mg/L). E_DUPLICATE when the water has it already; 0 and less leave it out. */
SEI_CHECKED sei_status sei_water_row_add(sei_ctx *ctx, const sei_where *where,
                                         const char *component, double value, const sei_unit *unit,
                                         sei_water_row *w);

/* Takes a measured quantity; one that is no part of a water's chemistry (level, SS) is passed over. */
SEI_CHECKED sei_status sei_water_row_take(sei_ctx *ctx, const sei_db *db, const sei_where *where,
                                          const sei_quantity *quantity, double value_si,
                                          sei_water_row *w);

/*
 * After the last quantity: the Eh becomes a pe. Without either, quantities of whole elements are their usual valence
 * in mine water (sulfate, As(V), Cu(II), Mn(II)), and of total iron the share fe2_share is Fe(II) (NAN: all, with a
 * warning); of components given whole the same when of_components. With a pe they are spread by it. where: the water's
 * place, for messages; may be NULL.
 */
SEI_CHECKED sei_status sei_water_row_settle(sei_ctx *ctx, const sei_db *db, const sei_where *where,
                                            double fe2_share, bool of_components, sei_water_row *w);

/* ---- tables ---- */

typedef struct {
    int                 kind; /* see water_row.c */
    const char         *component;
    const sei_unit     *unit; /* of a component; NULL: mg/L */
    sei_quantity_column measured;
} sei_water_column;

/*
 * Meaning of the columns of a table; columns[sei_table_n_columns(table)], names live in arena:
 *     name or point; temp, pH, pe, density; charge (what balances it: "pH" or a component)
 *     COMPONENT[_UNIT]      "Fe(2)", "Zn_ug_l", "S(6)_mol_kgw", "Alkalinity"; mg/L without a unit
 *     quantity              "zn_mg_l", "fe_dissolved_mg_l", "eh_mv"; with headers "亜鉛(mg/L)", "水温(℃)"
 * A quantity without a unit or in a wrong one is E_UNIT; any other column is passed over with a warning.
 */
SEI_CHECKED sei_status sei_water_columns_read(sei_ctx *ctx, const sei_db *db,
                                              const sei_table *table, const sei_headers *headers,
                                              sei_arena *arena, sei_water_column columns[]);

/* Column of the water's name; SIZE_MAX when there is none. */
size_t sei_water_columns_name(const sei_water_column columns[], size_t n);

/* SEI_E_MISSING when there is no row below the header. */
SEI_CHECKED sei_status sei_water_rows_check(sei_ctx *ctx, const sei_table *waters);

/* A row, unsettled. Empty cells, 0 and what is below its limit ("<0.005", with a warning) are left out; of total and
 * dissolved the dissolved counts. */
SEI_CHECKED sei_status sei_water_row_read(sei_ctx *ctx, const sei_db *db, const sei_table *table,
                                          size_t row, const sei_water_column columns[],
                                          sei_water_row *w);

#endif
