/* crypto.c - Ed25519 by libsodium */
#include <sodium.h>

#include "seiryu/command.h"

bool sei_ed25519_verify(const uint8_t signature[64], const uint8_t *message, size_t len,
                        const uint8_t public_key[32])
{
    return crypto_sign_verify_detached(signature, message, len, public_key) == 0;
}

bool sei_ed25519_sign(void *user, const uint8_t *message, size_t len, uint8_t ret_signature[64])
{
    return crypto_sign_detached(ret_signature, NULL, message, len, user) == 0;
}

sei_status sei_ed25519_keys(sei_ctx *ctx, const uint8_t seed[32], uint8_t ret_public[32],
                            uint8_t ret_secret[64])
{
    if (sodium_init() < 0 || crypto_sign_seed_keypair(ret_public, ret_secret, seed) != 0)
        return sei_fail(ctx, SEI_E_INTERNAL, NULL, "libsodium does not start");
    return SEI_OK;
}
