/* audit.c - the hash-chained log */
#include "store/audit.h"

#include <sodium.h>
#include <string.h>

static void hash_number(crypto_generichash_state *state, int64_t n)
{
    uint8_t bytes[8];

    for (int i = 0; i < 8; i++)
        bytes[i] = (uint8_t)((uint64_t)n >> (8 * i));
    crypto_generichash_update(state, bytes, sizeof bytes);
}

/* Lengths before texts: "a", "bc" is not "ab", "c". */
static void hash_entry(const uint8_t before[SEI_AUDIT_HASH], int64_t time_us,
                       const char *const texts[4], uint8_t ret_hash[SEI_AUDIT_HASH])
{
    crypto_generichash_state state;

    crypto_generichash_init(&state, NULL, 0, SEI_AUDIT_HASH);
    crypto_generichash_update(&state, before, SEI_AUDIT_HASH);
    hash_number(&state, time_us);
    for (int i = 0; i < 4; i++) {
        hash_number(&state, (int64_t)strlen(texts[i]));
        crypto_generichash_update(&state, (const uint8_t *)texts[i], strlen(texts[i]));
    }
    crypto_generichash_final(&state, ret_hash, SEI_AUDIT_HASH);
}

static sei_status last_hash(sei_db *db, uint8_t ret_hash[SEI_AUDIT_HASH])
{
    sei_stmt  *stmt = NULL;
    bool       row  = false;
    sei_status st =
        sei_db_start(db, "SELECT hash FROM audit ORDER BY id DESC LIMIT 1", 0, NULL, &stmt);

    memset(ret_hash, 0, SEI_AUDIT_HASH);
    if (st == SEI_OK)
        st = sei_db_step(stmt, &row);
    if (st == SEI_OK && row) {
        size_t      len   = 0;
        const void *bytes = sei_db_blob(stmt, 0, &len);
        if (len == SEI_AUDIT_HASH)
            memcpy(ret_hash, bytes, len);
    }
    sei_db_finish(stmt);
    return st;
}

sei_status sei_audit_add(sei_store *store, int64_t time_us, const char *actor, const char *action,
                         const char *object, const char *detail)
{
    sei_db           *db       = sei_store_db(store);
    const char *const texts[4] = {actor, action, object, detail ? detail : ""};
    uint8_t           before[SEI_AUDIT_HASH], hash[SEI_AUDIT_HASH];
    sei_status        st = sei_store_begin(store);

    if (st != SEI_OK)
        return st;
    st = last_hash(db, before); /* writers wait for each other: nobody adds in between */
    if (st == SEI_OK) {
        hash_entry(before, time_us, texts, hash);
        st =
            sei_db_run(db,
                       "INSERT INTO audit(id, time_us, actor, action, object, detail, hash) VALUES("
                       "(SELECT coalesce(max(id), 0) + 1 FROM audit), $1, $2, $3, $4, $5, $6)",
                       SEI_BINDS(sei_bind_int(time_us), sei_bind_text(texts[0]),
                                 sei_bind_text(texts[1]), sei_bind_text(texts[2]),
                                 sei_bind_text(texts[3]), sei_bind_blob(hash, sizeof hash)),
                       NULL);
    }
    return sei_store_end(store, st);
}

typedef struct {
    uint8_t hash[SEI_AUDIT_HASH];
    int64_t n, bad, last_id;
} chain;

static sei_status follow(sei_ctx *ctx, sei_stmt *stmt, chain *c)
{
    char       *copies[4] = {0};
    const char *texts[4];
    size_t      len   = 0;
    const void *bytes = sei_db_blob(stmt, 6, &len);
    sei_status  st    = SEI_OK;

    for (int i = 0; i < 4; i++)
        texts[i] = copies[i] = sei_strdup(ctx, sei_db_text(stmt, 2 + i));
    c->n++;
    c->last_id = sei_db_int(stmt, 0);
    if (!copies[0] || !copies[1] || !copies[2] || !copies[3])
        st = SEI_E_NOMEM;
    else
        hash_entry(c->hash, sei_db_int(stmt, 1), texts, c->hash);
    if (c->bad == 0 &&
        (len != SEI_AUDIT_HASH || memcmp(bytes, c->hash, len) != 0 || c->last_id != c->n))
        c->bad = c->last_id;
    for (int i = 0; i < 4; i++)
        sei_release(ctx, copies[i]);
    return st;
}

/* In portions: a result of PostgreSQL stands in memory as a whole. */
static sei_status follow_some(sei_store *store, int64_t limit, chain *c)
{
    sei_stmt  *stmt = NULL;
    bool       row  = false;
    sei_status st   = sei_db_start(
          sei_store_db(store),
          "SELECT id, time_us, actor, action, object, detail, hash FROM audit WHERE id > $1"
            " ORDER BY id LIMIT $2",
          SEI_BINDS(sei_bind_int(c->last_id), sei_bind_int(limit)), &stmt);

    while (st == SEI_OK && (st = sei_db_step(stmt, &row)) == SEI_OK && row)
        st = follow(sei_store_ctx(store), stmt, c);
    sei_db_finish(stmt);
    return st;
}

sei_status sei_audit_verify(sei_store *store, int64_t *ret_n, int64_t *ret_bad_id,
                            uint8_t ret_last[SEI_AUDIT_HASH])
{
    enum { PORTION = 5000 };
    chain      c      = {.last_id = INT64_MIN};
    int64_t    before = -1;
    sei_status st     = SEI_OK;

    while (st == SEI_OK && c.n != before) {
        before = c.n;
        st     = follow_some(store, PORTION, &c);
    }
    if (st != SEI_OK)
        return st;
    *ret_n      = c.n;
    *ret_bad_id = c.bad;
    memcpy(ret_last, c.hash, sizeof c.hash);
    return SEI_OK;
}
