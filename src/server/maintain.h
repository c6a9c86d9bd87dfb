/* maintain.h - what is done to a store from the command line */
#ifndef SEI_SERVER_MAINTAIN_H
#define SEI_SERVER_MAINTAIN_H

#include "server/server.h"

/* Each writes a line about what was found. Pages and indexes of the database, checksum and contents of every
 * segment, the chain of the audit log; E_PARSE when something is wrong. */
SEI_CHECKED sei_status sei_maintain_check(sei_ctx *ctx, const sei_server_config *config,
                                          char *ret_text, size_t size);
SEI_CHECKED sei_status sei_maintain_verify_audit(sei_ctx *ctx, const sei_server_config *config,
                                                 char *ret_text, size_t size);
/* A whole copy at one moment; the file must not be there. The key file is not part of it. */
SEI_CHECKED sei_status sei_maintain_backup(sei_ctx *ctx, const sei_server_config *config,
                                           const char *file, char *ret_text, size_t size);
/* Such a copy, checked first, takes the place of the store, which is renamed. No server may run on it. */
SEI_CHECKED sei_status sei_maintain_restore(sei_ctx *ctx, const sei_server_config *config,
                                            const char *from, char *ret_text, size_t size);

#endif
