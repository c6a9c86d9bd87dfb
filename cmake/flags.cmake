# Compiler flags that every target shares. One place, so that no folder differs.
add_library(sei_flags INTERFACE)
target_compile_definitions(sei_flags INTERFACE _POSIX_C_SOURCE=200809L)
target_compile_options(sei_flags INTERFACE
    -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla
    -Wformat=2 -Wundef -Wcast-qual -Wnull-dereference
    $<$<C_COMPILER_ID:GNU>:-Wdouble-promotion> # clang takes NAN and INFINITY, which are float, for mistakes
    -fno-math-errno -ffp-contract=off
    -ffile-prefix-map=${PROJECT_SOURCE_DIR}/=)
# A compiler that is newer than those the code is checked with may know new warnings: they are shown, but they do
# not stop a build.
if(SEI_WERROR AND ((CMAKE_C_COMPILER_ID STREQUAL "GNU" AND CMAKE_C_COMPILER_VERSION VERSION_LESS 13)
                   OR (CMAKE_C_COMPILER_ID STREQUAL "Clang" AND CMAKE_C_COMPILER_VERSION VERSION_LESS 15)))
    target_compile_options(sei_flags INTERFACE -Werror)
endif()
if(SEI_SANITIZE)
    target_compile_options(sei_flags INTERFACE -fsanitize=address,undefined -fno-sanitize-recover=all
        -fno-omit-frame-pointer)
    # Instrumented code hides from gcc what is set and how long a text can be; the dev build checks both.
    target_compile_options(sei_flags INTERFACE
        $<$<C_COMPILER_ID:GNU>:-Wno-maybe-uninitialized> $<$<C_COMPILER_ID:GNU>:-Wno-format-truncation>)
    target_link_options(sei_flags INTERFACE -fsanitize=address,undefined)
endif()
if(SEI_FUZZ)
    target_compile_options(sei_flags INTERFACE -fsanitize=fuzzer-no-link,address,undefined
        -fno-sanitize-recover=all -fno-omit-frame-pointer)
    target_link_options(sei_flags INTERFACE -fsanitize=address,undefined)
endif()
if(SEI_COVERAGE)
    target_compile_options(sei_flags INTERFACE --coverage -O0)
    target_link_options(sei_flags INTERFACE --coverage)
endif()
if(SEI_HARDEN)
    target_compile_options(sei_flags INTERFACE -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3
        -fstack-protector-strong -fPIE)
    target_link_options(sei_flags INTERFACE -pie -Wl,-z,relro,-z,now)
endif()
target_link_libraries(sei_flags INTERFACE m)
