//! One editor's session: the documents that it has open, and what it was told about them.
//!
//! Enters: requests and notifications, by the protocol's names. Leaves: answers, and the findings that are to
//! be published. Streams, threads and the order of messages are the caller's.

use super::actions;
use super::analysed::Analysed;
use super::completion::{self, Offer};
use super::cursor::cursor;
use super::document::{Document, Encoding, Lines};
use super::findings::Marking;
use super::hover;
use super::open_documents::OpenDocuments;
use super::protocol::{
    CodeAction, CodeActionParams, CompletionItem, Diagnostic, DidChangeTextDocumentParams,
    DidCloseTextDocumentParams, DidOpenTextDocumentParams, Hover, MarkupContent, PublishDiagnosticsParams,
    TextDocumentPositionParams,
};
use super::uri;
use crate::policy::Reader;
use crate::policy::load::LARGEST;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Why a request gets no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResponseError {
    NotInitialized,
    /// At this point of the session there is nothing to be asked.
    OutOfPlace,
    UnknownMethod,
    WrongParams,
}

/// How far the session is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Before,
    Running,
    ShutDown,
}

/// What the editor said about itself.
#[derive(Debug)]
struct Editor {
    encoding: Encoding,
    related: bool,
    offer: Offer,
    /// Folders in which every TOML file is a policy.
    policies: Vec<PathBuf>,
}

pub struct Session<'a> {
    disk: &'a Reader<'a>,
    stage: Stage,
    editor: Editor,
    documents: OpenDocuments,
    /// What is known of the open policies as they stand now.
    analysed: BTreeMap<String, Analysed>,
    published: BTreeMap<String, Vec<Diagnostic>>,
    /// Nothing changed since findings were published.
    settled: bool,
    /// What the editor is to be asked, by method.
    asks: Vec<(&'static str, Value)>,
}

impl std::fmt::Debug for Session<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session")
            .field("stage", &self.stage)
            .field("documents", &self.documents)
            .finish_non_exhaustive()
    }
}

impl<'a> Session<'a> {
    pub fn new(disk: &'a Reader<'a>) -> Session<'a> {
        Session {
            disk,
            stage: Stage::Before,
            editor: Editor {
                encoding: Encoding::Utf16,
                related: false,
                offer: Offer::default(),
                policies: Vec::new(),
            },
            documents: OpenDocuments::default(),
            analysed: BTreeMap::new(),
            published: BTreeMap::new(),
            settled: true,
            asks: Vec::new(),
        }
    }

    /// What the editor is to be asked, once each. Nothing depends on its answer.
    pub fn asks(&mut self) -> Vec<(&'static str, Value)> {
        std::mem::take(&mut self.asks)
    }

    pub fn is_shut_down(&self) -> bool {
        self.stage == Stage::ShutDown
    }

    pub fn request(&mut self, method: &str, params: Value) -> Result<Value, ResponseError> {
        match (self.stage, method) {
            (Stage::Before, "initialize") => Ok(self.initialize(&params)),
            (Stage::Before, _) => Err(ResponseError::NotInitialized),
            (Stage::ShutDown, _) | (Stage::Running, "initialize") => Err(ResponseError::OutOfPlace),
            (Stage::Running, "shutdown") => {
                self.stage = Stage::ShutDown;
                Ok(Value::Null)
            }
            (Stage::Running, "textDocument/hover") => answer(self.hover(&read(params)?)),
            (Stage::Running, "textDocument/completion") => answer(self.completion(&read(params)?)),
            (Stage::Running, "textDocument/codeAction") => answer(self.actions(&read(params)?)),
            (Stage::Running, _) => Err(ResponseError::UnknownMethod),
        }
    }

    /// Takes note. Nobody waits for an answer: a refusal is for the log.
    pub fn notify(&mut self, method: &str, params: Value) -> Result<(), ResponseError> {
        if self.stage != Stage::Running {
            return Ok(());
        }
        match method {
            "textDocument/didOpen" => {
                let DidOpenTextDocumentParams { text_document: it } = read(params)?;
                let mut document = Document::new(it.uri, it.version, it.text);
                let mut folders = self.editor.policies.iter();
                document.among_policies = folders.any(|folder| document.path.starts_with(folder));
                self.documents.put(document);
                self.begin_anew();
            }
            "textDocument/didChange" => self.change(read(params)?),
            "textDocument/didClose" => {
                let DidCloseTextDocumentParams { text_document: it } = read(params)?;
                self.documents.take(&it.uri);
                self.begin_anew();
            }
            "textDocument/didSave" | "workspace/didChangeWatchedFiles" => self.begin_anew(),
            _ => {}
        }
        Ok(())
    }

    /// Which files there are may have changed, and any policy may be built on them.
    fn begin_anew(&mut self) {
        self.documents.identify(self.disk);
        self.analysed.clear();
        self.settled = false;
    }

    fn change(&mut self, changed: DidChangeTextDocumentParams) {
        let DidChangeTextDocumentParams { text_document: it, content_changes } = changed;
        let encoding = self.editor.encoding;
        if let Some(document) = self.documents.get_mut(&it.uri).filter(|_| !content_changes.is_empty()) {
            for change in content_changes {
                document.change(change, encoding);
            }
            document.version = it.version;
            self.analysed.retain(|uri, analysed| *uri != it.uri && !analysed.leans_on(&it.uri));
            self.settled = false;
        }
    }

    /// What is to be published: the findings of each document for which they are not what they were.
    pub fn settle(&mut self) -> Vec<PublishDiagnosticsParams> {
        if std::mem::replace(&mut self.settled, true) {
            return Vec::new();
        }
        let uris: Vec<String> = self.documents.policies().map(|document| document.uri.clone()).collect();
        let mut news = Vec::new();
        let mut before = std::mem::take(&mut self.published);
        for uri in uris {
            let Some(diagnostics) = self.marking(&uri).map(|marking| marking.diagnostics()) else {
                continue;
            };
            if before.remove(&uri).as_ref() != Some(&diagnostics) {
                let version = self.documents.get(&uri).and_then(|document| document.version);
                let diagnostics = diagnostics.clone();
                news.push(PublishDiagnosticsParams { uri: uri.clone(), version, diagnostics });
            }
            self.published.insert(uri, diagnostics);
        }
        let gone = before.into_iter().filter(|(_, diagnostics)| !diagnostics.is_empty());
        news.extend(gone.map(|(uri, _)| {
            let version = self.documents.get(&uri).and_then(|document| document.version);
            PublishDiagnosticsParams { uri, version, diagnostics: Vec::new() }
        }));
        news
    }

    fn initialize(&mut self, params: &Value) -> Value {
        let at = |path: &str| params.pointer(path);
        let encodings = at("/capabilities/general/positionEncodings").and_then(Value::as_array);
        let utf8 = encodings.is_some_and(|encodings| encodings.iter().any(|e| e == "utf-8"));
        let related = at("/capabilities/textDocument/publishDiagnostics/relatedInformation");
        let offer = at("/initializationOptions/completion").and_then(Value::as_str);
        let watches = at("/capabilities/workspace/didChangeWatchedFiles/dynamicRegistration");
        if watches == Some(&Value::Bool(true)) {
            // What a policy extends may change without being opened.
            let watchers = json!({ "watchers": [{ "globPattern": "**/*.toml" }] });
            let method = "workspace/didChangeWatchedFiles";
            let registration = json!({ "id": method, "method": method, "registerOptions": watchers });
            self.asks.push(("client/registerCapability", json!({ "registrations": [registration] })));
        }
        let root = at("/workspaceFolders/0/uri").or(at("/rootUri")).and_then(Value::as_str);
        let root = root.and_then(uri::path).unwrap_or_default();
        let folders = at("/initializationOptions/policies").and_then(Value::as_array);
        let folders = folders.into_iter().flatten().filter_map(Value::as_str);
        self.editor = Editor {
            policies: folders.map(|folder| uri::plain(&root.join(folder))).collect(),
            encoding: if utf8 { Encoding::Utf8 } else { Encoding::Utf16 },
            related: related.and_then(Value::as_bool).unwrap_or(false),
            offer: offer.and_then(Offer::from_word).unwrap_or_default(),
        };
        self.stage = Stage::Running;
        json!({
            "serverInfo": { "name": env!("CARGO_PKG_NAME"), "version": env!("CARGO_PKG_VERSION") },
            "capabilities": {
                "positionEncoding": if utf8 { "utf-8" } else { "utf-16" },
                // Whole texts: a policy is small.
                "textDocumentSync": { "openClose": true, "change": 1, "save": true },
                "hoverProvider": true,
                "codeActionProvider": { "codeActionKinds": actions::KINDS },
                // Quotes begin a word; the others are in words, and editors stop at them.
                "completionProvider": { "triggerCharacters": ["\"", "'", "/", "_", "-", " "] },
            },
        })
    }

    fn hover(&mut self, asked: &TextDocumentPositionParams) -> Option<Hover> {
        let encoding = self.editor.encoding;
        let (document, analysed) = self.analysed(&asked.text_document.uri).filter(|(it, _)| is_read(it))?;
        let lines = Lines::new(&document.text, encoding);
        let meaning = hover::meaning(&document.text, lines.offset(asked.position), analysed)?;
        Some(Hover { contents: MarkupContent::markdown(meaning.text), range: lines.range(meaning.about) })
    }

    fn completion(&mut self, asked: &TextDocumentPositionParams) -> Option<Vec<CompletionItem>> {
        let (encoding, offer) = (self.editor.encoding, self.editor.offer);
        let uri = &asked.text_document.uri;
        let document = self.documents.get(uri).filter(|it| it.is_policy() && is_read(it))?;
        let offset = Lines::new(&document.text, encoding).offset(asked.position);
        let cursor = cursor(&document.text, offset)?;
        let volumes = if completion::is_volume(&cursor) {
            completion::volumes(&self.analysed(uri)?.1.analysis)
        } else {
            Vec::new()
        };
        let lines = Lines::new(&self.documents.get(uri)?.text, encoding);
        Some(completion::items(&cursor, offer, volumes, &lines))
    }

    fn actions(&mut self, asked: &CodeActionParams) -> Vec<CodeAction> {
        let marking = self.marking(&asked.text_document.uri);
        let only = asked.context.only.as_deref();
        marking.map(|marking| actions::actions(&marking, asked.range, only)).unwrap_or_default()
    }

    fn marking(&mut self, uri: &str) -> Option<Marking<'_>> {
        self.analyse(uri);
        let (encoding, related) = (self.editor.encoding, self.editor.related);
        let (document, analysed) = (self.documents.get(uri)?, self.analysed.get(uri)?);
        Some(Marking { document, analysed, documents: &self.documents, encoding, related })
    }

    fn analysed(&mut self, uri: &str) -> Option<(&Document, &Analysed)> {
        self.analyse(uri);
        Some((self.documents.get(uri)?, self.analysed.get(uri)?))
    }

    /// Analyses a document that is a policy, and was not analysed since something changed.
    fn analyse(&mut self, uri: &str) {
        let document =
            self.documents.get(uri).filter(|it| it.is_policy() && !self.analysed.contains_key(uri));
        if let Some(document) = document {
            self.analysed.insert(uri.to_owned(), Analysed::new(document, &self.documents, self.disk));
        }
    }
}

/// One that is larger has its finding, and no more.
fn is_read(document: &Document) -> bool {
    document.text.len() <= LARGEST
}

fn read<T: DeserializeOwned>(params: Value) -> Result<T, ResponseError> {
    serde_json::from_value(params).map_err(|_| ResponseError::WrongParams)
}

fn answer(answer: impl Serialize) -> Result<Value, ResponseError> {
    Ok(serde_json::to_value(answer).unwrap_or(Value::Null))
}
