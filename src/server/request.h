/*
 * request.h - one HTTP request on its way through route, access and handler
 *
 * A handler sets req->answer (JSON) or calls sei_answer_bytes, and returns SEI_OK; any other status becomes its HTTP
 * code with the context's message. A route that is not in route_list.h does not exist; one that is there is reached
 * only with its role.
 */
#ifndef SEI_SERVER_REQUEST_H
#define SEI_SERVER_REQUEST_H

#include <jansson.h>
#include <microhttpd.h>

#include "base/buf.h"
#include "server/access.h"
#include "server/server_impl.h"

/* What the number in the path is, and so on which site the role is asked for. */
typedef enum {
    SEI_OPEN,       /* nobody needs to be logged in */
    SEI_SIGNED_IN,  /* about the person itself */
    SEI_SOMEWHERE,  /* the role on any site; the handler shows only those */
    SEI_EVERYWHERE, /* the role on all sites */
    SEI_OF_SITE,
    SEI_OF_STATION,
    SEI_OF_CHANNEL,
    SEI_OF_LAYER,
    SEI_OF_ALARM,
    SEI_OF_TARGET,
    SEI_OF_POINT,
    SEI_OF_COMMAND
} sei_scope;

typedef struct sei_request sei_request;

typedef struct {
    const char *method, *path; /* "/api/v1/sites/{site}" */
    sei_scope   scope;
    sei_role    role;
    size_t      body_max; /* 0: a body is refused */
    sei_status (*handle)(sei_request *req);
} sei_route;

enum { SEI_BODY_JSON = 64 << 10, SEI_BODY_FRAME = 8 << 20 };

size_t           sei_route_count(void);
const sei_route *sei_route_at(size_t i);

struct sei_request {
    sei_server            *server;
    struct MHD_Connection *connection;
    sei_desk              *desk;
    sei_ctx               *ctx;   /* the desk's */
    sei_store             *store; /* the desk's */
    const sei_route       *route;
    const char            *method, *path;
    char                   client[64];           /* address */
    int64_t                now_us, begun_us, id; /* id: of the path; 0 without */
    sei_actor              actor;
    char                   session[SEI_TOKEN_TEXT_MAX]; /* the cookie's text; "" without */
    char                  *body;
    size_t                 body_len, body_size;
    json_t                *json;                     /* the body of a JSON route, an object */
    int                    code;                     /* 200 unless set */
    json_t                *answer;                   /* owned */
    const char            *content_type, *file_name; /* of bytes */
    char                  *bytes;                    /* owned, by malloc */
    bool                   has_file;                 /* the answer is file, of n_bytes; owned */
    int                    file;
    size_t                 n_bytes;
    sei_live_stream       *stream;      /* the answer goes on for as long as it is read; owned */
    char                   cookie[200]; /* Set-Cookie; "" none */
    bool                   cache;       /* an asset whose name changes with its content */
    int                    retry_after_s;
};

/* ---- for handlers (answer.c) */

/* Bytes made by malloc, owned from here on. */
void        sei_answer_bytes(sei_request *req, char *bytes, size_t n, const char *content_type);
const char *sei_query(const sei_request *req, const char *name); /* NULL when not given */
/* A time of the query: ISO 8601, a day in Japan, or microseconds. */
SEI_CHECKED sei_status sei_query_time(sei_request *req, const char *name, bool is_needed,
                                      int64_t def, int64_t *ret_us);
SEI_CHECKED sei_status sei_query_int(sei_request *req, const char *name, int64_t def, int64_t min,
                                     int64_t max, int64_t *ret_value);
/* Refusals with a code of their own. */
sei_status sei_refuse(sei_request *req, int code, const char *why);
/* An entry of the audit log in the actor's name. */
SEI_CHECKED sei_status sei_note(sei_request *req, const char *action, const char *object,
                                const char *detail);
SEI_CHECKED sei_status sei_note_id(sei_request *req, const char *action, const char *kind,
                                   int64_t id, const json_t *detail);

/* ---- rows as JSON (rows.c) */

/* columns: "id:i name:t latitude:r active:b params:j": kinds int, text, real, boolean, JSON; NULL is null. */
SEI_CHECKED sei_status sei_rows(sei_request *req, const char *columns, const char *sql, size_t n,
                                const sei_bind values[], json_t **ret_array);
/* The first row; E_NOT_FOUND without one. */
SEI_CHECKED sei_status sei_row(sei_request *req, const char *columns, const char *sql, size_t n,
                               const sei_bind values[], json_t **ret_object);

typedef enum {
    SEI_FIELD_TEXT,
    SEI_FIELD_KEY,
    SEI_FIELD_INT,
    SEI_FIELD_REAL,
    SEI_FIELD_BOOL,
    SEI_FIELD_JSON
} sei_field_kind;

/* A value of a JSON body: what it may be, and what it is when it is not given. */
typedef struct {
    const char        *key;
    sei_field_kind     kind;
    bool               is_needed, is_nullable;
    double             min, max; /* numbers; texts: bytes */
    const char *const *words;    /* the texts allowed, ends with NULL; NULL: any */
} sei_field;

/* Checks body against the fields (an unknown key is an error) and binds them in their order. Texts of binds
 * belong to body; those of JSON fields to *ret_texts, which is freed with json_decref. */
SEI_CHECKED sei_status sei_fields_bind(sei_request *req, size_t n, const sei_field fields[],
                                       json_t *body, sei_bind binds[], json_t **ret_texts);

#endif
