#!/usr/bin/env bash
# Shows recyclicd's main job on a private PostgreSQL with sample data: backup, status, verify, restore, drill.
#   usage: demo.sh DIRECTORY-WITH-THE-PROGRAMS
# Ends with 0 only when every step did what it should. Everything lies in a temporary folder and is removed at the end.
set -euo pipefail

programs=$(cd "${1:?the folder with recyclicd and recyclicctl}" && pwd)
here=$(cd "$(dirname "$0")" && pwd)
bin=$(ls -d /usr/lib/postgresql/15/bin /usr/lib/postgresql/*/bin 2>/dev/null | head -n 1)
export PATH="$programs:$bin:$PATH" LC_ALL=C.UTF-8 NO_COLOR="${NO_COLOR:-}"

folder=$(mktemp -d /tmp/recyclic-demo.XXXXXX)
chmod 755 "$folder"
as_server=()
if ((EUID == 0)); then
    # A server never runs as root.
    user=postgres
    id "$user" >/dev/null 2>&1 || user=nobody
    as_server=(setpriv "--reuid=$user" "--regid=$(id -g "$user")" --clear-groups --)
fi
mkdir "$folder/source" "$folder/source/socket" "$folder/run" "$folder/state"
((EUID != 0)) || chown -R "$user" "$folder/source"

daemon=
cleanup() {
    local status=$?
    trap - EXIT INT TERM
    if [[ -n $daemon ]]; then
        kill "$daemon" 2>/dev/null || true
        wait "$daemon" 2>/dev/null || true
    fi
    for data in "$folder/source/data" "$folder/restored"; do
        [[ ! -f $data/postmaster.pid ]] || "${as_server[@]}" pg_ctl -D "$data" -m immediate -s stop || true
    done
    if ((status != 0)); then
        echo
        echo "The demo FAILED (exit code $status). The daemon's last lines:"
        tail -n 30 "$folder/recyclicd.log" 2>/dev/null || true
    fi
    rm -rf "$folder"
    exit "$status"
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

say() { printf '\n\033[1m== %s\033[0m\n' "$*"; }
show() {
    printf '$ %s\n' "$*"
    "$@"
}
fail() {
    echo "demo: $*" >&2
    exit 1
}
sql() { psql -X -q -A -t -v ON_ERROR_STOP=1 -h "$1" -U postgres "${@:2}"; }
# One line a table: its name, its rows, and a digest of all rows in order.
fingerprint() {
    local table
    for table in $(sql "$1" -d recyclic -c "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables
        WHERE schemaname = 'public' ORDER BY 1"); do
        sql "$1" -d recyclic -c "SELECT '$table', count(*), md5(string_agg(t::text, E'\n' ORDER BY t::text)) FROM $table t"
    done
}

say "A PostgreSQL server with sample data of a recycling centre (5,000 tickets)"
"${as_server[@]}" initdb -D "$folder/source/data" -U postgres --data-checksums --locale=C.UTF-8 -E UTF8 >/dev/null
cat >>"$folder/source/data/postgresql.conf" <<CONF
listen_addresses = ''
unix_socket_directories = '$folder/source/socket'
CONF
"${as_server[@]}" pg_ctl -D "$folder/source/data" -l "$folder/source/log" -s -w start
source_host=$folder/source/socket
sql "$source_host" -d postgres -c "CREATE DATABASE recyclic"
sql "$source_host" -d recyclic -v tickets=5000 -v as_of='2026-11-22 12:00+00' -f "$here/recyclic-sample.sql" >/dev/null
sql "$source_host" -d recyclic -c "SELECT 'tickets: ' || count(*) FROM ticket_depot"

say "recyclicd tells which SQL makes its role, and protects the server"
cat >"$folder/recyclicd.env" <<CONF
POSTGRES_HOST=$source_host
POSTGRES_USER=recyclic
POSTGRES_DB=recyclic
BACKUP_OFFSITE_URL=none
BACKUP_ON_FIRST_START=false
CONF
export RUNTIME_DIRECTORY=$folder/run STATE_DIRECTORY=$folder/state RECYCLIC_SOCKET=$folder/run/control.socket HTTP_LISTEN=none
printf '$ recyclicd setup-sql | psql\n'
recyclicd setup-sql --config "$folder/recyclicd.env" >"$folder/setup.sql"
sql "$source_host" -d recyclic -f "$folder/setup.sql" >/dev/null
printf '$ recyclicd serve --config recyclicd.env &\n'
recyclicd serve --config "$folder/recyclicd.env" >"$folder/recyclicd.log" 2>&1 &
daemon=$!
for ((i = 0; i < 100; i++)); do
    [[ ! -S $RECYCLIC_SOCKET ]] || break
    kill -0 "$daemon" 2>/dev/null || fail "recyclicd ended at its start"
    sleep 0.1
done

say "Before the first backup: the status says so"
show recyclicctl status || [[ $? -eq 4 || $? -eq 5 ]] || fail "status failed"

say "The first backup"
show recyclicctl trigger-backup

say "Verify: every object of the repository against its name and its chunks"
show recyclicctl verify --full

say "Drill: a real restore into a scratch server, with a verdict"
show recyclicctl drill

say "1 % of the rows change, and the second backup stores little"
before=$(du -sb "$folder/state/repository" | cut -f 1)
sql "$source_host" -d recyclic -c "UPDATE ligne_depot SET poids_kg = poids_kg + 0.001 WHERE hashtext(id::text) % 100 = 0"
sql "$source_host" -d recyclic -c "VACUUM" -c "CHECKPOINT"
show recyclicctl trigger-backup
after=$(du -sb "$folder/state/repository" | cut -f 1)
echo "the repository grew from $((before / 1024)) KiB to $((after / 1024)) KiB"
((after - before < before / 2)) || fail "the second backup stored too much"
show recyclicctl backups
expected=$(fingerprint "$source_host")

say "Restore into a folder, and a stock PostgreSQL on it"
show recyclicctl restore latest --to "$folder/restored" --config "$folder/recyclicd.env" --preview
owner=()
((EUID != 0)) || owner=(--owner "$user")
show recyclicctl restore latest --to "$folder/restored" --config "$folder/recyclicd.env" "${owner[@]}"
mkdir "$folder/restored-socket"
((EUID != 0)) || chown "$user" "$folder/restored-socket"
"${as_server[@]}" pg_ctl -D "$folder/restored" -l "$folder/source/restored.log" -s -w \
    -o "-c listen_addresses='' -c unix_socket_directories='$folder/restored-socket'" start ||
    { cat "$folder/source/restored.log"; fail "the restored server did not start"; }
restored=$(fingerprint "$folder/restored-socket")
[[ $expected == "$restored" ]] || { diff <(echo "$expected") <(echo "$restored"); fail "the restored rows differ"; }
echo "$restored" | awk -F '|' '{ rows += $2 } END { print NR " tables with " rows " rows: the same as in the source" }'
"${as_server[@]}" pg_ctl -D "$folder/restored" -m fast -s stop

say "A damaged repository is noticed, and the damage named"
pack=$(find "$folder/state/repository/packs" -type f -size +20k | sort | head -n 1)
printf '\377' | dd of="$pack" bs=1 seek=9000 conv=notrunc status=none
if show recyclicctl verify --full; then fail "verify did not notice the damage"; fi

say "At the end: the status"
show recyclicctl status || [[ $? -eq 4 || $? -eq 5 ]] || fail "status failed"

say "recyclicd stops"
kill -TERM "$daemon"
wait "$daemon" || fail "recyclicd ended with code $?"
daemon=
echo "The demo went well."
