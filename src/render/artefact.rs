//! What rendering yields: texts, each of a kind and with the name of its file.
//!
//! A kind is added here, and laid out in `render`; commands go by what it says of itself.

use crate::{pod, rules};

/// What a text is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ArtefactKind {
    /// An AppArmor profile.
    Profile,
    /// The manifest of an object of Kubernetes.
    Manifest,
    /// What a further template of the user's lays out.
    Further,
}

impl ArtefactKind {
    pub const ALL: [ArtefactKind; 3] = [ArtefactKind::Profile, ArtefactKind::Manifest, ArtefactKind::Further];

    /// Its word on a command line.
    pub fn word(self) -> &'static str {
        match self {
            ArtefactKind::Profile => "profile",
            ArtefactKind::Manifest => "pod",
            ArtefactKind::Further => "further",
        }
    }

    /// What it is, for who chooses among them.
    pub fn meaning(self) -> &'static str {
        match self {
            ArtefactKind::Profile => "The AppArmor profile",
            ArtefactKind::Manifest => "The Kubernetes manifest",
            ArtefactKind::Further => "What further templates lay out",
        }
    }

    /// How its files end, behind the policy's name; none where each template says so itself.
    pub fn suffix(self) -> Option<&'static str> {
        match self {
            ArtefactKind::Profile => Some(".apparmor"),
            ArtefactKind::Manifest => Some(".pod.yaml"),
            ArtefactKind::Further => None,
        }
    }

    /// What the first line of such a text says behind the policy's name, by which it is known again.
    pub fn mark(self) -> Option<&'static str> {
        match self {
            ArtefactKind::Profile => Some(rules::MARK),
            ArtefactKind::Manifest => Some(pod::MARK),
            ArtefactKind::Further => None,
        }
    }

    /// What stands between two such texts in one stream.
    pub fn separator(self) -> &'static str {
        match self {
            // Each is a document of its own.
            ArtefactKind::Manifest => "---\n",
            ArtefactKind::Profile | ArtefactKind::Further => "\n",
        }
    }
}

/// A text, and the file that it belongs in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Artefact {
    pub kind: ArtefactKind,
    /// The file's name, without a folder.
    pub name: String,
    pub text: String,
}

/// The policy that a rendered file is of, by its first line; none where it was not rendered.
pub fn owner(text: &str) -> Option<&str> {
    let line = text.lines().next()?.strip_prefix("# ")?;
    let mut marks = ArtefactKind::ALL.into_iter().filter_map(ArtefactKind::mark);
    marks.find_map(|mark| line.split_once(&format!(": {mark}"))).map(|(name, _)| name)
}
