//! What policies beside each other must not share: a profile, an object of Kubernetes, a file.
//!
//! Each policy is read once for its names before all are judged, so that ten thousand need no more memory than
//! one and each finds its twin at once.

use super::codes::{case_collision, duplicate_name, duplicate_pod};
use super::input::{self, Input};
use crate::analysis::{self, Analysis, Options};
use crate::check::ObjectName;
use crate::diag::{Finding, Place, Severity, Sources};
use crate::policy::Policy;
use crate::policy::head::{PodNames, PolicyHead};
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The folder that a policy's files go to; none where none are written.
type Folder<'a> = dyn Fn(&Input) -> Option<PathBuf> + Sync + 'a;

/// Who has a name: two are enough, so that each of them finds another.
type Owners<K> = BTreeMap<K, Vec<PathBuf>>;

/// All names.
#[derive(Default)]
pub(super) struct Names {
    profiles: Owners<String>,
    objects: Owners<ObjectName>,
    /// By the folder and the name without case: the names as they are.
    files: BTreeMap<(PathBuf, String), BTreeMap<String, PathBuf>>,
}

/// The names of one policy.
struct Own {
    profile: String,
    /// None where nothing is rendered.
    object: Option<ObjectName>,
}

impl Own {
    fn of(policy: &Policy) -> Own {
        let is_abstract = policy.r#abstract.as_ref().is_some_and(|is| is.value);
        Own { profile: policy.name.value.clone(), object: (!is_abstract).then(|| ObjectName::of(policy)) }
    }

    /// The same as cheaply as can be; none where there is no policy.
    fn read(input: &Input) -> Option<Own> {
        // What comes by a pipe can be read once.
        if input.is_stream() {
            return None;
        }
        let path = &input.path;
        let head = PolicyHead::read(&input::read(path).ok()?.text)?;
        let policy = head.name?;
        // What it extends may have a word in it.
        if !head.extends.is_empty() {
            return Some(Own::of(analysis::read(path, &input::read).policy.as_ref()?));
        }
        let PodNames { kind, namespace, name } = head.pod;
        let object =
            (!head.r#abstract).then(|| ObjectName::new(&policy, kind, namespace.as_deref(), name.as_deref()));
        Some(Own { profile: policy, object })
    }
}

impl Names {
    pub(super) fn new(inputs: &[Input], folder: &Folder<'_>) -> Names {
        let mut names = Names::default();
        if inputs.len() < 2 {
            return names;
        }
        let read: Vec<Option<Own>> = inputs.par_iter().map(Own::read).collect();
        for (input, own) in inputs.iter().zip(read).filter_map(|(input, own)| Some((input, own?))) {
            add(&mut names.profiles, own.profile.clone(), &input.path);
            let Some(object) = own.object else {
                continue;
            };
            add(&mut names.objects, object, &input.path);
            if let Some(folder) = folder(input) {
                let key = (folder, own.profile.to_ascii_lowercase());
                names.files.entry(key).or_default().entry(own.profile).or_insert_with(|| input.path.clone());
            }
        }
        names
    }

    /// Adds the gravest finding to a policy that shares a name with another one.
    pub(super) fn judge(
        &self,
        input: &Input,
        folder: &Folder<'_>,
        options: &Options,
        analysis: &mut Analysis,
    ) {
        let policy = analysis.policy().filter(|_| analysis.checked().is_some());
        let Some(Clash { other, mut finding, place }) =
            policy.and_then(|policy| self.clash(policy, &analysis.sources, input, folder))
        else {
            return;
        };
        let is_error = finding.severity == Severity::Error;
        if !is_error && options.silence.iter().any(|code| code == finding.code.name) {
            return;
        }
        if options.strict {
            finding.severity = Severity::Error;
        }
        let finding = show(finding, other, place, &mut analysis.sources);
        analysis.findings.add(finding);
    }

    fn clash(
        &self,
        policy: &Policy,
        sources: &Sources,
        input: &Input,
        folder: &Folder<'_>,
    ) -> Option<Clash<'_>> {
        let own = Own::of(policy);
        if let Some(other) = twin(&self.profiles, &own.profile, &input.path) {
            let finding = duplicate_name::found(&own.profile, policy.name.place, other);
            return Some(Clash { other, finding, place: profile_place });
        }
        let object = own.object?;
        if let Some(other) = twin(&self.objects, &object, &input.path) {
            let place = object_place(policy, sources);
            let finding = duplicate_pod::found(&object, place, inherited_name(policy, sources), other);
            return Some(Clash { other, finding, place: object_place });
        }
        let group = self.files.get(&(folder(input)?, own.profile.to_ascii_lowercase()))?;
        let (name, other) = group.iter().find(|(name, _)| **name != own.profile)?;
        let finding = case_collision::found(&own.profile, policy.name.place, name, other);
        Some(Clash { other, finding, place: profile_place })
    }
}

/// Another policy, what is wrong with this one because of it, and where policies say what they share.
struct Clash<'a> {
    other: &'a Path,
    finding: Finding,
    place: Placed,
}

/// Where a policy says what it is known by, in its own file.
type Placed = fn(&Policy, &Sources) -> Place;

fn profile_place(policy: &Policy, _: &Sources) -> Place {
    policy.name.place
}

fn object_place(policy: &Policy, sources: &Sources) -> Place {
    match policy.pod.as_ref().and_then(|pod| pod.name.as_ref()) {
        Some(name) if inherited_name(policy, sources).is_none() => name.place,
        Some(_) | None => policy.name.place,
    }
}

/// Where the object has its name from, if that is another file: all that extend it have the same.
fn inherited_name(policy: &Policy, sources: &Sources) -> Option<Place> {
    let file = |place: Place| sources.locate(place).map(|(source, _)| source.base());
    let name = policy.pod.as_ref()?.name.as_ref()?;
    (file(name.place) != file(policy.name.place)).then_some(name.place)
}

fn add<K: Ord>(owners: &mut Owners<K>, key: K, path: &Path) {
    let owners = owners.entry(key).or_default();
    if owners.len() < 2 {
        owners.push(path.to_owned());
    }
}

fn twin<'a, K: Ord>(owners: &'a Owners<K>, key: &K, own: &Path) -> Option<&'a Path> {
    owners.get(key)?.iter().map(PathBuf::as_path).find(|path| *path != own)
}

/// Shows the other policy's name beside this one's: its file becomes one more of the sources.
fn show(finding: Finding, other: &Path, place: Placed, sources: &mut Sources) -> Finding {
    let twin = analysis::read(other, &input::read);
    let place = twin.policy.as_ref().map(|policy| place(policy, &twin.sources));
    let Some((source, range)) = place.and_then(|place| twin.sources.locate(place)) else {
        return finding;
    };
    let base = sources.add(source.path.clone(), source.text.clone());
    finding.also(Place::new(base + range.start, base + range.end), "the other one")
}
