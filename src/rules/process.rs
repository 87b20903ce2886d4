//! Rules between processes: `signal` and `ptrace`.

use std::fmt;

/// Which way a signal goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Direction {
    Receive,
    Send,
    Both,
}

/// Signals to or from processes with a label; to or from any without one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SignalRule {
    pub direction: Direction,
    pub peer: Option<String>,
}

impl fmt::Display for SignalRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.direction {
            Direction::Receive => "signal (receive)",
            Direction::Send => "signal (send)",
            Direction::Both => "signal (send,receive)",
        })?;
        end(f, self.peer.as_deref())
    }
}

/// Reading processes with a label and being read by them; without one, tracing any.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PtraceRule {
    pub read_only_peer: Option<String>,
}

impl fmt::Display for PtraceRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.read_only_peer {
            Some(peer) => {
                f.write_str("ptrace (read,readby)")?;
                end(f, Some(peer))
            }
            None => f.write_str("ptrace,"),
        }
    }
}

/// Peers are profile names and the baseline's own patterns: nothing in them needs quotes.
fn end(f: &mut fmt::Formatter<'_>, peer: Option<&str>) -> fmt::Result {
    match peer {
        Some(peer) => write!(f, " peer={peer},"),
        None => f.write_str(","),
    }
}
