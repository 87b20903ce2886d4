//! A program's path that is usually a link.

use crate::check::Subject;
use crate::diag::{Code, Finding, Findings, Severity};

pub static CODE: Code = Code {
    name: "symlinked-program",
    severity: Severity::Warning,
    summary: "a path whose last part is usually a link",
    explanation: "AppArmor compares the path behind a link, never the link itself. `/bin/sh` is `dash` on Debian, `bash` on Red \
                  Hat and `busybox` on Alpine; an entry for the link matches nothing. Name what it leads to in the images \
                  you run: `readlink -f /bin/sh` inside the container tells.",
    bad: "name = \"job\"\n\n[exec]\nallow = [\"/bin/sh\"]\n",
    good: "name = \"job\"\n\n[exec]\nallow = [\"/bin/dash\"]\n",
};

/// Links of common images, and what they lead to.
const LINKS: [(&str, &str); 17] = [
    ("sh", "`/bin/dash` (Debian), `/bin/bash` (Red Hat), `/bin/busybox` (Alpine)"),
    ("python", "`/usr/bin/python3.*`"),
    ("python3", "`/usr/bin/python3.*`"),
    ("awk", "`/usr/bin/mawk`, `/usr/bin/gawk` or `/bin/busybox`"),
    ("nawk", "`/usr/bin/mawk` or `/usr/bin/gawk`"),
    ("vi", "`/usr/bin/vim.*`"),
    ("editor", "`/usr/bin/vim.*` or `/bin/nano`"),
    ("pager", "`/usr/bin/less`"),
    ("java", "`/usr/lib/jvm/*/bin/java` or `/opt/java/openjdk/bin/java`"),
    ("javac", "`/usr/lib/jvm/*/bin/javac`"),
    ("nodejs", "`/usr/bin/node`"),
    ("npm", "`/usr/local/lib/node_modules/npm/bin/npm-cli.js` or `/usr/share/nodejs/npm/bin/npm-cli.js`"),
    ("npx", "`/usr/local/lib/node_modules/npm/bin/npx-cli.js`"),
    ("redis-server", "`/usr/bin/redis-check-rdb` (Debian)"),
    ("psql", "`/usr/share/postgresql-common/pg_wrapper` (Debian)"),
    ("pidof", "`/sbin/killall5` (Debian)"),
    ("mail", "`/usr/bin/bsd-mailx`"),
];

/// Where distributions put such links; elsewhere the same name is a file of its own.
const FOLDERS: [&str; 5] = ["/bin/", "/usr/bin/", "/sbin/", "/usr/sbin/", "/{,usr/}bin/"];

/// The part of a path behind its last slash.
pub fn last_component(text: &str) -> &str {
    text.rsplit('/').next().unwrap_or(text)
}

pub fn run(subject: &Subject<'_>, found: &mut Findings) {
    for entry in &subject.draft.paths {
        let name = last_component(&entry.text);
        let folder = entry.text.strip_suffix(name).unwrap_or("");
        let link = LINKS.iter().find(|(link, _)| *link == name);
        let Some((_, targets)) = link.filter(|_| FOLDERS.contains(&folder)) else {
            continue;
        };
        found.add(
            Finding::new(
                &CODE,
                entry.place,
                format!("`{}` is usually a link, and AppArmor sees what it leads to", entry.text),
            )
            .help(format!("name what it leads to: {targets}")),
        );
    }
}
