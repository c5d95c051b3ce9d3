part 'start, backup, verify and drill inside the sandbox'
install -d -m 0750 -g recyclic /etc/recyclic
configure /etc/recyclic/recyclicd.env 'POSTGRES_HOST=/run/postgresql'
drop_in recyclicd.service quick 'RestartSec=100ms'
check 'it starts' systemctl start recyclicd
check 'it is ready: the first call is answered' exits '0 4 5' recyclicctl status
check 'it runs as its own user' is recyclic "$(ps -o user= -p "$(property recyclicd MainPID)")"
check 'the socket is for its group' is 'recyclic recyclic 660' "$(stat -c '%U %G %a' /run/recyclic/control.socket)"
check 'the start is told' logged recyclicd.service 'protects'

check 'a backup works' recyclicctl trigger-backup
check 'verify works' recyclicctl verify --full
check 'a drill passes' recyclicctl drill
check 'health is good' recyclicctl status
check 'systemctl tells the state in one line' \
    eventually 30 bash -c '[[ $(systemctl show --value -p StatusText recyclicd) == "OK: "* ]]'
check 'doctor has nothing critical' bash -c '! recyclicctl doctor --json | grep -q "\"critical\""'
check 'health is served over HTTP' curl --silent --fail http://127.0.0.1:9847/healthz
check 'metrics are served over HTTP' bash -c 'curl --silent --fail http://127.0.0.1:9847/metrics | grep -q recyclic_backups'

useradd --no-create-home --groups recyclic member
useradd --no-create-home stranger
check 'a member of the group may ask' exits '0 4 5' as member recyclicctl status
check 'a stranger may not' exits 3 as stranger recyclicctl status
