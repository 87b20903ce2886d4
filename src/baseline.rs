//! What containers and kinds of programs need beyond their own grants, each with its reason.
//!
//! Leaves: groups of needs in the kernel's words, each found necessary on real kernels with real programs under
//! runc, and of denials, which the runtimes' default profiles have. Knows nothing of policies or rule text.

pub mod bundles;
pub mod container;
pub mod denials;

use crate::kernel::{Access, Family, Glob, SocketType};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// One need.
#[derive(Clone, Copy, Debug)]
pub enum Need {
    /// Files by pattern.
    File(&'static str, Access),
    /// Sockets of a family, by its name.
    Socket(&'static str, SocketType),
    /// Signals from processes with this label.
    SignalFrom(&'static str),
    /// Signals among the container's own processes.
    OwnSignals,
    /// Reading the container's own processes.
    OwnPtrace,
}

/// Needs that share a reason.
#[derive(Debug)]
pub struct Group {
    pub title: &'static str,
    pub why: &'static str,
    pub needs: &'static [Need],
}

/// Files that are denied, by pattern.
#[derive(Clone, Copy, Debug)]
pub struct DeniedFile(&'static str, Access);

/// Denials that share a reason.
#[derive(Debug)]
pub struct Denials {
    pub title: &'static str,
    pub why: &'static str,
    /// A grant that begins with one of these asks for what is denied; a wider one, such as `/**`, does not.
    pub within: &'static [&'static str],
    pub files: &'static [DeniedFile],
    /// Families of sockets, by name.
    pub families: &'static [&'static str],
}

/// A file need or a denied file with its pattern read.
#[derive(Clone, Copy, Debug)]
pub struct FileNeed {
    pub glob: &'static Glob,
    pub access: Access,
    pub title: &'static str,
}

/// Every pattern, read once: thousands of policies may need them.
static GLOBS: LazyLock<BTreeMap<&'static str, Glob>> = LazyLock::new(|| {
    let bundles = bundles::ALL.iter().flat_map(|bundle| bundle.groups);
    let groups = container::GROUPS.iter().chain(bundles).chain([&container::TOKEN]);
    let needed = groups.flat_map(|group| group.needs).filter_map(|need| match need {
        Need::File(pattern, _) => Some(*pattern),
        Need::Socket(..) | Need::SignalFrom(_) | Need::OwnSignals | Need::OwnPtrace => None,
    });
    let denials = denials::GROUPS.iter().chain([&denials::TOKEN]);
    let denied = denials.flat_map(|group| group.files).map(|file| file.0);
    // A test reads them all.
    needed.chain(denied).filter_map(|pattern| Some((pattern, Glob::parse(pattern).ok()?))).collect()
});

/// The patterns of all file needs and denials there are.
pub fn globs() -> impl Iterator<Item = &'static Glob> {
    GLOBS.values()
}

impl Group {
    pub fn files(&self) -> impl Iterator<Item = FileNeed> + '_ {
        self.needs.iter().filter_map(|need| match need {
            Need::File(pattern, access) => {
                Some(FileNeed { glob: GLOBS.get(pattern)?, access: *access, title: self.title })
            }
            Need::Socket(..) | Need::SignalFrom(_) | Need::OwnSignals | Need::OwnPtrace => None,
        })
    }
}

impl Denials {
    pub fn files(&self) -> impl Iterator<Item = FileNeed> + '_ {
        let read = |file: &DeniedFile| {
            Some(FileNeed { glob: GLOBS.get(file.0)?, access: file.1, title: self.title })
        };
        self.files.iter().filter_map(read)
    }

    pub fn families(&self) -> impl Iterator<Item = Family> + '_ {
        self.families.iter().filter_map(|name| Family::from_name(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pattern_can_be_read() {
        let bundles = bundles::ALL.iter().flat_map(|bundle| bundle.groups);
        for group in container::GROUPS.iter().chain(bundles).chain([&container::TOKEN]) {
            for need in group.needs {
                if let Need::File(pattern, _) = need {
                    assert!(Glob::parse(pattern).is_ok(), "{pattern}");
                }
            }
        }
        for group in denials::GROUPS.iter().chain([&denials::TOKEN]) {
            assert_eq!(group.files().count(), group.files.len(), "{}", group.title);
            assert_eq!(group.families().count(), group.families.len(), "{}", group.title);
        }
    }
}
