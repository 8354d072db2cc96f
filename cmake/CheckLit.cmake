# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# The target `check-lit` runs lit_tests/ against the mograph that is installed for the Python that CMake found. It builds
# nothing: the package is installed by pip, so that what is tested is what a user gets.
get_filename_component(python_scripts "${Python_EXECUTABLE}" DIRECTORY)
add_custom_target(check-lit
  COMMAND "${python_scripts}/lit" --workers 2 -v "${CMAKE_SOURCE_DIR}/lit_tests"
  COMMENT "Running lit_tests with ${Python_EXECUTABLE}"
  USES_TERMINAL VERBATIM)
