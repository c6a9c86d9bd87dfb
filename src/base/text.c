/* text.c - small text helpers */
#include "base/text.h"

#include <string.h>

enum { NEAREST_MAX = 64 };

sei_slice sei_slice_of(const char *text)
{
    return (sei_slice){text, strlen(text)};
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f' || c == '\v';
}

sei_slice sei_trim(sei_slice s)
{
    while (s.len && is_blank(s.at[0])) {
        s.at++;
        s.len--;
    }
    while (s.len && is_blank(s.at[s.len - 1]))
        s.len--;
    return s;
}

bool sei_slice_is(sei_slice s, const char *text)
{
    const size_t len = strlen(text);

    return s.len == len && (len == 0 || memcmp(s.at, text, len) == 0);
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool sei_slice_is_nocase(sei_slice s, const char *text)
{
    for (size_t i = 0; i < s.len; i++)
        if (text[i] == '\0' || lower(s.at[i]) != lower(text[i])) /* most differ at once */
            return false;
    return text[s.len] == '\0';
}

bool sei_equal_nocase(const char *a, const char *b)
{
    return sei_slice_is_nocase(sei_slice_of(a), b);
}

bool sei_next_piece(sei_slice *rest, char cut, sei_slice *ret_piece)
{
    if (rest->len == 0)
        return false;
    const char  *end  = memchr(rest->at, cut, rest->len);
    const size_t len  = end ? (size_t)(end - rest->at) : rest->len;
    const size_t used = end ? len + 1 : len;

    *ret_piece = (sei_slice){rest->at, len};
    rest->at += used;
    rest->len -= used;
    return true;
}

bool sei_next_line(sei_slice *rest, sei_slice *ret_line)
{
    if (!sei_next_piece(rest, '\n', ret_line))
        return false;
    if (ret_line->len && ret_line->at[ret_line->len - 1] == '\r')
        ret_line->len--;
    return true;
}

bool sei_next_word(sei_slice *rest, sei_slice *ret_word)
{
    while (rest->len && is_blank(rest->at[0])) {
        rest->at++;
        rest->len--;
    }
    if (rest->len == 0)
        return false;
    size_t n = 0;
    while (n < rest->len && !is_blank(rest->at[n]))
        n++;
    *ret_word = (sei_slice){rest->at, n};
    rest->at += n;
    rest->len -= n;
    return true;
}

static size_t min3(size_t a, size_t b, size_t c)
{
    const size_t ab = a < b ? a : b;

    return ab < c ? ab : c;
}

/* Levenshtein distance without case; both at most NEAREST_MAX long. */
static size_t edit_distance(const char *a, size_t na, const char *b, size_t nb)
{
    size_t row[NEAREST_MAX + 1];

    for (size_t j = 0; j <= nb; j++)
        row[j] = j;
    for (size_t i = 1; i <= na; i++) {
        size_t diagonal = row[0];
        row[0]          = i;
        for (size_t j = 1; j <= nb; j++) {
            const size_t up   = row[j];
            const size_t cost = lower(a[i - 1]) == lower(b[j - 1]) ? 0 : 1;
            row[j]            = min3(up + 1, row[j - 1] + 1, diagonal + cost);
            diagonal          = up;
        }
    }
    return row[nb];
}

const char *sei_nearest(const char *text, const char *const *words, size_t n)
{
    const size_t len  = strlen(text);
    const char  *best = NULL;
    size_t       near = len / 3 > 1 ? len / 3 : 1;

    if (len > NEAREST_MAX)
        return NULL;
    for (size_t i = 0; i < n; i++) {
        const size_t m = strlen(words[i]);
        if (m > NEAREST_MAX)
            continue;
        const size_t d = edit_distance(text, len, words[i], m);
        if (d < near || (d == near && !best)) {
            near = d;
            best = words[i];
        }
    }
    return best;
}

/* Bytes that a lead byte announces; 0 when it cannot lead. */
static size_t utf8_announced(unsigned char lead)
{
    if (lead < 0x80)
        return 1;
    if (lead < 0xC2 || lead > 0xF4)
        return 0;
    return lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
}

/* Overlong forms, surrogates and codes past U+10FFFF show in the second byte. */
static bool utf8_second_fits(unsigned char lead, unsigned char second)
{
    switch (lead) {
    case 0xE0: return second >= 0xA0;
    case 0xED: return second <= 0x9F;
    case 0xF0: return second >= 0x90;
    case 0xF4: return second <= 0x8F;
    default: return true;
    }
}

static size_t utf8_length(const unsigned char *s, size_t len)
{
    const size_t n = utf8_announced(s[0]);

    if (n <= 1)
        return n;
    if (n > len)
        return 0;
    for (size_t i = 1; i < n; i++)
        if ((s[i] & 0xC0) != 0x80)
            return 0;
    return utf8_second_fits(s[0], s[1]) ? n : 0;
}

bool sei_utf8_is_valid(const char *text, size_t len)
{
    for (size_t i = 0; i < len;) {
        const size_t n = utf8_length((const unsigned char *)text + i, len - i);
        if (n == 0)
            return false;
        i += n;
    }
    return true;
}

void sei_utf8_trim(char *text)
{
    size_t n = strlen(text), start = n;

    while (start > 0 && ((unsigned char)text[start - 1] & 0xC0) == 0x80)
        start--;
    if (start == 0)
        return;
    const unsigned char lead = (unsigned char)text[start - 1];
    const size_t        need = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
    if (n - (start - 1) < need)
        text[start - 1] = '\0';
}

size_t sei_utf8_next(const char *text, uint32_t *ret_code)
{
    const unsigned char *s = (const unsigned char *)text;
    const size_t         n = utf8_length(s, strnlen(text, 4));

    switch (n) {
    case 2: *ret_code = (uint32_t)((s[0] & 0x1F) << 6 | (s[1] & 0x3F)); return 2;
    case 3:
        *ret_code = (uint32_t)((s[0] & 0x0F) << 12 | (s[1] & 0x3F) << 6 | (s[2] & 0x3F));
        return 3;
    case 4:
        *ret_code = (uint32_t)((s[0] & 0x07) << 18 | (s[1] & 0x3F) << 12 | (s[2] & 0x3F) << 6 |
                               (s[3] & 0x3F));
        return 4;
    default: *ret_code = s[0]; return 1;
    }
}

/* Blocks of wide characters (Unicode East Asian Width W and F) that Japanese text uses. */
static bool is_wide(uint32_t c)
{
    static const struct {
        uint32_t first, last;
    } block[] = {
        {0x1100, 0x115F}, {0x2E80, 0xA4CF}, {0xAC00, 0xD7A3}, {0xF900, 0xFAFF},
        {0xFE30, 0xFE6F}, {0xFF00, 0xFF60}, {0xFFE0, 0xFFE6}, {0x20000, 0x3FFFD},
    };

    for (size_t i = 0; i < sizeof block / sizeof block[0]; i++)
        if (c >= block[i].first && c <= block[i].last)
            return true;
    return false;
}

size_t sei_text_columns(const char *text)
{
    size_t columns = 0;

    while (*text) {
        uint32_t code;
        text += sei_utf8_next(text, &code);
        columns += is_wide(code) ? 2 : (code >= 0x300 && code <= 0x36F) ? 0 : 1;
    }
    return columns;
}
