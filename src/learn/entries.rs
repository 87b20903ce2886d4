//! From accesses to the smallest set of entries that lets them through: one path, one list.

use super::asked::Trace;
use super::decider::Decider;
use super::folders::{self, Group, Spread, Written};
use super::sorted::Sorted;
use super::wish::operation;
use super::within::Within;
use super::{bundles, names};
use crate::analysis::Analysis;
use crate::ask::Ruleset;
use crate::check::resolved::PathKey;
use crate::diag::Place;
use crate::kernel::request::FileVerb;
use crate::kernel::{Access, Glob, Operation, Request, path};
use crate::policy::{List, Policy, Text};
use std::collections::{BTreeMap, BTreeSet};

/// What makes an entry more than the paths that were seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Form {
    /// It means what was seen.
    Itself,
    /// Names that are made anew, as many as were seen.
    Pattern(usize),
    /// A folder and all that lies in it; so many paths were seen.
    Folder(usize),
    /// A bundle, how many entries it stands for, and what else it grants.
    Bundle { instead: usize, also: Vec<String> },
    /// A key that is set.
    Key,
}

/// An entry that the policy is to have.
#[derive(Clone, Debug)]
pub struct NewEntry {
    pub list: List,
    /// As the policy has it.
    pub text: String,
    pub form: Form,
    /// The key under which it stands in the policy's own file, from which it moves, and where.
    pub moved: Option<(List, Place)>,
    /// What it lets through, in order.
    pub requests: Vec<Request>,
    pub trace: Trace,
}

pub(super) const TOKEN: List = List::of("pod", "service-account-token");
pub(super) const BUNDLES: &str = "bundles";

/// More read files than this in one folder are the folder's.
const MOST_READ: usize = 20;

/// What is asked of one path.
#[derive(Clone, Debug, Default)]
struct PathAsked {
    access: Access,
    made: bool,
    removed: bool,
    /// What asks for it, by the numbers of what is wanted.
    requests: Vec<usize>,
}

impl PathAsked {
    fn join(&mut self, other: PathAsked) {
        self.access = self.access | other.access;
        self.requests.extend(other.requests);
    }
}

/// The entries that let through what is wanted.
pub(super) fn of(analysis: &Analysis, ruleset: &Ruleset, sorted: &Sorted<'_>, exact: bool) -> Vec<NewEntry> {
    let Some(policy) = analysis.policy() else { return Vec::new() };
    let own = Own::new(analysis, policy, ruleset, sorted);
    let mut paths: BTreeMap<&str, PathAsked> = BTreeMap::new();
    let mut words: BTreeMap<(List, String), Vec<usize>> = BTreeMap::new();
    for (number, (request, _)) in own.wanted.iter().enumerate() {
        match word(request) {
            Some(word) => words.entry(word).or_default().push(number),
            None => take_apart(request, number, &mut paths),
        }
    }
    share_links(&own.wanted, &mut paths);
    let mut entries = own.files(paths, exact);
    entries.extend(words.into_iter().map(|((list, text), requests)| {
        let form = if list == TOKEN { Form::Key } else { Form::Itself };
        own.asked(list, text, form, None, requests)
    }));
    if !exact {
        entries = bundles::instead(entries, policy, sorted);
    }
    entries.sort_by(|one, other| (one.list, &one.text).cmp(&(other.list, &other.text)));
    entries
}

/// The entry for what a word of the policy grants.
fn word(request: &Request) -> Option<(List, String)> {
    let allow = |section, text: &str| Some((List::of(section, "allow"), text.to_owned()));
    match request {
        Request::Network(socket) => allow("network", &socket.to_string()),
        Request::Capability(capability) => allow("capabilities", capability.name()),
        Request::Operation(operation) => allow("operations", operation.name()),
        Request::Process { .. } => match operation(request) {
            Some(Request::Operation(operation)) => allow("operations", operation.name()),
            _ => None,
        },
        Request::File(FileVerb::Write, path) if path == b"/" => {
            allow("operations", Operation::HugePages.name())
        }
        Request::File(FileVerb::Read, path) if names::is_own_token(path) => Some((TOKEN, "true".to_owned())),
        Request::File(..) | Request::Rename { .. } | Request::Link { .. } => None,
    }
}

/// What an access asks of each path that it names.
fn take_apart<'a>(request: &'a Request, number: usize, paths: &mut BTreeMap<&'a str, PathAsked>) {
    const LINKED: Access = Access::WRITE.with(Access::LINK);
    let mut ask = |path: &'a [u8], access: Access, made: bool, removed: bool| {
        let Ok(path) = names::writable(path) else { return };
        let asked = paths.entry(path).or_default();
        asked.access = asked.access | access;
        asked.made |= made;
        asked.removed |= removed;
        asked.requests.push(number);
    };
    match request {
        Request::File(verb, path) => {
            ask(path, verb.needs(), *verb == FileVerb::Create, *verb == FileVerb::Delete);
        }
        Request::Rename { old, new } => {
            ask(old, Access::READ | Access::WRITE, false, true);
            ask(new, Access::WRITE, true, false);
        }
        // The target must permit as much as the new name does: one list holds both.
        Request::Link { new, target } => {
            ask(new, LINKED, true, false);
            ask(target, LINKED, false, false);
        }
        Request::Network(_) | Request::Capability(_) | Request::Operation(_) | Request::Process { .. } => {}
    }
}

/// What may be done by the new name of a file has to be permitted by the old one.
fn share_links(requests: &[(&Request, &[usize])], paths: &mut BTreeMap<&str, PathAsked>) {
    for (request, _) in requests {
        let Request::Link { new, target } = request else { continue };
        let (Ok(new), Ok(target)) = (names::writable(new), names::writable(target)) else { continue };
        let access = paths.get(new).map_or(Access::NONE, |asked| asked.access);
        if let Some(asked) = paths.get_mut(target) {
            asked.access = asked.access | access.without(Access::EXEC | Access::MAP);
        }
    }
}

/// The policy's own entries, which may have to grow.
struct Own<'a> {
    rules: Decider<'a>,
    /// By how they are written: the key, and the place where it is one of the policy's own file.
    entries: BTreeMap<String, Vec<(List, Option<Place>)>>,
    /// Files that are to stay closed, or at least unwritten.
    denied: BTreeSet<&'a [u8]>,
    sorted: &'a Sorted<'a>,
    /// What is wanted, by number, and the numbers of the records that ask for it.
    wanted: Vec<(&'a Request, &'a [usize])>,
}

impl<'a> Own<'a> {
    fn new(analysis: &'a Analysis, policy: &Policy, ruleset: &'a Ruleset, sorted: &'a Sorted<'_>) -> Own<'a> {
        let is_own =
            |place: Place| analysis.sources.locate(place).is_some_and(|(source, _)| source.base() == 0);
        let mut entries: BTreeMap<String, Vec<(List, Option<Place>)>> = BTreeMap::new();
        let mut policy = policy.clone();
        for (list, texts) in policy.lists() {
            if !matches!(list.section, Some("filesystem" | "exec")) {
                continue;
            }
            for Text { value, place } in texts.iter() {
                let place = Some(*place).filter(|place| is_own(*place));
                entries.entry(value.clone()).or_default().push((list, place));
            }
        }
        // What is only not started may be read and written with what lies beside it.
        let is_start =
            |request: &&Request| matches!(request, Request::File(FileVerb::Exec | FileVerb::Map, _));
        let denied = sorted.denied.iter().filter(|request| !is_start(request)).flat_map(Request::paths);
        Own {
            rules: Decider::new(ruleset),
            entries,
            denied: denied.collect(),
            sorted,
            wanted: sorted.wanted.iter().map(|(request, records)| (request, records.as_slice())).collect(),
        }
    }

    fn files(&self, paths: BTreeMap<&str, PathAsked>, exact: bool) -> Vec<NewEntry> {
        let (mut code, mut written, mut read) = (Vec::new(), BTreeMap::new(), BTreeMap::new());
        for (path, asked) in paths {
            let writes = Access::WRITE | Access::LINK;
            if asked.access.intersects(Access::EXEC | Access::MAP) {
                code.push((path, asked.clone()));
            }
            if asked.access.intersects(writes) {
                // What is started or mapped can be read.
                let is_code = asked.access.intersects(Access::EXEC | Access::MAP);
                let read = if is_code { Access::READ } else { Access::NONE };
                written.insert(path, PathAsked { access: asked.access | read, ..asked });
            } else if asked.access.intersects(Access::LOCK)
                || !asked.access.intersects(Access::EXEC | Access::MAP)
            {
                read.insert(path, asked);
            }
        }
        let mut found: BTreeMap<String, (Group<'_>, PathAsked)> = BTreeMap::new();
        let kept = read.keys().chain(code.iter().map(|(path, _)| path)).copied();
        let mut kept: Vec<&str> = kept.filter(|path| !written.contains_key(*path)).collect();
        kept.sort_unstable();
        let groups = self.written(&written, &kept, exact);
        for group in groups {
            let mut asked = PathAsked::default();
            for member in &group.members {
                asked.join(written.remove(member).unwrap_or_default());
            }
            asked.access = asked.access.without(Access::EXEC | Access::MAP);
            match found.get_mut(&group.entry) {
                Some((known, all)) => {
                    known.members.extend(group.members);
                    all.join(asked);
                }
                None => {
                    found.insert(group.entry.clone(), (group, asked));
                }
            }
        }
        // What is read of such files belongs to the same entry.
        let within = Within::new(found.keys());
        let mut literal: BTreeMap<&str, PathAsked> = BTreeMap::new();
        for (path, asked) in read {
            match within.first(path).and_then(|entry| found.get_mut(entry)) {
                Some((group, all)) => {
                    group.members.push(path);
                    all.join(asked);
                }
                None => {
                    literal.insert(path, asked);
                }
            }
        }
        for (group, asked) in self.read(literal, exact) {
            found.insert(group.entry.clone(), (group, asked));
        }
        let files = found.into_values().map(|(group, asked)| self.entry(group, asked));
        files
            .chain(
                programs(code)
                    .into_iter()
                    .map(|(list, text, asked)| self.placed(list, text, Form::Itself, asked)),
            )
            .collect()
    }

    fn written<'p>(
        &self,
        written: &BTreeMap<&'p str, PathAsked>,
        kept: &[&str],
        exact: bool,
    ) -> Vec<Group<'p>> {
        let paths = written.iter().map(|(path, asked)| {
            let PathAsked { made, removed, .. } = *asked;
            let mut requests = asked.requests.iter().filter_map(|number| self.wanted.get(*number));
            let accepted = requests.any(|(request, _)| self.sorted.accepted.contains(*request));
            (*path, Written { made, removed, accepted })
        });
        folders::groups(paths, kept, exact, &|entry| self.may_stand(entry))
    }

    /// Whether a wider entry lets nothing through that is to be denied, and leaves the policy's own entries their
    /// meaning: those under other keys that it would cover are the human's word.
    fn may_stand(&self, entry: &str) -> bool {
        if self.sorted.narrowed.contains(entry) {
            return false;
        }
        let Ok(glob) =
            Glob::parse(&entry.strip_suffix('/').map_or(entry.to_owned(), |body| format!("{body}/{{,**}}")))
        else {
            return false;
        };
        self.entries.keys().all(|own| own == entry || !glob.matches(own.as_bytes()))
            && !self.denied.iter().any(|path| glob.matches(path))
    }

    /// Files that are only read: as they are, unless there are very many in one folder.
    fn read<'p>(&self, read: BTreeMap<&'p str, PathAsked>, exact: bool) -> Vec<(Group<'p>, PathAsked)> {
        let mut by_folder: BTreeMap<String, Vec<(&str, PathAsked)>> = BTreeMap::new();
        for (path, asked) in read {
            let folder = match path.ends_with('/') {
                true => String::new(),
                false => path.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/")),
            };
            by_folder.entry(folder).or_default().push((path, asked));
        }
        let mut found: BTreeMap<String, (Group<'_>, PathAsked)> = BTreeMap::new();
        for (folder, files) in by_folder {
            let all = format!("{}*", names::entry(&folder));
            let is_many = !exact && files.len() > MOST_READ && !folder.is_empty();
            let is_folder = is_many && !is_kept(&folder) && self.may_stand(&all);
            for (path, asked) in files {
                let (entry, spread) = match is_folder {
                    true => (all.clone(), Spread::Pattern),
                    false => (names::entry(path), Spread::Itself),
                };
                let (group, joined) = found
                    .entry(entry.clone())
                    .or_insert_with(|| (Group { entry, spread, members: Vec::new() }, PathAsked::default()));
                group.members.push(path);
                joined.join(asked);
            }
        }
        found.into_values().collect()
    }

    /// The entry of a group, under the key that grants what is asked, and no more than it must.
    fn entry(&self, group: Group<'_>, asked: PathAsked) -> NewEntry {
        let count = group.members.len();
        let mut access = asked.access;
        // What may be read anyway is not written blindly, and what may be written is not moved to where it is only read.
        for (verb, bit) in [(FileVerb::Read, Access::READ), (FileVerb::Write, Access::WRITE)] {
            let is_granted = |path: &&str| self.rules.allows_file(verb, path.as_bytes());
            let is_file = !group.entry.ends_with('/') || access.intersects(Access::WRITE);
            if is_file && group.members.iter().take(MOST_READ).any(is_granted) {
                access = access | bit;
            }
        }
        let writes = access.intersects(Access::WRITE | Access::LINK);
        let key = match (writes, access.intersects(Access::READ)) {
            (true, true) => PathKey::ReadWrite,
            (true, false) => PathKey::WriteOnly,
            (false, _) if group.entry.ends_with('/') => PathKey::List,
            (false, _) => PathKey::ReadOnly,
        };
        let form = match group.spread {
            Spread::Itself if group.entry.ends_with('/') && writes => Form::Folder(count),
            Spread::Itself => Form::Itself,
            Spread::Pattern => Form::Pattern(count),
            Spread::Folder => Form::Folder(count),
        };
        self.placed(List::of(key.section(), key.name()), group.entry, form, asked)
    }

    /// An entry of these letters that stands under another key moves.
    fn placed(&self, list: List, text: String, form: Form, asked: PathAsked) -> NewEntry {
        let granting = ["read-only", "write-only", "read-write", "list", "libraries"];
        let known = self.entries.get(&text).into_iter().flatten();
        let moved = known
            .filter(|(other, _)| granting.contains(&other.key) && *other != list)
            .find_map(|(list, place)| place.map(|place| (*list, place)));
        self.asked(list, text, form, moved, asked.requests)
    }

    fn asked(
        &self,
        list: List,
        text: String,
        form: Form,
        moved: Option<(List, Place)>,
        mut numbers: Vec<usize>,
    ) -> NewEntry {
        numbers.sort_unstable();
        numbers.dedup();
        let wanted = || numbers.iter().filter_map(|number| self.wanted.get(*number));
        let trace = self.sorted.trace(wanted().flat_map(|(_, records)| *records).copied());
        let requests = wanted().map(|(request, _)| (*request).clone()).collect();
        NewEntry { list, text, form, moved, requests, trace }
    }
}

/// Programs that are started, and files that are mapped as code: by their names.
fn programs(code: Vec<(&str, PathAsked)>) -> Vec<(List, String, PathAsked)> {
    let key = |asked: &PathAsked| match asked.access.intersects(Access::EXEC) {
        true => PathKey::ExecAllow,
        false => PathKey::Library,
    };
    let entry = |(path, asked): (&str, PathAsked)| {
        let key = key(&asked);
        (List::of(key.section(), key.name()), names::entry(path), asked)
    };
    code.into_iter().map(entry).collect()
}

/// Folders of which nothing but single files is read.
fn is_kept(folder: &str) -> bool {
    const KEPT: [&str; 5] = ["/etc/", "/proc/", "/sys/", "/dev/", "/run/secrets/"];
    let is_first = folder.matches('/').count() <= 2;
    let is_of_others = path::is_known_folder(folder.trim_end_matches('/')) || folders::is_home(folder);
    is_first || is_of_others || KEPT.iter().any(|kept| folder.starts_with(kept))
}
