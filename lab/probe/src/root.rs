//! The root of a trial: empty but for what every container has, and for what its steps lay out.

use crate::attempt;
use nix::sys::stat::{Mode, SFlag, makedev, mknod};
use probe::{PROGRAM, Step};
use rustix::mount::{
    MountFlags, MountPropagationFlags, UnmountFlags, mount, mount_bind, mount_bind_recursive, mount_change,
    unmount,
};
use std::fs::{self, Permissions};
use std::io;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::Path;

const BOX: &str = "/box";

pub(crate) fn make() -> io::Result<()> {
    let inside = |path: &str| Path::new(BOX).join(path.trim_start_matches('/'));
    mount_change("/", MountPropagationFlags::PRIVATE | MountPropagationFlags::REC)?;
    mount("tmpfs", BOX, "tmpfs", MountFlags::empty(), c"mode=755")?;
    for name in [
        "usr/bin",
        "usr/sbin",
        "usr/lib/x86_64-linux-gnu",
        "usr/lib64",
        "proc",
        "sys",
        "dev",
        "etc",
        "tmp",
        "run",
        "var",
        "mnt",
        ".lab",
        ".old",
        ".image",
    ] {
        fs::create_dir_all(inside(name))?;
    }
    fs::set_permissions(inside("tmp"), Permissions::from_mode(0o1777))?;
    for name in ["bin", "sbin", "lib", "lib64"] {
        symlink(format!("usr/{name}"), inside(name))?;
    }
    symlink("/run", inside("var/run"))?;
    for (name, text) in
        [("passwd", "root:x:0:0::/:/bin/sh\n"), ("group", "root:x:0:\n"), ("hosts", "127.0.0.1 localhost\n")]
    {
        fs::write(inside("etc").join(name), text)?;
    }
    fs::write(inside(PROGRAM), "")?;
    mount_bind(PROGRAM, inside(PROGRAM))?;
    mount_bind_recursive("/sys", inside("sys"))?;
    mount_bind_recursive("/usr", inside(".image"))?;
    devices(&inside("dev"))?;
    std::env::set_current_dir(BOX)?;
    rustix::process::pivot_root(".", ".old")?;
    std::env::set_current_dir("/")?;
    unmount("/.old", UnmountFlags::DETACH)?;
    Ok(())
}

fn devices(dev: &Path) -> io::Result<()> {
    mount("tmpfs", dev, "tmpfs", MountFlags::NOSUID, c"mode=755")?;
    let everybody = Mode::from_bits_truncate(0o666);
    for (name, major, minor) in
        [("null", 1, 3), ("zero", 1, 5), ("full", 1, 7), ("random", 1, 8), ("urandom", 1, 9), ("tty", 5, 0)]
    {
        mknod(&dev.join(name), SFlag::S_IFCHR, everybody, makedev(major, minor))?;
        fs::set_permissions(dev.join(name), Permissions::from_mode(0o666))?;
    }
    for (kind, name, data) in [
        ("devpts", "pts", Some(c"newinstance,ptmxmode=0666")),
        ("tmpfs", "shm", Some(c"mode=1777")),
        ("mqueue", "mqueue", None),
    ] {
        fs::create_dir(dev.join(name))?;
        mount(kind, dev.join(name), kind, MountFlags::empty(), data)?;
    }
    symlink("pts/ptmx", dev.join("ptmx"))?;
    for (name, target) in
        [("fd", "/proc/self/fd"), ("stdin", "/proc/self/fd/0"), ("stdout", "/proc/self/fd/1")]
    {
        symlink(target, dev.join(name))?;
    }
    Ok(())
}

pub(crate) fn lay(step: &Step) -> io::Result<()> {
    match step {
        Step::Folder(path) => fs::create_dir_all(path),
        Step::File { path, text } => above(path).and_then(|()| fs::write(path, text)),
        Step::Program(path) => copy(PROGRAM, path),
        Step::Copy { from, path } => copy(&format!("/.image/{}", from.trim_start_matches("/usr/")), path),
        Step::Script { path, text } => {
            above(path)?;
            fs::write(path, text)?;
            fs::set_permissions(path, Permissions::from_mode(0o755))
        }
        Step::Symlink { path, target } => above(path).and_then(|()| symlink(target, path)),
        Step::HardLink { path, target } => above(path).and_then(|()| fs::hard_link(target, path)),
        Step::Bind { from, path } => {
            if Path::new(from).is_dir() {
                fs::create_dir_all(path)?;
            } else {
                above(path)?;
                fs::write(path, "")?;
            }
            Ok(mount_bind(from, path)?)
        }
        Step::Tmpfs(path) => {
            fs::create_dir_all(path)?;
            Ok(mount("tmpfs", path, "tmpfs", MountFlags::empty(), None)?)
        }
        Step::Owner { path, user } => std::os::unix::fs::lchown(path, Some(*user), Some(*user)),
        Step::Mode { path, mode } => fs::set_permissions(path, Permissions::from_mode(*mode)),
        Step::Do(words) => {
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            attempt::attempt(&words).map(|_| ()).map_err(|refusal| io::Error::other(format!("{refusal:?}")))
        }
    }
}

fn copy(from: &str, path: &str) -> io::Result<()> {
    above(path)?;
    fs::copy(from, path)?;
    fs::set_permissions(path, Permissions::from_mode(0o755))
}

fn above(path: &str) -> io::Result<()> {
    Path::new(path).parent().map_or(Ok(()), fs::create_dir_all)
}
