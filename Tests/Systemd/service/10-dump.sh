part 'a dump inside the sandbox'
check 'it starts' systemctl start recyclicd
check 'a dump works' recyclicctl trigger-backup --kind dump
dump=$(recyclicctl backups list --json | python3 -c '
import json, sys
print(next(backup["id"] for backup in json.load(sys.stdin)["backups"] if backup["kind"] == "dump"))')
check 'it is sound' recyclicctl verify "$dump" --full
check 'a drill of it passes' recyclicctl drill "$dump"
check 'it stops' systemctl stop recyclicd
