#!/bin/sh
# Starts the exercise from this folder, without internet. The first start installs it into the folder `venv` beside this
# script, which takes a few seconds; nothing is put anywhere else but your sessions. All words are handed on:
# ./start.sh host card-storm
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
venv=$here/venv
# The virtual environment knows its own place: a folder that was moved or copied is set up anew.
mark=$venv/installed-at

if [ "$(cat "$mark" 2>/dev/null)" != "$here" ] || ! "$venv/bin/python" -c '' 2>/dev/null; then
    python=
    for name in ${PYTHON:-python@PYTHON@ python3 python}; do
        if "$name" -c 'import sys; sys.exit("%d.%d" % sys.version_info[:2] != "@PYTHON@")' >/dev/null 2>&1; then
            python=$name
            break
        fi
    done
    if [ -z "$python" ]; then
        echo "Python @PYTHON@ is needed and was not found; with another name: PYTHON=/path/to/python@PYTHON@ ./start.sh" >&2
        exit 2
    fi
    echo "Setting up in $venv ..." >&2
    rm -rf "$venv"
    # pip comes with the bundle: some systems carry Python without it.
    "$python" -m venv --without-pip "$venv"
    pip=$(ls "$here"/wheels/pip-*.whl)
    PIP_CONFIG_FILE=/dev/null "$venv/bin/python" "$pip/pip" --quiet --isolated --disable-pip-version-check install \
        --no-index --no-compile --find-links "$here/wheels" --require-hashes -r "$here/requirements.txt"
    echo "$here" >"$mark"
fi
exec "$venv/bin/exercise" "$@"
