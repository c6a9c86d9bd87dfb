/* syntax.c - syntax test: whether a raw record looks as it was agreed */
#include <string.h>

#include "base/number.h"
#include "qc/op.h"

static size_t count_characters(const char *text, size_t len)
{
    size_t n = 0;

    for (size_t i = 0; i < len; i++)
        n += ((unsigned char)text[i] & 0xC0) != 0x80; /* bytes that begin a UTF-8 character */
    return n;
}

static bool is_hexadecimal(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        const char c = text[i];
        if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F')))
            return false;
    }
    return len % 2 == 0;
}

static bool is_printable(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if ((unsigned char)text[i] < 0x20 || text[i] == 0x7F)
            return false;
    return true;
}

static bool is_number_or_empty(const char *text, size_t len)
{
    double value;

    while (len > 0 && *text == ' ') {
        text++;
        len--;
    }
    while (len > 0 && text[len - 1] == ' ')
        len--;
    return len == 0 || sei_parse_double(text, len, &value);
}

static bool are_fields_right(const sei_qc_syntax *syntax, const char *text, size_t len)
{
    const char separator = (char)(syntax->separator ? syntax->separator : ',');
    size_t     n = 0, from = 0;

    for (size_t i = 0; i <= len; i++) {
        if (i < len && text[i] != separator)
            continue;
        if (syntax->numbers && n > 0 && !is_number_or_empty(text + from, i - from))
            return false;
        n++;
        from = i + 1;
    }
    return syntax->n_fields == 0 || n == syntax->n_fields;
}

static bool is_length_right(const sei_qc_syntax *syntax, const char *text, size_t len)
{
    if (syntax->n_characters && count_characters(text, len) != syntax->n_characters)
        return false;
    return !syntax->n_bytes || (len / 2 == syntax->n_bytes && is_hexadecimal(text, len));
}

static bool is_begin_right(const sei_qc_syntax *syntax, const char *text, size_t len)
{
    const size_t n = syntax->prefix ? strlen(syntax->prefix) : 0;

    return n == 0 || (len >= n && memcmp(text, syntax->prefix, n) == 0);
}

uint8_t sei_qc_syntax_flag(const sei_qc_syntax *syntax, const char *text, size_t len)
{
    if (len == 0)
        return SEI_FLAG_MISSING;
    const bool good = is_length_right(syntax, text, len) && is_begin_right(syntax, text, len) &&
                      (!syntax->printable || is_printable(text, len)) &&
                      are_fields_right(syntax, text, len);
    return (uint8_t)(good ? SEI_FLAG_GOOD : SEI_FLAG_FAIL);
}
