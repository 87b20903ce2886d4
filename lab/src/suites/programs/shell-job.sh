domain=prices.example.com
authority

# The service comes late: the job's script waits for it.
names 4
start
await 'a first attempt' 60 grep -q 'curl: (7)' output
stray
runc exec $name /bin/sh -c /usr/bin/sha256sum > ungranted 2>&1
echo "an ungranted program: $(sed -n 's/.*: //p' ungranted)"
upstream 4
ended
echo "counted $(grep sorted.csv output)"
echo "handed on $(echo $(cat volumes/out/prices.csv))"
leave

rm -f volumes/out/* volumes/scratch/*
# Of several addresses the best is chosen by those of the machine.
names 46
upstream 6
start
ended
echo "handed on $(echo $(cat volumes/out/prices.csv))"
echo "left behind: $(echo $(ls volumes/out volumes/scratch))"
finish 0
