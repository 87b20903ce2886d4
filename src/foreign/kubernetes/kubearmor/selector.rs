//! Which containers a policy is for, in one sentence.

use crate::foreign::kubernetes::fields::Fields;
use crate::foreign::kubernetes::ticked;
use crate::foreign::yaml::Node;
use crate::foreign::{Remark, Weight};

/// More than these are not named.
const MOST: usize = 8;

/// The label that stands for names of containers.
const CONTAINERS: &str = "kubearmor.io/container.name";

pub(super) fn note(document: &Node, spec: &Fields<'_>) -> Option<Remark> {
    let namespace = document.text_at(&["metadata", "namespace"]);
    let namespace = namespace.map_or(String::new(), |name| format!(" of namespace {}", ticked(name)));
    let Some(selector) = spec.at("selector") else {
        let line = Some(spec.line);
        let text = format!("without `selector` it is for all pods{namespace}");
        return Some(Remark { weight: Weight::Note, line, text });
    };
    let mut parts = Vec::new();
    let mut containers = String::new();
    let labels = selector.value.get("matchLabels").and_then(|labels| labels.value.map());
    for label in labels.unwrap_or_default() {
        let value = label.value.scalar().map_or("", |scalar| scalar.text.as_str());
        if label.key == CONTAINERS {
            containers = format!("the containers {} of ", ticked(value));
        } else {
            parts.push(ticked(&format!("{}={value}", label.key)));
        }
    }
    let terms = selector.value.get("matchExpressions").and_then(|terms| terms.value.list());
    for term in terms.unwrap_or_default() {
        let text = |key: &str| term.text_at(&[key]).unwrap_or_default();
        let values = term.get("values").and_then(|values| values.value.list()).unwrap_or_default();
        let values: Vec<&str> =
            values.iter().filter_map(|value| Some(value.scalar()?.text.as_str())).take(MOST).collect();
        parts.push(ticked(&format!("{} {} ({})", text("key"), text("operator"), values.join(", "))));
    }
    let more = parts.len().saturating_sub(MOST);
    parts.truncate(MOST);
    let with = if parts.is_empty() { String::new() } else { format!(" with {}", parts.join(" and ")) };
    let more = if more == 0 { String::new() } else { format!(" and {more} more") };
    let text = format!("it is for {containers}the pods{with}{more}{namespace}");
    Some(Remark { weight: Weight::Note, line: Some(selector.line), text })
}
