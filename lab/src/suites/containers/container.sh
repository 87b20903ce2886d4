# What the scripts of container runs share. Facts are lines that begin with their name; `>` stands before what the
# container itself said. RUNTIME and ID are set, and the folder is the bundle's.

runtime() { "$RUNTIME" --root /run/state "$@"; }

# As a shim does: the container's output is a pipe, its input empty.
run() {
    ( runtime run --bundle "$PWD" --pid-file pid "$ID" </dev/null 2>&1; echo $? >ended ) | cat >said &
}

# As a shim does it: made, looked at, then started; the runtime does not stay.
create() {
    ( runtime create --bundle "$PWD" --pid-file pid "$ID" </dev/null 2>&1; echo $? >created ) | cat >said &
    until_true '[ -e created ]'
    echo "created $(cat created)"
    state
    runtime start "$ID" 2>&1
}

state() { echo "state $(runtime state "$ID" 2>&1 | sed -n 's/.*"status": *"\([a-z]*\)".*/\1/p')"; }

delete() {
    runtime kill "$ID" "$1" 2>&1 | sed 's/^/kill /'
    until_true 'state | grep -q stopped'
    state
    runtime delete "$ID" 2>&1
    echo "ended $?"
}

# Until this holds, or the container has ended, or ten seconds are over.
until_true() {
    tries=0
    until eval "$1"; do
        if [ -e ended ] || [ $tries -gt 200 ]; then return; fi
        tries=$((tries + 1))
        usleep 50000
    done
}

says() { until_true "grep -q '$1' said 2>/dev/null"; }

# Port 8080 in the container's own network.
listens() { until_true "grep -q ':1F90 .* 0A ' /proc/\$(cat pid 2>/dev/null)/net/tcp /proc/\$(cat pid 2>/dev/null)/net/tcp6 2>/dev/null"; }

# The runtime's own program waits in the container's place until all is laid out.
started() { until_true 'case "$(cat /proc/$(cat pid 2>/dev/null)/comm 2>/dev/null)" in runc* | crun* | "") false ;; esac'; }

fetch() { nsenter -t $main -n busybox wget -q -O - http://127.0.0.1:8080/index.html; }

facts() {
    [ -e pid ] && [ ! -e ended ] || return
    main=$(cat pid)
    echo "label $(cat /proc/$main/attr/current)"
    awk '/^Uid/ { print "user " $2 } /^Gid/ { print "group " $2 } /^NoNewPrivs/ { print "no-new-privileges " $2 }
        /^CapBnd/ { print "bounding " $2 } /^CapEff/ { print "effective " $2 } /^PPid/ { print "parent " $2 }' \
        /proc/$main/status
    parent=$(awk '/^PPid/ { print $2 }' /proc/$main/status)
    echo "runtime $(cat /proc/$parent/attr/current)"
}

# Every process of the container, by its label.
labels() {
    for one in $(cat /sys/fs/cgroup/$ID/cgroup.procs); do cat /proc/$one/attr/current; done | sort -u | sed 's/^/process /'
}

try() { runtime exec "$ID" /.lab/probe each "$@" 2>&1 | sed 's/^/try /'; }

stop() {
    runtime kill "$ID" "$1" 2>&1 | sed 's/^/kill /'
    finish
}

finish() {
    tries=0
    until [ -e ended ] || [ $tries -gt 100 ]; do
        tries=$((tries + 1))
        usleep 50000
    done
    echo "ended $(cat ended 2>/dev/null || echo never)"
}

left() {
    echo "left states $(ls /run/state 2>/dev/null | wc -l)"
    echo "left groups $(ls -d /sys/fs/cgroup/$ID 2>/dev/null | wc -l)"
    echo "left mounts $(grep -c " /run/bundle/" /proc/mounts)"
    count=0
    for one in $(grep -L -e '^unconfined' -e '^lab-control ' /proc/[0-9]*/attr/current 2>/dev/null); do
        # What has ended waits for the machine's first process to ask how.
        grep -q '^State:.Z' "${one%attr/current}status" || count=$((count + 1))
    done
    echo "left processes $count"
    sed 's/^/> /' said
    cd /
    rm -rf /run/bundle/$ID
}
