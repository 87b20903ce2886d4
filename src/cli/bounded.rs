//! Another program, run for a bounded time.
//!
//! What counts is first of all the processor's time, which the kernel itself bounds for the program and for all that it
//! starts: so a busy machine ends nothing by chance, and nothing is left over when this program is interrupted. A
//! program that only waits is ended by the clock, with its whole group of processes.

use rustix::process::{Pid, Resource, Rlimit, Signal, kill_process_group, prlimit};
use std::io::{self, Write as _};
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::process::{Command, Output, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

/// How many times as long as the processor may work the clock may run.
const PATIENCE: u32 = 6;

/// What became of it.
#[derive(Debug)]
pub enum Ended {
    ByItself(Output),
    /// It was ended.
    TooLate,
}

/// Runs a program on some input, with what it writes piped where the command says so. The limit is of whole seconds.
pub fn run(command: &mut Command, input: &[u8], limit: Duration) -> io::Result<Ended> {
    let mut child = command.stdin(Stdio::piped()).process_group(0).spawn()?;
    let group = Pid::from_child(&child);
    let seconds = Some(limit.as_secs().max(1));
    // It has read nothing yet, so it has started nothing that would be without the bound.
    let bounded =
        prlimit(Some(group), Resource::Cpu, Rlimit { current: seconds, maximum: seconds.map(|s| s + 1) });
    let stdin = child.stdin.take();
    let start = Instant::now();
    let output = thread::scope(|scope| {
        let (send, done) = mpsc::channel();
        scope.spawn(move || {
            if let Some(mut stdin) = stdin {
                // A program that refuses early closes its input; its own words tell why.
                let _ = stdin.write_all(input);
            }
        });
        scope.spawn(move || send.send(child.wait_with_output()));
        let clock = if bounded.is_ok() { limit * PATIENCE } else { limit };
        let output = done.recv_timeout(clock).ok();
        if output.is_none() {
            // It may have ended in this moment.
            let _ = kill_process_group(group, Signal::KILL);
        }
        output
    });
    let Some(output) = output.transpose()? else { return Ok(Ended::TooLate) };
    // The kernel counts in ticks, so the clock may be a little behind; and the one that was ended may be a child, of
    // which the program says what it likes: it may be content, and have nothing to write.
    let is_late = start.elapsed() * 10 >= limit * 9;
    let was_ended = output.status.signal().is_some() || !output.status.success() || output.stdout.is_empty();
    Ok(if is_late && was_ended { Ended::TooLate } else { Ended::ByItself(output) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_a_program_that_waits_with_its_children() {
        let mut command = Command::new("sh");
        // Its output is its child's too, so it is closed only when both are gone.
        command.args(["-c", "sleep 1000 & wait"]).stdout(Stdio::piped()).stderr(Stdio::piped());
        let ended = run(&mut command, b"", Duration::from_secs(1)).unwrap();
        assert!(matches!(ended, Ended::TooLate), "{ended:?}");
    }

    #[test]
    fn hands_out_what_a_program_says_in_time() {
        let mut command = Command::new("sh");
        command.args(["-c", "cat; echo no >&2; exit 3"]).stdout(Stdio::piped()).stderr(Stdio::piped());
        let input = "a".repeat(1 << 20);
        let Ok(Ended::ByItself(output)) = run(&mut command, input.as_bytes(), Duration::from_secs(5)) else {
            panic!("it was ended");
        };
        assert_eq!(
            (output.status.code(), output.stdout.len(), output.stderr),
            (Some(3), 1 << 20, b"no\n".to_vec())
        );
    }
}
