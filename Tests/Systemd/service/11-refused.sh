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
