#!/usr/bin/env bash
# Brings the jars of a Kafka broker into .cache/kafka (or $KAFKA_LIBS); does nothing where they are. Needs Maven and Java 17 or newer.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
libs=${KAFKA_LIBS:-$root/.cache/kafka}

if ! command -v java >/dev/null 2>&1 || ! ls "$libs"/kafka_2.13-*.jar >/dev/null 2>&1; then
  "$root/infra/house/install-maven.sh"
  # -U: a download that failed before is tried again.
  mvn -q -B -U -f "$here/pom.xml" "-Dlibs.dir=$libs" dependency:copy-dependencies
fi
ls "$libs"/kafka_2.13-*.jar >/dev/null
