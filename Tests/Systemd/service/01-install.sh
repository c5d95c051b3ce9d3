part 'install'
check 'make install works' make --directory="$here/../.." --no-print-directory install \
    PREFIX=/usr UNITDIR=/usr/lib/systemd/system PROGRAMS="$programs" STRIP=
check 'the user is made' systemd-sysusers /usr/lib/sysusers.d/recyclicd.conf
check 'the catalogue is read' journalctl --update-catalog
systemctl daemon-reload

units=(recyclicd.service recyclicd.socket recyclicd@shop.service recyclicd@shop.socket)
check 'systemd finds nothing wrong with the units' is '' "$(systemd-analyze verify --man=no "${units[@]}" 2>&1)"
for unit in recyclicd.service recyclicd@shop.service; do
    check "$unit is confined: exposure 1.5 at most" \
        systemd-analyze security --offline=true --threshold=15 --no-pager "/usr/lib/systemd/system/${unit/shop/}"
done

serve
