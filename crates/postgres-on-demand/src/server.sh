# Runs one private PostgreSQL server for as long as somebody holds our standard input open.
#
# $1: an empty folder of ours, $2: the folder of the server's programs, the rest: ports to try.
# Says `ready PORT PASSWORD`; else says why not, and ends. The server and the folder go when we go.
set -u
folder=$1
programs=$2
shift 2
umask 077
unset PGDATA PGHOST PGPORT PGUSER PGPASSWORD PGDATABASE PGOPTIONS PGSERVICE

# PostgreSQL refuses to run as root: its programs then run as the user that its package made.
if [ "$(id -u)" != 0 ]; then
    as() { "$@"; }
elif command -v setpriv >/dev/null; then
    as() { setpriv --reuid postgres --regid postgres --clear-groups "$@"; }
elif command -v runuser >/dev/null; then
    as() { runuser -u postgres -- "$@"; }
else
    as() { su -s /bin/sh postgres -c 'exec "$0" "$@"' -- "$@"; }
fi

finish() {
    [ -f "$folder/data/postmaster.pid" ] && as "$programs/pg_ctl" -D "$folder/data" -m immediate stop
    rm -rf "$folder"
} >/dev/null 2>&1 </dev/null
# A reader that is gone must not end us before the server is stopped.
trap '' PIPE
trap 'exit 1' HUP INT TERM
trap finish EXIT

password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
printf '%s\n' "$password" >"$folder/password"
[ "$(id -u)" != 0 ] || chown -R postgres "$folder" || exit 1
cd "$folder" || exit 1

# A language's order, so that a statement that forgot its collation is found out; plain bytes where there is none.
initdb() {
    as rm -rf "$folder/data"
    as "$programs/initdb" -D "$folder/data" -U herald -E UTF8 --pwfile="$folder/password" \
        --auth-local=trust --auth-host=password --no-sync --no-instructions "$@" </dev/null >"$folder/initdb.log" 2>&1
}
initdb --locale-provider=icu --icu-locale=en-US --locale=C.UTF-8 ||
    initdb --locale-provider=icu --icu-locale=en-US --locale=C ||
    initdb --locale=en_US.UTF-8 ||
    initdb --locale=C ||
    { cat "$folder/initdb.log"; exit 1; }

# Nothing here has to survive a crash; and what waits for a deadlock to be found shall not wait long.
settings="-c listen_addresses=127.0.0.1 -c unix_socket_directories='$folder' -c max_connections=200 \
-c fsync=off -c full_page_writes=off -c shared_buffers=32MB -c deadlock_timeout=100ms"
for port in "$@"; do
    if as "$programs/pg_ctl" -D "$folder/data" -l "$folder/server.log" -w -t 20 -o "$settings -p $port" start \
        </dev/null >"$folder/start.log" 2>&1; then
        echo "ready $port $password"
        # Ends when the test process does, however it ends.
        read -r _
        exit 0
    fi
done
cat "$folder/start.log" "$folder/server.log"
exit 1
