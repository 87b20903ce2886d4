domain=api.example.com
get() { within wget -q -O - "http://127.0.0.1:8080$1" 2>&1; }

# Java's store of authorities, where Debian's images have it: one certificate that is trusted, and no password.
store() {
    openssl x509 -in /.lab/certificate.pem -outform der -out /.lab/certificate.der
    size=$(wc -c < $root/.lab/certificate.der)
    printf '\376\355\376\355\0\0\0\2\0\0\0\1\0\0\0\2\0\3lab\0\0\0\0\0\0\0\0\0\5X.509\0\0'
    printf "\\$(printf %03o $((size / 256)))\\$(printf %03o $((size % 256)))"
    cat $root/.lab/certificate.der
    # In place of a checksum, which only those who have the password compare.
    printf %020d 0
}

authority
test -s $root/etc/ssl/certs/java/cacerts || store > $root/etc/ssl/certs/java/cacerts
names 4
upstream 4
start
await 'the first page' 120 get /
echo "GET / $(get /)"
for way in lookup upstream interface seed zone scratch sorted; do
    echo "$way $(get /$way)"
done
leave

stray
echo "a program: $(get /shell)"
echo "a write elsewhere: $(get /elsewhere)"
echo "GET / after that $(get /)"
runc kill $name TERM
ended
finish 0
