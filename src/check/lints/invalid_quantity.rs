//! A size that Kubernetes refuses.

use crate::diag::{Code, Finding, Findings, code};
use crate::policy::Text;

pub static CODE: Code = code!("invalid-quantity", Error);

/// What may stand behind the number.
pub const UNITS: [&str; 12] = ["Ki", "Mi", "Gi", "Ti", "Pi", "Ei", "k", "M", "G", "T", "P", "E"];

pub fn check(text: &Text, found: &mut Findings) {
    if is_quantity(text) {
        return;
    }
    let shown: String = text.chars().take(60).collect();
    let finding = Finding::new(&CODE, text.place, format!("`{shown}` is no size that Kubernetes takes"));
    found.add(match meant(text).filter(|meant| is_quantity(meant)) {
        Some(meant) => finding.help(format!("write `{meant}`")).fix(text.place, meant),
        None => finding.help("write a number above 0 and a unit, such as `10Gi`"),
    });
}

/// A number above 0, with a fraction perhaps, and a unit perhaps. Kubernetes has more ways to write one.
fn is_quantity(text: &str) -> bool {
    let (number, unit) = parts(text);
    let (whole, fraction) =
        number.split_once('.').map_or((number, None), |(whole, part)| (whole, Some(part)));
    let is_digits = |digits: &str| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    is_digits(whole)
        && fraction.is_none_or(is_digits)
        && number.contains(|c: char| matches!(c, '1'..='9'))
        && (unit.is_empty() || UNITS.contains(&unit))
}

fn parts(text: &str) -> (&str, &str) {
    text.split_at(text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len()))
}

/// The same in Kubernetes' spelling: `10 GB` and `10gib`. Whether `m` is a million or a thousandth nobody knows.
fn meant(text: &str) -> Option<String> {
    let (number, unit) = parts(text.trim());
    let unit = unit.trim();
    let short = unit.strip_suffix(['b', 'B']).unwrap_or(unit);
    let unit = UNITS.iter().find(|known| known.eq_ignore_ascii_case(short))?;
    (short != "m").then(|| format!("{number}{unit}"))
}
