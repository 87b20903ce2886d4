//! The few forms of the language server protocol that are used here, by the names that it has for them.
//!
//! Enters and leaves: JSON. What an editor may leave out is optional, and what is not read is not named.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A place in a text: a line, and code units of the negotiated encoding into it, both counted from 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Position {
    pub line: u32,
    pub character: u32,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Range {
    pub start: Position,
    pub end: Position,
}

#[derive(Debug, Deserialize)]
pub struct DocumentName {
    pub uri: String,
}

/// `textDocument/didOpen`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Opened {
    pub text_document: OpenedDocument,
}

#[derive(Debug, Deserialize)]
pub struct OpenedDocument {
    pub uri: String,
    pub version: Option<i64>,
    pub text: String,
}

/// `textDocument/didChange`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Changed {
    pub text_document: ChangedDocument,
    pub content_changes: Vec<Change>,
}

#[derive(Debug, Deserialize)]
pub struct ChangedDocument {
    pub uri: String,
    pub version: Option<i64>,
}

/// The whole text: that is what is asked for. Where an editor sends a part all the same, it says which.
#[derive(Debug, Deserialize)]
pub struct Change {
    pub range: Option<Range>,
    pub text: String,
}

/// `textDocument/didClose`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Closed {
    pub text_document: DocumentName,
}

/// What hover and completion ask about.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Asked {
    pub text_document: DocumentName,
    pub position: Position,
}

/// `textDocument/codeAction`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AskedActions {
    pub text_document: DocumentName,
    pub range: Range,
    #[serde(default)]
    pub context: ActionContext,
}

#[derive(Debug, Default, Deserialize)]
pub struct ActionContext {
    /// The kinds that are wanted; all where there are none.
    #[serde(default)]
    pub only: Option<Vec<String>>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Diagnostic {
    pub range: Range,
    pub severity: u8,
    pub code: &'static str,
    pub source: &'static str,
    pub message: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub related_information: Vec<Related>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Related {
    pub location: Location,
    pub message: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Location {
    pub uri: String,
    pub range: Range,
}

/// `textDocument/publishDiagnostics`.
#[derive(Debug, Serialize)]
pub struct Published {
    pub uri: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<i64>,
    pub diagnostics: Vec<Diagnostic>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TextEdit {
    pub range: Range,
    pub new_text: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Action {
    pub title: String,
    pub kind: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub diagnostics: Vec<Diagnostic>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub is_preferred: bool,
    pub edit: Changes,
}

/// Edits of documents, by URI.
#[derive(Debug, Serialize)]
pub struct Changes {
    pub changes: BTreeMap<String, Vec<TextEdit>>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Markup {
    pub kind: &'static str,
    pub value: String,
}

impl Markup {
    pub fn markdown(value: String) -> Markup {
        Markup { kind: "markdown", value }
    }
}

#[derive(Debug, Serialize)]
pub struct Hover {
    pub contents: Markup,
    pub range: Range,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Item {
    pub label: String,
    pub kind: u8,
    pub documentation: Markup,
    pub filter_text: String,
    pub text_edit: TextEdit,
}
