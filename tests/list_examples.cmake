sei_test(test_examples LABELS validation SOURCES unit/test_examples.c unit/validation.c)
# All other runs of docs/validation: minutes under the sanitizers, which the examples exercise already.
if(NOT SEI_SANITIZE)
    add_test(NAME validation_pages COMMAND test_examples cases)
    set_tests_properties(validation_pages PROPERTIES LABELS validation TIMEOUT 1200)
endif()
