# cmake -DFROM=file -DTO=file.c -P embed.cmake: a text as a C array
file(READ ${FROM} bytes HEX)
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
file(WRITE ${TO} "#include \"server/openapi_text.h\"\nconst unsigned char sei_openapi_text[] = {${bytes}};\nconst size_t sei_openapi_size = sizeof sei_openapi_text;\n")
