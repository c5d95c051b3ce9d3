part 'socket activation'
check 'the socket unit starts' systemctl start recyclicd.socket
check 'the daemon does not run yet' has_property recyclicd ActiveState inactive
check 'its socket is for the group' is 'recyclic recyclic 660' "$(stat -c '%U %G %a' /run/recyclic/control.socket)"
check 'a call starts the daemon, and is answered' exits '0 4 5' recyclicctl status
inode=$(stat -c %i /run/recyclic/control.socket)
systemctl restart --no-block recyclicd
check 'a call in the middle of a restart is answered' recyclicctl jobs list
check 'the daemon is up again' eventually 30 has_property recyclicd ActiveState active
check 'the socket stayed' is "$inode" "$(stat -c %i /run/recyclic/control.socket)"
check 'both stop' systemctl stop recyclicd.socket recyclicd.service
check 'the socket is gone' not test -e /run/recyclic/control.socket
check 'without the socket unit it makes its own' systemctl start recyclicd
check 'which answers' recyclicctl jobs list
