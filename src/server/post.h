/*
 * post.h - frames that come by HTTP, several at a time
 *
 * While one thread commits, others that have a frame wait together; the first of them then commits all that wait. So
 * a commit serves as many posts as there are threads, and each is answered after the commit that holds it.
 */
#ifndef SEI_SERVER_POST_H
#define SEI_SERVER_POST_H

#include "server/server_impl.h"

typedef struct sei_posts sei_posts;

SEI_CHECKED sei_status sei_posts_create(sei_ctx *ctx, sei_posts **ret_posts);
void                   sei_posts_free(sei_posts *posts); /* NULL is harmless */

/* Keeps and decodes a frame, with others that wait; the desk is the caller's own. After an error, which stands in the desk's
 * context, the frame may be kept or not: whoever sent it sends it again. */
SEI_CHECKED sei_status sei_posts_add(sei_posts *posts, sei_server *server, sei_desk *desk,
                                     const sei_frame *frame, sei_decoded *ret_decoded);
/* Of those that wait for a commit under way, and how many groups there were. */
size_t sei_posts_waiting(sei_posts *posts);
size_t sei_posts_groups(sei_posts *posts);

#endif
