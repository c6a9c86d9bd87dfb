add_test(NAME dev_script COMMAND ${PROJECT_SOURCE_DIR}/tests/e2e/dev.sh ${PROJECT_SOURCE_DIR})
set_tests_properties(dev_script PROPERTIES LABELS e2e TIMEOUT 60)
