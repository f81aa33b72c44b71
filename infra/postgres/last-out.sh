#!/bin/sh
# usage: last-out.sh OWN_MARK FOLDER_OF_MARKS DATA LINK_TO_BINARIES TEMPORARY_FOLDER LEASE; with the process that uses the server at the other end of stdin.
# What `leave` (users.ts) and the stop of a server (cluster.ts) do, once that process is gone: kill -9 leaves nobody else to do it.
# Marks are <pid>-<began>. postmaster.pid goes with its server, which writes first what the buffers hold: it waits for that 60 s at most.
read -r _
rm -f -- "$1"
own=${1##*/}
if [ -n "$6" ] && grep -q "\"pid\":${own%%-*}," "$6" 2>/dev/null; then rm -f -- "$6"; fi
for mark in "$2"/*; do
  [ -e "$mark" ] || continue
  pid=${mark##*/}
  kill -0 "${pid%%-*}" 2>/dev/null || rm -f -- "$mark"
done
rmdir -- "$2" 2>/dev/null || exit 0
if pid=$(head -n 1 "$3/postmaster.pid" 2>/dev/null); then
  kill -s INT -- "$pid" 2>/dev/null
  tries=0
  while [ -e "$3/postmaster.pid" ] && kill -0 "$pid" 2>/dev/null && [ $tries -lt 600 ]; do
    sleep 0.1
    tries=$((tries + 1))
  done
fi
if [ -L "$4" ]; then rm -rf -- "$(readlink "$4")"; rm -f -- "$4"; fi
[ -z "$5" ] || rm -rf -- "$5"
