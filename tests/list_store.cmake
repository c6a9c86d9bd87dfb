sei_test(test_store LABELS unit)
sei_test(test_db LABELS unit)
# The same tests on PostgreSQL; skipped with a message where its server is not installed.
foreach(name test_store test_db)
    add_test(NAME ${name}_postgresql COMMAND ${PROJECT_SOURCE_DIR}/tests/e2e/with_postgres.py $<TARGET_FILE:${name}>)
    set_tests_properties(${name}_postgresql PROPERTIES LABELS unit TIMEOUT 600 SKIP_RETURN_CODE 77)
endforeach()
