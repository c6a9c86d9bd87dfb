/* titrate_water.h - the water to titrate: a row of a table, or the influent of a site */
#ifndef SEI_STUDY_TITRATE_WATER_H
#define SEI_STUDY_TITRATE_WATER_H

#include "seiryu/chem.h"
#include "seiryu/study.h"
#include "seiryu/water.h"

enum { SEI_TITRATE_WATER_NAME = 128, SEI_TITRATE_COMPONENT = 32 };

typedef struct {
    char         name[SEI_TITRATE_WATER_NAME], name_ja[SEI_TITRATE_WATER_NAME];
    sei_analysis analysis; /* analytes and balance point into this struct: do not copy it */
    sei_analyte  analytes[SEI_ANALYTES_MAX];
    char         component[SEI_ANALYTES_MAX][SEI_TITRATE_COMPONENT];
    char         balance[SEI_TITRATE_COMPONENT];
    bool         has_time, has_flow;
    int64_t      time_us;
    double       flow_m3_s;
    bool         has_ph, has_pe, has_carbon;
    double       fe_kg_m3, fe2_kg_m3, fe3_kg_m3; /* NAN: not given */
} sei_titrate_water;

typedef struct {
    const sei_headers *headers; /* words of laboratory sheets; may be NULL */
    double fe2_share; /* of total iron when valences are not given; NAN: said by the site, or 1 */
    const char *balance; /* component, "pH", "none"; NULL: as the table or the site says */
} sei_titrate_reading;

/*
 * A row of a table: row is its name (column name or point) or its number from 1; NULL: the only row. Columns are
 * those of seiryu speciate (Fe(2), Zn_ug_l, ...) or quantities as in other tables (zn_mg_l, 亜鉛(mg/L), ...). E_NOT_FOUND
 * when there is no such row, E_MISSING without a pH.
 */
SEI_CHECKED sei_status sei_titrate_water_row(sei_ctx *ctx, const sei_db *db, const sei_table *table,
                                             const char *row, const sei_titrate_reading *reading,
                                             sei_titrate_water *ret_water);

/* The influent of a site at a time. */
SEI_CHECKED sei_status sei_titrate_water_site(sei_ctx *ctx, const sei_db *db, const sei_site *site,
                                              int64_t time_us, const sei_titrate_reading *reading,
                                              sei_titrate_water *ret_water);

#endif
