psql=/usr/lib/postgresql/16/bin/psql
ask() { client $psql -h ${2:-127.0.0.1} -U postgres -At -c "$1" 2>&1; }
is_ready() { grep -q 'is ready\.\|already' output && ask 'select 1'; }
sleeper() { ask "select pid from pg_stat_activity where query = 'select pg_sleep(1000)'" | grep .; }
has_setting() { test "$(ask 'show work_mem')" = 8MB; }

# With data that are there, what the server needs shows earlier.
if [ $quick = quick ] && test -d /run/postgres-data; then
    cp -a /run/postgres-data/. volumes/data
    start
    await 'the server' 60 is_ready
    runc kill $name KILL
    await 'the end' 30 is_gone
    rm -rf volumes/data/* volumes/run/.s* volumes/run/*
    runner=
    rm -f pid
fi

start
await 'the new database' 120 is_ready
echo "IPv4 $(ask 'select 6 * 7')"
echo "IPv6 $(ask 'select 6 * 7' ::1)"
echo "Unix $(runc exec $name $psql -U postgres -At -c 'select 6 * 7' 2>&1)"
echo "the first table $(ask 'select name from fruit')"
ask "create table nut (name text); insert into nut values ('hazel'), ('pecan')" > /dev/null
echo "nuts $(echo $(ask 'select name from nut order by name'))"
echo "PL/pgSQL $(ask "do \$\$ begin raise notice 'works'; end \$\$" | grep -o 'NOTICE.*')"
echo "text search $(ask "select to_tsvector('english', 'the pears')")"
ask 'create table many as select generate_series(1, 20000) as number' > /dev/null
ask 'alter table many set (parallel_workers = 2)' > /dev/null
echo "workers $(client env PGOPTIONS='-c parallel_setup_cost=0 -c parallel_tuple_cost=0 -c min_parallel_table_scan_size=0' \
    $psql -h 127.0.0.1 -U postgres -At -c 'explain (analyze, timing off) select sum(number) from many' |
    grep -o 'Workers Launched: .*')"

ask "alter system set work_mem = '8MB'" > /dev/null
runc kill $name HUP
await 'the setting' 30 has_setting
echo 'reloaded'

ask 'select pg_sleep(1000)' > /dev/null 2>&1 &
await 'the sleeper' 30 sleeper
runc exec $name /.lab/busybox kill -KILL $(sleeper)
await 'the recovery' 30 grep -q 'all server processes terminated; reinitializing' output
await 'the server' 60 ask 'select 1'
echo "nuts $(echo $(ask 'select name from nut order by name'))"

stray
echo "a file elsewhere: $(ask "copy nut to '/srv/nut'" | sed -n 's/^ERROR: .*: //p')"
echo "a granted program: $(ask "copy nut to program 'cat > /dev/null'")"
echo "another program: $(ask "copy nut to program 'sha256sum'" | grep -o 'command not .*\|COPY.*')"

runc kill $name INT
ended
test $quick = quick || cp -a volumes/data /run/postgres-data
start
await 'the server' 60 is_ready
echo "nuts $(echo $(ask 'select name from nut order by name'))"
runc kill $name TERM
ended
grep -c 'PANIC\|FATAL:  could' output | sed 's/^/alarms: /'
finish 0
