//! A bundle in the place of entries that it holds.

use super::entries::{BUNDLES, Form, NewEntry};
use super::sorted::Sorted;
use crate::baseline::Need;
use crate::baseline::bundles::{self, Bundle};
use crate::kernel::{Access, Glob, Request, Socket};
use crate::policy::{List, Policy};

/// Fewer entries are plainer as they are.
const LEAST: usize = 2;
/// Families that open nothing to the outside.
const INNER: [&str; 2] = ["netlink", "unix"];

/// The entries with each bundle that holds several of them and opens nothing else that matters, save those that were narrowed.
pub(super) fn instead(mut entries: Vec<NewEntry>, policy: &Policy, sorted: &Sorted<'_>) -> Vec<NewEntry> {
    let has = |bundle: &Bundle| {
        sorted.narrowed.contains(bundle.name) || policy.bundles.iter().any(|own| own.value == bundle.name)
    };
    for bundle in bundles::ALL.iter().filter(|bundle| !has(bundle)) {
        let is_held = |entry: &NewEntry| {
            entry.moved.is_none()
                && !entry.requests.is_empty()
                && entry.requests.iter().all(|request| holds(bundle, request))
        };
        let (held, others): (Vec<NewEntry>, Vec<NewEntry>) = entries.into_iter().partition(is_held);
        if held.len() < LEAST || !opens_only(bundle, &held) {
            entries = others.into_iter().chain(held).collect();
            continue;
        }
        let mut requests: Vec<Request> = held.iter().flat_map(|entry| &entry.requests).cloned().collect();
        requests.sort_unstable();
        requests.dedup();
        let trace =
            sorted.trace(requests.iter().filter_map(|request| sorted.wanted.get(request)).flatten().copied());
        entries = others;
        entries.push(NewEntry {
            list: List { section: None, key: BUNDLES },
            text: bundle.name.to_owned(),
            form: Form::Bundle { instead: held.len(), also: also(bundle, &held) },
            moved: None,
            requests,
            trace,
        });
    }
    entries
}

fn needs(bundle: &Bundle) -> impl Iterator<Item = &'static Need> {
    bundle.groups.iter().flat_map(|group| group.needs)
}

fn holds(bundle: &Bundle, request: &Request) -> bool {
    match request {
        Request::File(verb, path) => {
            let granted = needs(bundle).filter_map(|need| match need {
                Need::File(_, access) if is_about(need, path) => Some(*access),
                Need::File(..)
                | Need::Socket(..)
                | Need::SignalFrom(_)
                | Need::OwnSignals
                | Need::OwnPtrace => None,
            });
            granted.fold(Access::NONE, Access::with).contains(verb.needs())
        }
        Request::Network(_) => needs(bundle).any(|need| grants(need, request)),
        Request::Rename { .. }
        | Request::Link { .. }
        | Request::Capability(_)
        | Request::Operation(_)
        | Request::Process { .. } => false,
    }
}

fn is_about(need: &Need, path: &[u8]) -> bool {
    match need {
        Need::File(pattern, _) => Glob::parse(pattern).is_ok_and(|glob| glob.matches(path)),
        Need::Socket(..) | Need::SignalFrom(_) | Need::OwnSignals | Need::OwnPtrace => false,
    }
}

/// Whether one need has a part in what is asked for.
fn grants(need: &Need, request: &Request) -> bool {
    match (need, request) {
        (Need::File(_, access), Request::File(verb, path)) => {
            access.intersects(verb.needs()) && is_about(need, path)
        }
        (Need::Socket(family, kind), Request::Network(socket)) => {
            socket.family.is_some_and(|own| own.name() == *family) && socket.kind == Some(*kind)
        }
        (Need::File(..) | Need::Socket(..) | Need::SignalFrom(_) | Need::OwnSignals | Need::OwnPtrace, _) => {
            false
        }
    }
}

/// What it grants that nobody asked for.
fn also(bundle: &Bundle, held: &[NewEntry]) -> Vec<String> {
    let asked: Vec<&Request> = held.iter().flat_map(|entry| &entry.requests).collect();
    let rest = needs(bundle).filter(|need| !asked.iter().any(|request| grants(need, request)));
    let shown = rest.filter_map(|need| match need {
        Need::File(pattern, access) => Some(format!("`{pattern} {access}`")),
        Need::Socket(family, kind) => Some(format!("`{family}/{}`", kind.name())),
        Need::SignalFrom(_) | Need::OwnSignals | Need::OwnPtrace => None,
    });
    shown.collect()
}

/// Whether the sockets that it opens to the outside were asked for: by IPv6 as well where they were by IPv4.
fn opens_only(bundle: &Bundle, held: &[NewEntry]) -> bool {
    let asked = held.iter().flat_map(|entry| &entry.requests);
    let sockets: Vec<Socket> = asked.filter_map(Request::socket).collect();
    needs(bundle).all(|need| match need {
        Need::Socket(family, kind) => {
            let is_asked = |family: &str| {
                sockets.iter().any(|socket| {
                    socket.kind == Some(*kind) && socket.family.is_some_and(|own| own.name() == family)
                })
            };
            INNER.contains(family) || is_asked(family) || *family == "inet6" && is_asked("inet")
        }
        Need::File(..) | Need::SignalFrom(_) | Need::OwnSignals | Need::OwnPtrace => true,
    })
}
