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
    if (db->ops->lock_audit)
        st = sei_db_script(db, db->ops->lock_audit);
    if (st == SEI_OK)
        st = last_hash(db, before);
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

sei_status sei_audit_verify(sei_store *store, int64_t *ret_n, int64_t *ret_bad_id,
                            uint8_t ret_last[SEI_AUDIT_HASH])
{
    sei_stmt  *stmt                 = NULL;
    bool       row                  = false;
    uint8_t    hash[SEI_AUDIT_HASH] = {0};
    int64_t    n = 0, bad = 0;
    sei_status st = sei_db_start(
        sei_store_db(store),
        "SELECT id, time_us, actor, action, object, detail, hash FROM audit ORDER BY id", 0, NULL,
        &stmt);

    while (st == SEI_OK && (st = sei_db_step(stmt, &row)) == SEI_OK && row) {
        char       *copies[4] = {0};
        const char *texts[4];
        for (int i = 0; i < 4; i++)
            texts[i] = copies[i] = sei_strdup(sei_store_ctx(store), sei_db_text(stmt, 2 + i));
        size_t      len   = 0;
        const void *bytes = sei_db_blob(stmt, 6, &len);
        n++;
        if (!copies[0] || !copies[1] || !copies[2] || !copies[3])
            st = SEI_E_NOMEM;
        else
            hash_entry(hash, sei_db_int(stmt, 1), texts, hash);
        if (bad == 0 &&
            (len != SEI_AUDIT_HASH || memcmp(bytes, hash, len) != 0 || sei_db_int(stmt, 0) != n))
            bad = sei_db_int(stmt, 0);
        for (int i = 0; i < 4; i++)
            sei_release(sei_store_ctx(store), copies[i]);
    }
    sei_db_finish(stmt);
    if (st != SEI_OK)
        return st;
    *ret_n      = n;
    *ret_bad_id = bad;
    memcpy(ret_last, hash, sizeof hash);
    return SEI_OK;
}
