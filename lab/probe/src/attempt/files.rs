//! Files: what a program does with a path.

use super::{At as _, Tried, done};
use rustix::fs::{AtFlags, CWD, FlockOperation, Mode, OFlags, RenameFlags};
use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{Read as _, Write as _};
use std::os::unix::fs::{PermissionsExt as _, chown, symlink};
use std::path::Path;
use std::process::{Command, Stdio};
use vm_memory::mmap::MmapRegion;
use vm_memory::{Bytes as _, FileOffset, VolatileMemory as _};

const PROT_READ: i32 = 1;
const PROT_WRITE: i32 = 2;
const PROT_EXEC: i32 = 4;
const MAP_SHARED: i32 = 1;
const MAP_PRIVATE: i32 = 2;

pub(super) fn attempt(words: &[&str]) -> Option<Tried> {
    Some(match *words {
        ["read", path] => read(path),
        ["list", path] => fs::read_dir(path).at("opendir").and_then(|names| {
            names.collect::<Result<Vec<_>, _>>().at("readdir").map(|names| names.len().to_string())
        }),
        ["write", path] => write(OpenOptions::new().write(true), path),
        ["append", path] => write(OpenOptions::new().append(true), path),
        ["create", path] => write(OpenOptions::new().write(true).create_new(true), path),
        ["truncate", path] => nix::unistd::truncate(path, 0).at("truncate").and_then(|()| done()),
        ["open-truncate", path] => {
            OpenOptions::new().write(true).truncate(true).open(path).at("open").and_then(|_| done())
        }
        ["delete", path] => fs::remove_file(path).at("unlink").and_then(|()| done()),
        ["mkdir", path] => fs::create_dir(path).at("mkdir").and_then(|()| done()),
        ["rmdir", path] => fs::remove_dir(path).at("rmdir").and_then(|()| done()),
        ["rename", old, new] => fs::rename(old, new).at("rename").and_then(|()| done()),
        ["exchange", one, other] => rustix::fs::renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE)
            .at("renameat2")
            .and_then(|()| done()),
        ["link", new, target] => fs::hard_link(target, new).at("link").and_then(|()| done()),
        ["symlink", new, target] => symlink(target, new).at("symlink").and_then(|()| done()),
        ["readlink", path] => fs::read_link(path).at("readlink").map(|target| target.display().to_string()),
        ["chmod", path] => {
            fs::set_permissions(path, Permissions::from_mode(0o640)).at("chmod").and_then(|()| done())
        }
        ["chown", path] => chown(path, Some(1), Some(1)).at("chown").and_then(|()| done()),
        ["lock", path] => lock(OpenOptions::new().read(true), path, FlockOperation::NonBlockingLockShared),
        ["lock-exclusive", path] => {
            lock(OpenOptions::new().read(true).write(true), path, FlockOperation::NonBlockingLockExclusive)
        }
        ["lock-write-only", path] => {
            lock(OpenOptions::new().write(true), path, FlockOperation::NonBlockingLockExclusive)
        }
        ["map", path] => map(path, false, PROT_READ | PROT_EXEC, MAP_PRIVATE),
        ["map-write", path] => map(path, true, PROT_READ | PROT_WRITE, MAP_SHARED),
        ["exec", path, ref arguments @ ..] => exec(path, arguments),
        ["mkfifo", path] => {
            nix::unistd::mkfifo(path, nix::sys::stat::Mode::S_IRWXU).at("mkfifo").and_then(|()| done())
        }
        ["mknod", path] => mknod(path),
        ["tmpfile", folder] => {
            rustix::fs::open(folder, OFlags::TMPFILE | OFlags::RDWR, Mode::RUSR | Mode::WUSR)
                .at("open")
                .and_then(|fd| rustix::io::write(&fd, b"x").at("write").and_then(|_| done()))
        }
        ["stat", path] => fs::metadata(path).at("stat").and_then(|_| done()),
        ["open-path", path] => {
            rustix::fs::open(path, OFlags::PATH, Mode::empty()).at("open").and_then(|_| done())
        }
        ["access", path] => rustix::fs::accessat(CWD, path, rustix::fs::Access::WRITE_OK, AtFlags::empty())
            .at("access")
            .and_then(|()| done()),
        ["chdir", path] => std::env::set_current_dir(path).at("chdir").and_then(|()| done()),
        ["touch", path] => File::options()
            .write(true)
            .open(path)
            .at("open")
            .and_then(|file| file.set_modified(std::time::UNIX_EPOCH).at("utimensat"))
            .and_then(|()| done()),
        ["times", path] => {
            let now = rustix::fs::Timestamps {
                last_access: rustix::fs::Timespec { tv_sec: 1, tv_nsec: 0 },
                last_modification: rustix::fs::Timespec { tv_sec: 1, tv_nsec: 0 },
            };
            rustix::fs::utimensat(CWD, path, &now, AtFlags::empty()).at("utimensat").and_then(|()| done())
        }
        ["xattr", path] => rustix::fs::setxattr(path, "trusted.lab", b"x", rustix::fs::XattrFlags::empty())
            .at("setxattr")
            .and_then(|()| done()),
        _ => return None,
    })
}

pub(super) fn mknod(path: &str) -> Tried {
    use nix::sys::stat::{Mode, SFlag, makedev, mknod};
    mknod(Path::new(path), SFlag::S_IFCHR, Mode::S_IRWXU, makedev(1, 3)).at("mknod").and_then(|()| done())
}

/// The text of a file, or its beginning.
pub(super) fn read(path: &str) -> Tried {
    let mut text = [0; 256];
    let length = File::open(path).at("open")?.read(&mut text).at("read")?;
    Ok(String::from_utf8_lossy(text.get(..length).unwrap_or_default()).into_owned())
}

pub(super) fn write(options: &mut OpenOptions, path: &str) -> Tried {
    options.open(path).at("open")?.write_all(b"x").at("write")?;
    done()
}

fn lock(options: &mut OpenOptions, path: &str, operation: FlockOperation) -> Tried {
    let file = options.open(path).at("open")?;
    rustix::fs::flock(&file, operation).at("flock")?;
    done()
}

fn map(path: &str, writing: bool, protection: i32, flags: i32) -> Tried {
    let file = File::options().read(true).write(writing).open(path).at("open")?;
    let region: MmapRegion<()> = MmapRegion::build(Some(FileOffset::new(file, 0)), 4096, protection, flags)
        .map_err(as_io)
        .at("mmap")?;
    if writing {
        let all = region.as_volatile_slice();
        all.write_obj(b'x', 0).map_err(std::io::Error::other).at("store")?;
    }
    done()
}

fn as_io(error: vm_memory::mmap::MmapRegionError) -> std::io::Error {
    if let vm_memory::mmap::MmapRegionError::Mmap(error) = error {
        return error;
    }
    std::io::Error::other(error.to_string())
}

/// Maps memory of no file; huge pages among it.
pub(super) fn map_memory(length: usize, flags: i32) -> Tried {
    const MAP_ANONYMOUS: i32 = 32;
    let flags = flags | MAP_ANONYMOUS;
    let region: Result<MmapRegion<()>, _> = MmapRegion::build(None, length, PROT_READ | PROT_WRITE, flags);
    region.map_err(as_io).at("mmap")?;
    done()
}

/// Starts a program and waits for it: what it said comes back.
pub(super) fn exec(path: &str, arguments: &[&str]) -> Tried {
    let output = Command::new(path).args(arguments).stdin(Stdio::null()).output().at("execve")?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    if output.status.success() {
        return Ok(text);
    }
    // The program ran, and something it does at its start was refused: its linker, its interpreter.
    Err(super::Refusal::Kernel {
        step: "the started program",
        error: std::io::Error::other(format!("{} {said}", output.status)),
    })
}
