//! The first process of the machine: mounts what a Linux system has, then does the cases in their order.

use crate::log::Log;
use nix::sys::wait::{WaitPidFlag, waitpid};
use probe::{Answer, CONTROL, Case, END, INPUT, Outcome, Run, Trial, Work};
use rustix::mount::{MountFlags, mount, mount_bind, mount_move};
use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::{Child, Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

const SYSTEM: &str = "/sys/kernel/security/apparmor";
/// A trial is a few system calls; a machine without KVM takes milliseconds for them.
const TRIAL: Duration = Duration::from_secs(8);

pub(crate) fn main() -> ExitCode {
    let ended = work();
    if let Err(error) = &ended {
        println!("lab: the first process failed: {error}");
    }
    rustix::fs::sync();
    let _ = nix::sys::reboot::reboot(nix::sys::reboot::RebootMode::RB_AUTOBOOT);
    ExitCode::FAILURE
}

fn work() -> io::Result<()> {
    prepare()?;
    let mut out = File::options().write(true).open("/dev/ttyS1")?;
    let mut log = None;
    let mut loaded: Vec<String> = Vec::new();
    for line in fs::read_to_string(format!("{INPUT}/cases"))?.lines() {
        let case: Case = serde_json::from_str(line)?;
        let mut answer =
            Answer { number: case.number, outcome: Outcome::Done(String::new()), log: Vec::new() };
        if loaded != case.policies {
            loaded.clone_from(&case.policies);
            if let Err(error) = loaded.iter().try_for_each(|name| load(name)) {
                answer.outcome = Outcome::Broken(format!("the kernel does not take {loaded:?}: {error}"));
                loaded.clear();
            }
        }
        if answer.outcome.is_done() {
            if case.log {
                let log = match &mut log {
                    Some(log) => log,
                    empty => empty.insert(Log::open(&format!("{INPUT}/policies/{CONTROL}"))?),
                };
                log.begin()?;
            }
            answer.outcome = match &case.work {
                Work::Trial(trial) => try_it(trial),
                Work::Run(run) => run_it(run),
            };
            if let (true, Some(log)) = (case.log, &mut log) {
                answer.log = log.end()?;
            }
        }
        let mut text = serde_json::to_string(&answer)?;
        text.push('\n');
        out.write_all(text.as_bytes())?;
        // What a case left behind is this process's to bury.
        let own = Some(WaitPidFlag::WNOHANG);
        while waitpid(None, own).is_ok_and(|status| status.pid().is_some()) {}
    }
    writeln!(out, "{END}")?;
    Ok(rustix::termios::tcdrain(&out)?)
}

/// A root that can be left: the first one of a machine cannot be exchanged.
fn prepare() -> io::Result<()> {
    const NEW: &str = "/mnt";
    mount("tmpfs", NEW, "tmpfs", MountFlags::empty(), c"mode=755,size=80%")?;
    for entry in fs::read_dir("/")? {
        let entry = entry?;
        let name = entry.file_name();
        let to = Path::new(NEW).join(&name);
        if entry.file_type()?.is_symlink() {
            std::os::unix::fs::symlink(fs::read_link(entry.path())?, to)?;
        } else if name != "mnt" && entry.file_type()?.is_dir() {
            fs::create_dir(&to)?;
            mount_bind(entry.path(), &to)?;
        }
    }
    fs::create_dir_all(Path::new(NEW).join("mnt"))?;
    std::env::set_current_dir(NEW)?;
    mount_move(".", "/")?;
    std::os::unix::fs::chroot(".")?;
    std::env::set_current_dir("/")?;
    for (kind, path) in [
        ("proc", "/proc"),
        ("sysfs", "/sys"),
        ("securityfs", "/sys/kernel/security"),
        ("cgroup2", "/sys/fs/cgroup"),
        ("devtmpfs", "/dev"),
        ("tmpfs", "/run"),
        ("tmpfs", "/tmp"),
        ("tmpfs", "/box"),
    ] {
        mount(kind, path, kind, MountFlags::empty(), None)?;
    }
    fs::create_dir_all("/dev/pts")?;
    mount("devpts", "/dev/pts", "devpts", MountFlags::empty(), c"ptmxmode=0666")?;
    for (name, value) in [
        ("kernel/printk_ratelimit", "0"),
        ("kernel/yama/ptrace_scope", "0"),
        ("kernel/unprivileged_userns_clone", "1"),
        ("kernel/io_uring_disabled", "0"),
        ("kernel/dmesg_restrict", "1"),
    ] {
        // A kernel that lacks one has nothing to set.
        let _ = fs::write(Path::new("/proc/sys").join(name), value);
    }
    // The kernel says each line anyway, and the console is slow.
    fs::write("/proc/sys/kernel/printk", "3")?;
    let _ = Command::new("/usr/bin/busybox").args(["ip", "link", "set", "lo", "up"]).status();
    Ok(())
}

fn load(name: &str) -> io::Result<()> {
    let bytes = fs::read(format!("{INPUT}/policies/{name}"))?;
    // The kernel takes a policy in one write or not at all.
    File::options().write(true).open(format!("{SYSTEM}/.replace"))?.write_all(&bytes)
}

fn try_it(trial: &Trial) -> Outcome {
    let asked = serde_json::to_string(trial).map_err(io::Error::other);
    let started = asked.and_then(|asked| {
        let mut child = Command::new(probe::PROGRAM)
            .arg("stage")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        if let Some(mut stdin) = child.stdin.take() {
            stdin.write_all(asked.as_bytes())?;
        }
        Ok(child)
    });
    let mut child = match started {
        Ok(child) => child,
        Err(error) => return Outcome::Broken(format!("the stage cannot be started: {error}")),
    };
    match finish(&mut child, TRIAL) {
        None => return Outcome::Hung(String::new()),
        Some(Ended::Signal(signal)) => return Outcome::Killed(signal),
        Some(Ended::Status(_)) => {}
    }
    let mut text = String::new();
    if let Some(mut stdout) = child.stdout.take() {
        let _ = stdout.read_to_string(&mut text);
    }
    serde_json::from_str(&text).unwrap_or_else(|error| Outcome::Broken(format!("{error} in {text}")))
}

fn run_it(run: &Run) -> Outcome {
    const OUTPUT: &str = "/run/output";
    let started = File::create(OUTPUT).and_then(|out| {
        Command::new("/usr/bin/busybox")
            .args(["sh", "-c", &run.script, "run"])
            .args(&run.arguments)
            .env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin")
            .stdin(Stdio::null())
            .stderr(out.try_clone()?)
            .stdout(out)
            .spawn()
    });
    let mut child = match started {
        Ok(child) => child,
        Err(error) => return Outcome::Broken(format!("the script cannot be started: {error}")),
    };
    let status = finish(&mut child, Duration::from_secs(run.seconds));
    let bytes = fs::read(OUTPUT).unwrap_or_default();
    let output = String::from_utf8_lossy(&bytes).into_owned();
    match status {
        Some(Ended::Status(status)) => Outcome::Ran { status, output },
        Some(Ended::Signal(signal)) => Outcome::Killed(signal),
        None => Outcome::Hung(output),
    }
}

enum Ended {
    Status(i32),
    Signal(i32),
}

/// How a process ended, if it did in time.
fn finish(child: &mut Child, limit: Duration) -> Option<Ended> {
    let since = Instant::now();
    let mut pause = Duration::from_micros(500);
    while since.elapsed() < limit {
        if let Ok(Some(status)) = child.try_wait() {
            return Some(status.signal().map_or(Ended::Status(status.code().unwrap_or(-1)), Ended::Signal));
        }
        std::thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(20));
    }
    let _ = child.kill();
    let _ = child.wait();
    None
}
