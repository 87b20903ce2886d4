//! nginx, with the settings of the image for ordinary users.

use super::program::{Expected, Program};
use super::root::Root;
use crate::Result;

pub(super) const NGINX: Program = Program {
    name: "nginx",
    policy: |text, _| text,
    bundles: &[],
    packages: |_| vec!["nginx", "openssl"],
    lay,
    files: &[],
    arguments: &[],
    environment: |_| Vec::new(),
    script: include_str!("nginx.sh"),
    facts: &[
        "GET / <h1>Fruit</h1>",
        "GET /none server returned error: HTTP/1.1 404 Not Found",
        "Content-Type: text/css",
        "POST /echo 65536",
        "GET / after a reload <h1>Fruit</h1>",
        "GET / after a worker's end <h1>Fruit</h1>",
        "a stray write: Permission denied",
        "a log elsewhere is refused",
        "GET / after that <h1>Fruit</h1>",
        "the requests are in the log",
        "ended 0",
        "ended 0",
        "alerts at the end: 0",
    ],
    seconds: 120,
    expected: &[
        Expected::STRAY,
        Expected {
            words: &["operation=\"mknod\"", "name=\"/srv/access.log\"", "comm=\"nginx\""],
            release: None,
            why: "the scenario has it write its log elsewhere",
        },
    ],
    exceptions: &[],
};

const SERVER: &str = "\
server {
    listen 8080;
    root /usr/share/nginx/html;
    location /echo/ {
        client_body_in_file_only clean;
        proxy_pass http://127.0.0.1:8080/length/;
    }
    location /length/ {
        return 200 $http_content_length;
    }
}
";

fn lay(root: &mut Root, _: &str) -> Result<()> {
    root.user("nginx", 101)?;
    root.file("etc/nginx/nginx.conf", include_str!("nginx.conf"))?;
    root.file("etc/nginx/conf.d/default.conf", SERVER)?;
    root.file("etc/nginx/conf.d/elsewhere.conf", "")?;
    root.file("usr/share/nginx/html/index.html", "<html><body><h1>Fruit</h1></body></html>\n")?;
    root.file("usr/share/nginx/html/style.css", "h1 { color: green }\n")?;
    root.link("var/log/nginx/access.log", "/dev/stdout")?;
    root.link("var/log/nginx/error.log", "/dev/stderr")
}
