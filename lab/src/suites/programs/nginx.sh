get() { within wget -q -O - "http://127.0.0.1:8080$1" 2>&1; }
workers() { children $pid | wc -w; }
# Workers that were not there before, and none that were.
are_new() {
    now=$(children $pid)
    test $(echo $now | wc -w) = 2 || return 1
    for one in $now; do
        case " $before " in *" $one "*) return 1 ;; esac
    done
}
is_other() { test "$(workers)" = 2 && ! test -e /proc/$victim; }

start
await 'the first page' 30 get /
echo "GET / $(get / | grep -o '<h1>.*</h1>')"
echo "GET /none $(get /none | sed 's/wget: //')"
within wget -S -q -O /dev/null http://127.0.0.1:8080/style.css 2>&1 | grep -o 'Content-Type: .*'
# A request's body goes to a file where it is long.
yes 2> /dev/null | head -c 65536 > body
echo "POST /echo $(within wget -q -O - --post-file body http://127.0.0.1:8080/echo/ 2>&1)"

before=$(children $pid)
runc kill $name HUP
await 'new workers' 30 are_new
echo "GET / after a reload $(get / | grep -o '<h1>.*</h1>')"

victim=$(children $pid | cut -d ' ' -f 1)
kill -KILL $victim
await 'another worker' 30 is_other
echo "GET / after a worker's end $(get / | grep -o '<h1>.*</h1>')"

stray
# A reload that would write its log elsewhere is given up.
before=$(children $pid)
echo "access_log /srv/access.log;" > $root/etc/nginx/conf.d/elsewhere.conf
runc kill $name HUP
await 'the refusal' 30 grep -q '/srv/access.log.*Permission denied' output
: > $root/etc/nginx/conf.d/elsewhere.conf
test "$before" = "$(children $pid)" && echo 'a log elsewhere is refused'
echo "GET / after that $(get / | grep -o '<h1>.*</h1>')"
grep -q '"GET / HTTP/1.1" 200' output && echo 'the requests are in the log'
runc kill $name QUIT
ended

start
await 'the page again' 30 get /
runc kill $name TERM
ended
grep -c -E '\[(alert|emerg|crit)\]' output | sed 's/^/alerts at the end: /'
finish 0
