//! From a path as people write it to the pattern that matches what the kernel sees.
//!
//! AppArmor compares the path after links are resolved, so a folder that is a link on some images needs
//! both spellings, and what the kubelet or the kernel puts between is put between here.

use super::Glob;
use super::glob::{Automaton, Budget};

/// Folders that are links into `/usr` on merged-usr images.
pub const MERGED: [&str; 6] = ["bin", "sbin", "lib", "lib32", "lib64", "libx32"];

/// Stands for each of them, for asking what a pattern could match.
pub const ANY_MERGED: &str = "/{bin,sbin,lib,lib32,lib64,libx32}{,/**}";

/// Folders of every image, or that runtimes make in each container: nothing of these names is a file.
const FOLDERS: [&str; 44] = [
    "/bin",
    "/boot",
    "/dev",
    "/dev/pts",
    "/dev/shm",
    "/etc",
    "/etc/pki",
    "/etc/ssl",
    "/etc/ssl/certs",
    "/home",
    "/lib",
    "/lib32",
    "/lib64",
    "/libx32",
    "/media",
    "/mnt",
    "/opt",
    "/proc",
    "/root",
    "/run",
    "/run/lock",
    "/sbin",
    "/srv",
    "/sys",
    "/tmp",
    "/usr",
    "/usr/bin",
    "/usr/include",
    "/usr/lib",
    "/usr/lib64",
    "/usr/libexec",
    "/usr/local",
    "/usr/local/bin",
    "/usr/local/lib",
    "/usr/sbin",
    "/usr/share",
    "/var",
    "/var/cache",
    "/var/lib",
    "/var/log",
    "/var/run",
    "/var/spool",
    "/var/tmp",
    "/var/www",
];

/// Whether a path is known to be a folder wherever it is there.
pub fn is_known_folder(path: &str) -> bool {
    FOLDERS.contains(&path)
}

/// Whether a path is a folder by all that is usual: what a program or a user has there of its own.
pub fn is_data_folder(path: &str) -> bool {
    const ABOVE: [&str; 5] = ["/home", "/usr/share", "/var/cache", "/var/lib", "/var/spool"];
    path.rsplit_once('/').is_some_and(|(above, name)| {
        ABOVE.contains(&above) && !name.is_empty() && !name.contains(['.', '*', '?', '[', '{', '\\'])
    })
}

/// The pattern for an entry. `projected` are the mount points below which the kernel sees a timestamped folder.
pub fn pattern(written: &str, projected: &[&str]) -> String {
    let (body, is_folder) = match written.strip_suffix('/') {
        Some(body) => (without_escape(body), true),
        None => (written, false),
    };
    let body = own_process(body, "[0-9]*");
    let body = below_projected(&body, projected);
    let body = aliased(&body);
    if is_folder { format!("{body}/{{,**}}") } else { body }
}

/// The pattern of folders alone, for an entry that means what it names and nothing in it: the kernel writes a slash
/// behind a folder's name, and behind no other. `is_folders` says that all the entry matches ends so already.
pub fn folder_pattern(written: &str, is_folders: bool, projected: &[&str]) -> String {
    let body = written.strip_suffix('/').map_or(written, without_escape);
    let pattern = pattern(body, projected);
    if is_folders && !written.ends_with('/') { pattern } else { format!("{pattern}/") }
}

/// Whether all that a pattern matches ends in a slash, as it does behind `{,**/}`.
pub fn names_folders(pattern: &Glob) -> bool {
    let folders = Glob::parse("/{,**/}").map(|folders| Automaton::new(&folders));
    let covers = |folders: Automaton| folders.covers(&Automaton::new(pattern), &Budget::new(100_000));
    pattern.text().ends_with(['/', '}']) && folders.is_ok_and(|folders| covers(folders) == Some(true))
}

/// The pattern, and the folder of that name where it means none yet: the kernel writes a slash behind a folder's
/// name, so what denies making a file would let a folder be made, or moved, in its place.
pub fn or_folder(pattern: &Glob) -> Glob {
    if means_folders(pattern.text()) { pattern.clone() } else { pattern.with_optional_slash() }
}

fn means_folders(pattern: &str) -> bool {
    let ends_open = |body: &str| without_escape(body).len() == body.len();
    pattern.strip_suffix("**").is_some_and(ends_open) || pattern.ends_with("{,**}") || pattern.ends_with('/')
}

/// The slash at the end may have been escaped, which says nothing: then its backslash goes with it.
fn without_escape(body: &str) -> &str {
    let backslashes = body.bytes().rev().take_while(|byte| *byte == b'\\').count();
    match body.strip_suffix('\\') {
        Some(rest) if backslashes % 2 == 1 => rest,
        _ => body,
    }
}

/// The spellings under which one folder may be found.
pub fn spellings(path: &str) -> Vec<String> {
    let mut found = vec![path.to_owned()];
    let alias = match path.strip_prefix("/usr/") {
        Some(rest) if is_merged(first(rest).0) => Some(format!("/{rest}")),
        _ => {
            path.strip_prefix('/').filter(|rest| is_merged(first(rest).0)).map(|rest| format!("/usr/{rest}"))
        }
    };
    found.extend(alias);
    for (from, to) in [("/var/run", "/run"), ("/run", "/var/run")] {
        if let Some(rest) = below(path, from) {
            found.push(format!("{to}{rest}"));
        }
    }
    found
}

/// What follows a folder in a path, where the path is that folder or lies below it.
pub fn below<'a>(path: &'a str, folder: &str) -> Option<&'a str> {
    path.strip_prefix(folder).filter(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The first component that is a pattern, where it is not one of the brace lists that `aliased` understands.
pub fn first_is_glob(written: &str) -> bool {
    let component = first(written.strip_prefix('/').unwrap_or(written)).0;
    component.contains(['*', '?', '[', '{']) && !is_merged(component)
}

/// The kernel never sees `self`: it is a link that it resolves, to a process of this number.
pub fn own_process(path: &str, number: &str) -> String {
    if let Some(rest) = below(path, "/proc/self") {
        return format!("/proc/{number}{rest}");
    }
    if let Some(rest) = below(path, "/proc/thread-self") {
        return format!("/proc/{number}/task/{number}{rest}");
    }
    path.to_owned()
}

fn below_projected(path: &str, projected: &[&str]) -> String {
    let hit = projected
        .iter()
        .flat_map(|mount| spellings(mount.trim_end_matches('/')))
        .filter_map(|mount| Some((mount.len(), below(path, &mount)?.to_owned())))
        .max();
    match hit {
        Some((mount, rest)) if !rest.is_empty() && !rest.starts_with("/**") => {
            let mount = path.get(..mount).unwrap_or("");
            let rest = rest.trim_start_matches('/');
            format!("{mount}/{{,..*/}}{rest}")
        }
        _ => path.to_owned(),
    }
}

fn aliased(path: &str) -> String {
    if let Some(rest) = below(path, "/var/run").or_else(|| below(path, "/run")) {
        return format!("/{{,var/}}run{rest}");
    }
    let inner = path.strip_prefix("/usr/").or_else(|| path.strip_prefix('/'));
    match inner {
        Some(inner) if is_merged(first(inner).0) => format!("/{{,usr/}}{inner}"),
        _ => path.to_owned(),
    }
}

/// The first component and what follows; a slash inside braces does not end it.
fn first(path: &str) -> (&str, &str) {
    let mut depth = 0usize;
    let end = path.find(|c: char| {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        c == '/' && depth == 0
    });
    path.split_at(end.unwrap_or(path.len()))
}

/// One of the folders, or a brace list of them.
fn is_merged(component: &str) -> bool {
    let list = component.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).unwrap_or(component);
    list.split(',').all(|name| MERGED.contains(&name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_alone_ends_in_its_slash() {
        let cases = [
            ("/", "/"),
            ("/data/", "/data/"),
            ("/data", "/data/"),
            ("/data/*/", "/data/*/"),
            ("/data/**", "/data/**/"),
            ("/var/run/", "/{,var/}run/"),
            ("/usr/lib/x/", "/{,usr/}lib/x/"),
            ("/proc/self/fd/", "/proc/[0-9]*/fd/"),
            ("/conf/", "/conf/"),
            ("/conf/sub/", "/conf/{,..*/}sub/"),
            (r"/srv/x\/", "/srv/x/"),
        ];
        for (written, expected) in cases {
            assert_eq!(folder_pattern(written, false, &["/conf"]), expected, "{written}");
        }
        assert_eq!(folder_pattern("/data/{,**/}", true, &[]), "/data/{,**/}");
    }

    #[test]
    fn renders_what_the_kernel_sees() {
        let cases = [
            ("/etc/nginx/", "/etc/nginx/{,**}"),
            ("/", "/{,**}"),
            ("/bin/sh", "/{,usr/}bin/sh"),
            ("/usr/bin/sh", "/{,usr/}bin/sh"),
            ("/{bin,sbin}/x", "/{,usr/}{bin,sbin}/x"),
            ("/usr/local/bin/x", "/usr/local/bin/x"),
            ("/binary", "/binary"),
            ("/var/run/x", "/{,var/}run/x"),
            ("/run/x", "/{,var/}run/x"),
            ("/var/runner", "/var/runner"),
            ("/proc/self/maps", "/proc/[0-9]*/maps"),
            ("/proc/thread-self/", "/proc/[0-9]*/task/[0-9]*/{,**}"),
            ("/conf/app.toml", "/conf/{,..*/}app.toml"),
            ("/conf/", "/conf/{,**}"),
            ("/conf/**", "/conf/**"),
            (r"/srv/x\/", "/srv/x/{,**}"),
            (r"/srv/x\\/", r"/srv/x\\/{,**}"),
            ("/confused/x", "/confused/x"),
        ];
        for (written, expected) in cases {
            assert_eq!(pattern(written, &["/conf"]), expected, "{written}");
        }
    }
}
