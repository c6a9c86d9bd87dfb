/* copy.h - copies of a store: what backup and restore share for both databases */
#ifndef SEI_SERVER_COPY_H
#define SEI_SERVER_COPY_H

#include "server/server.h"

enum { SEI_COPY_TIME = 80 };

/* "20261126T093000Z" */
void sei_copy_time(char out[SEI_COPY_TIME]);
/* E_PARSE when the database at url is none of a store. from: what it was made of. */
SEI_CHECKED sei_status sei_copy_look(sei_ctx *ctx, const char *url, const char *from);
/* The restored store says so in its audit log, and gives counters that no station has seen. */
SEI_CHECKED sei_status sei_copy_note(sei_ctx *ctx, const char *url, const char *from);

/* ---- copy_postgres.c: by pg_dump and pg_restore */
SEI_CHECKED sei_status sei_postgres_backup(sei_ctx *ctx, const sei_server_config *config,
                                           const char *file, char *ret_text, size_t size);
/* The tables that were there stay in a schema of their own. */
SEI_CHECKED sei_status sei_postgres_restore(sei_ctx *ctx, const sei_server_config *config,
                                            const char *from, char *ret_text, size_t size);
/* E_UNSUPPORTED when a restore was cut short: what is there now is not the store. */
SEI_CHECKED sei_status sei_postgres_look(sei_ctx *ctx, const char *url);

#endif
