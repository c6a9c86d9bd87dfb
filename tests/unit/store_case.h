/* store_case.h - a store in a folder of its own, with one site, one station and some channels; where SEI_TEST_STORE
 * names a database (with_postgres.py), there */
#ifndef SEI_TESTS_STORE_CASE_H
#define SEI_TESTS_STORE_CASE_H

#include <sys/stat.h>
#include <unistd.h>

#include "store/store.h"
#include "t.h"

typedef struct {
    sei_ctx   *ctx;
    sei_store *store;
    char       folder[64], url[200];
} store_case;

static inline bool store_case_is_postgres(void)
{
    return getenv("SEI_TEST_STORE") != NULL;
}

/* Empties the database of SEI_TEST_STORE. */
static inline void store_case_empty(sei_ctx *ctx, const char *url)
{
    sei_db *db = NULL;

    T_OK(ctx, sei_db_open(ctx, url, SEI_DB_READ_WRITE, &db));
    T_OK(ctx, sei_db_script(db, "DROP SCHEMA public CASCADE; CREATE SCHEMA public"));
    sei_db_close(db);
}

static inline void store_case_open(store_case *c)
{
    c->ctx = sei_ctx_create(NULL);
    snprintf(c->folder, sizeof c->folder, "/tmp/seiryu-store-XXXXXX");
    ck_assert(mkdtemp(c->folder) != NULL);
    if (store_case_is_postgres()) {
        snprintf(c->url, sizeof c->url, "%s", getenv("SEI_TEST_STORE"));
        store_case_empty(c->ctx, c->url);
    } else {
        snprintf(c->url, sizeof c->url, "sqlite:%s/store.db", c->folder);
    }
    T_OK(c->ctx, sei_store_open(c->ctx, c->url, SEI_STORE_CREATE, &c->store));
}

static inline void store_case_seed(store_case *c)
{
    T_OK(c->ctx,
         sei_db_script(sei_store_db(c->store),
                       "INSERT INTO site VALUES(1, 'mine', 'Mine', '', NULL, NULL, '', 0)"));
    T_OK(c->ctx,
         sei_db_script(sei_store_db(c->store),
                       "INSERT INTO station VALUES(1, 1, 'outlet', 'Outlet', '', NULL, NULL,"
                       " 'mqtt', '', 600, 1, '[]', 0)"));
    for (int i = 1; i <= 10; i++)
        T_OK(c->ctx, sei_db_run(sei_store_db(c->store),
                                "INSERT INTO channel VALUES($1, 1, 'c' || CAST($2 AS TEXT), '', "
                                "'', '', '', 2, NULL,"
                                " NULL, 0)",
                                SEI_BINDS(sei_bind_int(i), sei_bind_int(i)), NULL));
}

static inline void store_case_close(store_case *c)
{
    char name[300];

    sei_store_close(c->store);
    sei_ctx_free(c->ctx);
    const char *const files[] = {"store.db", "store.db-wal", "store.db-shm", "copy.db"};
    for (size_t i = 0; i < T_COUNT(files); i++) {
        snprintf(name, sizeof name, "%s/%s", c->folder, files[i]);
        unlink(name);
    }
    rmdir(c->folder);
}

#endif
