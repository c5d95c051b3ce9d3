package=${packages[0]:?the package}
newer=${packages[1]:?a newer one}
serve
apt_install() { DEBIAN_FRONTEND=noninteractive apt-get install --yes --quiet --no-install-recommends "$@"; }

part 'install'
check 'the package is installed' apt_install "$package"
check 'dpkg finds nothing wrong with it' is '' "$(dpkg --verify recyclicd)"
file=/etc/recyclic/recyclicd.env
check 'the configuration is for root and the daemon alone' is 'root recyclic 640' "$(stat -c '%U %G %a' $file)"
check 'its folder, too' is 'root recyclic 750' "$(stat -c '%U %G %a' /etc/recyclic)"
check 'nothing runs before it is asked for' has_property recyclicd ActiveState inactive
for page in 'recyclicd(8)' 'recyclicctl(1)' 'recyclicd.env(5)'; do
    name=${page%(*} section=${page: -2:1}
    check "there is a page $page" bash -c "man --warnings '/usr/share/man/man$section/$name.$section.gz' 2>&1 >/tmp/page |
        grep . && exit 1; grep -q '[a-z]' /tmp/page"
done
check 'bash completes' bash -c 'source /usr/share/bash-completion/completions/recyclicctl && complete -p recyclicctl'
check 'systemd finds nothing wrong with the units' is '' \
    "$(systemd-analyze verify --man=no recyclicd.service recyclicd.socket recyclicd@shop.service 2>&1)"

part 'three lines of configuration, and start'
cat >>$file <<'LINES'
POSTGRES_HOST=/run/postgresql
BACKUP_OFFSITE_URL=none
ALERT_DISK_SPACE_CRITICAL=1024
LINES
check 'it is enabled and starts' systemctl enable --quiet --now recyclicd
check 'the first backup is taken by itself' recyclicctl trigger-backup
check 'status answers' exits '0 4 5' recyclicctl status
check 'a drill passes' recyclicctl drill
check 'journalctl -x explains' holds "$(journalctl --no-pager -x MESSAGE_ID=b213da5cbfc74e688a4315466b17a5de)" 'recyclicctl status'

part 'upgrade'
process=$(property recyclicd MainPID)
cp $file /tmp/before
check 'the newer package is installed' apt_install "$newer"
check 'it is the newer one' is "$(dpkg-deb --field "$newer" Version)" "$(dpkg-query -W -f '${Version}' recyclicd)"
check 'the configuration is as it was' cmp $file /tmp/before
check 'and for the same' is 'root recyclic 640' "$(stat -c '%U %G %a' $file)"
check 'the daemon runs' has_property recyclicd ActiveState active
check 'it was started afresh' test "$process" != "$(property recyclicd MainPID)"
check 'its backups are there' holds "$(recyclicctl backups list)" base

part 'a removal that is given up'
prerm=/var/lib/dpkg/info/recyclicd.prerm
cp -p $prerm /tmp/prerm
echo 'exit 1' >>$prerm
check 'the removal fails' not env DEBIAN_FRONTEND=noninteractive apt-get remove --yes --quiet recyclicd
check 'the daemon was stopped, and runs again' eventually 30 has_property recyclicd ActiveState active
check 'nothing is left to be started another time' not test -e /run/recyclicd.stopped
check 'what did not run does not run now' has_property recyclicd.socket ActiveState inactive
cp -p /tmp/prerm $prerm

part 'remove'
check 'the package is removed' env DEBIAN_FRONTEND=noninteractive apt-get remove --yes --quiet recyclicd
check 'the daemon has ended' not pgrep -x recyclicd
check 'the programs are gone' not test -e /usr/bin/recyclicd
check 'the configuration stays' cmp $file /tmp/before
check 'the state stays' test -e /var/lib/recyclic/state.sqlite
check 'installed again it takes up where it was' apt_install "$newer"
check 'it starts' systemctl start recyclicd
check 'its backups are still there' holds "$(recyclicctl backups list)" base

part 'repositories elsewhere, and folders of other software'
for instance in shop away; do
    folder=/srv/$instance/repository
    configure /etc/recyclic/$instance.env POSTGRES_HOST=/run/postgresql HTTP_LISTEN=127.0.0.1:9848 BACKUP_REPOSITORY=$folder
    install -d -m 0711 -o recyclic $folder
    drop_in recyclicd@$instance.service repository ReadWritePaths=$folder
    check "the instance $instance starts" systemctl start recyclicd@$instance
    check 'its backup works' recyclicctl trigger-backup --instance $instance
    check 'it stops' systemctl stop recyclicd@$instance
    take_back recyclicd@$instance.service repository
    rmdir /etc/systemd/system/recyclicd@$instance.service.d
    rm /etc/recyclic/$instance.env
done
# As if its disk were not mounted.
mv /srv/away /srv/unplugged
install -d -o nobody /var/lib/recyclic-desk/drills
touch /var/lib/recyclic-desk/{state.sqlite,lock}
# A folder that an administrator moved, and left a link to.
mv /var/lib/recyclic-shop /srv/moved
ln -s /srv/moved /var/lib/recyclic-shop
others=$(find /var/lib/recyclic-desk /srv/shop /srv/unplugged -type f | sort)

part 'purge'
objects=$(find /var/lib/recyclic/repository -type f | sort | xargs sha256sum)
output=$(DEBIAN_FRONTEND=noninteractive apt-get purge --yes --quiet recyclicd 2>&1)
check 'it says where the backups are' holds "$output" 'the backups stay in /var/lib/recyclic/repository'
check 'not one of their files is touched' is "$objects" "$(find /var/lib/recyclic/repository -type f | sort | xargs sha256sum)"
check 'it says where others are' holds "$output" 'the backups stay in /srv/shop/repository;'
check 'it names those that are out of reach' holds "$output" '/srv/away/repository can not be seen now'
check 'it names no others' is 3 "$(grep -c '^recyclicd: the backups ' <<<"$output")"
check 'neither they nor what is not ours is touched' is "$others" \
    "$(find /var/lib/recyclic-desk /srv/shop /srv/unplugged -type f | sort)"
check 'nor a folder of it' test -d /var/lib/recyclic-desk/drills
check 'the memory of instances is gone' is '' "$(ls -d /var/lib/recyclic-away /srv/moved/* 2>/dev/null)"
check 'the configuration is gone' not test -e /etc/recyclic
check 'the memory is gone' not test -e /var/lib/recyclic/state.sqlite
check 'nothing is enabled' is '' "$(find /etc/systemd/system -name 'recyclicd*')"
check 'nothing of the package is left' is '' "$(dpkg-query -W -f '${db:Status-Abbrev}' recyclicd 2>/dev/null)"
check 'the backups can be used with the programs alone' \
    "$programs/recyclicd" verify --repository /var/lib/recyclic/repository
