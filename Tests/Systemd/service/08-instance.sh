part 'a second server, with its password as a credential only'
configure /etc/recyclic/shop.env 'POSTGRES_HOST=localhost' 'HTTP_LISTEN=127.0.0.1:9848'
install -d -m 0700 /etc/credstore
(umask 077 && printf '%s\n' "$role_password" >/etc/credstore/recyclicd@shop.postgres_password)
check 'the instance starts beside the other' systemctl start recyclicd@shop
check 'its backup works' recyclicctl trigger-backup --instance shop
check 'it has a state of its own' test -d /var/lib/recyclic-shop/repository
check 'it has an address of its own' curl --silent --fail --output /dev/null http://127.0.0.1:9848/metrics
check 'the other still answers' recyclicctl jobs list

# Both at once: each may only write to its own folders, so neither is a danger to the other.
recyclicctl drill >/tmp/drill 2>&1 &
check 'both rehearse a restore at once: the instance' recyclicctl drill --instance shop
wait $! || check 'both rehearse a restore at once: the other' cat /tmp/drill -

process=$(property recyclicd@shop MainPID)
tr '\0' '\n' <"/proc/$process/environ" >/tmp/process
cat "/proc/$process/cmdline" >>/tmp/process
recyclicctl status --instance shop --json >/tmp/answers
recyclicctl doctor --instance shop --json >>/tmp/answers
journalctl --no-pager --output=export >/tmp/journal
check 'what it remembers lies there, in the log of the database as well' test -s /var/lib/recyclic-shop/state.sqlite-wal
check 'the password is nowhere to be seen' not grep -rlF "$role_password" /tmp/process /tmp/answers /tmp/journal \
    /var/lib/recyclic-shop/state.sqlite* /run/recyclic-shop /etc/recyclic
check 'the credential is used' is '' "$(journal recyclicd@shop.service --priority=err)"
check 'the instance stops' systemctl stop recyclicd@shop
