//! A session of the tests with `aapol lsp`.

use crate::support::client::Client;
use serde_json::{Value, json};
use std::path::Path;
use std::process::Command;

pub(crate) const POLICY: &str = "file:///policies/policy.toml";
pub(crate) const NGINX: &str = include_str!("../../examples/nginx/policy.toml");

pub(crate) fn started() -> Client {
    let mut command = Command::new(env!("CARGO_BIN_EXE_aapol"));
    command.arg("lsp");
    Client::start(command, 1024)
}

pub(crate) fn with(capabilities: Value, options: Value) -> Client {
    let mut client = started();
    client.initialize(Path::new("/policies"), capabilities, options);
    client
}

pub(crate) fn ready() -> Client {
    with(json!({ "textDocument": { "publishDiagnostics": { "relatedInformation": true } } }), Value::Null)
}

/// Ends as the protocol has it.
pub(crate) fn finish(mut client: Client) {
    assert_eq!(client.ask("shutdown", Value::Null), Value::Null);
    client.notify("exit", Value::Null);
    assert_eq!(client.end().code(), Some(0), "{}", client.stderr());
    assert_eq!(client.stderr(), "");
}

pub(crate) fn codes(diagnostics: &[Value]) -> Vec<&str> {
    diagnostics.iter().map(|d| d["code"].as_str().unwrap()).collect()
}

pub(crate) fn place(line: u64, character: u64) -> Value {
    json!({ "line": line, "character": character })
}

/// The place of an offset, in UTF-16.
pub(crate) fn place_of(text: &str, offset: usize) -> (u32, u32) {
    let before = &text[..offset];
    let line = before.matches('\n').count();
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    (line.try_into().unwrap(), before[start..].encode_utf16().count().try_into().unwrap())
}

/// The offset of a place, in UTF-16.
pub(crate) fn offset_of(text: &str, place: &Value) -> usize {
    let line: usize = place["line"].as_u64().unwrap().try_into().unwrap();
    let start: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
    let mut left: usize = place["character"].as_u64().unwrap().try_into().unwrap();
    let rest = text[start..].char_indices();
    let mut at = rest.skip_while(|(_, c)| {
        let more = left > 0;
        left = left.saturating_sub(c.len_utf16());
        more
    });
    at.next().map_or(text.len(), |(index, _)| start + index)
}

pub(crate) fn applied(text: &str, edits: &[Value]) -> String {
    let mut edits: Vec<(usize, usize, &str)> = edits
        .iter()
        .map(|edit| {
            let range = &edit["range"];
            let new = edit["newText"].as_str().unwrap();
            (offset_of(text, &range["start"]), offset_of(text, &range["end"]), new)
        })
        .collect();
    edits.sort();
    let mut text = text.to_owned();
    for (start, end, new) in edits.into_iter().rev() {
        text.replace_range(start..end, new);
    }
    text
}

pub(crate) fn actions(client: &mut Client, uri: &str, range: &Value, only: Option<&[&str]>) -> Vec<Value> {
    let mut context = json!({ "diagnostics": [] });
    if let Some(only) = only {
        context["only"] = json!(only);
    }
    let params = json!({ "textDocument": { "uri": uri }, "range": range, "context": context });
    client.ask("textDocument/codeAction", params).as_array().unwrap().clone()
}

pub(crate) fn edits<'a>(action: &'a Value, uri: &str) -> &'a [Value] {
    action["edit"]["changes"][uri].as_array().unwrap()
}
