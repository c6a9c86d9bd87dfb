/* equation.c - text of a reaction -> terms with signed coefficients */
#include "chem/equation.h"

#include <string.h>

#include "base/number.h"

typedef struct {
    sei_equation *eq;
    bool          right;
    double        sign, coef;
    bool          has_coef;
} state;

static bool add_term(state *s, sei_slice name)
{
    if (s->eq->n >= SEI_EQUATION_TERMS || name.len == 0)
        return false;
    s->eq->terms[s->eq->n++] = (sei_eterm){name, s->sign * s->coef, s->right};
    s->sign                  = 1.0;
    s->coef                  = 1.0;
    s->has_coef              = false;
    return true;
}

/* Takes a number in front of a species off it. "2e-" must not lose its e as an exponent: digits and point
 * only. */
static void take_glued(state *s, sei_slice *word)
{
    double value;
    size_t n = 0;

    while (n < word->len && ((word->at[n] >= '0' && word->at[n] <= '9') || word->at[n] == '.'))
        n++;
    if (n == 0 || !sei_parse_double(word->at, n, &value))
        return;
    s->coef = value;
    word->at += n;
    word->len -= n;
}

/* One word: a separator, a coefficient, a species, or a coefficient glued to a species. */
static bool take_word(state *s, sei_slice word)
{
    double value;

    if (sei_slice_is(word, "+") || sei_slice_is(word, "-")) {
        if (s->has_coef)
            return false;
        s->sign = word.at[0] == '-' ? -1.0 : 1.0;
        return true;
    }
    if (sei_parse_double(word.at, word.len, &value)) {
        if (s->has_coef)
            return false;
        s->coef     = value;
        s->has_coef = true;
        return true;
    }
    if (!s->has_coef && word.at[0] != '+' && word.at[0] != '-')
        take_glued(s, &word);
    return add_term(s, word);
}

bool sei_equation_parse(sei_slice text, sei_equation *ret_equation, sei_slice *ret_bad)
{
    sei_equation eq    = {0};
    const char  *equal = memchr(text.at, '=', text.len);
    state        s     = {&eq, false, 1.0, 1.0, false};

    *ret_bad = text;
    if (!equal)
        return false;
    sei_slice sides[2] = {{text.at, (size_t)(equal - text.at)},
                          {equal + 1, text.len - (size_t)(equal + 1 - text.at)}};
    if (memchr(sides[1].at, '=', sides[1].len))
        return false;
    for (int side = 0; side < 2; side++) {
        sei_slice    word;
        const size_t before = eq.n;
        s.right             = side == 1;
        while (sei_next_word(&sides[side], &word)) {
            *ret_bad = word;
            if (!take_word(&s, word))
                return false;
        }
        if (s.has_coef || eq.n == before)
            return false;
    }
    *ret_equation = eq;
    return true;
}
