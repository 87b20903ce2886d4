//! Capabilities: for each, a system call that root may do with it and may not do without it, and that leaves the
//! machine as it was. Those that have no such call are not here.

use super::{At as _, Given, Tried, done, files, processes};
use nix::sys::resource::{Resource, getrlimit, setrlimit};
use rustix::fs::{MemfdFlags, Mode, XattrFlags};
use rustix::thread::{CapabilitySet, ClockId};
use rustix::time::{TimerfdClockId, TimerfdFlags};
use std::fs::File;
use std::io;
use std::net::{TcpListener, UdpSocket};

/// The user that is not root.
const OTHER: u32 = 1;

pub(super) fn attempt(words: &[&str]) -> Option<Tried> {
    let ["capability", name] = *words else { return None };
    Some(match name {
        "chown" => memory().and_then(|file| give_away(&file)),
        "dac_override" => files::write(File::options().write(true), "/tmp/locked"),
        "dac_read_search" => files::read("/tmp/locked"),
        "fowner" => rustix::fs::fchmod(std::io::stdin(), Mode::RUSR).at("fchmod").and_then(|()| done()),
        "kill" => processes::attempt(&["signal", "child", "SIGURG"])?,
        "setgid" => nix::unistd::setgid(OTHER.into()).at("setgid").and_then(|()| done()),
        "setuid" => nix::unistd::setuid(OTHER.into()).at("setuid").and_then(|()| done()),
        "setpcap" => rustix::thread::remove_capability_from_bounding_set(CapabilitySet::SYSLOG)
            .at("prctl")
            .and_then(|()| done()),
        "net_bind_service" => TcpListener::bind("127.0.0.1:80").at("bind").and_then(|_| done()),
        "net_admin" => UdpSocket::bind("127.0.0.1:0").at("bind").and_then(|socket| {
            nix::sys::socket::setsockopt(&socket, nix::sys::socket::sockopt::RcvBufForce, &4096)
                .at("setsockopt")?;
            done()
        }),
        "net_raw" => raw(),
        "ipc_lock" => setrlimit(Resource::RLIMIT_MEMLOCK, 0, 0).at("setrlimit").and_then(|()| {
            nix::sys::mman::mlockall(nix::sys::mman::MlockAllFlags::MCL_CURRENT).at("mlockall")?;
            done()
        }),
        "sys_module" => match nix::kmod::delete_module(c"lab_none", nix::kmod::DeleteModuleFlags::O_NONBLOCK)
        {
            Err(nix::errno::Errno::ENOENT) => done(),
            other => other.at("delete_module").and_then(|()| done()),
        },
        "sys_rawio" => File::open("/proc/kcore").at("open").and_then(|_| done()),
        "sys_chroot" => std::os::unix::fs::chroot("/").at("chroot").and_then(|()| done()),
        "sys_ptrace" => processes::attempt(&["proc-exe", "child"])?,
        "sys_pacct" => nix::unistd::acct::disable().at("acct").and_then(|()| done()),
        "sys_admin" => rustix::system::sethostname(b"other").at("sethostname").and_then(|()| done()),
        "sys_boot" => nix::sys::reboot::set_cad_enabled(false).at("reboot").and_then(|()| done()),
        "sys_nice" => rustix::process::setpriority_process(None, -1).at("setpriority").and_then(|()| done()),
        "sys_resource" => raise(),
        "sys_time" => {
            let now = rustix::time::clock_gettime(ClockId::Realtime);
            rustix::time::clock_settime(ClockId::Realtime, now).at("clock_settime").and_then(|()| done())
        }
        "mknod" => files::mknod("/tmp/device"),
        "setfcap" => {
            // Version 2, no capability set: the header alone is what the kernel judges.
            let mut value = [0; 20];
            value[3] = 2;
            rustix::fs::setxattr("/tmp/locked", "security.capability", &value, XattrFlags::empty())
                .at("setxattr")
                .and_then(|()| done())
        }
        "syslog" => File::open("/proc/kmsg").at("open").and_then(|_| done()),
        "wake_alarm" => rustix::time::timerfd_create(TimerfdClockId::RealtimeAlarm, TimerfdFlags::empty())
            .at("timerfd_create")
            .and_then(|_| done()),
        _ => return None,
    })
}

pub(super) fn prepare(name: &str, profile: &str) -> io::Result<Given> {
    match name {
        "fowner" => {
            let file = rustix::fs::memfd_create("lab", MemfdFlags::empty())?;
            nix::unistd::fchown(&file, Some(OTHER.into()), None)?;
            Ok(Given { stdin: Some(file), child: None })
        }
        // Someone else's process: without the capability the kernel asks whose it is.
        "kill" | "sys_ptrace" => processes::prepare(profile, OTHER),
        _ => Ok(Given::default()),
    }
}

/// A file that has no name, so that no rule about files is asked.
fn memory() -> Result<rustix::fd::OwnedFd, super::Refusal> {
    rustix::fs::memfd_create("lab", MemfdFlags::empty()).at("memfd_create")
}

fn give_away(file: &rustix::fd::OwnedFd) -> Tried {
    nix::unistd::fchown(file, Some(OTHER.into()), None).at("fchown").and_then(|()| done())
}

fn raw() -> Tried {
    use nix::sys::socket::{AddressFamily, SockFlag, SockProtocol, SockType, socket};
    socket(AddressFamily::Inet, SockType::Raw, SockFlag::empty(), SockProtocol::Icmp)
        .at("socket")
        .and_then(|_| done())
}

fn raise() -> Tried {
    let (_, hard) = getrlimit(Resource::RLIMIT_NOFILE).at("getrlimit")?;
    setrlimit(Resource::RLIMIT_NOFILE, 10, 10).at("setrlimit")?;
    setrlimit(Resource::RLIMIT_NOFILE, hard, hard).at("setrlimit")?;
    done()
}
