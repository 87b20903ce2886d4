//! An application on Node.js, with Debian's program at the official image's path.

use super::program::{Exception, Expected, Program};
use super::root::Root;
use crate::Result;

pub(super) const NODE_WEB: Program = Program {
    name: "node-web",
    policy: |text, _| text,
    bundles: &[],
    packages: |_| vec!["nodejs", "dash", "ca-certificates", "openssl"],
    lay,
    files: &[],
    arguments: &[],
    environment: |_| Vec::new(),
    script: concat!(include_str!("upstream.sh"), include_str!("node-web.sh")),
    facts: &[
        "GET / pear",
        "GET /none server returned error: HTTP/1.1 404 Not Found",
        "a name found",
        "lookup 127.0.0.1",
        "resolve 127.0.0.1",
        "upstream {\"fruit\": \"pear\"}",
        "lookup ::1",
        "upstream {\"fruit\": \"pear\"}",
        "a worker: 49",
        "a broken worker: the worker failed: not a number: none",
        "another worker: 49",
        "GET / after a reload plum",
        "a stray write: Permission denied",
        "a write elsewhere: EACCES",
        "a program: EACCES",
        "GET / after that plum",
        "ended 0",
    ],
    seconds: 140,
    expected: &[
        Expected::STRAY,
        Expected {
            words: &["operation=\"mknod\"", "name=\"/srv/page.html\""],
            release: None,
            why: "the scenario has it write elsewhere",
        },
        Expected {
            words: &["operation=\"exec\"", "name=\"/usr/bin/dash\""],
            release: None,
            why: "the scenario has it start a program",
        },
    ],
    exceptions: &[Exception {
        grant: "filesystem.read-only /usr/local/bin/node",
        release: None,
        why: "the official build opens its own program; Debian's is a small one before a library",
    }],
};

fn lay(root: &mut Root, _: &str) -> Result<()> {
    root.user("node", 1000)?;
    root.copy("usr/bin/node", "usr/local/bin/node")?;
    // Node's official build holds these files in itself; Debian's reads them when it starts.
    root.folder_elsewhere("usr/share/nodejs", "app/builtin")?;
    root.file(".lab/pages/fruit.json", "{\"fruit\": \"pear\"}\n")?;
    root.file("etc/ssl/certs/ca-certificates.crt", "")?;
    root.file("app/page.html", "pear\n")?;
    root.file("app/worker.js", include_str!("worker.js"))?;
    root.file("app/server.js", include_str!("server.js"))
}
