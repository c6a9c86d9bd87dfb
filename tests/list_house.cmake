add_test(NAME dev_script COMMAND ${PROJECT_SOURCE_DIR}/tests/e2e/dev.sh ${PROJECT_SOURCE_DIR})
set_tests_properties(dev_script PROPERTIES LABELS e2e TIMEOUT 60)
if(NOT SEI_SANITIZE AND NOT SEI_COVERAGE AND NOT SEI_FUZZ)
    add_test(NAME install COMMAND ${PROJECT_SOURCE_DIR}/tests/e2e/install.sh
        ${PROJECT_BINARY_DIR} ${CMAKE_COMMAND} ${CMAKE_C_COMPILER})
    set_tests_properties(install PROPERTIES LABELS e2e TIMEOUT 120)
endif()
add_test(NAME manual_page COMMAND ${PROJECT_SOURCE_DIR}/tests/e2e/man.sh
    $<TARGET_FILE:seiryu-cli> ${PROJECT_SOURCE_DIR}/man/seiryu.1)
set_tests_properties(manual_page PROPERTIES LABELS e2e TIMEOUT 60)
add_subdirectory(bench)
add_test(NAME house_ipa_checklist COMMAND ${PROJECT_SOURCE_DIR}/tests/e2e/checklist.py)
set_tests_properties(house_ipa_checklist PROPERTIES LABELS e2e TIMEOUT 60)
