# Sourced by ./run and ./test with the name of a lock file: makes .venv hold exactly what it locks,
# and looks for the system libraries of the PDFs. Done work is remembered by stamps, so that the
# second start takes seconds.

# What Python compiled for one process serves the next: a run starts hundreds of them.
unset PYTHONDONTWRITEBYTECODE

prepare_venv() {
    local lock=$1 python=${PYTHON:-python3} stamp
    if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        echo "Potrzebny jest Python 3.11 lub nowszy (próbowano: $python). Wskaż go tak: PYTHON=/ścieżka/python3.11 $0" >&2
        exit 1
    fi
    if ! "$python" -c 'import venv, ensurepip' 2>/dev/null; then
        echo "Temu Pythonowi brakuje modułu venv. Zainstaluj go: apt-get install -y python3-venv" >&2
        exit 1
    fi

    stamp=$(venv_stamp "$lock")
    if [ "$(cat ".venv/stamp-$lock" 2>/dev/null)" = "$stamp" ]; then
        return
    fi
    if ! .venv/bin/python -m pip --version >/dev/null 2>&1 || [ "$(cat .venv/stamp-home 2>/dev/null)" != "$PWD" ]; then
        echo "Tworzę środowisko Pythona w .venv"
        "$python" -m venv --clear .venv
        echo "$PWD" >.venv/stamp-home
    fi
    echo "Instaluję biblioteki z $lock (za pierwszym razem około minuty)"
    rm -f ".venv/stamp-$lock"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r "$lock"
    echo "$stamp" >".venv/stamp-$lock"
    # What the tests are locked to holds what the program is locked to.
    if [ "$lock" = requirements-dev.txt ]; then
        venv_stamp requirements.txt >.venv/stamp-requirements.txt
    fi
}

# The folder and the interpreter belong to the stamp: a venv survives neither a move nor an upgrade.
venv_stamp() {
    "${PYTHON:-python3}" -c 'import hashlib, sys
print(hashlib.sha256(repr((sys.version, sys.argv[1], open(sys.argv[2], "rb").read())).encode()).hexdigest())' "$PWD" "$1"
}

prepare_pdf_libraries() {
    local line
    line=$(.venv/bin/python -c 'from owes.pdf import APT_LINE, missing_libraries
print(APT_LINE if missing_libraries() else "")')
    if [ -z "$line" ]; then
        return
    fi
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        echo "Instaluję biblioteki systemowe do PDF: $line"
        # shellcheck disable=SC2086
        if apt-get update -qq >/dev/null && DEBIAN_FRONTEND=noninteractive $line -qq >/dev/null; then
            return
        fi
    fi
    echo "Brak bibliotek systemowych do PDF. Program działa, ale dokumenty PDF nie powstaną, dopóki administrator nie wykona:" >&2
    echo "    $line" >&2
}
