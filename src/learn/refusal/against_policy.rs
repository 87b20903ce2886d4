//! What the policy's own words deny.

use crate::diag::{Code, Finding, Place, code};
use crate::kernel::Request;
use std::collections::BTreeSet;

pub(super) static CODE: Code = code!("against-policy", Error);

pub(super) fn finding(request: &Request, by: &str, places: &BTreeSet<Place>) -> Finding {
    let message = format!("`{request}` is denied by the policy, and was asked for; {by}");
    let mut places = places.iter();
    let finding = match places.next() {
        Some(place) => Finding::new(&CODE, *place, message).label("it is denied here"),
        None => Finding::without_place(&CODE, message),
    };
    let finding = places.fold(finding, |finding, place| finding.also(*place, "and here"));
    finding
        .help("take the denial out if the program may do it after all, which `--accept` does not do; otherwise find out why it was tried")
}
