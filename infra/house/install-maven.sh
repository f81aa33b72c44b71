#!/usr/bin/env bash
# Java and Maven, for what the tests take out of Maven Central; where one is missing and this is root on Debian, installs both.
set -euo pipefail
if ! command -v java >/dev/null 2>&1 || ! command -v mvn >/dev/null 2>&1; then
  (apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq default-jre-headless maven) >/dev/null 2>&1 ||
    { echo 'Java and Maven could not be installed' >&2; exit 1; }
fi
