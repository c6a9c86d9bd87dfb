/* access.h - who may do what: people, sessions, tokens, second factors, the audit log's entries about them */
#ifndef SEI_SERVER_ACCESS_H
#define SEI_SERVER_ACCESS_H

#include "server/server.h"
#include "store/store.h"

/* Kept on disk. AUDITOR sees what a viewer sees, and the audit log. */
typedef enum {
    SEI_ROLE_NONE          = 0,
    SEI_ROLE_VIEWER        = 1,
    SEI_ROLE_OPERATOR      = 2,
    SEI_ROLE_ENGINEER      = 3,
    SEI_ROLE_ADMINISTRATOR = 4,
    SEI_ROLE_AUDITOR       = 5
} sei_role;

const char *sei_role_name(sei_role role);
sei_role    sei_role_find(const char *name); /* NONE when not known */

enum { SEI_GRANTS_MAX = 64, SEI_PERSON_NAME_MAX = 64 };

typedef struct {
    int64_t  site_id; /* 0: every site */
    sei_role role;
} sei_grant;

/* Who asks. */
typedef struct {
    int64_t   person_id; /* 0: nobody */
    char      name[SEI_PERSON_NAME_MAX];
    char      full_name[200], lang[4];
    bool      by_token, totp_on;
    char      csrf[SEI_TOKEN_TEXT_MAX];
    int64_t   until_us;
    size_t    n_grants;
    sei_grant grants[SEI_GRANTS_MAX];
} sei_actor;

/* Has the actor at least this role there? site_id 0: on all sites. */
bool sei_actor_may(const sei_actor *actor, int64_t site_id, sei_role role);
bool sei_actor_may_somewhere(const sei_actor *actor, sei_role role);

/* ---- passwords, tokens, codes */

/* 32 random bytes as text, and the hash by which they are found again. */
void sei_token_make(char ret_text[SEI_TOKEN_TEXT_MAX], uint8_t ret_hash[32]);
void sei_token_hash(const char *text, uint8_t ret_hash[32]);

enum { SEI_PASSWORD_MIN = 12, SEI_PASSWORD_MAX = 200, SEI_PASSWORD_HASH_MAX = 128 };
SEI_CHECKED sei_status sei_password_hash(sei_ctx *ctx, const char *password,
                                         char ret_hash[SEI_PASSWORD_HASH_MAX]);
/* hash may be NULL: takes as long, and is false. */
bool sei_password_is(const char *hash, const char *password);

enum { SEI_TOTP_SECRET = 20, SEI_TOTP_BASE32 = 33 };
/* Code of RFC 6238 with SHA-1 (what authenticator programs do), 30 s and digits 6..8. */
uint32_t sei_totp_code(const uint8_t *secret, size_t len, int64_t step, int digits);
/* The step that the code belongs to, one before or after now allowed and later than last_step; -1: none. */
int64_t sei_totp_step(const uint8_t secret[SEI_TOTP_SECRET], const char *code, int64_t now_us,
                      int64_t last_step);
void    sei_base32(const uint8_t *bytes, size_t len, char *out, size_t size);

/* ---- in the store */

SEI_CHECKED sei_status sei_access_load_grants(sei_store *store, sei_actor *actor);
/* The person of a session or token; actor->person_id 0 when there is none. Sessions idle too long are gone. */
SEI_CHECKED sei_status sei_access_by_session(sei_store *store, const char *text, int64_t now_us,
                                             sei_actor *actor);
SEI_CHECKED sei_status sei_access_by_token(sei_store *store, const char *text, int64_t now_us,
                                           sei_actor *actor);
SEI_CHECKED sei_status sei_access_open_session(sei_store *store, int64_t person_id, int64_t now_us,
                                               char ret_text[SEI_TOKEN_TEXT_MAX]);
SEI_CHECKED sei_status sei_access_close_session(sei_store *store, const char *text);
/* All sessions of a person but the one given (may be NULL). */
SEI_CHECKED sei_status sei_access_close_sessions(sei_store *store, int64_t person_id,
                                                 const char *but);

/* One-time token for a first password; valid for a day. person_id 0: for the first administrator. */
SEI_CHECKED sei_status sei_access_login_token(sei_store *store, int64_t person_id, int64_t now_us,
                                              char ret_text[SEI_TOKEN_TEXT_MAX]);
/* Of seiryud init-admin: user_name NULL for a store without an administrator. */
SEI_CHECKED sei_status sei_access_first_token(sei_store *store, const char *user_name,
                                              int64_t now_us, char ret_text[SEI_TOKEN_TEXT_MAX]);

#endif
