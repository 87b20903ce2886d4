//! What is other in a policy as a whole than in the profile that it was made of.

use crate::import::key::PolicyEntry;
use crate::import::original::{self, Original};
use crate::import::proof::Proven;
use crate::import::slot::{Fate, Slot};
use crate::policy::Audit;

/// What every policy has, whatever the profile's head says.
pub(super) fn changed(original: &Original, proven: &Proven) -> Vec<String> {
    let head = &original.profile.head;
    let mut changed = Vec::new();
    if original.name() != proven.draft.name {
        changed.push(format!(
            "its name is `{}`: a policy cannot be named `{}`, whose other processes, of other containers too, are no longer its own",
            proven.draft.name,
            original.name()
        ));
    }
    if let Some(attachment) = head.attachment() {
        changed.push(format!(
            "it is no longer for `{attachment}`: a container has the profile that its pod names, whatever it runs"
        ));
    }
    match &original.profile.abi {
        None => changed.push(
            "it names abi 3.0: without an abi line many kernels let sockets pass, and some signals, mounts and tracing; what no rule allows is refused now".to_owned(),
        ),
        Some(abi) if !abi.ends_with(proven.draft.abi) => {
            changed.push(format!("its abi is {} in place of `{abi}`", proven.draft.abi));
        }
        Some(_) => {}
    }
    let of_policies = ["attach_disconnected", "mediate_deleted"];
    let modes = ["enforce", "complain", "kill", "audit"];
    let lacking: Vec<&str> =
        of_policies.into_iter().filter(|flag| !head.flags.iter().any(|one| one == flag)).collect();
    if !lacking.is_empty() {
        changed.push(format!(
            "it has the {} `{}` as well, which containers need",
            if lacking.len() == 1 { "flag" } else { "flags" },
            lacking.join("` and `")
        ));
    }
    let others: Vec<&str> = head.flags.iter().map(String::as_str).collect();
    let others: Vec<&str> =
        others.into_iter().filter(|flag| !of_policies.contains(flag) && !modes.contains(flag)).collect();
    if !others.is_empty() {
        changed.push(format!("it has no flag `{}`: no key means it", others.join("` and `")));
    }
    let is_token =
        |slot: &Slot| matches!(&slot.fate, Fate::Entries(all) if all.contains(&PolicyEntry::token()));
    if proven.draft.slots.iter().any(is_token) {
        changed.push(
            "the service account's token may be read, as the profile lets it: `service-account-token = false` keeps it out of the pod".to_owned(),
        );
    }
    if proven.base_replaced {
        changed.push("`abstractions/base` became the baseline; `--exact` keeps it".to_owned());
    }
    let stays = original.profile.includes.iter().filter_map(|include| original::abstraction(&include.name));
    let stays: Vec<&str> = stays.filter(|name| !(*name == "base" && proven.draft.has_baseline)).collect();
    if !stays.is_empty() {
        changed.push(format!(
            "`{}` {} of the node's own files: what is allowed by that varies from node to node",
            stays.join("`, `"),
            if stays.len() == 1 { "stays an include" } else { "stay includes" }
        ));
    }
    let is_logged = |slot: &Slot| {
        !slot.is_logged()
            && matches!(&slot.fate, Fate::Entries(all) if all.iter().any(PolicyEntry::is_denial))
    };
    if proven.draft.audit == Audit::Denials && proven.draft.slots.iter().any(is_logged) {
        changed.push("all of its denials are logged now, as some were".to_owned());
    }
    changed
}
