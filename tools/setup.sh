# What ./run and tests/run share: system packages and the Python environment. Sourced, not run.
say() { printf '%s\n' "$*" >&2; }

# --- system packages -------------------------------------------------------------------------
can_install() {
    command -v apt-get >/dev/null 2>&1 || return 1
    [ "$(id -u)" -eq 0 ] || sudo -n true 2>/dev/null
}
as_root() { if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo -n "$@"; fi; }
install_packages() { # installs each package named; the caller decides whether a failure matters
    say "Installing: $*"
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq update >&2 || return 1
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends "$@" \
        >/dev/null 2>>"${TMPDIR:-/tmp}/dealdesk-apt.log"
}

find_python() {
    for candidate in python3.11 python3.12 python3.13 python3; do
        if command -v "$candidate" >/dev/null 2>&1 &&
            "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            printf '%s\n' "$candidate"
            return
        fi
    done
    say "DealDesk needs Python 3.11 or newer. On Debian: apt-get install python3 python3-venv"
    exit 2
}

missing_libraries() { # names the Debian packages of the libraries that PDF needs and that are absent
    "$1" - <<'PY'
from ctypes.util import find_library
wanted = {
    "pango-1.0": "libpango-1.0-0",
    "pangoft2-1.0": "libpangoft2-1.0-0",
    "harfbuzz-subset": "libharfbuzz-subset0",
}
print(" ".join(package for library, package in wanted.items() if not find_library(library)))
PY
}

# --- the Python environment ------------------------------------------------------------------
set_up() { # $1: requirements.txt or requirements-dev.txt
    lock=$(cksum "$1" | cut -d' ' -f1,2)
    stamp=".venv/.lock-$1"
    [ "$(cat "$stamp" 2>/dev/null)" = "$lock" ] && return
    python=$(find_python)
    say "Setting up the Python environment from $1 …"
    if command -v uv >/dev/null 2>&1; then
        [ -x .venv/bin/python ] || uv venv --quiet --python "$python" .venv
        uv pip install --quiet --python .venv/bin/python --require-hashes -r "$1"
    else
        if [ ! -x .venv/bin/python ] && ! "$python" -m venv .venv 2>/dev/null; then
            rm -rf .venv
            if can_install; then install_packages python3-venv && "$python" -m venv .venv; else
                say "Python's venv is missing. On Debian: apt-get install python3-venv"
                exit 2
            fi
        fi
        .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r "$1"
    fi
    printf '%s' "$lock" >"$stamp"
    # The development lock holds the product's too.
    if [ "$1" = requirements-dev.txt ]; then
        cksum requirements.txt | cut -d' ' -f1,2 | tr -d '\n' >.venv/.lock-requirements.txt
    fi
}

set_up_libraries() {
    [ -f .venv/.libraries ] && return
    missing=$(missing_libraries .venv/bin/python)
    if [ -n "$missing" ]; then
        # shellcheck disable=SC2086  # a list of package names
        if ! { can_install && install_packages $missing; }; then
            say "PDF needs libraries that are missing. On Debian: apt-get install $missing"
            say "Everything else works without them."
            return
        fi
    fi
    : >.venv/.libraries
}
