# isotorch_cuda.node, the second addon: what native/device/cuda_library.h asks of CUDA. Built where libtorch has a CUDA half and CUDA's headers are
# there: NVIDIA's Python packages beside libtorch bring them (nvidia-cuda-crt the last of them), or the toolkit does.
#
#   -DISOTORCH_CUDA_INCLUDE=<directory>;…   where to look first
set(ISOTORCH_CUDA_INCLUDE "" CACHE STRING "Directories with CUDA's headers")

if(NOT EXISTS "${ISOTORCH_LIBTORCH}/lib/libtorch_cuda.so")
  return()
endif()

file(GLOB nvidia_packages "${ISOTORCH_LIBTORCH}/../nvidia/cu[0-9]*" "${ISOTORCH_LIBTORCH}/../nvidia/cuda_runtime")
set(cuda_includes ${ISOTORCH_CUDA_INCLUDE})
set(cuda_libraries)
foreach(package ${nvidia_packages})
  list(APPEND cuda_includes "${package}/include")
  list(APPEND cuda_libraries "${package}/lib")
endforeach()
foreach(toolkit "$ENV{CUDA_HOME}" /usr/local/cuda)
  if(toolkit)
    list(APPEND cuda_includes "${toolkit}/include")
    list(APPEND cuda_libraries "${toolkit}/lib64")
  endif()
endforeach()

find_path(cuda_runtime_include cuda_runtime_api.h PATHS ${cuda_includes} NO_DEFAULT_PATH NO_CACHE)
find_path(cuda_crt_include crt/host_defines.h PATHS ${cuda_includes} NO_DEFAULT_PATH NO_CACHE)
file(GLOB cudart "${ISOTORCH_LIBTORCH}/lib/libcudart*.so*")
foreach(directory ${cuda_libraries})
  file(GLOB found "${directory}/libcudart.so.[0-9][0-9]")
  list(APPEND cudart ${found})
endforeach()
if(NOT cuda_runtime_include OR NOT cuda_crt_include OR NOT cudart)
  message(STATUS "isotorch: no isotorch_cuda: CUDA's headers or libcudart were not found (pip install nvidia-cuda-crt, or pass -DISOTORCH_CUDA_INCLUDE)")
  return()
endif()
list(GET cudart 0 cudart)

add_library(isotorch_cuda MODULE native/cuda/graph.cpp native/cuda/library.cpp)
set_target_properties(isotorch_cuda PROPERTIES
  PREFIX ""
  SUFFIX ".node"
  CXX_STANDARD 20
  CXX_STANDARD_REQUIRED ON
  CXX_EXTENSIONS OFF
  CXX_VISIBILITY_PRESET hidden
  VISIBILITY_INLINES_HIDDEN ON
  SKIP_BUILD_RPATH ON
  LIBRARY_OUTPUT_DIRECTORY "${output}"
)
target_include_directories(isotorch_cuda PRIVATE "${CMAKE_SOURCE_DIR}/native")
target_include_directories(isotorch_cuda SYSTEM PRIVATE
  "${ISOTORCH_LIBTORCH}/include"
  "${ISOTORCH_LIBTORCH}/include/torch/csrc/api/include"
  "${cuda_runtime_include}"
  "${cuda_crt_include}"
)
target_compile_definitions(isotorch_cuda PRIVATE _GLIBCXX_USE_CXX11_ABI=1)
target_compile_options(isotorch_cuda PRIVATE -Wall -Wextra -Werror
  "-ffile-prefix-map=${CMAKE_SOURCE_DIR}=."
  "-ffile-prefix-map=${ISOTORCH_LIBTORCH}=libtorch"
  "-ffile-prefix-map=${cuda_runtime_include}=cuda"
  "-ffile-prefix-map=${cuda_crt_include}=cuda"
)
target_link_libraries(isotorch_cuda PRIVATE
  "${ISOTORCH_LIBTORCH}/lib/libtorch_cuda.so" "${ISOTORCH_LIBTORCH}/lib/libc10_cuda.so"
  "${torch_torch_cpu}" "${torch_c10}" "${cudart}"
)
target_link_options(isotorch_cuda PRIVATE LINKER:--gc-sections)
