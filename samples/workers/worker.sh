#!/bin/sh
# A NextUp worker in shell: sh, curl, sed. One job at a time; the work is one command, here: sort.
#
#     NEXTUP_SERVER=http://127.0.0.1:8080 NEXTUP_TOKEN=... sh worker.sh sort [JOBS]
#
# Stops after so many jobs where a second argument is given. SIGTERM hands the running job back.
set -eu
server=${NEXTUP_SERVER:-http://127.0.0.1:8080}
kind=${1:?the kind to work on}
jobs=${2:-0}
worker=$(uname -n | tr -cd 'A-Za-z0-9.-')-$$
incarnation=$(date +%s)
folder=$(mktemp -d)
fail=
beating=

leave() {
    [ -z "$beating" ] || kill "$beating" 2>/dev/null || true
    [ -z "$fail" ] || say "$fail" '{"how":"hand-back","reason":"The worker was stopped; the job goes on elsewhere."}' || true
    rm -rf "$folder"
}
trap leave EXIT
trap 'exit 0' TERM INT

call() { curl -sS --retry 5 --retry-all-errors --fail -H "Authorization: Bearer $NEXTUP_TOKEN" "$@"; }
say() { call -H 'Content-Type: application/json' -d "$2" "$server$1"; }
part() { sed -n "s/.*\"$1\":\"\\([^\"]*\\)\".*/\\1/p" "$folder/lease"; }

done=0
while [ "$jobs" = 0 ] || [ "$done" -lt "$jobs" ]; do
    say /api/v1/work/lease "{\"worker\":\"$worker\",\"incarnation\":$incarnation,\"kinds\":[\"$kind\"],\"count\":1}" > "$folder/lease"
    input=$(part input)
    [ -n "$input" ] || continue
    complete=$(part complete)
    fail=$(part fail)
    heartbeat=$(part heartbeat)

    # The lease lasts while this goes on; when the server says no, the attempt is over.
    while sleep 5; do say "$heartbeat" '{}' > /dev/null || break; done &
    beating=$!

    if call -o "$folder/input" "$server$input" && sort "$folder/input" > "$folder/result"; then
        lines=$(wc -l < "$folder/result")
        call -F "summary={\"lines\":$((lines))}" -F "result=@$folder/result;filename=sorted.txt;type=text/plain" \
            "$server$complete" > /dev/null || echo "a result was refused: the attempt is over" >&2
    else
        say "$fail" '{"how":"retry","reason":"The file could not be sorted."}' > /dev/null || true
    fi
    kill "$beating" 2>/dev/null || true
    fail=
    beating=
    done=$((done + 1))
done
