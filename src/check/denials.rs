//! The baseline's denials: which a policy's postures call for, and which of these its own grants take away.

use super::path_index::{PathIndex, PathOrigin};
use super::resolved::{Entry, PathEntry, Resolved};
use crate::baseline::{Denials, FileNeed, denials};
use crate::diag::Place;
use crate::kernel::{Access, Family, Socket};
use crate::policy::{Baseline, FileDefault, Posture};

/// What one rule of the baseline denies.
#[derive(Clone, Copy, Debug)]
pub enum Denied {
    Files(FileNeed),
    Family(Family),
}

/// A denial of the baseline, and the group that has its reason.
#[derive(Clone, Copy, Debug)]
pub struct BaselineDenial {
    pub group: &'static Denials,
    pub denied: Denied,
}

/// The grant for whose sake a denial is not rendered.
#[derive(Clone, Copy, Debug)]
pub enum Lifter<'a> {
    Path(&'a PathEntry),
    Socket(&'a Entry<Socket>),
}

impl Lifter<'_> {
    pub fn place(&self) -> Place {
        match self {
            Lifter::Path(entry) => entry.place,
            Lifter::Socket(entry) => entry.place,
        }
    }
}

/// A denial that a grant takes away.
#[derive(Clone, Copy, Debug)]
pub struct Lifted<'a> {
    pub denial: BaselineDenial,
    pub by: Lifter<'a>,
}

/// The groups that a policy's baseline brings.
fn groups(resolved: &Resolved) -> impl Iterator<Item = &'static Denials> {
    let baseline = match resolved.baseline.value {
        Baseline::Container => denials::GROUPS,
        Baseline::None => &[],
    };
    let token = resolved.baseline.value == Baseline::Container && !resolved.pod.token;
    baseline.iter().chain(token.then_some(&denials::TOKEN))
}

/// The files that are denied because `[filesystem] default` would allow them.
pub(super) fn files(resolved: &Resolved) -> impl Iterator<Item = (&'static Denials, FileNeed)> {
    let posture = match resolved.files.value {
        FileDefault::Deny => Access::NONE,
        FileDefault::Read => Access::READ,
        FileDefault::Allow => Access::READ | Access::WRITE,
    };
    let all = groups(resolved).flat_map(|group| group.files().map(move |file| (group, file)));
    all.filter(move |(_, file)| file.access.intersects(posture))
}

fn families(resolved: &Resolved) -> impl Iterator<Item = (&'static Denials, Family)> {
    let is_open = resolved.network.default.value == Posture::Allow;
    let all = groups(resolved).flat_map(|group| group.families().map(move |family| (group, family)));
    all.filter(move |_| is_open)
}

/// The denials to render, and those that grants take away, which then deny nothing in the cover either.
pub(super) fn settle<'a>(
    resolved: &'a Resolved,
    cover: &mut PathIndex<'a>,
) -> (Vec<BaselineDenial>, Vec<Lifted<'a>>) {
    let mut kept = Vec::new();
    let mut lifted = Vec::new();
    let mut gone = Vec::new();
    for (index, atom) in cover.atoms() {
        let PathOrigin::Denial(group, file) = atom.source else {
            continue;
        };
        let denial = BaselineDenial { group, denied: Denied::Files(file) };
        let asks = |other: &usize| {
            let asking = cover.atom(*other)?;
            let entry = asking.entry().filter(|entry| entry.grant.intersects(file.access))?;
            let within = |prefix: &Vec<u8>| group.within.iter().any(|w| prefix.starts_with(w.as_bytes()));
            let is_within = asking.pattern.prefixes().iter().any(within);
            (is_within && cover.meets(index, *other)).then_some(entry)
        };
        match cover.around(index).iter().find_map(asks) {
            Some(entry) => {
                gone.push(index);
                lifted.push(Lifted { denial, by: Lifter::Path(entry) });
            }
            None => kept.push(denial),
        }
    }
    cover.deny_nothing(&gone);
    for (group, family) in families(resolved) {
        let denial = BaselineDenial { group, denied: Denied::Family(family) };
        let asks = |entry: &&Entry<Socket>| entry.value.family == Some(family);
        match resolved.network.allow.iter().find(asks) {
            Some(entry) => lifted.push(Lifted { denial, by: Lifter::Socket(entry) }),
            None => kept.push(denial),
        }
    }
    (kept, lifted)
}
