//! What the baseline grants and denies, to be asked whether it holds a rule.

use super::opened::is_wide;
use crate::ask::Ruleset;
use crate::import::slot::SlotMatter;
use crate::kernel::glob::{self, Automaton, Budget};
use crate::kernel::request::Contact;
use crate::kernel::{Access, Glob, Socket};
use crate::rules::{FileRule, Kind, NetworkRule, ProcessRule, Qualifiers, Rule};
use std::collections::{BTreeMap, BTreeSet};

/// Its rules, gathered by what is asked.
pub(super) struct Held {
    files: BTreeMap<(bool, u8), Automaton>,
    /// The labels of processes, by the way of meeting them.
    peers: Vec<(Contact, Automaton)>,
    /// Rules about sockets, and whether they allow.
    sockets: BTreeSet<(bool, NetworkRule)>,
}

impl Held {
    pub(super) fn new<'a>(baselines: impl Iterator<Item = &'a Ruleset>) -> Held {
        let mut files: BTreeMap<(bool, u8), Vec<&Glob>> = BTreeMap::new();
        let mut peers: Vec<(Contact, Vec<&Glob>)> = Vec::new();
        let mut sockets = BTreeSet::new();
        for held in baselines.flat_map(Ruleset::held) {
            let allows = held.rule.allows();
            match &held.rule.kind {
                Kind::File(FileRule::Paths { paths, access, .. }) if *paths != *glob::EVERY_PATH => {
                    for bit in bits(*access) {
                        files.entry((allows, bit)).or_default().push(paths);
                    }
                }
                Kind::Process(ProcessRule { contacts, signals: None, peer: Some(peer) }) => {
                    for contact in contacts.all() {
                        match peers.iter_mut().find(|(one, _)| *one == contact) {
                            Some((_, all)) => all.push(peer),
                            None => peers.push((contact, vec![peer])),
                        }
                    }
                }
                Kind::Network(rule) => {
                    sockets.insert((allows, rule.clone()));
                }
                Kind::File(_)
                | Kind::Process(_)
                | Kind::Limit(_)
                | Kind::Capability(_)
                | Kind::Unix(_)
                | Kind::Operation(_)
                | Kind::ChangeProfile(_)
                | Kind::Link(_)
                | Kind::Everything
                | Kind::Child(_)
                | Kind::Raw(_) => {}
            }
        }
        Held {
            files: files.into_iter().map(|(key, globs)| (key, Automaton::of(globs))).collect(),
            peers: peers.into_iter().map(|(contact, globs)| (contact, Automaton::of(globs))).collect(),
            sockets,
        }
    }

    /// Whether it denies something that a pattern names, which is not about every file.
    pub(super) fn denies(&self, glob: &Glob, access: Access, budget: &Budget) -> bool {
        let own = Automaton::new(glob);
        let meets =
            |bit| self.files.get(&(false, bit)).is_some_and(|held| held.meets(&own, budget) != Some(false));
        !is_wide(glob) && bits(access).any(meets)
    }

    pub(super) fn holds(&self, matter: &SlotMatter, budget: &Budget) -> bool {
        match matter {
            SlotMatter::Files { glob, access, qualifiers } => {
                let own = Automaton::new(glob);
                let is_held = |bit| {
                    let held = self.files.get(&(qualifiers.allows(), bit));
                    held.is_some_and(|held| held.covers_paths(&own, budget) == Some(true))
                };
                // Who may not write may not append.
                let asked = access.without(Access::APPEND);
                !access.is_empty() && asked != Access::NONE && bits(asked).all(is_held)
            }
            SlotMatter::Rule(Rule { kind: Kind::Network(rule), qualifiers, .. }) => {
                let is_default = *rule == NetworkRule::whole(Socket { family: None, kind: None });
                !is_default && self.sockets.contains(&(qualifiers.allows(), rule.clone()))
            }
            SlotMatter::Rule(Rule { kind: Kind::Process(process), qualifiers, .. }) => {
                let Some(peer) = process.peer.as_ref().filter(|_| *qualifiers == Qualifiers::ALLOW) else {
                    return false;
                };
                let own = Automaton::new(peer);
                process.contacts.all().all(|contact| {
                    let mut held = self.peers.iter().filter(|(one, _)| *one == contact);
                    held.any(|(_, labels)| labels.covers(&own, budget) == Some(true))
                })
            }
            SlotMatter::Rule(_)
            | SlotMatter::Varies
            | SlotMatter::Unread(_)
            | SlotMatter::Include(_)
            | SlotMatter::Beside => false,
        }
    }
}

fn bits(access: Access) -> impl Iterator<Item = u8> {
    (0..8).map(|bit| 1 << bit).filter(move |bit| access.bits() & bit != 0)
}
