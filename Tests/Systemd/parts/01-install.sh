part 'install'
check 'make install works' make --directory="$here/../.." --no-print-directory install \
    PREFIX=/usr UNITDIR=/usr/lib/systemd/system PROGRAMS="$programs" STRIP=
check 'the user is made' systemd-sysusers /usr/lib/sysusers.d/recyclicd.conf
check 'the catalogue is read' journalctl --update-catalog
systemctl daemon-reload

units=(recyclicd.service recyclicd.socket recyclicd@shop.service recyclicd@shop.socket)
check 'systemd finds nothing wrong with the units' is '' "$(systemd-analyze verify --man=no "${units[@]}" 2>&1)"
for unit in recyclicd.service recyclicd@shop.service; do
    check "$unit is confined: exposure 1.5 at most" \
        systemd-analyze security --offline=true --threshold=15 --no-pager "/usr/lib/systemd/system/${unit/shop/}"
done

# A server as Debian has it, with the role of setup-sql.
install -d -o postgres -g postgres /var/lib/scene
runuser() { setpriv --reuid postgres --regid postgres --clear-groups "$@"; }
server=$(echo /usr/lib/postgresql/*/bin)
check 'a cluster is made' runuser "$server/initdb" --no-sync --locale=C.UTF-8 --auth-local=peer --auth-host=scram-sha-256 \
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
runuser psql -XqAt -d postgres -c 'CREATE DATABASE recyclic' >/dev/null
configure /etc/recyclic.env 'POSTGRES_HOST=/run/postgresql'
recyclicd setup-sql --config /etc/recyclic.env >/tmp/setup.sql
check 'the role is made' runuser psql -Xq -v ON_ERROR_STOP=1 -d recyclic -f /tmp/setup.sql
sql "ALTER ROLE recyclic PASSWORD '$role_password'" \
    "CREATE TABLE ticket AS SELECT i AS id, 'ticket ' || i AS text FROM generate_series(1, 5000) i"
