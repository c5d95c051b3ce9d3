part 'reload'
file=/etc/recyclic/recyclicd.env
cp -p $file /tmp/recyclicd.env
sed -i 's/^BACKUP_SCHEDULE=.*/BACKUP_SCHEDULE="daily 05:00"/' $file
process=$(property recyclicd MainPID)
check 'a good configuration is taken' systemctl reload recyclicd
check 'it is in force' holds "$(recyclicctl status)" 'Next backup'
sed -i 's/^BACKUP_SCHEDULE=.*/BACKUP_SCHEDULE="now and then"/' $file
check 'a bad one makes the reload fail' not systemctl reload recyclicd
check 'the old one stays in force' holds "$(recyclicctl status)" 'Next backup'
check 'the refusal is an event' bash -c "[[ -n '$(events recyclicd.service configurationRefused | tr -d "'")' ]]"
cp -p /tmp/recyclicd.env $file
systemctl kill --kill-who=main --signal=HUP recyclicd
check 'SIGHUP reads it, too' eventually 20 bash -c '! recyclicctl status | grep -q "Next backup"'
check 'it is active again' eventually 10 has_property recyclicd ActiveState active
check 'it is the same process' is "$process" "$(property recyclicd MainPID)"
