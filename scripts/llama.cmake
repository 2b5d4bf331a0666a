# llama-cpp-python always asks for llama.cpp's common library, which only its tools use.
set(LLAMA_BUILD_COMMON OFF)
