//! What comes from the editor: messages out of bytes, in the order in which they are worked on.
//!
//! What is no message is answered as the protocol has it, as far as one can tell whose answer that is.

use super::frames::{Frame, Frames};
use lsp_server::{ErrorCode, Message, Notification, RequestId};
use serde_json::{Value, json};
use std::collections::VecDeque;
use std::io::BufRead;
use std::sync::mpsc::Sender;

/// What was read.
#[derive(Debug)]
pub(super) enum Incoming {
    Message(Message),
    MessageError(MessageError),
}

/// Bytes that are no message.
#[derive(Debug)]
pub(super) struct MessageError {
    pub(super) wrong: String,
    code: ErrorCode,
    /// Whose answer says so: nobody's is null. None where it was an answer itself, which gets none.
    id: Option<Value>,
}

impl MessageError {
    /// What is answered.
    pub(super) fn answer(&self) -> Option<Value> {
        let id = self.id.as_ref()?;
        let error = json!({ "code": self.code as i32, "message": self.wrong });
        Some(json!({ "jsonrpc": "2.0", "id": id, "error": error }))
    }
}

/// Hands on each message, until there is no more of them or nobody takes them.
pub(super) fn read(input: impl BufRead, to: &Sender<Incoming>) {
    let mut frames = Frames::new(input);
    loop {
        let incoming = match frames.next() {
            Ok(Frame::Bytes(bytes)) => match message(&bytes) {
                Ok(message) => Incoming::Message(message),
                Err((fault, from)) => {
                    if let Some(from) = from {
                        frames.look_again(&bytes, from);
                    }
                    Incoming::MessageError(fault)
                }
            },
            Ok(Frame::Broken(wrong)) => {
                let wrong = wrong.to_owned();
                Incoming::MessageError(MessageError {
                    wrong,
                    code: ErrorCode::InvalidRequest,
                    id: Some(Value::Null),
                })
            }
            Ok(Frame::End) | Err(_) => return,
        };
        if to.send(incoming).is_err() {
            return;
        }
    }
}

/// The message that bytes hold; or what is wrong, and from where the bytes may be another message's.
fn message(bytes: &[u8]) -> Result<Message, (MessageError, Option<usize>)> {
    let value: Value = serde_json::from_slice(bytes).map_err(|error| {
        let wrong = format!("this is no JSON: {error}");
        let fault = MessageError { wrong, code: ErrorCode::ParseError, id: Some(Value::Null) };
        // Behind a whole value the next head may stand already.
        let mut values = serde_json::Deserializer::from_slice(bytes).into_iter::<Value>();
        let is_whole = values.next().is_some_and(|value| value.is_ok());
        (fault, Some(if is_whole { values.byte_offset() } else { bytes.len() }))
    })?;
    let invalid = |wrong: &str, id| {
        Err((MessageError { wrong: wrong.to_owned(), code: ErrorCode::InvalidRequest, id }, None))
    };
    let Some(object) = value.as_object() else {
        let wrong = match value.is_array() {
            true => "a list of messages is none: they come one by one",
            false => "a message is an object",
        };
        return invalid(wrong, Some(Value::Null));
    };
    let id = object.get("id");
    let shown = id.filter(|id| id.is_string() || id.is_number()).cloned().unwrap_or_default();
    let has_method = object.contains_key("method");
    if !has_method && (object.contains_key("result") || object.contains_key("error")) {
        return serde_json::from_value(value).or_else(|_| invalid("the answer cannot be read", None));
    }
    if !object.get("method").is_some_and(Value::is_string) {
        return invalid("a message has a `method`, which is a string", Some(shown));
    }
    let has_id = id.is_some();
    match serde_json::from_value(value) {
        Ok(Message::Notification(_)) if has_id => {
            invalid("the `id` of a request is a string or a whole number of 32 bits", Some(shown))
        }
        Ok(message) => Ok(message),
        Err(_) => invalid("the message cannot be read", Some(shown)),
    }
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
                // A change that holds the whole text is all of those before it.
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
    let changes = params.get("contentChanges").and_then(Value::as_array);
    let is_whole = changes.and_then(|changes| changes.first()).is_some_and(|change| {
        change.get("text").is_some_and(Value::is_string) && change.get("range").is_none_or(Value::is_null)
    });
    matches!(message, Message::Notification(last) if last.method == "textDocument/didChange"
        && is_whole && uri(params).is_some() && uri(&last.params) == uri(params))
}

#[cfg(test)]
mod tests {
    use super::{Incoming, Queue, read};
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

    /// What is handed on: methods, and of faults the code and whom it is told to.
    fn handed_on(bytes: &[u8]) -> Vec<String> {
        let (sender, messages) = mpsc::channel();
        read(bytes, &sender);
        drop(sender);
        let shown = |incoming| match incoming {
            Incoming::Message(Message::Request(request)) => request.method,
            Incoming::Message(Message::Notification(notification)) => notification.method,
            Incoming::Message(Message::Response(_)) => "response".to_owned(),
            Incoming::MessageError(fault) => fault.answer().map_or("unanswered".to_owned(), |answer| {
                format!("{} {}", answer["error"]["code"], answer["id"])
            }),
        };
        messages.into_iter().map(shown).collect()
    }

    #[test]
    fn what_is_no_message_is_answered_and_the_rest_goes_on() {
        let framed = |body: &[u8], length: usize| {
            [format!("Content-Length: {length}\r\n\r\n").as_bytes(), body].concat()
        };
        let good = framed(b"{\"method\":\"a\"}", 14);
        let deep = "[".repeat(100_000);
        let cases: [(&[u8], &str); 20] = [
            (b"{\"a", "-32700 null"),
            (b"", "-32700 null"),
            (b"\xff\xfe", "-32700 null"),
            (deep.as_bytes(), "-32700 null"),
            (b"{\"method\":\"a\"} {}", "-32700 null"),
            (b"[]", "-32600 null"),
            (b"[{\"id\":1,\"method\":\"a\"}]", "-32600 null"),
            (b"123", "-32600 null"),
            (b"{}", "-32600 null"),
            (b"{\"id\":7}", "-32600 7"),
            (b"{\"id\":\"x\",\"method\":5}", "-32600 \"x\""),
            (b"{\"id\":5000000000,\"method\":\"a\"}", "-32600 5000000000"),
            (b"{\"id\":1.5,\"method\":\"a\"}", "-32600 1.5"),
            (b"{\"id\":null,\"method\":\"a\"}", "-32600 null"),
            (b"{\"id\":[1],\"method\":\"a\"}", "-32600 null"),
            (b"{\"id\":{},\"result\":1}", "unanswered"),
            (b"{\"id\":1,\"error\":1}", "unanswered"),
            (b"{\"id\":1,\"result\":null}", "response"),
            (b"{\"id\":1,\"method\":\"b\",\"params\":3}", "b"),
            (b"{\"method\":\"b\",\"params\":3}", "b"),
        ];
        for (body, want) in cases {
            let shown: String = String::from_utf8_lossy(body).chars().take(40).collect();
            let bytes = [framed(body, body.len()), good.clone()].concat();
            assert_eq!(handed_on(&bytes), [want, "a"], "{shown}");
        }
        // A length that is wrong costs its own message, and the next one at most.
        let long = "{\"method\":\"long\",\"params\":{\"text\":\"a: b\\nc\"}}".as_bytes();
        for wrong in (0..long.len()).chain(long.len() + 1..long.len() + 60) {
            let bytes = [framed(long, wrong), good.repeat(6)].concat();
            let found = handed_on(&bytes);
            assert!(found.iter().filter(|one| *one == "a").count() >= 5, "{wrong}: {found:?}");
            assert!(found.iter().any(|one| one.starts_with('-')), "{wrong}: {found:?}");
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
