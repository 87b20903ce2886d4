//! Other processes, and what a process asks of the kernel for itself.

use super::{At as _, Given, Refusal, Tried, done, files};
use nix::mqueue::{MQ_OFlag, mq_open, mq_unlink};
use nix::sched::{CloneFlags, unshare};
use nix::sys::ptrace;
use nix::sys::resource::{Resource, getrlimit, setrlimit};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use std::fs;
use std::io::{self, BufRead as _, BufReader};
use std::process::{Command, Stdio};

/// Tells the program what its child's number is.
pub(crate) const CHILD: &str = "LAB_CHILD";

pub(super) fn attempt(words: &[&str]) -> Option<Tried> {
    const MAP_SHARED: i32 = 1;
    const MAP_PRIVATE: i32 = 2;
    const MAP_HUGETLB: i32 = 0x40000;
    const HUGE: usize = 2 << 20;
    Some(match *words {
        ["signal", whom, name] => signal(whom, name),
        ["ptrace", whom] => target(whom)
            .and_then(|pid| ptrace::seize(pid, ptrace::Options::empty()).at("ptrace").and_then(|()| done())),
        ["ptrace-me"] => ptrace::traceme().at("ptrace").and_then(|()| done()),
        ["proc-exe", whom] => target(whom).and_then(|pid| {
            fs::read_link(format!("/proc/{pid}/exe")).at("readlink").map(|path| path.display().to_string())
        }),
        ["proc-environ", whom] => target(whom).and_then(|pid| files::read(&format!("/proc/{pid}/environ"))),
        ["userns"] => unshare(CloneFlags::CLONE_NEWUSER).at("unshare").and_then(|()| done()),
        // A user namespace has all capabilities over what is made in it.
        ["userns-mount", from, path, file] => {
            unshare(CloneFlags::CLONE_NEWUSER | CloneFlags::CLONE_NEWNS).at("unshare").and_then(|()| {
                rustix::mount::mount_bind(from, path).at("mount")?;
                files::read(file)
            })
        }
        ["mqueue", name] => mqueue(name),
        ["io-uring"] => io_uring::IoUring::new(8).at("io_uring_setup").and_then(|_| done()),
        ["io-uring-poll"] => {
            let mut builder = io_uring::IoUring::builder();
            let built: io::Result<io_uring::IoUring> = builder.setup_sqpoll(10).build(8);
            built.at("io_uring_setup").and_then(|_| done())
        }
        ["huge-pages", "private"] => files::map_memory(HUGE, MAP_PRIVATE | MAP_HUGETLB),
        ["huge-pages", "shared"] => files::map_memory(HUGE, MAP_SHARED | MAP_HUGETLB),
        ["shared-memory"] => files::map_memory(4096, MAP_SHARED),
        ["limit", name] => limit(name),
        ["raise-limit", name] => raise(name),
        ["label"] => fs::read_to_string("/proc/thread-self/attr/apparmor/current")
            .at("read")
            .map(|label| label.trim().to_owned()),
        ["change-profile", label] => {
            fs::write("/proc/thread-self/attr/apparmor/current", format!("changeprofile {label}"))
                .at("write")
                .and_then(|()| done())
        }
        ["change-on-exec", label] => {
            fs::write("/proc/thread-self/attr/apparmor/exec", format!("exec {label}"))
                .at("write")
                .and_then(|()| done())
        }
        ["nothing"] => done(),
        _ => return None,
    })
}

/// A child of the program that tries, under the same label.
pub(super) fn prepare(profile: &str, user: u32) -> io::Result<Given> {
    let mut child = Command::new(probe::PROGRAM)
        .args(["enter", profile, &user.to_string(), "false", "wait"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let mut line = String::new();
    if let Some(stdout) = child.stdout.take() {
        BufReader::new(stdout).read_line(&mut line)?;
    }
    let is_ready = line.trim() == "ready";
    // Its input stays open when this process becomes the probe, and ends with it.
    let open = child.stdin.take().map(|input| rustix::io::dup(&input)).transpose()?;
    if is_ready { Ok(Given { stdin: open, child: Some(child.id()) }) } else { Err(io::Error::other(line)) }
}

fn target(whom: &str) -> Result<Pid, Refusal> {
    let number = match whom {
        "self" => return Ok(nix::unistd::getpid()),
        // The container's first process, under the profile; the second stands outside.
        "first" => Some(1),
        "outside" => Some(2),
        "child" => std::env::var(CHILD).ok().and_then(|text| text.parse().ok()),
        _ => None,
    };
    number.map(Pid::from_raw).ok_or_else(|| Refusal::Unknown(format!("no process {whom}")))
}

fn signal(whom: &str, name: &str) -> Tried {
    let signal: Signal = name.parse().map_err(|_| Refusal::Unknown(format!("no signal {name}")))?;
    kill(target(whom)?, signal).at("kill")?;
    done()
}

fn mqueue(name: &str) -> Tried {
    let flags = MQ_OFlag::O_CREAT | MQ_OFlag::O_RDWR;
    let queue = mq_open(name, flags, nix::sys::stat::Mode::S_IRWXU, None).at("mq_open")?;
    nix::mqueue::mq_send(&queue, b"x", 1).at("mq_send")?;
    mq_unlink(name).at("mq_unlink")?;
    done()
}

fn resource(name: &str) -> Result<Resource, Refusal> {
    Ok(match name {
        "as" => Resource::RLIMIT_AS,
        "core" => Resource::RLIMIT_CORE,
        "cpu" => Resource::RLIMIT_CPU,
        "data" => Resource::RLIMIT_DATA,
        "fsize" => Resource::RLIMIT_FSIZE,
        "locks" => Resource::RLIMIT_LOCKS,
        "memlock" => Resource::RLIMIT_MEMLOCK,
        "msgqueue" => Resource::RLIMIT_MSGQUEUE,
        "nice" => Resource::RLIMIT_NICE,
        "nofile" => Resource::RLIMIT_NOFILE,
        "nproc" => Resource::RLIMIT_NPROC,
        "rss" => Resource::RLIMIT_RSS,
        "rtprio" => Resource::RLIMIT_RTPRIO,
        "rttime" => Resource::RLIMIT_RTTIME,
        "sigpending" => Resource::RLIMIT_SIGPENDING,
        "stack" => Resource::RLIMIT_STACK,
        _ => return Err(Refusal::Unknown(format!("no limit {name}"))),
    })
}

fn limit(name: &str) -> Tried {
    let (soft, hard) = getrlimit(resource(name)?).at("getrlimit")?;
    Ok(format!("{soft} {hard}"))
}

fn raise(name: &str) -> Tried {
    let resource = resource(name)?;
    let (soft, hard) = getrlimit(resource).at("getrlimit")?;
    setrlimit(resource, soft, hard.saturating_add(1)).at("setrlimit")?;
    done()
}
