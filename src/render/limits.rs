//! The bounds within which a user's template is laid out: of its output, the memory and the time.
//!
//! The template engine has no hook for any of these. The output is counted as it is written. For the rest the work is
//! done in a thread that is watched: one that goes too far is left to itself, and ends with the process; so the caller
//! should do nothing more than tell.

use std::fmt;
use std::io::{self, Write};
use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};
use tera::{Context, Tera};

/// Ten times what any cluster takes as one object.
const OUTPUT: usize = 16 << 20;

/// More than all else of a run needs.
const MEMORY: u64 = 512 << 20;

/// Thousands of times as long as any template needs.
const TIME: Duration = Duration::from_secs(10);

/// How often the thread is looked at: it can fill some ten megabytes in between.
const WATCH: Duration = Duration::from_millis(5);

/// What a template takes too much of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Excess {
    Output,
    Memory,
    Time,
}

impl fmt::Display for Excess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Excess::Output => write!(f, "writes more than {} MiB", OUTPUT >> 20),
            Excess::Memory => write!(f, "takes more than {} MiB of memory", MEMORY >> 20),
            Excess::Time => write!(f, "takes more than {} s", TIME.as_secs()),
        }
    }
}

/// Lays a template out.
pub(super) fn render(
    tera: &Arc<Tera>,
    name: &'static str,
    context: Context,
) -> Result<tera::TeraResult<String>, Excess> {
    let (before, start) = (memory(), Instant::now());
    let (send, receive) = mpsc::channel();
    let tera = Arc::clone(tera);
    thread::spawn(move || {
        let mut output = Bounded::default();
        let result = tera.render_to(name, &context, &mut output);
        // Nobody waits for it where it was given up.
        let _ = send.send((result, output));
    });
    loop {
        match receive.recv_timeout(WATCH) {
            Ok((_, output)) if output.is_full => return Err(Excess::Output),
            Ok((result, output)) => {
                return Ok(result.map(|()| String::from_utf8_lossy(&output.bytes).into_owned()));
            }
            Err(RecvTimeoutError::Timeout) if memory().saturating_sub(before) > MEMORY => {
                return Err(Excess::Memory);
            }
            Err(RecvTimeoutError::Timeout) if start.elapsed() < TIME => {}
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => return Err(Excess::Time),
        }
    }
}

/// The memory that this process has now; none is known where there is no `/proc`.
fn memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse::<u64>().ok());
    kilobytes.unwrap_or(0) << 10
}

/// What is written, up to the bound.
#[derive(Default)]
struct Bounded {
    bytes: Vec<u8>,
    is_full: bool,
}

impl Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.bytes.len() + bytes.len() > OUTPUT {
            self.is_full = true;
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
