# One attempt (AttackE2E). Input: its script. Ends with 1 if it has worked, plus 2 if the other does not serve any more.
visit() {
    env --unset=canary --unset=reset --unset=attempted REQUEST_METHOD=GET SCRIPT_FILENAME="$2" \
        setpriv --reuid=www-data --regid=www-data --clear-groups cgi-fcgi -bind -connect "$1" </dev/null
}
export otherMaster otherProgram otherSocketInode
page=$ownFolder/attack-$number.php
install --owner="$ownUser" --mode=0600 /dev/stdin "$page"
eval "$reset"
if [ -n "$sharedWith" ]; then visit "$sharedWith" "$otherScript" >/dev/null; fi
visit "$otherSocket" "$otherScript" >/dev/null
journalctl --sync
otherMaster=$(systemctl show --value --property MainPID "$otherService")
otherProgram=$(pgrep --newest --full '[s]leep 3174')
otherSocketInode=$(stat --format %i "$otherSocket")
said=$(visit "$ownSocket" "$page" 2>&1 | tr -d '\0')
echo "${said:0:4000}"
code=0
if eval "$attempted"; then code=1; fi
if ! visit "$otherSocket" "$otherScript" | grep -qF -- "$canary"; then code=$((code + 2)); fi
exit $code
