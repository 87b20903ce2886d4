//! Standard input that Ctrl-C ends: what has come is worked with, and nothing is lost.

use signal_hook::consts::SIGINT;
use signal_hook::flag;
use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::thread;
use std::time::Duration;

/// What is read at once, and how many of these may wait.
const PIECE: usize = 64 << 10;
const WAITING: usize = 16;
/// How long an interrupt may go unseen while nothing comes.
const PATIENCE: Duration = Duration::from_millis(100);
/// As shells have it for a program that SIGINT ended.
const INTERRUPTED: i32 = 130;

/// Standard input, which a thread of its own waits for.
pub(super) struct Interruptible {
    pieces: Receiver<io::Result<Vec<u8>>>,
    /// What came and was not asked for yet.
    left: io::Cursor<Vec<u8>>,
    is_interrupted: Arc<AtomicBool>,
    /// How many pieces are still taken after an interrupt: those that had come before.
    last: usize,
}

impl Interruptible {
    /// From now on Ctrl-C ends the input, and the program with the second one.
    pub(super) fn new() -> Interruptible {
        let is_interrupted = Arc::new(AtomicBool::new(false));
        // Where signals cannot be had, Ctrl-C ends the program as ever.
        let _ = flag::register_conditional_shutdown(SIGINT, INTERRUPTED, Arc::clone(&is_interrupted))
            .and_then(|_| flag::register(SIGINT, Arc::clone(&is_interrupted)));
        let (sender, pieces) = sync_channel(WAITING);
        thread::spawn(move || {
            let mut input = io::stdin().lock();
            loop {
                let mut piece = vec![0; PIECE];
                let read = input.read(&mut piece);
                let is_end = read.as_ref().is_ok_and(|length| *length == 0);
                if read.as_ref().is_err_and(|error| error.kind() == io::ErrorKind::Interrupted) {
                    continue;
                }
                let is_last = is_end || read.is_err();
                let read = read.map(|length| {
                    piece.truncate(length);
                    piece
                });
                if sender.send(read).is_err() || is_last {
                    return;
                }
            }
        });
        Interruptible { pieces, left: io::Cursor::default(), is_interrupted, last: WAITING }
    }

    pub(super) fn is_interrupted(&self) -> bool {
        self.is_interrupted.load(Ordering::Relaxed)
    }
}

impl Read for Interruptible {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        loop {
            let length = self.left.read(room)?;
            if length > 0 || room.is_empty() {
                return Ok(length);
            }
            let patience = match self.is_interrupted() {
                true if self.last == 0 => return Ok(0),
                true => {
                    self.last -= 1;
                    Duration::ZERO
                }
                false => PATIENCE,
            };
            match self.pieces.recv_timeout(patience) {
                Ok(Ok(piece)) if piece.is_empty() => return Ok(0),
                Ok(Ok(piece)) => self.left = io::Cursor::new(piece),
                Ok(Err(error)) => return Err(error),
                Err(RecvTimeoutError::Timeout) if self.is_interrupted() => return Ok(0),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return Ok(0),
            }
        }
    }
}

impl Drop for Interruptible {
    /// Nothing is left to be ended by an interrupt but the program.
    fn drop(&mut self) {
        self.is_interrupted.store(true, Ordering::Relaxed);
    }
}
