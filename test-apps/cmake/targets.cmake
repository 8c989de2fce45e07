# SPDX-License-Identifier: GPL-2.0-or-later
# One way to declare a library, a program and a unit test, so that all get the same warnings and sanitizers.

function(ipu3_options target)
  target_compile_options(${target} PRIVATE
    -Wall -Wextra -Wpedantic -Werror -Wshadow -Wconversion -Wsign-conversion -Wold-style-cast
    -Wnon-virtual-dtor -Woverloaded-virtual)
  target_include_directories(${target} PUBLIC ${PROJECT_SOURCE_DIR})
  if(SANITIZE)
    target_compile_options(${target} PRIVATE
      -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
    target_link_options(${target} PUBLIC -fsanitize=address,undefined)
  endif()
endfunction()

# ipu3_hot_loops(): the targets of this folder and those below it are worth the compiler's time: -O3 vectorises rendering, packing, checking.
macro(ipu3_hot_loops)
  add_compile_options($<$<CONFIG:RelWithDebInfo>:-O3>)
endmacro()

# ipu3_library(NAME SOURCES file... [LIBS target...])
function(ipu3_library name)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "" "SOURCES;LIBS")
  add_library(${name} STATIC ${ARG_SOURCES})
  ipu3_options(${name})
  target_link_libraries(${name} PUBLIC ${ARG_LIBS} fmt::fmt)
endfunction()

# ipu3_program(NAME SOURCES file... [LIBS target...]): lands in IPU3_BIN_DIR
function(ipu3_program name)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "" "SOURCES;LIBS")
  add_executable(${name} ${ARG_SOURCES})
  ipu3_options(${name})
  target_link_libraries(${name} PRIVATE ${ARG_LIBS} fmt::fmt)
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${IPU3_BIN_DIR})
endfunction()

function(ipu3_test_options target)
  ipu3_options(${target})
  target_compile_options(${target} PRIVATE -O0)
endfunction()

# Headers that take longer to parse than most tests take to compile: parsed once for all of them.
function(ipu3_test_headers)
  find_package(GTest REQUIRED)
  add_library(test_headers OBJECT ${PROJECT_SOURCE_DIR}/cmake/test_headers.cpp)
  ipu3_test_options(test_headers)
  target_link_libraries(test_headers PRIVATE fmt::fmt GTest::gtest GTest::gmock)
  target_precompile_headers(test_headers PRIVATE <fmt/format.h> <gmock/gmock.h> <gtest/gtest.h> <algorithm> <chrono>
    <filesystem> <functional> <optional> <string> <vector>)
endfunction()

# ipu3_test(NAME SOURCES file... [LIBS target...]): a GoogleTest program, one CTest entry per TEST
function(ipu3_test name)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "" "SOURCES;LIBS")
  find_package(GTest REQUIRED)
  include(GoogleTest)
  add_executable(${name} ${ARG_SOURCES})
  ipu3_test_options(${name})
  target_link_libraries(${name} PRIVATE ${ARG_LIBS} GTest::gtest GTest::gmock GTest::gtest_main)
  target_precompile_headers(${name} REUSE_FROM test_headers)
  gtest_discover_tests(${name} TEST_PREFIX "${name}." NO_PRETTY_VALUES DISCOVERY_TIMEOUT 60)
endfunction()

# ipu3_vm_test(NAME SOURCES file... LIBS target... LABELS label... FILTERS pattern... TIMEOUTS seconds...): tests that boot the machine. Each pair
# of a label and a GoogleTest filter makes one group of CTest entries; built on request only, and not under sanitizers,
# for what they test are the programs.
function(ipu3_vm_test name)
  if(SANITIZE)
    return()
  endif()
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "" "SOURCES;LIBS;LABELS;FILTERS;TIMEOUTS")
  find_package(GTest REQUIRED)
  include(GoogleTest)
  add_executable(${name} EXCLUDE_FROM_ALL ${ARG_SOURCES})
  ipu3_test_options(${name})
  target_link_libraries(${name} PRIVATE ${ARG_LIBS} GTest::gtest GTest::gtest_main)
  target_precompile_headers(${name} REUSE_FROM test_headers)
  foreach(label filter timeout IN ZIP_LISTS ARG_LABELS ARG_FILTERS ARG_TIMEOUTS)
    gtest_discover_tests(${name} TEST_FILTER "${filter}" NO_PRETTY_VALUES TEST_LIST ${name}_${label} DISCOVERY_TIMEOUT 60
      PROPERTIES LABELS "${label}" TIMEOUT ${timeout})
  endforeach()
endfunction()

# ipu3_fuzzer(NAME SOURCES file... [LIBS target...]): only in a FUZZERS build, which clang++ compiles
function(ipu3_fuzzer name)
  if(NOT FUZZERS)
    return()
  endif()
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "" "SOURCES;LIBS")
  add_executable(${name} ${ARG_SOURCES})
  ipu3_options(${name})
  target_compile_options(${name} PRIVATE -fsanitize=fuzzer,address,undefined)
  target_link_options(${name} PRIVATE -fsanitize=fuzzer,address,undefined)
  target_link_libraries(${name} PRIVATE ${ARG_LIBS})
endfunction()
