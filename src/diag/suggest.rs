//! The nearest known word to one that is unknown.

/// The known word that the unknown one most likely meant.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // Comparing costs the product of the lengths; nobody misspells a word by this much.
    if word.len() > 64 {
        return None;
    }
    let simple = simplify(word);
    known
        .into_iter()
        .filter_map(|candidate| {
            let other = simplify(candidate);
            if simple == other {
                return Some((2.0, candidate));
            }
            let likeness = strsim::jaro_winkler(&simple, &other);
            let distance = strsim::damerau_levenshtein(&simple, &other);
            let near = distance <= 1.max(simple.chars().count().min(other.chars().count()) / 3);
            (near && likeness > 0.7).then_some((likeness, candidate))
        })
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, candidate)| candidate)
}

/// The known words that begin with an unknown one, where it is long enough to say something.
pub fn beginning<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let simple = simplify(word);
    if simple.len() < 3 {
        return Vec::new();
    }
    known.into_iter().filter(|candidate| simplify(candidate).starts_with(&simple)).collect()
}

fn simplify(word: &str) -> String {
    word.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::{beginning, nearest};

    #[test]
    fn finds_slips_and_spellings_but_not_strangers() {
        let known = ["net_admin", "net_raw", "chown", "sys_admin"];
        assert_eq!(nearest("NET-ADMIN", known), Some("net_admin"));
        assert_eq!(nearest("netadmin", known), Some("net_admin"));
        assert_eq!(nearest("chwon", known), Some("chown"));
        assert_eq!(nearest("everything", known), None);
        assert_eq!(beginning("NET_", known), ["net_admin", "net_raw"]);
        assert_eq!(beginning("ch", known), [""; 0]);
    }
}
