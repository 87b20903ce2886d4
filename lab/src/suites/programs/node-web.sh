domain=api.example.com
authority
get() { within wget -q -O - "http://127.0.0.1:3000$1" 2>&1; }
is_new() { get / | grep -q plum; }

names 4
upstream 4
start
await 'the first page' 90 get /
echo "GET / $(get /)"
echo "GET /none $(get /none | sed 's/wget: //')"
echo "a name $(get /localhost)"
for way in lookup resolve upstream; do
    echo "$way $(get /$way)"
done
leave
# Of several addresses the best is chosen by those of the machine.
names 46
upstream 6
for way in lookup upstream; do
    echo "$way $(get /$way)"
done
leave

echo "a worker: $(get /square)"
echo "a broken worker: $(get /broken)"
echo "another worker: $(get /square)"

page=$(cat $root/app/page.html)
echo 'plum' > $root/app/page.html
runc kill $name HUP
await 'the new page' 30 is_new
echo "GET / after a reload $(get /)"
echo "$page" > $root/app/page.html

stray
echo "a write elsewhere: $(get /write)"
echo "a program: $(get /child)"
echo "GET / after that $(get /)"
runc kill $name TERM
ended
finish 0
