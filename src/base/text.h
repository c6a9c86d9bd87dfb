/* text.h - small text helpers: slices, comparison, UTF-8, nearest known word */
#ifndef SEI_BASE_TEXT_H
#define SEI_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A borrowed piece of text, not terminated. */
typedef struct {
    const char *at;
    size_t      len;
} sei_slice;

sei_slice sei_slice_of(const char *text);
sei_slice sei_trim(sei_slice s);
bool      sei_slice_is(sei_slice s, const char *text);
bool      sei_slice_is_nocase(sei_slice s, const char *text); /* ASCII letters only */
bool      sei_equal_nocase(const char *a, const char *b);

/* Next line of *rest without its CR LF; false at the end. */
bool sei_next_line(sei_slice *rest, sei_slice *ret_line);
/* Next piece of *rest up to a `cut`; false at the end. Nothing stands after a `cut` that ends the text. */
bool sei_next_piece(sei_slice *rest, char cut, sei_slice *ret_piece);
/* Next word of *rest between blanks (space, tab); false at the end. */
bool sei_next_word(sei_slice *rest, sei_slice *ret_word);

/* The word among n whose edit distance to text is smallest, when it is near enough to be a likely
 * typing error (at most a third of the length, at least 1); else NULL. */
const char *sei_nearest(const char *text, const char *const *words, size_t n);

/* Is text[0..len) well-formed UTF-8 (no overlong forms, no surrogates)? */
bool sei_utf8_is_valid(const char *text, size_t len);
/* Decodes one character of valid UTF-8 and returns its length in bytes (1..4). */
size_t sei_utf8_next(const char *text, uint32_t *ret_code);
/* Takes off the beginning of a character whose end was cut off. */
void sei_utf8_trim(char *text);
/* Columns that text takes on a terminal: East Asian wide characters take two. */
size_t sei_text_columns(const char *text);

#endif
