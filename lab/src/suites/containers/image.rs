//! The archives of a machine with containers: the runtimes and their libraries at the machine's own `/usr`, and the
//! files of a small image below `/image/root`, which every container gets a copy of.

use crate::Result;
use crate::generation::Generation;
use crate::image::Image;
use std::path::PathBuf;

const PACKAGES: [&str; 9] = [
    "runc",
    "crun",
    "tini",
    "dumb-init",
    "busybox-static",
    "netcat-openbsd",
    "dash",
    "coreutils",
    "libc-bin",
];

const LIBRARIES: &str = "usr/lib/x86_64-linux-gnu";
/// Programs of the image, which are few so that a copy is quick.
const PROGRAMS: [&str; 20] = [
    "usr/bin/busybox",
    "usr/bin/cat",
    "usr/bin/chmod",
    "usr/bin/cp",
    "usr/bin/dash",
    "usr/bin/dumb-init",
    "usr/bin/env",
    "usr/bin/id",
    "usr/bin/ln",
    "usr/bin/ls",
    "usr/bin/mkdir",
    "usr/bin/mv",
    "usr/bin/nc.openbsd",
    "usr/bin/rm",
    "usr/bin/sh",
    "usr/bin/sleep",
    "usr/bin/sort",
    "usr/bin/tail",
    "usr/bin/tini",
    "usr/bin/wc",
];
/// What those programs are linked to.
const LINKED: [&str; 12] = [
    "ld-linux-x86-64",
    "libacl.so",
    "libattr.so",
    "libbsd.so",
    "libc.so",
    "libcrypto.so",
    "libgmp.so",
    "libmd.so",
    "libm.so",
    "libpcre2-8.so",
    "libresolv.so",
    "libselinux.so",
];

pub(super) fn make(generation: &Generation) -> Result<PathBuf> {
    let tree = generation.debian.tree("containers", &PACKAGES)?;
    let path = generation.folder.join("containers.cpio");
    let mut image = Image::create(&path)?;
    let below = |at: &str, folder: &str| at == folder || at.starts_with(&format!("{folder}/"));
    let above = |at: &str, file: &str| file.starts_with(&format!("{at}/"));
    // The machine's: libraries as files, without the folders of plug-ins beside them.
    let runtimes = ["usr/sbin/runc", "usr/bin/crun"];
    image.tree("", &tree, &|at| {
        let library = at.strip_prefix(LIBRARIES).and_then(|name| name.strip_prefix('/'));
        let is_library = library.is_some_and(|name| name.contains(".so") && !name.contains('/'));
        is_library
            || runtimes.contains(&at)
            || above(at, LIBRARIES)
            || at == LIBRARIES
            || runtimes.iter().any(|file| above(at, file))
    })?;
    let root = "image/root";
    image.folder("image")?;
    image.folder(root)?;
    image.tree(root, &tree, &|at| {
        let Some(at) = at.strip_prefix(root).and_then(|at| at.strip_prefix('/')) else { return false };
        let library = at.strip_prefix(LIBRARIES).and_then(|name| name.strip_prefix('/'));
        ["bin", "sbin", "lib", "lib64"].contains(&at)
            || PROGRAMS.contains(&at)
            || PROGRAMS.iter().any(|file| above(at, file))
            || library.is_some_and(|name| LINKED.iter().any(|linked| name.starts_with(linked)))
            || ["usr/lib", "usr/lib64", LIBRARIES, "usr/sbin"].contains(&at)
            || below(at, "usr/lib64")
    })?;
    for folder in ["etc", "tmp", "run", "var", "var/log", "srv", "app", "proc", "sys", "dev", "root"] {
        image.folder(&format!("{root}/{folder}"))?;
    }
    image.link(&format!("{root}/var/run"), "../run")?;
    let passwd = "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/usr/sbin/nologin\n";
    for (name, text) in [
        ("etc/passwd", passwd),
        ("etc/group", "root:x:0:\nnogroup:x:65534:\n"),
        ("etc/motd", "an image\n"),
        ("etc/nsswitch.conf", "passwd: files\ngroup: files\nhosts: files\n"),
    ] {
        image.file(&format!("{root}/{name}"), 0o644, text.as_bytes())?;
    }
    image.finish()?;
    Ok(path)
}
