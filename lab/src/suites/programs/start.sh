#!/usr/bin/env bash
# In place of the official image's start script, which Debian does not have: for a server that runs as its own
# user, the same programs in the same order.
set -Eeo pipefail

user="$(id -u)"
mkdir -p "$PGDATA"
chmod 700 "$PGDATA" || :
mkdir -p /var/run/postgresql || :
chmod 3775 /var/run/postgresql || :
if [ "$user" = 0 ]; then
    chown -R postgres "$PGDATA" /var/run/postgresql
    echo 'to go on as another user needs a program that is not here' >&2
    exit 1
fi

if [ -s "$PGDATA/PG_VERSION" ]; then
    cat <<-'END'

	There is a database already.

	END
else
    ls /docker-entrypoint-initdb.d/ > /dev/null
    getent passwd "$user" > /dev/null
    eval 'initdb --username=postgres --pwfile=<(printf "%s\n" "$POSTGRES_PASSWORD") '"$POSTGRES_INITDB_ARGS"
    method="$(postgres -C password_encryption)"
    printf '\nhost all all all %s\n' "$method" >> "$PGDATA/pg_hba.conf"
    export PGPASSWORD="$POSTGRES_PASSWORD"
    pg_ctl -D "$PGDATA" -o "-c listen_addresses='' -p 5432" -w start
    for file in /docker-entrypoint-initdb.d/*.sql; do
        psql -v ON_ERROR_STOP=1 --username postgres --no-password --no-psqlrc --dbname postgres -f "$file"
    done
    pg_ctl -D "$PGDATA" -m fast -w stop
    unset PGPASSWORD
    cat <<-'END'

	The database is ready.

	END
fi
exec "$@"
