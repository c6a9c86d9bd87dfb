/* titrate_water.h - the water to titrate: a row of a table, or the influent of a site */
#ifndef SEI_STUDY_TITRATE_WATER_H
#define SEI_STUDY_TITRATE_WATER_H

#include "seiryu/study.h"
#include "study/water_row.h"

typedef struct {
    const sei_headers *headers; /* words of laboratory sheets; may be NULL */
    double fe2_share; /* of total iron when valences are not given; NAN: said by the site, or 1 */
    const char *balance; /* component, "pH", "none"; NULL: as the table or the site says */
} sei_titrate_reading;

/*
 * A row of a table (columns: study/water_row.h): row is its name (column name or point) or its number from 1; NULL:
 * the only row. E_NOT_FOUND when there is no such row, E_MISSING without a pH.
 */
SEI_CHECKED sei_status sei_titrate_water_row(sei_ctx *ctx, const sei_db *db, const sei_table *table,
                                             const char *row, const sei_titrate_reading *reading,
                                             sei_water_row *ret_water);

/* The influent of a site at a time. */
SEI_CHECKED sei_status sei_titrate_water_site(sei_ctx *ctx, const sei_db *db, const sei_site *site,
                                              int64_t time_us, const sei_titrate_reading *reading,
                                              sei_water_row *ret_water);

#endif
