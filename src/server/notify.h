/*
 * notify.h - tells people and programs of alarms: mail by SMTP with TLS, webhooks by HTTPS; both off unless configured
 *
 * What is to be told stands in the store's outbox, written with the event itself. A thread of its own sends it and
 * tries again with growing pauses for a day, so that neither ingest nor HTTP waits for a mail server.
 */
#ifndef SEI_SERVER_NOTIFY_H
#define SEI_SERVER_NOTIFY_H

#include <sys/socket.h>

#include "server/server_impl.h"

SEI_CHECKED sei_status sei_notifier_start(sei_server *server, struct sei_notifier **ret_notifier);
void                   sei_notifier_stop(struct sei_notifier *notifier); /* NULL is harmless */
/* There is something in the outbox. */
void sei_notifier_wake(struct sei_notifier *notifier);

/* May this be an address of a target? E_UNSUPPORTED while the way is not configured. */
SEI_CHECKED sei_status sei_notify_check_mail(sei_ctx *ctx, const sei_server_config *config,
                                             const char *address);
SEI_CHECKED sei_status sei_notify_check_url(sei_ctx *ctx, const sei_server_config *config,
                                            const char *url);
/* Addresses of this machine and of networks that are not public (RFC 6890). */
bool sei_address_is_private(const struct sockaddr *address);

#endif
