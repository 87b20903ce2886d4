//! A denial that takes away what the container needs.

use crate::check::Context;
use crate::check::path_index::PathOrigin;
use crate::diag::{Code, Finding, Findings, code};
use std::collections::BTreeSet;

pub static CODE: Code = code!("cuts-baseline", Warning);

pub fn run(context: &Context<'_>, found: &mut Findings) {
    let cover = context.cover;
    for (index, atom) in cover.atoms() {
        let Some(entry) = atom.entry().filter(|e| !e.deny.is_empty()) else {
            continue;
        };
        let titles: BTreeSet<&str> = cover
            .around(index)
            .into_iter()
            .filter_map(|other| {
                let need = cover.atom(other)?;
                match need.source {
                    PathOrigin::Need(title) => {
                        let cut = need.grant.intersects(entry.deny) && cover.meets(index, other);
                        cut.then_some(title)
                    }
                    PathOrigin::Entry(_) | PathOrigin::Denial(..) => None,
                }
            })
            .collect();
        if titles.is_empty() {
            continue;
        }
        let titles: Vec<&str> = titles.into_iter().collect();
        found.add(
            Finding::new(
                &CODE,
                entry.place,
                format!("the denial of `{}` takes away what containers need: {}", entry.text, titles.join("; ")),
            )
            .label(format!("takes away {}", titles.join("; ")))
            .gathered("these denials take away what containers need")
            .help("make the denial narrower; `default = \"read\"` in `[filesystem]` lets nothing be written but what is listed"),
        );
    }
}
