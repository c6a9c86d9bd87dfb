sei_test(test_examples LABELS validation SOURCES unit/test_examples.c unit/validation.c)
# All other runs of docs/validation: a minute when optimised, five without; a debug build takes every eighth
# of them, and the sanitizers none, for the examples exercise the same code.
if(NOT SEI_SANITIZE)
    if(CMAKE_BUILD_TYPE STREQUAL "Debug")
        set(every 8)
    else()
        set(every 1)
    endif()
    add_test(NAME validation_pages COMMAND test_examples cases ${every})
    set_tests_properties(validation_pages PROPERTIES LABELS validation TIMEOUT 1200)
endif()
