cli() { client /usr/bin/redis-cli "$@"; }
saves() { cli INFO persistence | tr -d '\r' | grep -q "$1"; }
saved() { saves rdb_bgsave_in_progress:0 && saves rdb_last_bgsave_status:$1; }
has_child() { children $pid | grep -q .; }

start
await 'the first answer' 30 cli PING
echo "PING $(cli PING)"
echo "SET $(cli SET fruit pear)"
echo "GET $(cli GET fruit)"
cli SET nut hazel > /dev/null

cli BGSAVE > /dev/null
await 'the save' 30 saved ok
test -s volumes/data/dump.rdb && echo 'saved'

# A saving child that takes its time, and is killed.
cli CONFIG SET rdb-key-save-delay 5000000 > /dev/null
cli BGSAVE > /dev/null
await 'the child' 10 has_child
kill -KILL $(children $pid)
await 'the failure' 30 saved err
cli CONFIG SET rdb-key-save-delay 0 > /dev/null
cli BGSAVE > /dev/null
await 'another save' 30 saved ok
echo 'saved after a killed child'

cli BGREWRITEAOF > /dev/null
await 'the rewritten log' 30 saves aof_rewrite_in_progress:0
saves aof_last_bgrewrite_status:ok && echo 'rewritten'
stray
echo "CONFIG REWRITE $(cli CONFIG REWRITE)"

cli SHUTDOWN > /dev/null
ended
start
await 'the second start' 30 cli PING
echo "GET $(cli GET fruit)"
runc kill $name TERM
ended
finish 0
