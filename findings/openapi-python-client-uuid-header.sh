#!/usr/bin/env bash
# openapi-python-client 0.29.1: a header parameter of `type: string, format: uuid` becomes an argument of type UUID that the generated code puts
# into the headers as it is. httpx takes str or bytes there, so every call raises TypeError before anything is sent. A path parameter of
# the same format in the same operation is made text. No server is needed: requests go to httpx.MockTransport.
# Exits 0 when the behaviour is as described, 1 when it changed. Installs into a folder of its own, which it removes. Needs Python 3.10 or newer.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check openapi-python-client==0.29.1 httpx==0.28.1
cat > openapi.json <<'JSON'
{
  "openapi": "3.1.0",
  "info": { "title": "uuid header", "version": "1.0.0" },
  "paths": {
    "/things/{thing}": {
      "post": {
        "operationId": "make",
        "parameters": [
          { "name": "thing", "in": "path", "required": true, "schema": { "type": "string", "format": "uuid" } },
          { "name": "Idempotency-Key", "in": "header", "required": true, "schema": { "type": "string", "format": "uuid" } }
        ],
        "responses": { "204": { "description": "made" } }
      }
    }
  }
}
JSON
env/bin/openapi-python-client generate --path openapi.json --meta none --output-path made_client >generate.log 2>&1 || { cat generate.log; exit 1; }
cat > call.py <<'PY'
import importlib.metadata, platform, sys
from uuid import UUID
import httpx
from made_client import Client
from made_client.api.default import make

names = ("openapi-python-client", "httpx")
print(f"Python {platform.python_version()}, " + ", ".join(f"{n} {importlib.metadata.version(n)}" for n in names))
seen = []
def answer(request):
    seen.append(request)
    return httpx.Response(204)
client = Client(base_url="http://client.test", httpx_args={"transport": httpx.MockTransport(answer)})
thing = UUID("018f2a7e-0000-7000-8000-000000000001")
try:
    make.sync_detailed(thing, client=client, idempotency_key=thing)
    print(f"sent with {seen[0].headers['idempotency-key']}")
    sys.exit(1)
except TypeError as error:
    print(f"TypeError: {error}; requests sent: {len(seen)}")
# As text, against the generated signature, the same call goes out.
make.sync_detailed(thing, client=client, idempotency_key=str(thing))
print(f"as text: {seen[0].method} {seen[0].url.path} with {seen[0].headers['idempotency-key']}")
sys.exit(0 if len(seen) == 1 else 1)
PY
env/bin/python call.py
