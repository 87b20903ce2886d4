//! `aapol lsp`: a language server on standard input and output, until the editor ends it.
//!
//! What is answered is the editor room's; here messages are read ahead, put in order and written.

mod frames;
mod incoming;

use super::console::Console;
use super::{Failure, Outcome, input};
use crate::editor::session::{ResponseError, Session};
use clap::Args;
use incoming::{Incoming, MessageError, Queue};
use lsp_server::{ErrorCode, Message, Notification, Request, RequestId, Response};
use std::io::{IsTerminal as _, Write as _};
use std::sync::mpsc::{self, Receiver, RecvError};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// What it does anyway; some editors add this
    #[arg(long)]
    stdio: bool,
}

pub(super) fn run(_: &Arguments, console: &mut Console) -> Result<Outcome, Failure> {
    if std::io::stdin().is_terminal() {
        console.say("an editor is to start this and talk to it; end it with Ctrl-C\n");
    }
    let (sender, messages) = mpsc::channel();
    // Reads ahead, so that what is cancelled or outdated is known before work on it begins.
    std::thread::spawn(move || incoming::read(std::io::stdin().lock(), &sender));
    let mut session = Session::new(&input::read);
    // What cannot be written ends it, too.
    console.wrote(serve(&messages, &mut session));
    Ok(if session.is_shut_down() { Outcome::Fine } else { Outcome::Errors })
}

/// Works until the editor says so or goes away.
fn serve(messages: &Receiver<Incoming>, session: &mut Session<'_>) -> std::io::Result<()> {
    let mut queue = Queue::default();
    loop {
        for message in messages.try_iter() {
            add(&mut queue, message)?;
        }
        match queue.next() {
            Some(Message::Request(Request { id, method, params })) => {
                let answer = session.request(&method, params);
                write(match answer {
                    Ok(result) => Response { id, response_result: Ok(result) },
                    Err(refusal) => refused(id, refusal, &method),
                })?;
            }
            Some(Message::Notification(Notification { method, .. })) if method == "exit" => return Ok(()),
            Some(Message::Notification(Notification { method, params })) => {
                if let Err(refusal) = session.notify(&method, params) {
                    let (_, message) = words(refusal, &method);
                    log(&message)?;
                }
                // Before this the editor takes no requests.
                let asks = if method == "initialized" { session.asks() } else { Vec::new() };
                for (method, params) in asks {
                    write(Request { id: method.to_owned().into(), method: method.to_owned(), params })?;
                }
            }
            // Nothing depends on what the editor answers.
            Some(Message::Response(_)) => {}
            None => {
                for news in session.settle() {
                    let params = serde_json::to_value(news).map_err(std::io::Error::other)?;
                    let method = "textDocument/publishDiagnostics".to_owned();
                    write(Notification { method, params })?;
                }
                match messages.recv() {
                    Ok(message) => add(&mut queue, message)?,
                    Err(RecvError) => return Ok(()),
                }
            }
        }
    }
}

fn add(queue: &mut Queue, incoming: Incoming) -> std::io::Result<()> {
    let message = match incoming {
        Incoming::Message(message) => message,
        Incoming::MessageError(fault) => return answer(&fault),
    };
    queue.add(message).map_or(Ok(()), |id| {
        let cancelled = "the request was cancelled".to_owned();
        write(Response::new_err(id, ErrorCode::RequestCanceled as i32, cancelled))
    })
}

/// The answer to what is no message goes to nobody in particular, so that the log says it too.
fn answer(fault: &MessageError) -> std::io::Result<()> {
    if let Some(answer) = fault.answer() {
        let text = answer.to_string();
        let mut output = std::io::stdout().lock();
        write!(output, "Content-Length: {}\r\n\r\n{text}", text.len())?;
        output.flush()?;
    }
    log(&format!("a message was passed over: {}", fault.wrong))
}

/// A line in the editor's log.
fn log(message: &str) -> std::io::Result<()> {
    const WARNING: u8 = 2;
    let params = serde_json::json!({ "type": WARNING, "message": message });
    write(Notification { method: "window/logMessage".to_owned(), params })
}

fn refused(id: RequestId, refusal: ResponseError, method: &str) -> Response {
    let (code, message) = words(refusal, method);
    Response::new_err(id, code as i32, message)
}

fn words(refusal: ResponseError, method: &str) -> (ErrorCode, String) {
    match refusal {
        ResponseError::NotInitialized => {
            (ErrorCode::ServerNotInitialized, "the first request is `initialize`".to_owned())
        }
        ResponseError::OutOfPlace => {
            (ErrorCode::InvalidRequest, format!("`{method}` cannot be asked for at this point"))
        }
        ResponseError::UnknownMethod => (ErrorCode::MethodNotFound, format!("there is no method `{method}`")),
        ResponseError::WrongParams => {
            (ErrorCode::InvalidParams, format!("`{method}` does not have these parameters"))
        }
    }
}

fn write(message: impl Into<Message>) -> std::io::Result<()> {
    message.into().write(&mut std::io::stdout().lock())
}
