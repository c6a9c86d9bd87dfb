/*
 * issuer.c - the issuer's side of one operation
 *
 * After the operating token has left, nothing but a signed answer tells whether it happened. A command whose answer
 * does not come is unknown, and stays so until one does.
 */
#include "seiryu/command.h"

static bool write(const sei_command *c, sei_token_kind kind, uint8_t key, uint32_t counter,
                  uint32_t nonce, sei_sign *sign, void *user, uint8_t ret_frame[SEI_TOKEN_SIZE])
{
    const sei_token token = {
        .kind         = kind,
        .station      = c->station,
        .point        = c->point,
        .key          = key,
        .counter      = counter,
        .value        = c->value,
        .has_expected = c->has_expected,
        .expected     = c->expected,
        .not_after_s  = c->not_after_s,
        .nonce        = nonce,
    };

    return sei_token_write(&token, sign, user, ret_frame);
}

bool sei_command_select(sei_command *c, uint8_t key, uint32_t counter, sei_sign *sign, void *user,
                        uint8_t ret_frame[SEI_TOKEN_SIZE])
{
    if (c->stand == SEI_COMMAND_SELECTING)
        return write(c, SEI_TOKEN_SELECT, c->select_key, c->select_counter, 0, sign, user,
                     ret_frame);
    if (c->stand != SEI_COMMAND_NEW ||
        !write(c, SEI_TOKEN_SELECT, key, counter, 0, sign, user, ret_frame))
        return false;
    c->stand          = SEI_COMMAND_SELECTING;
    c->select_key     = key;
    c->select_counter = counter;
    return true;
}

bool sei_command_operate(sei_command *c, uint8_t key, uint32_t counter, sei_sign *sign, void *user,
                         uint8_t ret_frame[SEI_TOKEN_SIZE])
{
    if (c->stand == SEI_COMMAND_OPERATING)
        return write(c, SEI_TOKEN_OPERATE, c->operate_key, c->operate_counter, c->nonce, sign, user,
                     ret_frame);
    if (c->stand != SEI_COMMAND_SELECTED ||
        !write(c, SEI_TOKEN_OPERATE, key, counter, c->nonce, sign, user, ret_frame))
        return false;
    c->stand           = SEI_COMMAND_OPERATING;
    c->operate_key     = key;
    c->operate_counter = counter;
    return true;
}

bool sei_command_cancel(sei_command *c, uint32_t counter, sei_sign *sign, void *user,
                        uint8_t ret_frame[SEI_TOKEN_SIZE])
{
    if (c->stand != SEI_COMMAND_SELECTED ||
        !write(c, SEI_TOKEN_CANCEL, c->select_key, counter, c->nonce, sign, user, ret_frame))
        return false;
    c->stand = SEI_COMMAND_NOT_DONE;
    c->cause = SEI_CAUSE_CANCELLED;
    return true;
}

/* ------------------------------------------------------------------ answers */

/* Of a command that drove the point last, by what the answer proves. */
static sei_command_stand proven_stand(const sei_command *c, const sei_answer *a)
{
    const int64_t d = (int64_t)a->position - c->value;

    if (!a->proven)
        return SEI_COMMAND_UNKNOWN;
    return d <= c->tolerance && -d <= c->tolerance ? SEI_COMMAND_DONE : SEI_COMMAND_FAILED;
}

static bool may_have_happened(const sei_command *c)
{
    return c->stand == SEI_COMMAND_OPERATING || c->stand == SEI_COMMAND_EXECUTING ||
           c->stand == SEI_COMMAND_UNKNOWN;
}

static bool take_select_answer(sei_command *c, const sei_answer *a)
{
    if (c->stand != SEI_COMMAND_SELECTING || a->key != c->select_key ||
        a->counter != c->select_counter)
        return false;
    if (a->kind == SEI_ANSWER_SELECTED) {
        c->stand        = SEI_COMMAND_SELECTED;
        c->nonce        = a->nonce;
        c->base_key     = a->done_key;
        c->base_counter = a->done_counter;
        c->life         = a->life;
    } else if (a->kind == SEI_ANSWER_REFUSED) {
        c->stand = SEI_COMMAND_NOT_DONE;
    } else {
        return false;
    }
    c->cause = a->cause;
    return true;
}

/* Of the operating token itself. */
static bool take_operate_answer(sei_command *c, const sei_answer *a)
{
    if (!may_have_happened(c) || a->key != c->operate_key || a->counter != c->operate_counter)
        return false;
    if (a->kind ==
        SEI_ANSWER_REFUSED) /* a station that lost its memory refuses what it may have done */
        c->stand = a->life == c->life ? SEI_COMMAND_NOT_DONE : SEI_COMMAND_UNKNOWN;
    else if (a->kind == SEI_ANSWER_ACCEPTED)
        c->stand = SEI_COMMAND_EXECUTING;
    else if (a->kind == SEI_ANSWER_RESULT)
        c->stand = proven_stand(c, a);
    else
        return false;
    c->cause = a->cause;
    return true;
}

/* Any answer about the point tells which operation drove it last. When that is still the one from before the
 * selection, and the token is void by the station's own clock, ours did not and will not happen. When it is a third
 * one, nothing follows. */
static bool take_status(sei_command *c, const sei_answer *a)
{
    const bool ours = a->done_key == c->operate_key && a->done_counter == c->operate_counter;
    const bool base =
        a->life == c->life && a->done_key == c->base_key && a->done_counter == c->base_counter;

    if (c->stand != SEI_COMMAND_UNKNOWN && c->stand != SEI_COMMAND_EXECUTING)
        return false;
    if (ours && a->proven)
        c->stand = proven_stand(c, a);
    else if (base && c->stand == SEI_COMMAND_UNKNOWN && a->time_s >= c->not_after_s)
        c->stand = SEI_COMMAND_NOT_DONE;
    else
        return false;
    return true;
}

bool sei_command_answer(sei_command *c, const uint8_t *frame, size_t len, sei_verify *verify,
                        const uint8_t station_key[32])
{
    sei_answer a;

    if (!sei_answer_read(frame, len, &a) || a.station != c->station || a.point != c->point ||
        !sei_answer_is_signed(frame, len, verify, station_key))
        return false;
    const bool ours = take_select_answer(c, &a) || take_operate_answer(c, &a) || take_status(c, &a);
    if (ours && a.proven) {
        c->has_position = true;
        c->position     = a.position;
    }
    return ours;
}

void sei_command_tick(sei_command *c, uint32_t now_s, uint32_t slack_s)
{
    if (now_s < c->not_after_s || now_s - c->not_after_s < slack_s)
        return;
    if (c->stand == SEI_COMMAND_NEW || c->stand == SEI_COMMAND_SELECTING ||
        c->stand == SEI_COMMAND_SELECTED) {
        c->stand = SEI_COMMAND_NOT_DONE; /* no operating token has left */
        c->cause = SEI_CAUSE_TIME_LIMIT_OVER;
    } else if (c->stand == SEI_COMMAND_OPERATING || c->stand == SEI_COMMAND_EXECUTING) {
        c->stand = SEI_COMMAND_UNKNOWN;
    }
}
