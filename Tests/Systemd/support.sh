# What the parts of the scenario use.

failures=0
begun=$SECONDS
role_password='Cr3d3nt1al+only/for=test'

# part NAME: a heading.
part() { printf '%4d s  %s\n' $((SECONDS - begun)) "$1"; }

# check WHAT COMMAND…: COMMAND must succeed; what it wrote is shown when it does not.
check() {
    local what=$1 output
    shift
    if ! output=$("$@" 2>&1); then
        failures=$((failures + 1))
        printf 'FAILED: %s\n' "$what"
        printf '%s\n' "$output" | tail -n 25 | sed 's/^/        /'
    fi
}

# not COMMAND…: succeeds when COMMAND fails.
not() { ! "$@"; }

# is EXPECTED ACTUAL
is() { [[ $1 == "$2" ]] || { echo "expected: $1"; echo "found:    $2"; return 1; }; }

# holds TEXT PART: TEXT holds PART.
holds() { [[ $1 == *"$2"* ]] || { echo "does not hold: $2"; printf '%s\n' "$1" | tail -n 20; return 1; }; }

# exits CODES COMMAND…: COMMAND exits with one of the codes ("0 4 5").
exits() {
    local codes=" $1 " code output
    shift
    output=$("$@" 2>&1)
    code=$?
    [[ $codes == *" $code "* ]] || { echo "'$*' exited with $code, not$codes"; printf '%s\n' "$output"; return 1; }
}

# eventually SECONDS COMMAND…: COMMAND succeeds within that time.
eventually() {
    local limit=$((SECONDS + $1))
    shift
    until "$@" >/dev/null 2>&1; do
        ((SECONDS < limit)) || { "$@"; return; }
        sleep 0.1
    done
}

# property UNIT NAME: a property of a unit.
property() { systemctl show --value --property="$2" "$1"; }

# has_property UNIT NAME VALUE
has_property() { is "$3" "$(property "$1" "$2")"; }

# journal UNIT [ARGUMENT…]: what a unit logged so far.
journal() {
    journalctl --sync
    journalctl --no-pager --quiet --output=cat "_SYSTEMD_UNIT=$1" "${@:2}"
}

# logged UNIT TEXT [ARGUMENT…]
logged() { holds "$(journal "$1" "${@:3}")" "$2"; }

# events UNIT NAME: the entries of an event, as JSON lines.
events() {
    journalctl --sync
    journalctl --no-pager --quiet --output=json "_SYSTEMD_UNIT=$1" "RECYCLIC_EVENT=$2"
}

# drop_in UNIT NAME LINE…: a drop-in with these lines of [Service].
drop_in() {
    mkdir -p "/etc/systemd/system/$1.d"
    { echo '[Service]'; printf '%s\n' "${@:3}"; } >"/etc/systemd/system/$1.d/$2.conf"
    systemctl daemon-reload
}

# take_back UNIT NAME: removes a drop-in.
take_back() {
    rm "/etc/systemd/system/$1.d/$2.conf"
    systemctl daemon-reload
}

# sql STATEMENT…: run as the server's superuser.
sql() {
    local statement
    for statement; do
        setpriv --reuid postgres --regid postgres --clear-groups psql -XqAt -v ON_ERROR_STOP=1 -d recyclic -c "$statement"
    done
}

# as USER COMMAND…
as() {
    local user=$1
    shift
    setpriv --reuid "$user" --regid "$(id -g "$user")" --init-groups "$@"
}

# configure FILE LINE…: a configuration file as the package makes it.
configure() {
    local file=$1
    shift
    install -m 0640 -g recyclic /dev/null "$file"
    printf '%s\n' 'POSTGRES_USER=recyclic' 'POSTGRES_DB=recyclic' 'BACKUP_OFFSITE_URL=none' 'BACKUP_SCHEDULE=off' \
        'DRILL_SCHEDULE=off' 'ALERT_DISK_SPACE_WARNING=2048' 'ALERT_DISK_SPACE_CRITICAL=1024' "$@" >"$file"
}

# serve: a server as Debian has it, with the role of setup-sql and a table.
serve() {
    install -d -o postgres -g postgres /var/lib/scene
    local server
    server=$(echo /usr/lib/postgresql/*/bin)
    check 'a cluster is made' as postgres "$server/initdb" --no-sync --locale=C.UTF-8 --auth-local=peer --auth-host=scram-sha-256 \
        --data-checksums -D /var/lib/scene/data
    cat >/etc/systemd/system/scene.service <<UNIT
[Service]
Type=notify
User=postgres
RuntimeDirectory=postgresql
ExecStart=$server/postgres -D /var/lib/scene/data -c listen_addresses=localhost -k /run/postgresql
UNIT
    systemctl daemon-reload
    check 'the server starts' systemctl start scene
    as postgres psql -XqAt -d postgres -c 'CREATE DATABASE recyclic' >/dev/null
    "$programs/recyclicd" setup-sql >/tmp/setup.sql
    check 'the role is made' as postgres psql -Xq -v ON_ERROR_STOP=1 -d recyclic -f /tmp/setup.sql
    sql "ALTER ROLE recyclic PASSWORD '$role_password'" \
        "CREATE TABLE ticket AS SELECT i AS id, 'ticket ' || i AS text FROM generate_series(1, 5000) i"
}

finish() {
    local took=$((SECONDS - begun))
    if ((failures)); then
        echo "$failures checks in a booted systemd failed ($took s)"
        exit 1
    fi
    echo "the $what in a booted systemd is as it should be ($took s)"
}
