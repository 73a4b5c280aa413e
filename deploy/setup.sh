#!/bin/sh
# Finds a Python that can carry Sightline and hands over to deploy/setup.py. Arguments: see there.
set -eu
cd "$(dirname "$0")/.."
# A version manager leaves a python3.12 on the PATH that only prints an error: ask each candidate to run.
for python in ${PYTHON:-} .venv/bin/python python3.11 python3.12 python3.13 python3; do
    if "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        exec "$python" -m deploy.setup "$@"
    fi
done
echo "Sightline needs Python 3.11 or newer, and none was found: install it, or name it with PYTHON=/path/to/python3.11." >&2
exit 1
