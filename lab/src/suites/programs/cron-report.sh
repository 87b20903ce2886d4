domain=chat.example.com
# As Debian keeps an authority: a certificate of its own, behind a link named by the hash of its subject.
if ! test -s $root/.lab/key.pem; then
    authority
    : > $root/etc/ssl/certs/ca-certificates.crt
    cp $root/.lab/certificate.pem $root/usr/share/ca-certificates/lab.crt
    hash=$(openssl x509 -hash -noout -in /.lab/certificate.pem)
    ln -s /usr/share/ca-certificates/lab.crt $root/etc/ssl/certs/$hash.0
fi
report() {
    start
    ended 60
}

names 4
upstream 4
report
cat output
leave

names 6
upstream 6
report
grep chat output
echo "left behind: $(echo $(ls volumes/reports))"
finish 0
