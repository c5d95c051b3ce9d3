part 'a repository elsewhere'
echo 'BACKUP_REPOSITORY=/srv/backups/repository' >>/etc/recyclic/recyclicd.env
check 'it restarts' systemctl restart recyclicd
check 'a backup fails, for the unit may not write there' not recyclicctl trigger-backup
lines=$(recyclicctl doctor --json | python3 -c '
import json, sys
for finding in json.load(sys.stdin)["findings"]:
    if finding["code"] == "folderClosed": print("\n".join(finding["mend"][0]["lines"]))')
check 'doctor names the unit and the setting' holds "$lines" 'ReadWritePaths=/srv/backups/repository'
# What doctor prints, done.
install -d -m 0711 -o recyclic /srv/backups/repository
drop_in recyclicd.service repository 'ReadWritePaths=/srv/backups/repository'
check 'it restarts again' systemctl restart recyclicd
check 'the backup works' recyclicctl trigger-backup
check 'it is there' test -e /srv/backups/repository/recyclic-repository.json
check 'it stops' systemctl stop recyclicd
