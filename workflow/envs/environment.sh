# Sourced by ./run, ./test and ./caseseries: makes .venv from requirements.lock where it is absent, out of date, half
# made, of another Python or of another folder. Everything else in the project then runs with that Python and no other.

project=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
venv="$project/.venv"
export PYTHONNOUSERSITE=1 PYTHONSAFEPATH=1
unset PYTHONPATH PYTHONHOME
unset PYTHONDONTWRITEBYTECODE # images of containers set it: each stage would compile all its libraries anew

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

# The lock is copied last, so that an interrupted installation is done again. A copied or moved .venv has the paths of
# the folder that it was made in, and a new Python none of its packages: so this Python is asked whose code it runs.
environment_is_ours() {
    cmp -s "$project/requirements.lock" "$venv/installed" &&
        [ "$("$venv/bin/python" -I -c 'import caseseries, sys; print(sys.prefix, caseseries.__file__)' 2>/dev/null)" = \
            "$venv $project/workflow/caseseries/__init__.py" ]
}

# uv is one wheel; its hash, like all others, stands in the lock.
installer_lines() {
    awk '/^uv==/ { inside = 1 } inside { print } inside && !/\\$/ { exit }' "$project/requirements.lock"
}

# uv reads none of pip's settings: an index of a hospital or a company is handed on.
hand_on_index() {
    local key value
    while IFS='=' read -r key value; do
        value=${value//\'/}
        case $key in
            *.index-url) : "${UV_DEFAULT_INDEX:=$value}" && export UV_DEFAULT_INDEX ;;
            *.extra-index-url) : "${UV_INDEX:=${value//\\n/ }}" && export UV_INDEX ;;
            *.find-links) : "${UV_FIND_LINKS:=${value// /,}}" && export UV_FIND_LINKS ;;
            *.cert) : "${SSL_CERT_FILE:=$value}" && export SSL_CERT_FILE ;;
        esac
    done < <("$venv/bin/python" -m pip config list 2>/dev/null)
}

# Python compiles what it imports when it is first imported: fewer modules than pip would compile now.
install_with_uv() {
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes --only-binary :all: \
        --requirement <(installer_lines) || return
    hand_on_index
    export UV_INDEX_STRATEGY=unsafe-best-match # any index may have it: the hash decides
    local told=--quiet # its bars are for a terminal
    [ ! -t 2 ] || told=--color=auto
    "$venv/bin/uv" pip install "$told" --python "$venv/bin/python" --no-deps --require-hashes \
        --requirement "$project/requirements.lock" || return
    "$venv/bin/uv" pip install --quiet --python "$venv/bin/python" --no-deps --no-build-isolation --editable "$project"
}

install_with_pip() {
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes \
        --progress-bar on --requirement "$project/requirements.lock"
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation \
        --editable "$project"
}

prepare_environment() {
    if environment_is_ours; then
        return
    fi
    local python
    python=$(find_python)
    echo "Setting up .venv (once; a minute, longer on a slow network): installer ..." >&2
    "$python" -m venv --clear "$venv"
    echo "Setting up .venv: $(grep -c '==' "$project/requirements.lock") packages ..." >&2
    if ! install_with_uv; then
        echo "Setting up .venv: uv cannot be had here, going on with pip (some minutes) ..." >&2
        install_with_pip
    fi
    cp "$project/requirements.lock" "$venv/installed"
    echo "Setting up .venv: done." >&2
}

prepare_environment
export PATH="$venv/bin:$PATH"
