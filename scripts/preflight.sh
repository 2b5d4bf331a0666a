#!/bin/sh
# What the installation needs, checked before anything is tried.
# usage: preflight.sh PYTHON
set -u
python=$1
needed_mb=${QA_NEEDED_MB:-4000}

fail() {
    echo "qa: $*" >&2
    exit 1
}

version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) ||
    fail "there is no Python at '$python'; install Python 3.11 or newer, or run make PYTHON=/path/to/python3"
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
    fail "Python $version is too old; install 3.11 or newer, or run make PYTHON=/path/to/python3"
"$python" -c 'import ensurepip, venv' 2>/dev/null ||
    fail "this Python cannot make a virtual environment; install its venv package (Debian: apt install python3-venv)"

compiler=${CXX:-}
for name in $compiler c++ g++ clang++; do
    if command -v "$name" >/dev/null 2>&1; then
        compiler=found
        break
    fi
done
[ "$compiler" = found ] ||
    fail "there is no C++ compiler; install one (Debian: apt install g++, macOS: xcode-select --install)"

free_mb=$(df -Pk . | awk 'NR == 2 { print int($4 / 1024) }')
[ "$free_mb" -ge "$needed_mb" ] ||
    fail "$free_mb MB are free here, the installation takes about $needed_mb MB; free some space first"
