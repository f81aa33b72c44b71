#!/usr/bin/env bash
# Brings the distribution of Keycloak into .cache/keycloak (or $KEYCLOAK_HOME); does nothing where it is. Needs Maven and Java 17 or newer.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
home=${KEYCLOAK_HOME:-$root/.cache/keycloak}

if ! command -v java >/dev/null 2>&1 || [ ! -f "$home/bin/kc.sh" ]; then
  "$root/infra/house/install-maven.sh"
fi
if [ ! -f "$home/bin/kc.sh" ]; then
  # Unpacked beside its place: what is broken off is taken for nothing.
  rm -rf "$home.part"
  # -U: a download that failed before is tried again.
  mvn -q -B -U -f "$here/pom.xml" "-Dunpacked.dir=$home.part" dependency:unpack
  mv "$home.part"/keycloak-* "$home"
  rm -rf "$home.part"
fi
[ -f "$home/bin/kc.sh" ]
