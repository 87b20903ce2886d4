//! The documents that are open, which stand in for the files of their names.
//!
//! Enters: a way to read files of the disk. Leaves: one that knows the open texts too.

use super::document::Document;
use super::uri;
use crate::policy::load::{File, LARGEST};
use crate::policy::{ReadError, Reader};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

type Read = Result<File, ReadError>;

/// Open documents, by URI.
#[derive(Debug, Default)]
pub struct OpenDocuments {
    documents: BTreeMap<String, Document>,
    /// By what the disk calls a file, since two paths may lead to one; by its path where the disk has none.
    ids: BTreeMap<PathBuf, String>,
}

impl OpenDocuments {
    pub fn put(&mut self, document: Document) {
        self.documents.insert(document.uri.clone(), document);
    }

    pub fn take(&mut self, uri: &str) {
        self.documents.remove(uri);
    }

    pub fn get(&self, uri: &str) -> Option<&Document> {
        self.documents.get(uri)
    }

    pub fn get_mut(&mut self, uri: &str) -> Option<&mut Document> {
        self.documents.get_mut(uri)
    }

    pub fn policies(&self) -> impl Iterator<Item = &Document> {
        self.documents.values().filter(|document| document.is_policy())
    }

    /// Asks the disk anew which files the documents are.
    pub fn identify(&mut self, disk: &Reader<'_>) {
        let files = self.documents.values().filter(|document| document.on_disk);
        self.ids = files
            .map(|document| {
                let id = disk(&document.path).map_or_else(|_| document.path.clone(), |file| file.id);
                (id, document.uri.clone())
            })
            .collect();
    }

    /// Reads what a document leads to, and says which open text that is: these come before the disk.
    pub fn read(&self, from: &Document, path: &Path, disk: &Reader<'_>) -> (Option<&Document>, Read) {
        if path == from.path {
            let id = self.ids.iter().find(|(_, uri)| **uri == from.uri);
            let own = self.documents.get(&from.uri);
            return (own, text(id.map_or(path, |(id, _)| id), from));
        }
        if !from.on_disk {
            let help = Some("save this policy first: what it extends is looked for beside it".to_owned());
            return (None, Err(ReadError { wrong: "cannot be found".to_owned(), help }));
        }
        let found = disk(path);
        let id = found.as_ref().map_or_else(|_| uri::plain(path), |file| file.id.clone());
        match self.ids.get(&id).and_then(|uri| self.documents.get(uri)) {
            Some(open) => (Some(open), text(&id, open)),
            None => (None, found),
        }
    }

    /// The URI of a file, as the editor writes it where it has it open.
    pub fn uri(&self, path: &Path) -> String {
        let plain = uri::plain(path);
        let open = self.documents.values().find(|document| document.path == plain);
        open.map_or_else(|| uri::of(&plain), |document| document.uri.clone())
    }
}

fn text(id: &Path, document: &Document) -> Read {
    if document.text.len() > LARGEST {
        return Err(ReadError::too_large());
    }
    Ok(File { id: id.to_owned(), text: document.text.clone() })
}
