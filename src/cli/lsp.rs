//! `aapol lsp`: a language server on standard input and output, until the editor ends it.
//!
//! What is answered is the editor room's; here messages are read ahead, put in order and written.

use super::{Failure, Outcome, input};
use crate::editor::session::{Refusal, Session};
use clap::Args;
use lsp_server::{ErrorCode, Message, Notification, Request, RequestId, Response};
use serde::Serialize;
use std::collections::VecDeque;
use std::io::ErrorKind;
use std::sync::mpsc::{self, Sender};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// What it does anyway; some editors add this
    #[arg(long)]
    stdio: bool,
}

pub(super) fn run(_: &Arguments) -> Result<Outcome, Failure> {
    let (sender, messages) = mpsc::channel();
    // Reads ahead, so that what is cancelled or outdated is known before work on it begins.
    std::thread::spawn(move || read(&sender));
    let mut session = Session::new(&input::read);
    let mut queue = Queue::default();
    // What cannot be written has no reader: the editor is gone.
    let _ = serve(&messages, &mut session, &mut queue);
    Ok(if session.is_shut_down() { Outcome::Fine } else { Outcome::Errors })
}

/// Works until the editor says so or goes away.
fn serve(
    messages: &mpsc::Receiver<Message>,
    session: &mut Session<'_>,
    queue: &mut Queue,
) -> std::io::Result<()> {
    loop {
        for message in messages.try_iter() {
            queue.add(message)?;
        }
        let next = match queue.0.pop_front() {
            Some(next) => next,
            None => {
                for news in session.settle() {
                    notify("textDocument/publishDiagnostics", &news)?;
                }
                match messages.recv() {
                    Ok(message) => queue.add(message)?,
                    Err(mpsc::RecvError) => return Ok(()),
                }
                continue;
            }
        };
        match next {
            Message::Request(Request { id, method, params }) => {
                let answer = session.request(&method, params);
                write(match answer {
                    Ok(result) => Response { id, response_result: Ok(result) },
                    Err(refusal) => refused(id, refusal, &method),
                })?;
            }
            Message::Notification(Notification { method, .. }) if method == "exit" => return Ok(()),
            Message::Notification(Notification { method, params }) => session.notify(&method, params),
            // Nothing is asked of the editor.
            Message::Response(_) => {}
        }
    }
}

fn read(sender: &Sender<Message>) {
    let mut input = std::io::stdin().lock();
    loop {
        match Message::read(&mut input) {
            Ok(Some(message)) => {
                if sender.send(message).is_err() {
                    return;
                }
            }
            // A message that is no message was passed as a whole, and nobody can be told.
            Err(error) if error.kind() == ErrorKind::InvalidData => {}
            Ok(None) | Err(_) => return,
        }
    }
}

/// Messages in the order in which they came, without those that nobody waits for any more.
#[derive(Debug, Default)]
struct Queue(VecDeque<Message>);

impl Queue {
    fn add(&mut self, message: Message) -> std::io::Result<()> {
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
        Ok(())
    }

    fn cancel(&mut self, params: &serde_json::Value) -> std::io::Result<()> {
        let id = params.get("id").and_then(|id| serde_json::from_value::<RequestId>(id.clone()).ok());
        let waits = |message: &Message| matches!(message, Message::Request(request) if Some(&request.id) == id.as_ref());
        let Some(found) = self.0.iter().position(waits) else {
            return Ok(());
        };
        self.0.remove(found);
        let message = "the request was cancelled".to_owned();
        id.map_or(Ok(()), |id| write(Response::new_err(id, ErrorCode::RequestCanceled as i32, message)))
    }
}

fn is_change_of(message: &Message, params: &serde_json::Value) -> bool {
    let uri = |params: &serde_json::Value| params.pointer("/textDocument/uri").cloned();
    matches!(message, Message::Notification(last) if last.method == "textDocument/didChange"
        && uri(params).is_some() && uri(&last.params) == uri(params))
}

fn refused(id: RequestId, refusal: Refusal, method: &str) -> Response {
    let (code, message) = match refusal {
        Refusal::NotInitialized => {
            (ErrorCode::ServerNotInitialized, "the first request is `initialize`".to_owned())
        }
        Refusal::OutOfPlace => {
            (ErrorCode::InvalidRequest, format!("`{method}` cannot be asked for at this point"))
        }
        Refusal::UnknownMethod => (ErrorCode::MethodNotFound, format!("there is no method `{method}`")),
        Refusal::WrongParams => {
            (ErrorCode::InvalidParams, format!("`{method}` does not have these parameters"))
        }
    };
    Response::new_err(id, code as i32, message)
}

fn notify(method: &str, params: &impl Serialize) -> std::io::Result<()> {
    let params = serde_json::to_value(params).map_err(std::io::Error::other)?;
    write(Notification { method: method.to_owned(), params })
}

fn write(message: impl Into<Message>) -> std::io::Result<()> {
    message.into().write(&mut std::io::stdout().lock())
}
