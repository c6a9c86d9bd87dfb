/* seal_secret.h - secrets that the store holds only encrypted (XSalsa20-Poly1305 by libsodium) */
#ifndef SEI_SERVER_SEAL_SECRET_H
#define SEI_SERVER_SEAL_SECRET_H

#include <sodium.h>
#include <stdbool.h>
#include <string.h>

enum { SEI_SECRET_MORE = crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES };

/* out holds len + SEI_SECRET_MORE bytes. */
static inline void sei_secret_seal(const uint8_t *key, const uint8_t *secret, size_t len,
                                   uint8_t *out)
{
    randombytes_buf(out, crypto_secretbox_NONCEBYTES);
    crypto_secretbox_easy(out + crypto_secretbox_NONCEBYTES, secret, len, out, key);
}

/* False when it was sealed with another key, was changed, or is not of len bytes. */
static inline bool sei_secret_open(const uint8_t *key, const void *sealed, size_t sealed_len,
                                   uint8_t *out, size_t len)
{
    const uint8_t *bytes = (const uint8_t *)sealed;

    return sealed_len == len + SEI_SECRET_MORE &&
           crypto_secretbox_open_easy(out, bytes + crypto_secretbox_NONCEBYTES,
                                      sealed_len - crypto_secretbox_NONCEBYTES, bytes, key) == 0;
}

#endif
