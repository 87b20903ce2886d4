# A service of somebody else's, in the pod's network, behind a name and TLS: its $domain is set before.
openssl() { chroot $root /usr/bin/openssl "$@"; }

# The image trusts it, as an image trusts the authorities of its ca-certificates.
authority() {
    if ! test -s $root/.lab/key.pem; then
        openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 \
            -subj "/CN=$domain" -addext "subjectAltName=DNS:$domain" \
            -keyout /.lab/key.pem -out /.lab/certificate.pem > $work/openssl 2>&1
        cat $root/.lab/certificate.pem >> $root/etc/ssl/certs/ca-certificates.crt
    fi
}

# For the families 4, 6 or, names alone, 46.
names() {
    (exec nsenter --net=$work/network /.lab/probe names $1) > names 2>&1 &
    namer=$!
    helpers="$helpers $namer"
    await 'the name server' 20 has_socket 0035
}
upstream() {
    serve="cd /.lab/pages && exec openssl s_server -$1 -accept 443 -quiet -WWW"
    serve="$serve -cert /.lab/certificate.pem -key /.lab/key.pem"
    (exec nsenter --net=$work/network chroot $root /.lab/busybox sh -c "$serve") < /dev/null > upstream 2>&1 &
    server=$!
    helpers="$helpers $server"
    await 'the service' 30 has_socket 01BB
}
# By its port, as the kernel writes it.
has_socket() { within cat /proc/net/udp /proc/net/tcp /proc/net/tcp6 | grep -qE ": [0-9A-F]+:$1 0+:0000 "; }
leave() {
    kill $namer $server
    wait $namer $server
} 2> /dev/null
