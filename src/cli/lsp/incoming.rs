//! What comes from the editor: messages out of bytes, in the order in which they are worked on.
//!
//! What is no message is passed over: without its number nobody can be told.

use lsp_server::{Message, Notification, RequestId};
use serde_json::Value;
use std::collections::VecDeque;
use std::io::{BufRead, ErrorKind, Read as _};
use std::sync::mpsc::Sender;

/// A larger message is passed over: no editor has a policy that large.
const LARGEST: u64 = 1 << 26;

/// A line of a message's head is never longer.
const LONGEST_LINE: u64 = 1 << 12;

/// Hands on each message, until there is no more of them or nobody takes them.
pub(super) fn read(mut input: impl BufRead, to: &Sender<Message>) {
    loop {
        match frame(&mut input) {
            Ok(Some(bytes)) => {
                if let Ok(message) = serde_json::from_slice(&bytes)
                    && to.send(message).is_err()
                {
                    return;
                }
            }
            Ok(None) => return,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(_) => return,
        }
    }
}

/// The bytes of one message; none at the end.
fn frame(input: &mut impl BufRead) -> std::io::Result<Option<Vec<u8>>> {
    let mut length = None;
    loop {
        let mut line = Vec::new();
        if input.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut line)? == 0 {
            return Ok(None);
        }
        let line = String::from_utf8_lossy(&line);
        match line.trim_end().split_once(':') {
            Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                length = value.trim().parse::<u64>().ok();
            }
            Some(_) => {}
            None if line.trim_end().is_empty() && length.is_some() => break,
            None => {}
        }
    }
    let length = length.unwrap_or(0);
    let mut bytes = Vec::new();
    if length > LARGEST {
        std::io::copy(&mut input.by_ref().take(length), &mut std::io::sink())?;
        return Ok(Some(bytes));
    }
    let read = input.by_ref().take(length).read_to_end(&mut bytes)?;
    Ok((read as u64 == length).then_some(bytes))
}

/// Messages in the order in which they came, without those that nobody waits for any more.
#[derive(Debug, Default)]
pub(super) struct Queue(VecDeque<Message>);

impl Queue {
    /// Takes a message in; says which request need not be worked on because of it.
    pub(super) fn add(&mut self, message: Message) -> Option<RequestId> {
        if let Message::Notification(Notification { method, params }) = &message {
            match method.as_str() {
                "$/cancelRequest" => return self.cancel(params),
                // Each change holds the whole text, so the last one is all of them.
                "textDocument/didChange" if self.0.back().is_some_and(|last| is_change_of(last, params)) => {
                    self.0.pop_back();
                }
                _ => {}
            }
        }
        self.0.push_back(message);
        None
    }

    pub(super) fn next(&mut self) -> Option<Message> {
        self.0.pop_front()
    }

    fn cancel(&mut self, params: &Value) -> Option<RequestId> {
        let id: RequestId = serde_json::from_value(params.get("id")?.clone()).ok()?;
        let waits = |message: &Message| matches!(message, Message::Request(request) if request.id == id);
        let found = self.0.iter().position(waits)?;
        self.0.remove(found);
        Some(id)
    }
}

/// Whether a message is a change of the document that another change is of, and that one is whole.
fn is_change_of(message: &Message, params: &Value) -> bool {
    let uri = |params: &Value| params.pointer("/textDocument/uri").cloned();
    let is_whole = params.pointer("/contentChanges/0/text").is_some_and(Value::is_string);
    matches!(message, Message::Notification(last) if last.method == "textDocument/didChange"
        && is_whole && uri(params).is_some() && uri(&last.params) == uri(params))
}

#[cfg(test)]
mod tests {
    use super::{Queue, read};
    use lsp_server::Message;
    use serde_json::{Value, json};
    use std::sync::mpsc;

    fn message(value: Value) -> Message {
        serde_json::from_value(value).unwrap()
    }

    fn change(uri: &str, version: u32) -> Value {
        json!({ "method": "textDocument/didChange", "params": { "textDocument": { "uri": uri, "version": version },
            "contentChanges": [{ "text": "" }] } })
    }

    fn methods(bytes: &[u8]) -> Vec<String> {
        let (sender, messages) = mpsc::channel();
        read(bytes, &sender);
        drop(sender);
        let method = |message| match message {
            Message::Request(request) => request.method,
            Message::Notification(notification) => notification.method,
            Message::Response(_) => "response".to_owned(),
        };
        messages.into_iter().map(method).collect()
    }

    #[test]
    fn what_is_no_message_is_passed_over() {
        let good = "Content-Length: 14\r\n\r\n{\"method\":\"a\"}";
        let cases = [
            String::new(),
            "\r\n\r\n".to_owned(),
            "Content-Length: 3\r\n\r\n{\"a".to_owned(),
            "Content-Length: x\r\n\r\n".to_owned(),
            "Content-Length: 0\r\n\r\n".to_owned(),
            "content-length:2\nContent-Type: y\n\n[]".to_owned(),
            format!("{}\n", "x".repeat(10_000)),
            format!("Content-Length: {}\r\n\r\n{}", (1 << 26) + 1, "x".repeat((1 << 26) + 1)),
        ];
        for case in cases {
            let shown: String = case.chars().take(40).collect();
            assert_eq!(methods(format!("{case}{good}").as_bytes()), ["a"], "{shown}");
        }
        assert_eq!(methods(&[b"Content-Length: 1\r\n\r\n\xff", good.as_bytes()].concat()), ["a"]);
    }

    #[test]
    fn what_ends_too_early_is_the_end() {
        for case in [
            "Content-Length: 18446744073709551615\r\n\r\n{",
            "Content-Length: 9\r\n\r\n{",
            "Content-Length: 9",
        ] {
            assert_eq!(methods(case.as_bytes()), [""; 0], "{case}");
        }
    }

    #[test]
    fn only_changes_that_follow_each_other_are_one() {
        let mut queue = Queue::default();
        let hover = json!({ "id": 1, "method": "textDocument/hover" });
        let partial = json!({ "method": "textDocument/didChange", "params": { "textDocument": { "uri": "b" },
            "contentChanges": [] } });
        for value in
            [change("a", 1), change("a", 2), change("b", 1), partial, hover, change("b", 2), change("b", 3)]
        {
            assert_eq!(queue.add(message(value)), None);
        }
        let versions: Vec<Value> = std::iter::from_fn(|| queue.next())
            .map(|message| {
                serde_json::to_value(message).unwrap()["params"]["textDocument"]["version"].clone()
            })
            .collect();
        assert_eq!(versions, [json!(2), json!(1), Value::Null, Value::Null, json!(3)]);
    }

    #[test]
    fn a_request_is_cancelled_while_it_waits() {
        let mut queue = Queue::default();
        let cancel = |id: Value| message(json!({ "method": "$/cancelRequest", "params": { "id": id } }));
        queue.add(message(json!({ "id": "1", "method": "textDocument/hover" })));
        assert_eq!(queue.add(cancel(json!(1))), None);
        assert_eq!(queue.add(cancel(json!({}))), None);
        assert_eq!(queue.add(cancel(json!("1"))), Some("1".to_owned().into()));
        assert_eq!(queue.add(cancel(json!("1"))), None);
        assert!(queue.next().is_none());
    }
}
