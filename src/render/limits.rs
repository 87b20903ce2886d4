//! The bounds within which a user's template is laid out: of its output, the memory and the time.
//!
//! The template engine has no hook for any of these. The output is counted as it is written. For the rest the work is
//! done in a thread that is watched: one that goes too far is left to itself, and ends with the process; so the caller
//! should do nothing more than tell. The time is the processor's, which no other program takes away; the memory is
//! what the whole process has gained, which for a run of `render` is little beside the bound.

use rustix::thread::gettid;
use std::fmt;
use std::io::{self, Write};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, Instant};
use tera::{Context, Tera};

/// How much a template may take.
#[derive(Clone, Copy, Debug)]
pub(super) struct RenderLimits {
    pub output: usize,
    pub memory: u64,
    pub time: Duration,
}

impl RenderLimits {
    /// Ten times what any cluster takes as one object, more memory than all else of a run needs, and thousands of times
    /// as long as any template needs.
    pub(super) const USUAL: RenderLimits =
        RenderLimits { output: 16 << 20, memory: 512 << 20, time: Duration::from_secs(10) };
}

/// How often the thread is looked at: it can fill some ten megabytes in between.
const WATCH: Duration = Duration::from_millis(5);

/// What a template takes too much of, and how much it may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Excess {
    Output(usize),
    Memory(u64),
    Time(Duration),
}

impl fmt::Display for Excess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Excess::Output(most) => write!(f, "writes more than {} MiB", most >> 20),
            Excess::Memory(most) => write!(f, "takes more than {} MiB of memory", most >> 20),
            Excess::Time(most) => write!(f, "takes more than {} s", most.as_secs()),
        }
    }
}

/// What the thread tells: itself, and then its result.
enum Told {
    Thread(String),
    Done(tera::TeraResult<()>, Bounded),
}

/// Lays a template out.
pub(super) fn render(
    tera: &Arc<Tera>,
    name: &str,
    context: Context,
    limits: RenderLimits,
) -> Result<tera::TeraResult<String>, Excess> {
    let (send, receive) = mpsc::channel();
    let (tera, name) = (Arc::clone(tera), name.to_owned());
    let watch = Watch { memory: memory(), start: Instant::now(), thread: None, limits };
    thread::spawn(move || lay_out(&tera, &name, &context, limits.output, &send));
    watch.wait(&receive)
}

fn lay_out(tera: &Tera, name: &str, context: &Context, most: usize, send: &Sender<Told>) {
    // Nobody listens any more where it was given up.
    let _ = send.send(Told::Thread(gettid().as_raw_nonzero().to_string()));
    let mut output = Bounded { bytes: Vec::new(), most, is_full: false };
    let result = tera.render_to(name, context, &mut output);
    let _ = send.send(Told::Done(result, output));
}

/// A thread that is watched.
struct Watch {
    /// What the process had when the thread began.
    memory: u64,
    start: Instant,
    thread: Option<String>,
    limits: RenderLimits,
}

impl Watch {
    fn wait(mut self, receive: &Receiver<Told>) -> Result<tera::TeraResult<String>, Excess> {
        let RenderLimits { memory: most_memory, time: most_time, .. } = self.limits;
        loop {
            match receive.recv_timeout(WATCH) {
                Ok(Told::Thread(thread)) => self.thread = Some(thread),
                Ok(Told::Done(_, output)) if output.is_full => return Err(Excess::Output(output.most)),
                Ok(Told::Done(result, output)) => {
                    return Ok(result.map(|()| String::from_utf8_lossy(&output.bytes).into_owned()));
                }
                Err(RecvTimeoutError::Timeout) if memory().saturating_sub(self.memory) > most_memory => {
                    return Err(Excess::Memory(most_memory));
                }
                Err(RecvTimeoutError::Timeout) if self.time() < most_time => {}
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {
                    return Err(Excess::Time(most_time));
                }
            }
        }
    }

    /// The processor's time that the thread has taken; where the system does not tell, all that has passed.
    fn time(&self) -> Duration {
        let told = self.thread.as_ref().and_then(|thread| {
            let times = std::fs::read_to_string(format!("/proc/self/task/{thread}/schedstat")).ok()?;
            times.split(' ').next()?.parse().ok()
        });
        told.map_or_else(|| self.start.elapsed(), Duration::from_nanos)
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
struct Bounded {
    bytes: Vec<u8>,
    most: usize,
    is_full: bool,
}

impl Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.bytes.len() + bytes.len() > self.most {
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

#[cfg(test)]
mod tests {
    use super::*;

    const NO_LIMITS: RenderLimits =
        RenderLimits { output: usize::MAX, memory: u64::MAX, time: Duration::from_secs(1 << 20) };

    fn laid_out(template: &str, limits: RenderLimits) -> Result<String, Excess> {
        let mut tera = Tera::new();
        tera.add_raw_template("pod.yaml", template).unwrap();
        render(&Arc::new(tera), "pod.yaml", Context::new(), limits).map(Result::unwrap)
    }

    /// A loop that does not end in anyone's life.
    fn nested(inner: &str) -> String {
        let heads: String =
            ["a", "b", "c"].map(|name| format!("{{% for {name} in range(end=100000) %}}")).concat();
        format!("{heads}{inner}{}", "{% endfor %}".repeat(3))
    }

    #[test]
    fn what_is_written_is_bounded() {
        let limits = RenderLimits { output: 1 << 20, ..NO_LIMITS };
        let excess = laid_out(&nested("a text that is written again"), limits).unwrap_err();
        assert_eq!(excess, Excess::Output(1 << 20));
        let exactly = laid_out(&"a".repeat(1 << 20), limits).unwrap();
        assert_eq!(exactly.len(), 1 << 20);
    }

    #[test]
    fn the_time_is_bounded_where_nothing_is_written() {
        let time = Duration::from_millis(200);
        let excess = laid_out(&nested(""), RenderLimits { time, ..NO_LIMITS }).unwrap_err();
        assert_eq!(excess, Excess::Time(time));
    }

    #[test]
    fn what_is_said_has_the_bound() {
        let RenderLimits { output, memory, time } = RenderLimits::USUAL;
        let said =
            [Excess::Output(output), Excess::Memory(memory), Excess::Time(time)].map(|e| e.to_string());
        assert_eq!(
            said,
            ["writes more than 16 MiB", "takes more than 512 MiB of memory", "takes more than 10 s"]
        );
    }
}
