# Compiler flags that every target shares. One place, so that no folder differs.
add_library(sei_flags INTERFACE)
target_compile_definitions(sei_flags INTERFACE _POSIX_C_SOURCE=200809L)
target_compile_options(sei_flags INTERFACE
    -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla
    -Wformat=2 -Wundef -Wcast-qual -Wnull-dereference
    $<$<C_COMPILER_ID:GNU>:-Wdouble-promotion> # clang takes NAN and INFINITY, which are float, for mistakes
    -fno-math-errno -ffp-contract=off
    -ffile-prefix-map=${PROJECT_SOURCE_DIR}/=)
if(SEI_WERROR)
    target_compile_options(sei_flags INTERFACE -Werror)
endif()
if(SEI_SANITIZE)
    target_compile_options(sei_flags INTERFACE -fsanitize=address,undefined -fno-sanitize-recover=all
        -fno-omit-frame-pointer)
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
