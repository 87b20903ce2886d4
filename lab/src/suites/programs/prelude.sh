# What every scenario begins with. A scenario prints facts, a line each, and nothing else.
# $1 config.json   $2 the script that lays out the volumes   $3 expected denials, a pattern
# $4 `quick` to end at the first denial that is not expected
set -u
helpers= runner=
config=$1 layout=$2 expected=$3 quick=$4
work=/run/programs
mkdir -p $work/bundle
cd $work/bundle || exit 9
printf %s "$config" > config.json
mkdir -p volumes/stray
chmod 777 volumes/stray
sh -c "$layout" || exit 9
name=$(sed -n 's/.*"path":"\/image\/\([a-z-]*\)".*/\1/p' config.json)
root=/image/$name
test -e $root/etc/ld.so.cache || chroot $root /usr/sbin/ldconfig
dmesg -c > /dev/null

# The network of a pod is there before its containers.
unshare -n sleep 100000 &
network=$!
touch $work/network
until [ "$(readlink /proc/$network/ns/net)" != "$(readlink /proc/self/ns/net)" ]; do usleep 10000; done
mount --bind /proc/$network/ns/net $work/network
within() { nsenter --net=$work/network "$@"; }
within ip link set lo up

finish() {
    runc kill $name KILL 2> /dev/null
    kill $network $helpers 2> /dev/null
    runc delete -f $name 2> /dev/null
    umount $work/network
    cd /
    rm -rf $work
    exit "$1"
}

denied() {
    dmesg | grep 'apparmor="DENIED"' | grep -v lab-control | grep -qvE "$expected"
}

# await WHAT SECONDS COMMAND...: until the command says yes.
await() {
    what=$1 tries=$(($2 * 10))
    shift 2
    until "$@" > /dev/null 2>&1; do
        if [ $quick = quick ] && denied; then
            echo "denied before $what"
            finish 1
        fi
        tries=$((tries - 1))
        if [ -n "$runner" ] && [ "$what" != 'the end' ] && is_gone; then
            tries=0
        fi
        if [ $tries -le 0 ]; then
            echo "waited in vain: $what"
            show
            finish 1
        fi
        usleep 100000
    done
    if [ $quick = quick ] && denied; then
        echo "denied by $what"
        finish 1
    fi
}

# Where a person has to find out why.
show() {
    tail -n 20 output | sed 's/^/| /'
}

start() {
    runc run --pid-file pid --bundle . $name < /dev/null > output 2>&1 &
    runner=$!
    await 'the start' 20 is_started
    pid=$(cat pid)
}
is_started() { test -s pid; }

# How the container ended, within these seconds.
ended() {
    await 'the end' ${1:-30} is_gone
    wait $runner
    echo "ended $?"
    runner=
    rm -f pid
}
is_gone() { ! kill -0 $runner 2> /dev/null; }

children() { cat /proc/$1/task/$1/children; }

# A program of the image's, unconfined, in the container's network.
client() { within chroot $root "$@"; }

# Another folder that its user may write by the kernel's ordinary rules.
stray() {
    runc exec $name /.lab/busybox touch /srv/stray > stray 2>&1
    echo "a stray write: $(sed -n 's/.*: //p' stray)"
    test ! -e volumes/stray/stray || echo 'the stray file is there'
}
