//! Which folders a program keeps as its own, and which names in them it makes anew.
//!
//! Enters: the files and folders that a program writes. Leaves: entries for them, each with the paths that it stands for.
//! A folder is taken whole only where most of what is written in it was made by the program itself, and never one that
//! others share.

use super::names::{self, Name};
use crate::kernel::{Glob, path};
use std::collections::{BTreeMap, BTreeSet};

/// What is known of a path that is written.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Written {
    /// It was made by the program, and removed by it.
    pub(super) made: bool,
    pub(super) removed: bool,
    /// The user accepts it, whatever it opens.
    pub(super) accepted: bool,
}

/// How an entry stands for its paths.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Spread {
    Itself,
    Pattern,
    Folder,
}

/// An entry, and the paths that it stands for.
#[derive(Clone, Debug)]
pub(super) struct Group<'a> {
    pub(super) entry: String,
    pub(super) spread: Spread,
    pub(super) members: Vec<&'a str>,
}

/// Fewer things that were made in a folder do not show that it is the program's.
const LEAST_MADE: usize = 2;
/// Folders of its own in a folder that is not.
const LEAST_FOLDERS: usize = 3;

/// More files than this beside a pattern, and it is none.
const MOST_KEPT: usize = 20;

/// What lies deeper is no longer told apart by its folders.
const DEEPEST: usize = 64;

#[derive(Default)]
struct Node<'a> {
    folders: BTreeMap<&'a str, Node<'a>>,
    files: BTreeMap<&'a str, (&'a str, Written)>,
    /// The folder itself.
    own: Option<(&'a str, Written)>,
    /// Files that are there and not written are in it.
    is_kept: bool,
}

/// What a folder comes to: whole, or what lies in it.
enum Outcome<'a> {
    Whole(Vec<&'a str>),
    Parts(Vec<Group<'a>>),
}

/// Groups paths that are written. `kept` are files that are there and not written, in order; `may_stand` has the last word
/// on a folder, or on a pattern; `exact` takes names as they are.
pub(super) fn groups<'a>(
    paths: impl Iterator<Item = (&'a str, Written)>,
    kept: &[&str],
    exact: bool,
    may_stand: &dyn Fn(&str) -> bool,
) -> Vec<Group<'a>> {
    let mut root = Node::default();
    for (path, written) in paths {
        root.add(path.trim_start_matches('/'), (path, written), DEEPEST);
    }
    for path in kept {
        root.keep(path.trim_start_matches('/'), DEEPEST);
    }
    let grouping = Grouping { exact, kept, may_stand };
    match grouping.outcome(&root, "/") {
        Outcome::Parts(groups) => groups,
        // The root never is.
        Outcome::Whole(members) => members.into_iter().map(itself).collect(),
    }
}

fn itself(path: &str) -> Group<'_> {
    Group { entry: names::entry(path), spread: Spread::Itself, members: vec![path] }
}

impl<'a> Node<'a> {
    /// `rest` is what of the path lies in this folder.
    fn add(&mut self, rest: &'a str, path: (&'a str, Written), depth: usize) {
        match rest.split_once('/').filter(|_| depth > 0) {
            Some((folder, "")) => self.folders.entry(folder).or_default().own = Some(path),
            Some((folder, rest)) => self.folders.entry(folder).or_default().add(rest, path, depth - 1),
            None => {
                self.files.insert(rest, path);
            }
        }
    }

    /// A file that is there and not written.
    fn keep(&mut self, path: &str, depth: usize) {
        self.is_kept = true;
        if let Some((folder, rest)) = path.split_once('/').filter(|_| depth > 0)
            && let Some(folder) = self.folders.get_mut(folder)
        {
            folder.keep(rest, depth - 1);
        }
    }

    /// All paths that are written in it, itself included.
    fn paths(&self, found: &mut Vec<&'a str>) {
        found.extend(self.own.iter().chain(self.files.values()).map(|(path, _)| *path));
        self.folders.values().for_each(|folder| folder.paths(found));
    }
}

struct Grouping<'a> {
    exact: bool,
    /// Files that are there and not written.
    kept: &'a [&'a str],
    may_stand: &'a dyn Fn(&str) -> bool,
}

impl Grouping<'_> {
    fn outcome<'a>(&self, node: &Node<'a>, path: &str) -> Outcome<'a> {
        let whole = || {
            let mut members = Vec::new();
            node.paths(&mut members);
            Outcome::Whole(members)
        };
        let is_shared = is_shared(path) || is_home(path);
        // A folder that was made cannot be named without what lies in it, and that is the program's as well.
        if node.own.is_some_and(|(_, own)| own.accepted || own.made && !is_shared) && (self.may_stand)(path) {
            return whole();
        }
        let outcomes: BTreeMap<&str, Outcome<'_>> = node
            .folders
            .iter()
            .map(|(name, folder)| (*name, self.outcome(folder, &format!("{path}{name}/"))))
            .collect();
        let is_made = |folder: &&Node<'_>| folder.own.is_some_and(|(_, own)| own.made);
        let whole_folders = outcomes.values().filter(|outcome| matches!(outcome, Outcome::Whole(_))).count();
        let made = node.files.values().filter(|(_, file)| file.made).count()
            + node.folders.values().filter(is_made).count();
        let written = node.files.len() + node.folders.len();
        let is_own = made >= LEAST_MADE && made * 2 > written
            || whole_folders >= LEAST_FOLDERS && whole_folders == node.folders.len();
        // What was there before it, others may have made: it would be written with the rest.
        if !self.exact && is_own && !is_shared && !node.is_kept && (self.may_stand)(path) {
            return whole();
        }
        Outcome::Parts(self.parts(node, path, outcomes))
    }

    fn parts<'a>(
        &self,
        node: &Node<'a>,
        path: &str,
        outcomes: BTreeMap<&str, Outcome<'a>>,
    ) -> Vec<Group<'a>> {
        let mut groups = Vec::new();
        let mut folders: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (name, outcome) in outcomes {
            match outcome {
                Outcome::Whole(members) => {
                    folders.insert(name, members);
                }
                Outcome::Parts(parts) => groups.extend(parts),
            }
        }
        let is_fleeting = |written: &Written| written.made && written.removed;
        let of_files: Vec<Name<'_>> = node
            .files
            .iter()
            .map(|(text, (_, written))| Name { text, is_fleeting: is_fleeting(written) })
            .collect();
        let of_folders: Vec<Name<'_>> = folders
            .keys()
            .map(|text| Name {
                text,
                is_fleeting: node
                    .folders
                    .get(*text)
                    .and_then(|folder| folder.own)
                    .is_some_and(|(_, own)| is_fleeting(&own)),
            })
            .collect();
        let prefix = names::entry(path);
        let mut taken: BTreeSet<&str> = BTreeSet::new();
        for (pattern, names) in self.patterns(&of_files) {
            let entry = format!("{prefix}{pattern}");
            let is_all = pattern.starts_with('*') && is_shared(path);
            if is_all || self.covers_kept(path, &entry, &of_files, &pattern) || !(self.may_stand)(&entry) {
                continue;
            }
            let members =
                names.iter().filter_map(|name| node.files.get(name)).map(|(path, _)| *path).collect();
            taken.extend(&names);
            groups.push(Group { entry, spread: Spread::Pattern, members });
        }
        let files = node.files.iter().filter(|(name, _)| !taken.contains(*name));
        groups.extend(files.map(|(_, (path, _))| itself(path)));
        for (pattern, names) in self.patterns(&of_folders) {
            let entry = format!("{prefix}{pattern}/");
            if !(self.may_stand)(&entry) {
                continue;
            }
            let members = names.iter().filter_map(|name| folders.remove(name)).flatten().collect();
            groups.push(Group { entry, spread: Spread::Pattern, members });
        }
        groups.extend(folders.into_iter().map(|(name, members)| Group {
            entry: format!("{prefix}{}/", crate::kernel::glob::escape(name)),
            spread: Spread::Folder,
            members,
        }));
        groups
    }

    /// Whether a pattern would have files written that are there and not written, but for those named as the others are.
    fn covers_kept(&self, path: &str, entry: &str, written: &[Name<'_>], pattern: &str) -> bool {
        let Ok(glob) = Glob::parse(entry) else { return true };
        // They are in order.
        let first = self.kept.partition_point(|kept| *kept < path);
        let inside =
            self.kept.get(first..).unwrap_or_default().iter().map_while(|kept| kept.strip_prefix(path));
        let beside = inside.filter(|name| !name.contains('/'));
        let mut matching = beside.filter(|name| glob.matches(format!("{path}{name}").as_bytes()));
        let few: Vec<&str> = matching.by_ref().take(MOST_KEPT).collect();
        matching.next().is_some()
            || few.into_iter().any(|name| {
                let all: Vec<Name<'_>> =
                    written.iter().copied().chain([Name { text: name, is_fleeting: false }]).collect();
                !names::patterns(&all).get(pattern).is_some_and(|names| names.contains(name))
            })
    }

    fn patterns<'a>(&self, names: &[Name<'a>]) -> BTreeMap<String, BTreeSet<&'a str>> {
        if self.exact { BTreeMap::new() } else { names::patterns(names) }
    }
}

/// A user's own folder, or a hidden one in it.
pub(super) fn is_home(folder: &str) -> bool {
    let inner = folder.strip_prefix("/root/").or_else(|| {
        folder.strip_prefix("/home/").and_then(|rest| rest.split_once('/')).map(|(_, inner)| inner)
    });
    inner.is_some_and(|inner| inner.is_empty() || inner.starts_with('.'))
}

/// Whether others than the program keep things in a folder, or the system does.
pub(super) fn is_shared(folder: &str) -> bool {
    const SYSTEM: [&str; 5] = ["/etc/", "/usr/", "/proc/", "/sys/", "/dev/"];
    let bare = folder.trim_end_matches('/');
    let depth = bare.matches('/').count();
    let is_of_shm = folder.starts_with("/dev/shm/") && depth > 2;
    depth < 2
        || path::is_known_folder(bare)
        || bare == "/run/secrets"
        || !is_of_shm && SYSTEM.iter().any(|system| folder.starts_with(system))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries(paths: &[(&str, &str)], exact: bool) -> Vec<String> {
        let paths = paths.iter().map(|(path, how)| {
            let written =
                Written { made: how.contains('c'), removed: how.contains('d'), accepted: how.contains('a') };
            (*path, written)
        });
        let mut found: Vec<String> =
            groups(paths, &[], exact, &|_| true).into_iter().map(|group| group.entry).collect();
        found.sort();
        found
    }

    #[test]
    fn a_folder_of_the_programs_own_is_taken_whole() {
        let data = [
            ("/var/lib/app/data/postmaster.pid", "cd"),
            ("/var/lib/app/data/base/1", "c"),
            ("/var/lib/app/data/base/2", "c"),
            ("/var/lib/app/data/log", "c"),
        ];
        assert_eq!(entries(&data, false), ["/var/lib/app/data/"]);
        assert_eq!(
            entries(&data, true),
            [
                "/var/lib/app/data/base/1",
                "/var/lib/app/data/base/2",
                "/var/lib/app/data/log",
                "/var/lib/app/data/postmaster.pid"
            ]
        );
    }

    #[test]
    fn a_folder_that_others_share_never_is() {
        for folder in ["/tmp", "/var/lib", "/var/log", "/etc/app", "/usr/share/app", "/dev/shm", "/run"] {
            let (one, other) = (format!("{folder}/first"), format!("{folder}/second"));
            assert_eq!(
                entries(&[(&one, "c"), (&other, "c")], false),
                [one.clone(), other.clone()],
                "{folder}"
            );
        }
    }

    #[test]
    fn names_that_are_made_anew_are_one_entry() {
        let files = [("/tmp/upload-aX3k9Q", "c"), ("/tmp/upload-Zt02pp", "c"), ("/tmp/pid", "")];
        assert_eq!(entries(&files, false), ["/tmp/pid", "/tmp/upload-*"]);
        let folders = [("/tmp/tmp.aX3k9Q/", "cd"), ("/tmp/tmp.aX3k9Q/out", "cd")];
        assert_eq!(entries(&folders, false), ["/tmp/tmp.*/"]);
        assert_eq!(entries(&folders, true), ["/tmp/tmp.aX3k9Q/"]);
    }

    #[test]
    fn a_folder_whose_attributes_are_set_is_not_opened() {
        assert_eq!(entries(&[("/srv/data/", "")], false), [""; 0]);
        assert_eq!(entries(&[("/srv/data/", "a")], false), ["/srv/data/"]);
        assert_eq!(entries(&[("/srv/data/", "c")], false), ["/srv/data/"]);
        assert_eq!(
            entries(&[("/srv/data/", ""), ("/srv/data/a", "c"), ("/srv/data/b", "c")], false),
            ["/srv/data/"]
        );
    }

    #[test]
    fn what_is_only_written_shows_nothing() {
        let files = [("/srv/app/a", ""), ("/srv/app/b", ""), ("/srv/app/c", "c")];
        assert_eq!(entries(&files, false), ["/srv/app/a", "/srv/app/b", "/srv/app/c"]);
    }
}
