#!/usr/bin/env bash
# Everything of the kit on this machine, beside its Python: bash run.sh [part…] [options]; --help shows them.
# ISOTORCH_PYTHON names another Python than python3, ISOTORCH_NODE another Node than the kit's.
set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd) || exit 1
torch=$("${ISOTORCH_PYTHON:-python3}" "$here/gpu/python/prepare.py" "$here") || exit 1
export ISOTORCH_LIBTORCH=$torch
unset ISOTORCH_ADDON
node="$here/bin/node"
[ -x "$node" ] || node=${ISOTORCH_NODE:-node}
export ISOTORCH_GPU_CWD=$PWD
exec "$node" --no-warnings "$here/gpu/run.mjs" "$@"
