//! Ways around a rule: the same thing by another name, another call, another program, another's descriptor.

use super::{At as _, Given, Tried, done, files};
use nix::sys::socket::{AddressFamily, ControlMessage, MsgFlags, SockFlag, SockType, sendmsg, socketpair};
use rustix::fs::{CWD, MemfdFlags, Mode, OFlags};
use std::fs::{self, File, Permissions};
use std::io::{self, IoSlice, IoSliceMut, Read as _, Write as _};
use std::os::fd::{AsRawFd as _, OwnedFd};
use std::os::unix::fs::PermissionsExt as _;

pub(super) fn attempt(words: &[&str]) -> Option<Tried> {
    Some(match *words {
        ["rename-and-read", folder, new, file] => {
            fs::rename(folder, new).at("rename").and_then(|()| files::read(file))
        }
        ["exchange-and-read", folder, other, file] => {
            rustix::fs::renameat_with(CWD, folder, CWD, other, rustix::fs::RenameFlags::EXCHANGE)
                .at("renameat2")
                .and_then(|()| files::read(file))
        }
        ["link-and-read", new, target] => {
            fs::hard_link(target, new).at("link").and_then(|()| files::read(new))
        }
        ["symlink-and-read", new, target] => {
            std::os::unix::fs::symlink(target, new).at("symlink").and_then(|()| files::read(new))
        }
        ["symlink-and-write", new, target] => std::os::unix::fs::symlink(target, new)
            .at("symlink")
            .and_then(|()| files::write(File::options().write(true), new)),
        ["rename-over", from, path] => fs::rename(from, path).at("rename").and_then(|()| done()),
        // Relative to a folder that is held open.
        ["read-below", folder, name] => beneath(folder, name),
        ["read-by-descriptor", folder, name] => {
            let held = rustix::fs::open(folder, OFlags::PATH, Mode::empty()).at("open");
            held.and_then(|held| files::read(&format!("/proc/self/fd/{}/{name}", held.as_raw_fd())))
        }
        ["chdir-and-read", folder, name] => {
            std::env::set_current_dir(folder).at("chdir").and_then(|()| files::read(name))
        }
        ["chroot-and-read", root, file] => {
            std::os::unix::fs::chroot(root).at("chroot").and_then(|()| files::read(file))
        }
        ["copy-and-exec", from, to] => copy(from, to).and_then(|()| files::exec(to, &[])),
        ["rename-and-exec", from, to] => {
            fs::rename(from, to).at("rename").and_then(|()| files::exec(to, &[]))
        }
        ["link-and-exec", from, to] => fs::hard_link(from, to).at("link").and_then(|()| files::exec(to, &[])),
        ["symlink-and-exec", from, to] => {
            std::os::unix::fs::symlink(from, to).at("symlink").and_then(|()| files::exec(to, &[]))
        }
        ["memory-exec", from] => memory(from),
        ["sendfile-into", path] => File::options().write(true).open(path).at("open").and_then(|file| {
            let from = source()?;
            rustix::fs::sendfile(&file, &from, None, 1).at("sendfile").and_then(|_| done())
        }),
        ["splice-into", path] => File::options().write(true).open(path).at("open").and_then(|file| {
            let (reader, mut writer) = io::pipe().at("pipe")?;
            writer.write_all(b"x").at("write")?;
            let none = rustix::pipe::SpliceFlags::empty();
            rustix::pipe::splice(&reader, None, &file, None, 1, none).at("splice").and_then(|_| done())
        }),
        // Within one file system, or it is another call.
        ["copy-range-into", path, from] => {
            File::options().write(true).open(path).at("open").and_then(|file| {
                let from = File::open(from).at("open")?;
                rustix::fs::copy_file_range(&from, None, &file, None, 1)
                    .at("copy_file_range")
                    .and_then(|_| done())
            })
        }
        ["allocate", path] => File::options().write(true).open(path).at("open").and_then(|file| {
            rustix::fs::fallocate(&file, rustix::fs::FallocateFlags::empty(), 0, 1)
                .at("fallocate")
                .and_then(|()| done())
        }),
        // Opened for reading, then again through the descriptor for writing.
        ["reopen-for-writing", path] => File::open(path).at("open").and_then(|file| {
            files::write(File::options().write(true), &format!("/proc/self/fd/{}", file.as_raw_fd()))
        }),
        ["memory-of-self"] => files::write(File::options().write(true), "/proc/self/mem"),
        ["inherited", "read", _] => read(&std::io::stdin()),
        ["inherited", "write", _] => {
            rustix::io::write(std::io::stdin(), b"x").at("write").and_then(|_| done())
        }
        ["passed", how, _] => receive().and_then(|file| match how {
            "read" => read(&file),
            _ => rustix::io::write(&file, b"x").at("write").and_then(|_| done()),
        }),
        _ => return None,
    })
}

/// A descriptor that was opened outside, left open or sent over a socket.
pub(super) fn prepare(words: &[&str]) -> io::Result<Given> {
    let [_, way, how, path] = *words else { return Ok(Given::default()) };
    let file = File::options().read(true).write(how == "write").open(path)?;
    if way == "inherited" {
        return Ok(Given { stdin: Some(file.into()), child: None });
    }
    let (ours, theirs) = socketpair(AddressFamily::Unix, SockType::Stream, None, SockFlag::empty())?;
    let sent = [file.as_raw_fd()];
    sendmsg::<()>(
        ours.as_raw_fd(),
        &[IoSlice::new(b"x")],
        &[ControlMessage::ScmRights(&sent)],
        MsgFlags::empty(),
        None,
    )?;
    Ok(Given { stdin: Some(theirs), child: None })
}

fn receive() -> Result<File, super::Refusal> {
    use rustix::net::{RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags};
    let mut byte = [0];
    let mut space = [std::mem::MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
    let mut control = RecvAncillaryBuffer::new(&mut space);
    rustix::net::recvmsg(
        std::io::stdin(),
        &mut [IoSliceMut::new(&mut byte)],
        &mut control,
        RecvFlags::empty(),
    )
    .at("recvmsg")?;
    let found: Option<OwnedFd> = control.drain().find_map(|message| match message {
        RecvAncillaryMessage::ScmRights(mut files) => files.next(),
        RecvAncillaryMessage::ScmCredentials(_) | _ => None,
    });
    found
        .map(File::from)
        .ok_or_else(|| io::Error::from_raw_os_error(nix::errno::Errno::EACCES as i32))
        .at("no descriptor")
}

fn read(file: &impl rustix::fd::AsFd) -> Tried {
    let mut text = [0; 64];
    let length = rustix::io::read(file, &mut text).at("read")?;
    Ok(String::from_utf8_lossy(text.get(..length).unwrap_or_default()).into_owned())
}

fn beneath(folder: &str, name: &str) -> Tried {
    let held = rustix::fs::open(folder, OFlags::PATH, Mode::empty()).at("open")?;
    let file = rustix::fs::openat(&held, name, OFlags::RDONLY, Mode::empty()).at("openat")?;
    read(&file)
}

fn copy(from: &str, to: &str) -> Result<(), super::Refusal> {
    let mut bytes = Vec::new();
    File::open(from).at("open")?.read_to_end(&mut bytes).at("read")?;
    fs::write(to, bytes).at("write")?;
    fs::set_permissions(to, Permissions::from_mode(0o755)).at("chmod")
}

fn memory(from: &str) -> Tried {
    let bytes = fs::read(from).at("read")?;
    let file = File::from(rustix::fs::memfd_create("lab", MemfdFlags::empty()).at("memfd_create")?);
    (&file).write_all(&bytes).at("write")?;
    files::exec(&format!("/proc/self/fd/{}", file.as_raw_fd()), &[])
}

fn source() -> Result<File, super::Refusal> {
    let mut file = File::from(rustix::fs::memfd_create("lab", MemfdFlags::empty()).at("memfd_create")?);
    file.write_all(b"x").at("write")?;
    io::Seek::rewind(&mut file).at("lseek")?;
    Ok(file)
}
