//! A language server's client, for tests: a started server, questions and answers over its stdin and stdout.
//!
//! Three threads stand beside the test: one reads frames and answers what the server asks, one writes, one kills
//! a server that takes more memory than it was given. Nothing that arrives is lost while another thing is waited
//! for, and no wait is endless: a server that does not answer stops the test with what it wrote to stderr.

#[path = "wire.rs"]
mod wire;

use serde_json::{Value, json};
use std::collections::{BTreeMap, VecDeque};
use std::fmt::Write as _;
use std::fs;
use std::io::Read;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};
pub(crate) use wire::frame;
use wire::{Incoming, Outgoing};

const PATIENCE: Duration = Duration::from_secs(60);
const GLANCE: Duration = Duration::from_millis(50);
/// How much of stderr a failure shows.
const STDERR: usize = 64 * 1024;

#[derive(Debug)]
pub(crate) struct Client {
    child: Arc<Mutex<Child>>,
    outgoing: Sender<Outgoing>,
    incoming: Receiver<Incoming>,
    stderr: Arc<Mutex<Vec<u8>>>,
    /// Why the watchdog killed the server.
    killed: Arc<Mutex<Option<String>>>,
    ended: Option<String>,
    last: i64,
    answers: BTreeMap<i64, Result<Value, Value>>,
    /// Answers to no request of ours: their id is null, or was written by `raw`.
    strays: VecDeque<Value>,
    notifications: Vec<(String, Value)>,
    /// How long each wait lasts.
    pub(crate) patience: Duration,
}

impl Client {
    /// Starts a server that is killed when it holds more than so many megabytes.
    pub(crate) fn start(command: Command, megabytes: u64) -> Self {
        Self::configured(command, megabytes, Value::Null)
    }

    /// The same with an editor's settings, by section.
    pub(crate) fn configured(mut command: Command, megabytes: u64, settings: Value) -> Self {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("{command:?}: {error}"));
        let stdin = child.stdin.take().unwrap();
        let stdout = child.stdout.take().unwrap();
        let errors = child.stderr.take().unwrap();
        let child = Arc::new(Mutex::new(child));
        let (outgoing, to_write) = channel();
        let (arrived, incoming) = channel();
        let stderr = Arc::new(Mutex::new(Vec::new()));
        let killed = Arc::new(Mutex::new(None));

        thread::spawn(move || wire::write(stdin, &to_write));
        let replies = outgoing.clone();
        thread::spawn(move || wire::read(stdout, &arrived, &replies, &settings));
        let kept = Arc::clone(&stderr);
        thread::spawn(move || keep(errors, &kept));
        let (watched, verdict) = (Arc::clone(&child), Arc::clone(&killed));
        thread::spawn(move || watch(&watched, megabytes, &verdict));

        Self {
            child,
            outgoing,
            incoming,
            stderr,
            killed,
            ended: None,
            last: 0,
            answers: BTreeMap::new(),
            strays: VecDeque::new(),
            notifications: Vec::new(),
            patience: PATIENCE,
        }
    }

    /// `initialize` for one folder, then `initialized`; what the server says it can do.
    pub(crate) fn initialize(&mut self, root: &Path, capabilities: Value, options: Value) -> Value {
        let root = uri(root);
        let answer = self.ask(
            "initialize",
            json!({
                "processId": std::process::id(),
                "clientInfo": { "name": "test" },
                "rootUri": root,
                "workspaceFolders": [{ "uri": root, "name": "root" }],
                "capabilities": capabilities,
                "initializationOptions": options,
            }),
        );
        self.notify("initialized", json!({}));
        answer
    }

    /// Sends a request; its number, for `answer`.
    pub(crate) fn request(&mut self, method: &str, params: Value) -> i64 {
        self.last += 1;
        let id = self.last;
        self.send(request(Some(id), method, params));
        id
    }

    /// Waits for the result of a request, or its error.
    pub(crate) fn answer(&mut self, id: i64) -> Result<Value, Value> {
        self.wait(&format!("an answer to request {id}"), |client| client.answers.remove(&id))
    }

    /// The result of a request that must not fail.
    pub(crate) fn ask(&mut self, method: &str, params: Value) -> Value {
        let id = self.request(method, params);
        self.answer(id).unwrap_or_else(|error| self.fail(&format!("`{method}` was refused: {error}")))
    }

    pub(crate) fn notify(&mut self, method: &str, params: Value) {
        self.send(request(None, method, params));
    }

    /// Sends bytes as they are: no frame is put around them.
    pub(crate) fn raw(&mut self, bytes: &[u8]) {
        // The writer is gone only where the server is, and then the next wait says so.
        let _ = self.outgoing.send(Outgoing::Bytes(bytes.to_vec()));
    }

    /// Closes the server's stdin.
    pub(crate) fn close(&mut self) {
        let _ = self.outgoing.send(Outgoing::Close);
    }

    /// Waits for the next answer that belongs to no request of this client.
    pub(crate) fn stray(&mut self) -> Value {
        self.wait("an answer to no request", |client| client.strays.pop_front())
    }

    /// Waits for the next notification of a method; its params.
    pub(crate) fn notification(&mut self, method: &str) -> Value {
        self.wait(&format!("`{method}`"), |client| client.noted(method, |_| true))
    }

    /// Waits for the next `publishDiagnostics` of a document.
    pub(crate) fn diagnostics(&mut self, uri: &str) -> Vec<Value> {
        self.wait(&format!("diagnostics of {uri}"), |client| client.published(uri))
    }

    /// The diagnostics that stand once none have come for a while: some servers publish more than once.
    pub(crate) fn settled(&mut self, uri: &str, quiet: Duration) -> Vec<Value> {
        let mut found = self.diagnostics(uri);
        let mut until = Instant::now() + quiet;
        loop {
            while let Some(newer) = self.published(uri) {
                found = newer;
                until = Instant::now() + quiet;
            }
            if !self.receive(until) {
                return found;
            }
        }
    }

    pub(crate) fn open(&mut self, uri: &str, text: &str) {
        let document = json!({ "uri": uri, "languageId": "toml", "version": 1, "text": text });
        self.notify("textDocument/didOpen", json!({ "textDocument": document }));
    }

    /// Replaces the whole text of a document.
    pub(crate) fn change(&mut self, uri: &str, version: i64, text: &str) {
        self.notify(
            "textDocument/didChange",
            json!({ "textDocument": { "uri": uri, "version": version }, "contentChanges": [{ "text": text }] }),
        );
    }

    /// What is offered at a place, whichever of the protocol's forms the list has.
    pub(crate) fn complete(&mut self, uri: &str, line: u32, character: u32) -> Vec<Value> {
        let answer = self.ask("textDocument/completion", place(uri, line, character));
        let items = answer.get("items").unwrap_or(&answer);
        items.as_array().cloned().unwrap_or_default()
    }

    /// What is shown at a place; null where nothing is.
    pub(crate) fn hover(&mut self, uri: &str, line: u32, character: u32) -> Value {
        self.ask("textDocument/hover", place(uri, line, character))
    }

    /// Waits for the server to end by itself.
    pub(crate) fn end(&mut self) -> ExitStatus {
        let until = Instant::now() + self.patience;
        loop {
            let status = self.child.lock().unwrap().try_wait().unwrap();
            if let Some(status) = status {
                return status;
            }
            if Instant::now() > until {
                self.fail("the server does not end");
            }
            thread::sleep(GLANCE);
        }
    }

    /// What the server has written to stderr, its end where it is long.
    pub(crate) fn stderr(&self) -> String {
        String::from_utf8_lossy(&self.stderr.lock().unwrap()).into_owned()
    }

    fn send(&mut self, message: Value) {
        self.raw(&frame(&message));
    }

    fn published(&mut self, uri: &str) -> Option<Vec<Value>> {
        let of_it = |params: &Value| params.get("uri").and_then(Value::as_str) == Some(uri);
        let params = self.noted("textDocument/publishDiagnostics", of_it)?;
        params.get("diagnostics").and_then(Value::as_array).cloned()
    }

    fn noted(&mut self, method: &str, wanted: impl Fn(&Value) -> bool) -> Option<Value> {
        let at = self.notifications.iter().position(|(name, params)| name == method && wanted(params))?;
        Some(self.notifications.remove(at).1)
    }

    fn wait<T>(&mut self, what: &str, mut look: impl FnMut(&mut Self) -> Option<T>) -> T {
        let until = Instant::now() + self.patience;
        loop {
            if let Some(found) = look(self) {
                return found;
            }
            if let Some(reason) = self.ended.clone() {
                self.fail(&format!("waited for {what}, but {reason}"));
            }
            if !self.receive(until) {
                self.fail(&format!("waited {:?} for {what}", self.patience));
            }
        }
    }

    /// Takes in one message; false where none came in time.
    fn receive(&mut self, until: Instant) -> bool {
        if self.ended.is_some() {
            return false;
        }
        match self.incoming.recv_timeout(until.saturating_duration_since(Instant::now())) {
            Ok(Incoming::Message(message)) => self.sort(message),
            Ok(Incoming::End(reason)) => self.ended = Some(reason),
            Err(RecvTimeoutError::Disconnected) => self.ended = Some("the reader stopped".to_owned()),
            Err(RecvTimeoutError::Timeout) => return false,
        }
        true
    }

    fn sort(&mut self, mut message: Value) {
        if let Some(method) = message.get("method").and_then(Value::as_str) {
            let params = message.get("params").cloned().unwrap_or_default();
            self.notifications.push((method.to_owned(), params));
            return;
        }
        match message.get("id").and_then(Value::as_i64) {
            Some(id) if (1..=self.last).contains(&id) => {
                let answer = match message.get_mut("error") {
                    Some(error) => Err(error.take()),
                    None => Ok(message.get_mut("result").map(Value::take).unwrap_or_default()),
                };
                assert!(self.answers.insert(id, answer).is_none(), "request {id} was answered twice");
            }
            _ => self.strays.push_back(message),
        }
    }

    fn fail(&mut self, what: &str) -> ! {
        // What ended the server may be known a moment after its stdout is closed.
        if self.ended.is_some() {
            thread::sleep(GLANCE * 2);
        }
        let mut text = what.to_owned();
        if let Some(reason) = self.killed.lock().unwrap().as_ref() {
            let _ = write!(text, "\nkilled: {reason}");
        }
        if let Ok(Some(status)) = self.child.lock().unwrap().try_wait() {
            let _ = write!(text, "\nthe server ended: {status}");
        }
        panic!("{text}\nstderr of the server:\n{}", self.stderr());
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        if let Ok(mut child) = self.child.lock() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// The `file:` URI of a path.
pub(crate) fn uri(path: &Path) -> String {
    let mut text = "file://".to_owned();
    for &byte in path.as_os_str().as_encoded_bytes() {
        if byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            let _ = write!(text, "%{byte:02X}");
        }
    }
    text
}

/// A null `params` is left out: JSON-RPC wants an object or an array where the member stands.
fn request(id: Option<i64>, method: &str, params: Value) -> Value {
    let mut message = json!({ "jsonrpc": "2.0", "method": method });
    if let Some(object) = message.as_object_mut() {
        if let Some(id) = id {
            object.insert("id".to_owned(), id.into());
        }
        if !params.is_null() {
            object.insert("params".to_owned(), params);
        }
    }
    message
}

fn place(uri: &str, line: u32, character: u32) -> Value {
    json!({ "textDocument": { "uri": uri }, "position": { "line": line, "character": character } })
}

fn keep(mut stderr: impl Read, kept: &Mutex<Vec<u8>>) {
    let mut buffer = vec![0; 4096];
    while let Ok(count @ 1..) = stderr.read(&mut buffer) {
        let mut kept = kept.lock().unwrap();
        kept.extend(buffer.iter().take(count));
        let surplus = kept.len().saturating_sub(STDERR);
        kept.drain(..surplus);
    }
}

/// Ends with the server, which it kills where its resident memory passes the limit.
fn watch(child: &Mutex<Child>, megabytes: u64, killed: &Mutex<Option<String>>) {
    let status = format!("/proc/{}/status", child.lock().unwrap().id());
    loop {
        let held = fs::read_to_string(&status).ok().and_then(|text| resident(&text));
        {
            let Ok(mut child) = child.lock() else { return };
            if child.try_wait().is_ok_and(|status| status.is_some()) {
                return;
            }
            if let Some(held) = held.filter(|held| held / 1024 > megabytes) {
                let reason = format!("it held {} MiB, and {megabytes} MiB is its limit", held / 1024);
                *killed.lock().unwrap() = Some(reason);
                let _ = child.kill();
            }
        }
        thread::sleep(GLANCE);
    }
}

/// `VmRSS`, in KiB.
fn resident(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.split_whitespace().next()?.parse().ok()
}
