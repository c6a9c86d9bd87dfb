/* phreeqc_database.h - the context and the database that tests of whole inputs run with */
#ifndef SEI_TESTS_PHREEQC_DATABASE_H
#define SEI_TESTS_PHREEQC_DATABASE_H

#include "phreeqc/run.h"
#include "t.h"

static sei_ctx         *ctx;
static sei_pq_database *database;

static inline void open_database(void)
{
    ctx = sei_ctx_create(NULL);
    T_OK(ctx, sei_pq_database_read(ctx, SEI_SHARED_DIR "/thermo/wateq4f.dat", &database));
}

static inline void close_database(void)
{
    sei_pq_database_free(database);
    sei_ctx_free(ctx);
}

#endif
