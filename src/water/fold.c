/* fold.c - the many ways in which Japanese sheets write the same digit, sign or unit, made one */
#include "water/fold.h"

#include <stdint.h>
#include <string.h>

#include "base/text.h"

static const struct {
    uint32_t    code;
    const char *text;
} folds[] = {
    {0x00A0, " "},       /* no-break space */
    {0x00B2, "2"},       /* ² */
    {0x00B3, "3"},       /* ³ */
    {0x00B5, "u"},       /* micro sign */
    {0x03BC, "u"},       /* Greek mu */
    {0x2010, "-"},       /* hyphen */
    {0x2011, "-"},       /* non-breaking hyphen */
    {0x2012, "-"},       /* figure dash */
    {0x2013, "-"},       /* en dash */
    {0x2014, "-"},       /* em dash */
    {0x2015, "-"},       /* horizontal bar */
    {0x2103, "\u00B0C"}, /* ℃ */
    {0x2113, "L"},       /* ℓ */
    {0x2212, "-"},       /* minus sign */
    {0x2264, "<"},       /* ≤ */
    {0x2265, ">"},       /* ≥ */
    {0x2266, "<"},       /* ≦ */
    {0x2267, ">"},       /* ≧ */
    {0x2500, "-"},       /* box drawing line */
    {0x3000, " "},       /* ideographic space */
    {0x3010, "["},       /* 【 */
    {0x3011, "]"},       /* 】 */
    {0x3014, "["},       /* 〔 */
    {0x3015, "]"},       /* 〕 */
    {0x3395, "uL"},      /* ㎕ */
    {0x3396, "mL"},      /* ㎖ */
    {0x338D, "ug"},      /* ㎍ */
    {0x338E, "mg"},      /* ㎎ */
    {0x338F, "kg"},      /* ㎏ */
    {0x339C, "mm"},      /* ㎜ */
    {0x339D, "cm"},      /* ㎝ */
    {0x33A0, "cm2"},     /* ㎠ */
    {0x33A1, "m2"},      /* ㎡ */
    {0x33A4, "cm3"},     /* ㎤ */
    {0x33A5, "m3"},      /* ㎥ */
    {0x33B7, "mV"},      /* ㎷ */
};

/* What one character folds to; NULL when it stays. buf holds a single ASCII character. */
static const char *folded(uint32_t code, char buf[2])
{
    buf[1] = '\0';
    if (code >= 0xFF01 && code <= 0xFF5E) {
        buf[0] = (char)(code - 0xFF01 + '!');
        return buf;
    }
    if (code < 0x80) {
        buf[0] = code < ' ' ? ' ' : (char)code;
        return buf;
    }
    for (size_t i = 0; i < sizeof folds / sizeof folds[0]; i++)
        if (folds[i].code == code)
            return folds[i].text;
    return NULL;
}

bool sei_fold(char out[SEI_FOLD_MAX], const char *text)
{
    const size_t len = strlen(text);
    size_t       n   = 0;

    out[0] = '\0';
    if (!sei_utf8_is_valid(text, len))
        return false;
    for (size_t i = 0; i < len;) {
        uint32_t     code;
        char         one[2];
        const size_t used = sei_utf8_next(text + i, &code);
        const char  *to   = folded(code, one);
        const char  *from = to ? to : text + i;
        const size_t m    = to ? strlen(to) : used;
        i += used;
        if (from[0] == ' ' && (n == 0 || out[n - 1] == ' '))
            continue;
        if (n + m >= SEI_FOLD_MAX) {
            out[0] = '\0';
            return false;
        }
        memcpy(out + n, from, m);
        n += m;
    }
    out[n > 0 && out[n - 1] == ' ' ? n - 1 : n] = '\0';
    return true;
}
