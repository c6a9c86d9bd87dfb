/* store_lock.h - one server, or one restore, at a time on a store file */
#ifndef SEI_SERVER_STORE_LOCK_H
#define SEI_SERVER_STORE_LOCK_H

#include "seiryu/ctx.h"

/* *ret_fd is -1 where the store is no file. The lock goes with the program, however it ends. */
SEI_CHECKED sei_status sei_store_lock(sei_ctx *ctx, const char *url, int *ret_fd);
void                   sei_store_unlock(int fd);

#endif
