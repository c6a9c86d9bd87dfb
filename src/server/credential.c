/* credential.c - passwords (Argon2id), tokens, codes of a second factor (RFC 4226, RFC 6238) */
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "server/access.h"

enum { TOTP_STEP_S = 30, TOTP_DIGITS = 6 };

/* ---- tokens -------------------------------------------------------------------------------------------- */

void sei_token_hash(const char *text, uint8_t ret_hash[32])
{
    crypto_generichash(ret_hash, 32, (const uint8_t *)text, strlen(text), NULL, 0);
}

void sei_token_make(char ret_text[SEI_TOKEN_TEXT_MAX], uint8_t ret_hash[32])
{
    uint8_t bytes[32];

    randombytes_buf(bytes, sizeof bytes);
    sodium_bin2base64(ret_text, SEI_TOKEN_TEXT_MAX, bytes, sizeof bytes,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    sei_token_hash(ret_text, ret_hash);
    sodium_memzero(bytes, sizeof bytes);
}

/* ---- passwords ----------------------------------------------------------------------------------------- */

/* Argon2id with libsodium's interactive limits (64 MiB, 2 passes): above OWASP's least of 19 MiB and 2. */
sei_status sei_password_hash(sei_ctx *ctx, const char *password,
                             char ret_hash[SEI_PASSWORD_HASH_MAX])
{
    const size_t len = strlen(password);

    if (len < SEI_PASSWORD_MIN || len > SEI_PASSWORD_MAX)
        return sei_fail(ctx, SEI_E_RANGE, NULL, "a password has %d to %d bytes", SEI_PASSWORD_MIN,
                        SEI_PASSWORD_MAX);
    if (crypto_pwhash_str_alg(ret_hash, password, len, crypto_pwhash_OPSLIMIT_INTERACTIVE,
                              crypto_pwhash_MEMLIMIT_INTERACTIVE,
                              crypto_pwhash_ALG_ARGON2ID13) != 0)
        return sei_fail(ctx, SEI_E_NOMEM, NULL, "not enough memory for a password");
    return SEI_OK;
}

bool sei_password_is(const char *hash, const char *password)
{
    /* of a password nobody has: a name that does not exist answers as slowly as one that does */
    static const char nobody[] = "$argon2id$v=19$m=65536,t=2,p=1$c2Vpcnl1LW5vYm9keS4uLg$"
                                 "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    const size_t      len      = strlen(password);
    const bool        is       = len <= SEI_PASSWORD_MAX &&
                    crypto_pwhash_str_verify(hash ? hash : nobody, password, len) == 0;

    return is && hash;
}

/* ---- second factor ------------------------------------------------------------------------------------- */

uint32_t sei_totp_code(const uint8_t *secret, size_t len, int64_t step, int digits)
{
    static const uint32_t tens[] = {1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000};
    uint8_t               counter[8], mac[EVP_MAX_MD_SIZE];
    unsigned              n = 0;

    for (int i = 0; i < 8; i++)
        counter[i] = (uint8_t)((uint64_t)step >> (56 - 8 * i));
    if (!HMAC(EVP_sha1(), secret, (int)len, counter, sizeof counter, mac, &n) || n < 20)
        return UINT32_MAX;
    const uint8_t *at = mac + (mac[n - 1] & 15); /* RFC 4226 section 5.3 */
    const uint32_t v =
        (uint32_t)(at[0] & 0x7F) << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
    return v % tens[digits];
}

int64_t sei_totp_step(const uint8_t secret[SEI_TOTP_SECRET], const char *code, int64_t now_us,
                      int64_t last_step)
{
    const int64_t now   = now_us / SEI_US_PER_S / TOTP_STEP_S;
    int64_t       found = -1;

    if (strlen(code) != TOTP_DIGITS)
        return -1;
    for (int64_t step = now - 1; step <= now + 1; step++) {
        char text[TOTP_DIGITS + 10];
        snprintf(text, sizeof text, "%0*u", TOTP_DIGITS,
                 (unsigned)sei_totp_code(secret, SEI_TOTP_SECRET, step, TOTP_DIGITS));
        if (sodium_memcmp(text, code, TOTP_DIGITS) == 0 && step > last_step)
            found = step;
    }
    return found;
}

void sei_base32(const uint8_t *bytes, size_t len, char *out, size_t size)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    uint32_t          bits     = 0;
    unsigned          n        = 0;
    size_t            at       = 0;

    for (size_t i = 0; i < len; i++) {
        bits = bits << 8 | bytes[i];
        for (n += 8; n >= 5; n -= 5)
            if (at + 1 < size)
                out[at++] = digits[bits >> (n - 5) & 31];
    }
    if (n > 0 && at + 1 < size)
        out[at++] = digits[bits << (5 - n) & 31];
    out[at] = '\0';
}
