part 'stop'
# A drill that takes as long as it is let.
echo 'SELECT pg_sleep(600) IS NOT NULL;' >/etc/recyclic/checks.sql
echo 'DRILL_CHECKS=/etc/recyclic/checks.sql' >>/etc/recyclic/recyclicd.env
check 'it restarts' systemctl restart recyclicd
job=$(recyclicctl drill --no-wait --json | python3 -c 'import json, sys; print(json.load(sys.stdin)["job"]["id"])')
check 'a drill runs' eventually 20 bash -c "pgrep -u recyclic -f pg_sleep || pgrep -u recyclic -x postgres"
group=/sys/fs/cgroup$(property recyclicd ControlGroup)
check 'it stops while a drill runs' systemctl stop recyclicd
check 'it ended well' has_property recyclicd Result success
check 'nothing is left of it' is '' "$(cat "$group"/cgroup.procs 2>/dev/null)"
check 'its socket is gone' not test -e /run/recyclic/control.socket
check 'nothing is left of the drill' is '' "$(find /var/lib/recyclic/drills -mindepth 1 2>/dev/null)"
check 'its end is an event' bash -c "[[ -n '$(events recyclicd.service daemonStopped | tr -d "'")' ]]"
check 'recyclicctl says how to start it' exits 3 recyclicctl status
sed -i '/^DRILL_CHECKS/d' /etc/recyclic/recyclicd.env
