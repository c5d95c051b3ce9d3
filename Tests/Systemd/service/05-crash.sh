part 'crash and watchdog'
process=$(property recyclicd MainPID)
kill -KILL "$process"
check 'it is started again after a crash' eventually 30 bash -c "[[ \$(systemctl show --value -p MainPID recyclicd) != $process ]] &&
    recyclicctl jobs list"

drop_in recyclicd.service quick 'RestartSec=100ms' 'WatchdogSec=3s' 'TimeoutAbortSec=2s'
check 'it restarts in order' systemctl restart recyclicd
process=$(property recyclicd MainPID)
restarts=$(property recyclicd NRestarts)
# A server that hangs, as on a dead disk: for longer than the watchdog's time it is waited for, and status says so.
systemctl kill --signal=STOP scene
sleep 8
check 'a database that hangs is no reason to be killed' is "$process" "$(property recyclicd MainPID)"
check 'status tells of it' holds "$(recyclicctl status)" 'CRITICAL'
systemctl kill --signal=CONT scene
check 'a server that answers again is told' eventually 60 logged recyclicd.service 'the server answers again'

kill -STOP "$process"
check 'the watchdog ends a daemon that stands still' eventually 60 logged init.scope 'recyclicd.service: Watchdog timeout'
check 'it is started again' eventually 60 bash -c "[[ \$(systemctl show --value -p MainPID recyclicd) != $process ]] &&
    recyclicctl jobs list"
check 'that counts as a restart' is $((restarts + 1)) "$(property recyclicd NRestarts)"
check 'what was stored is sound' recyclicctl verify --full
drop_in recyclicd.service quick 'RestartSec=100ms'
