#!/usr/bin/env bash
# Brings the jars of a Kafka broker into .cache/kafka (or $KAFKA_LIBS); does nothing where they are. Needs Maven and Java 17 or newer,
# and where both are missing and this is root on Debian, installs them.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
libs=${KAFKA_LIBS:-$(cd "$here/../../.." && pwd)/.cache/kafka}

if ! command -v java >/dev/null 2>&1 || ! ls "$libs"/kafka_2.13-*.jar >/dev/null 2>&1; then
  if ! command -v java >/dev/null 2>&1 || ! command -v mvn >/dev/null 2>&1; then
    (apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq default-jre-headless maven) >/dev/null 2>&1 ||
      { echo 'Java and Maven could not be installed' >&2; exit 1; }
  fi
  # -U: a download that failed before is tried again.
  mvn -q -B -U -f "$here/pom.xml" "-Dlibs.dir=$libs" dependency:copy-dependencies
fi
ls "$libs"/kafka_2.13-*.jar >/dev/null
