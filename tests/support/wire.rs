//! The wire between a test and a language server: JSON behind a header that holds its length.

use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::process::ChildStdout;
use std::sync::mpsc::{Receiver, Sender};

#[derive(Debug)]
pub(crate) enum Incoming {
    Message(Value),
    /// No more will come: the reason.
    End(String),
}

#[derive(Debug)]
pub(crate) enum Outgoing {
    Bytes(Vec<u8>),
    Close,
}

pub(crate) fn write(mut stdin: impl Write, outgoing: &Receiver<Outgoing>) {
    while let Ok(Outgoing::Bytes(bytes)) = outgoing.recv() {
        if stdin.write_all(&bytes).and_then(|()| stdin.flush()).is_err() {
            return;
        }
    }
}

/// Hands on what the server says, and answers what it asks: `settings` is what it may ask of its configuration.
pub(crate) fn read(
    stdout: ChildStdout,
    arrived: &Sender<Incoming>,
    replies: &Sender<Outgoing>,
    settings: &Value,
) {
    let mut stdout = BufReader::new(stdout);
    loop {
        let message = match message(&mut stdout) {
            Ok(message) => message,
            Err(reason) => {
                let _ = arrived.send(Incoming::End(reason));
                return;
            }
        };
        match (message.get("id"), message.get("method").and_then(Value::as_str)) {
            (Some(id), Some(method)) => {
                let result = reply(method, message.get("params"), settings);
                let reply = frame(&json!({ "jsonrpc": "2.0", "id": id, "result": result }));
                let _ = replies.send(Outgoing::Bytes(reply));
            }
            _ => {
                if arrived.send(Incoming::Message(message)).is_err() {
                    return;
                }
            }
        }
    }
}

/// A message with the header that goes before it.
pub(crate) fn frame(message: &Value) -> Vec<u8> {
    let body = message.to_string();
    format!("Content-Length: {}\r\n\r\n{body}", body.len()).into_bytes()
}

/// The answer to a server's own request: it agrees to everything.
fn reply(method: &str, params: Option<&Value>, settings: &Value) -> Value {
    let items = params.and_then(|params| params.get("items")).and_then(Value::as_array);
    let section = |item: &Value| {
        let section = item.get("section").and_then(Value::as_str).and_then(|name| settings.get(name));
        section.cloned().unwrap_or_default()
    };
    match (method, items) {
        ("workspace/configuration", Some(items)) => items.iter().map(section).collect(),
        _ => Value::Null,
    }
}

/// The next message, or why there is none.
fn message(stdout: &mut impl BufRead) -> Result<Value, String> {
    let mut length = None;
    loop {
        let mut line = Vec::new();
        match stdout.read_until(b'\n', &mut line) {
            Ok(0) => return Err("the server closed its stdout".to_owned()),
            Ok(_) => {}
            Err(error) => return Err(format!("its stdout cannot be read: {error}")),
        }
        let line = String::from_utf8_lossy(&line);
        let Some(line) = line.strip_suffix("\r\n") else {
            return Err(format!("the server wrote a line that is no header: {line:?}"));
        };
        match line.split_once(": ") {
            Some(("Content-Length", number)) => length = number.parse().ok(),
            Some(("Content-Type", _)) => {}
            None if line.is_empty() => break,
            _ => return Err(format!("the server wrote a line that is no header: {line:?}")),
        }
    }
    let length: usize = length.ok_or("the server wrote a frame without a length")?;
    let mut body = vec![0; length];
    stdout.read_exact(&mut body).map_err(|error| format!("a frame of {length} bytes is cut off: {error}"))?;
    serde_json::from_slice(&body).map_err(|error| format!("a frame holds no JSON: {error}"))
}
