part 'a configuration with an error'
file=/etc/recyclic/recyclicd.env
cp -p $file /tmp/recyclicd.env
sed -i 's/^BACKUP_SCHEDULE=.*/BACKUP_SCHEDULE="now and then"/' $file
check 'it does not start' not systemctl start recyclicd
check 'the code says why' has_property recyclicd ExecMainStatus 78
check 'it is not tried again' has_property recyclicd SubState failed
check 'the journal says what is wrong' logged recyclicd.service 'now and then'
cp -p /tmp/recyclicd.env $file
check 'once it is mended, it starts' systemctl reload-or-restart recyclicd
check 'it answers' recyclicctl jobs list
check 'it stops' systemctl stop recyclicd

part 'a configuration with an error, and the socket unit'
sed -i 's/^BACKUP_SCHEDULE=.*/BACKUP_SCHEDULE="now and then"/' $file
check 'the socket unit starts' systemctl start recyclicd.socket
refused=$(events recyclicd.service configurationRefused | wc -l)
check 'a call is not left waiting' exits 3 timeout 60 recyclicctl jobs list
check 'the daemon has failed' eventually 30 has_property recyclicd SubState failed
check 'it was started once, not again and again' is $((refused + 1)) "$(events recyclicd.service configurationRefused | wc -l)"
check 'the code says why' has_property recyclicd ExecMainStatus 78
check 'the socket goes on listening' has_property recyclicd.socket SubState listening
cp -p /tmp/recyclicd.env $file
check 'once it is mended, a call starts it, and is answered' recyclicctl jobs list
check 'both stop' systemctl stop recyclicd.socket recyclicd.service
