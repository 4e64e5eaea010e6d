# Sourced by ./run and ./test: makes .venv from requirements.lock where it is absent or out of date.
# Everything else in the project then runs with that Python and no other.

project=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
venv="$project/.venv"
export PYTHONNOUSERSITE=1
unset PYTHONPATH PYTHONHOME

find_python() {
    local name
    for name in python3.11 python3.12 python3.13 python3; do
        if command -v "$name" >/dev/null && "$name" -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$name"
            return
        fi
    done
    echo "Python 3.11 or newer with the venv module was not found. On Debian: apt-get install python3 python3-venv" >&2
    return 2
}

# The stamp is written last, so that an interrupted installation is done again.
prepare_environment() {
    if cmp -s "$project/requirements.lock" "$venv/installed"; then
        return
    fi
    local python
    python=$(find_python)
    echo "Setting up .venv (once; about two minutes) ..." >&2
    "$python" -m venv --clear "$venv"
    "$venv/bin/python" -m pip install --quiet --quiet --disable-pip-version-check --no-deps --require-hashes \
        --requirement "$project/requirements.lock"
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation \
        --editable "$project"
    cp "$project/requirements.lock" "$venv/installed"
}

prepare_environment
export PATH="$venv/bin:$PATH"
