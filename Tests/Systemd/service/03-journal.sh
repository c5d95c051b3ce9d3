part 'journal'
stored=$(events recyclicd.service backupStored | tail -n 1)
backup=$(recyclicctl backups list --json | python3 -c 'import json, sys; print(json.load(sys.stdin)["backups"][0]["id"])')
check 'a stored backup is an event with fields' python3 - "$stored" "$backup" <<'PYTHON'
import json, sys
entry, backup = json.loads(sys.argv[1]), sys.argv[2]
expected = {
    "RECYCLIC_BACKUP": backup, "PRIORITY": "5", "SYSLOG_IDENTIFIER": "recyclicd",
    "MESSAGE_ID": "a4441c545b2444ae929c6d1c0c0cdb15", "_TRANSPORT": "journal",
}
for name, value in expected.items():
    assert entry.get(name) == value, (name, entry.get(name), value)
assert entry["RECYCLIC_JOB"].startswith("j") and len(entry["RECYCLIC_DIGEST"]) == 64, entry
assert entry["MESSAGE"].startswith("stored " + backup), entry["MESSAGE"]
PYTHON
check 'journalctl finds it by the backup' holds "$(journal recyclicd.service "RECYCLIC_BACKUP=$backup")" "stored $backup"
check 'journalctl -x says what to do' holds \
    "$(journalctl --no-pager -x --output=short "MESSAGE_ID=a4441c545b2444ae929c6d1c0c0cdb15")" "recyclicctl backups show $backup"
check 'a passed drill is an event' bash -c "[[ -n '$(events recyclicd.service drillPassed | tr -d "'")' ]]"
check 'nothing was logged as an error' is '' "$(journal recyclicd.service --priority=err)"
lines=$(journal recyclicd.service | wc -l)
check "a start with backup, verify and drill is few lines ($lines)" test "$lines" -le 12
