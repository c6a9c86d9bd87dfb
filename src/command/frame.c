/* frame.c - tokens and answers as bytes, signed over a domain name and the body */
#include <string.h>

#include "command/bytes.h"
#include "seiryu/command.h"

enum { VERSION = 1, HAS_EXPECTED = 1, PROVEN = 1, DOMAIN = 16 };

/* Sixteen bytes before the body, not sent: a signature of one kind of frame is none of another. */
static const char token_domain[DOMAIN + 1]  = "seiryu-token-v1\n";
static const char answer_domain[DOMAIN + 1] = "seiryu-answer-v1";

static bool sign_body(const char *domain, uint8_t *frame, size_t body, sei_sign *sign, void *user)
{
    uint8_t message[DOMAIN + SEI_ANSWER_BODY];

    memcpy(message, domain, DOMAIN);
    memcpy(message + DOMAIN, frame, body);
    return sign(user, message, DOMAIN + body, frame + body);
}

static bool is_signed(const char *domain, const uint8_t *frame, size_t body, sei_verify *verify,
                      const uint8_t public_key[32])
{
    uint8_t message[DOMAIN + SEI_ANSWER_BODY];

    memcpy(message, domain, DOMAIN);
    memcpy(message + DOMAIN, frame, body);
    return verify(frame + body, message, DOMAIN + body, public_key);
}

bool sei_token_is_signed(const uint8_t *frame, size_t len, sei_verify *verify,
                         const uint8_t public_key[32])
{
    return len == SEI_TOKEN_SIZE &&
           is_signed(token_domain, frame, SEI_TOKEN_BODY, verify, public_key);
}

bool sei_answer_is_signed(const uint8_t *frame, size_t len, sei_verify *verify,
                          const uint8_t public_key[32])
{
    return len == SEI_ANSWER_SIZE &&
           is_signed(answer_domain, frame, SEI_ANSWER_BODY, verify, public_key);
}

bool sei_token_write(const sei_token *t, sei_sign *sign, void *user,
                     uint8_t ret_frame[SEI_TOKEN_SIZE])
{
    uint8_t f[SEI_TOKEN_SIZE];

    if (t->kind < SEI_TOKEN_SELECT || t->kind > SEI_TOKEN_CANCEL)
        return false;
    f[0] = (uint8_t)(VERSION << 4 | t->kind);
    put32(f + 1, t->station);
    put16(f + 5, t->point);
    f[7] = t->key;
    put32(f + 8, t->counter);
    put32(f + 12, (uint32_t)t->value);
    put32(f + 16, t->has_expected ? (uint32_t)t->expected : 0);
    put32(f + 20, t->not_after_s);
    put32(f + 24, t->nonce);
    f[28] = t->has_expected ? HAS_EXPECTED : 0;
    if (!sign_body(token_domain, f, SEI_TOKEN_BODY, sign, user))
        return false;
    memcpy(ret_frame, f, sizeof f);
    return true;
}

bool sei_token_read(const uint8_t *f, size_t len, sei_token *ret_token)
{
    if (len != SEI_TOKEN_SIZE || f[0] >> 4 != VERSION)
        return false;
    const unsigned kind = f[0] & 0x0F;
    if (kind < SEI_TOKEN_SELECT || kind > SEI_TOKEN_CANCEL || f[28] > HAS_EXPECTED)
        return false;
    if (f[28] == 0 && get32(f + 16) != 0)
        return false; /* one way to write a token */
    *ret_token = (sei_token){
        .kind         = (sei_token_kind)kind,
        .station      = get32(f + 1),
        .point        = get16(f + 5),
        .key          = f[7],
        .counter      = get32(f + 8),
        .value        = get_signed(f + 12),
        .has_expected = f[28] == HAS_EXPECTED,
        .expected     = get_signed(f + 16),
        .not_after_s  = get32(f + 20),
        .nonce        = get32(f + 24),
    };
    return true;
}

bool sei_answer_write(const sei_answer *a, sei_sign *sign, void *user,
                      uint8_t ret_frame[SEI_ANSWER_SIZE])
{
    uint8_t f[SEI_ANSWER_SIZE];

    if (a->kind < SEI_ANSWER_SELECTED || a->kind > SEI_ANSWER_STATUS || a->cause >= SEI_CAUSE_COUNT)
        return false;
    f[0] = (uint8_t)(VERSION << 4 | a->kind);
    put32(f + 1, a->station);
    put16(f + 5, a->point);
    f[7] = a->key;
    put32(f + 8, a->counter);
    put32(f + 12, a->proven ? (uint32_t)a->position : 0);
    f[16] = a->done_key;
    put32(f + 17, a->done_counter);
    f[21] = a->cause;
    f[22] = a->proven ? PROVEN : 0;
    put32(f + 23, a->nonce);
    put32(f + 27, a->time_s);
    put32(f + 31, a->life);
    if (!sign_body(answer_domain, f, SEI_ANSWER_BODY, sign, user))
        return false;
    memcpy(ret_frame, f, sizeof f);
    return true;
}

bool sei_answer_read(const uint8_t *f, size_t len, sei_answer *ret_answer)
{
    if (len != SEI_ANSWER_SIZE || f[0] >> 4 != VERSION)
        return false;
    const unsigned kind = f[0] & 0x0F;
    if (kind < SEI_ANSWER_SELECTED || kind > SEI_ANSWER_STATUS || f[21] >= SEI_CAUSE_COUNT ||
        f[22] > PROVEN || (f[22] == 0 && get32(f + 12) != 0))
        return false;
    *ret_answer = (sei_answer){
        .kind         = (sei_answer_kind)kind,
        .station      = get32(f + 1),
        .point        = get16(f + 5),
        .key          = f[7],
        .counter      = get32(f + 8),
        .proven       = f[22] == PROVEN,
        .position     = get_signed(f + 12),
        .done_key     = f[16],
        .done_counter = get32(f + 17),
        .cause        = f[21],
        .nonce        = get32(f + 23),
        .time_s       = get32(f + 27),
        .life         = get32(f + 31),
    };
    return true;
}
