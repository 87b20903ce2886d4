//! What the kernel logs about AppArmor, between two moments.
//!
//! Its lines come late, through a thread of the kernel's own. So the end of a stretch is marked by a denial that is
//! known to be logged: when its line is there, all earlier ones are. Where a case's log lacks a line, that one
//! shows that lines do arrive.

use crate::enter;
use probe::CONTROL;
use std::fs::{self, File};
use std::io::{self, BufRead as _, BufReader, Read as _, Seek as _, SeekFrom, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

const LATE: Duration = Duration::from_secs(10);

#[derive(Debug)]
pub(crate) struct Log {
    kernel: File,
    _control: Child,
    ask: ChildStdin,
    told: BufReader<ChildStdout>,
    count: usize,
}

impl Log {
    pub(crate) fn open(policy: &str) -> io::Result<Log> {
        let bytes = fs::read(policy)?;
        File::options().write(true).open("/sys/kernel/security/apparmor/.replace")?.write_all(&bytes)?;
        let mut control = Command::new(probe::PROGRAM)
            .args(["enter", CONTROL, "0", "false", "control"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let missing = || io::Error::other("the control has no pipes");
        let ask = control.stdin.take().ok_or_else(missing)?;
        let told = BufReader::new(control.stdout.take().ok_or_else(missing)?);
        let nonblocking = rustix::fs::OFlags::NONBLOCK.bits() as i32;
        let kernel = File::options().read(true).custom_flags(nonblocking).open("/dev/kmsg")?;
        Ok(Log { kernel, _control: control, ask, told, count: 0 })
    }

    pub(crate) fn begin(&mut self) -> io::Result<()> {
        self.kernel.seek(SeekFrom::End(0)).map(|_| ())
    }

    pub(crate) fn end(&mut self) -> io::Result<Vec<String>> {
        self.count += 1;
        let mark = format!("/control-{}/", self.count);
        writeln!(self.ask, "{mark}")?;
        let mut reply = String::new();
        self.told.read_line(&mut reply)?;
        if reply.trim() != "EACCES" {
            return Err(io::Error::other(format!("the control was not denied: {reply}")));
        }
        let mut lines = Vec::new();
        let mut buffer = vec![0; 16 * 1024];
        let since = Instant::now();
        while since.elapsed() < LATE {
            match self.kernel.read(&mut buffer) {
                Ok(length) => {
                    let record =
                        String::from_utf8_lossy(buffer.get(..length).unwrap_or_default()).into_owned();
                    let line = record.lines().next().unwrap_or_default();
                    let text = line.split_once(';').map_or(line, |(_, text)| text);
                    if text.contains(&format!("\"{mark}\"")) {
                        return Ok(lines);
                    }
                    if is_of_the_case(text) {
                        lines.push(text.to_owned());
                    }
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    std::thread::sleep(Duration::from_millis(2));
                }
                Err(error) => return Err(error),
            }
        }
        Err(io::Error::other("the kernel logs nothing: the control's denial did not come"))
    }
}

/// Rust's start reads the memory map of the probe itself, whatever is tried.
fn is_of_the_case(text: &str) -> bool {
    let is_start = text.contains("/maps\"") && text.contains("comm=\"probe\"");
    text.contains("apparmor=")
        && !text.contains("apparmor=\"STATUS\"")
        && !text.contains(CONTROL)
        && !is_start
}

/// Makes the folder that it is told to, confined, and says what came of it.
pub(crate) fn control() -> ExitCode {
    for path in io::stdin().lines() {
        let Ok(path) = path else { break };
        match fs::create_dir(&path) {
            Ok(()) => println!("made"),
            Err(error) => println!("{}", enter::name_of(&error)),
        }
    }
    ExitCode::SUCCESS
}
