//! Capabilities, sockets, operations and bundles by name.

use crate::baseline::bundles::Bundle;
use crate::check::lints::{
    control_character, impossible_socket, unknown_bundle, unknown_capability, unknown_family,
    unknown_operation,
};
use crate::diag::Findings;
use crate::kernel::{Capability, Family, Operation, Socket, SocketType};
use crate::policy::Text;

pub(super) fn capability(text: &Text, found: &mut Findings) -> Option<Capability> {
    let known = Capability::from_name(text);
    if known.is_none() {
        found.add(unknown_capability::found(text));
    }
    known
}

pub(super) fn operation(text: &Text, found: &mut Findings) -> Option<Operation> {
    let known = Operation::from_name(text);
    if known.is_none() {
        found.add(unknown_operation::found(text));
    }
    known
}

pub(super) fn bundle(text: &Text, found: &mut Findings) -> Option<&'static Bundle> {
    let known = Bundle::from_name(text);
    if known.is_none() {
        found.add(unknown_bundle::found(text));
    }
    known
}

/// `FAMILY`, `FAMILY/TYPE` or `*/TYPE`.
pub(super) fn socket(text: &Text, found: &mut Findings) -> Option<Socket> {
    let (family_word, kind_word) = match text.split_once('/') {
        Some((family, kind)) => (family, Some(kind)),
        None => (text.as_str(), None),
    };
    let family = Family::from_name(family_word);
    let kind = kind_word.and_then(SocketType::from_name);
    let any_family = family_word == "*" && kind_word.is_some();
    if (family.is_none() && !any_family) || (kind.is_none() && kind_word.is_some()) {
        found.add(unknown_family::found(text, family_word, kind_word));
        return None;
    }
    let socket = Socket { family, kind };
    if !socket.is_possible() {
        found.add(impossible_socket::found(text, socket));
        return None;
    }
    Some(socket)
}

/// Whether a text holds no control characters but the ones named.
pub(super) fn is_plain(text: &Text, but: &str, found: &mut Findings) -> bool {
    let guilty = control_character::first(text, but);
    if let Some(character) = guilty {
        found.add(control_character::found(text, character));
    }
    guilty.is_none()
}
