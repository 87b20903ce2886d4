//! The nearest known word to one that is unknown.

/// The known word that the unknown one most likely meant.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // Comparing costs the product of the lengths; nobody misspells a word by this much.
    if word.len() > 64 {
        return None;
    }
    let simple = simplify(word);
    let (length, letters) = letters(word);
    known
        .into_iter()
        .filter_map(|candidate| {
            let (other_length, other_letters) = self::letters(candidate);
            let most = 1.max(length.min(other_length) / 3);
            // A file may hold tens of thousands of strange words, and few are as near as their letters.
            if least(&letters, &other_letters) > most {
                return None;
            }
            let other = simplify(candidate);
            if simple == other {
                return Some((2.0, candidate));
            }
            let likeness = strsim::jaro_winkler(&simple, &other);
            let near = strsim::damerau_levenshtein(&simple, &other) <= most;
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

/// How often a word has each letter, by what it leaves when it is divided.
type Letters = [u8; 32];

/// How many characters a word has, of those that count, and which.
fn letters(word: &str) -> (usize, Letters) {
    let mut letters = [0u8; 32];
    let mut length = 0;
    for c in plain(word) {
        length += 1;
        if let Some(count) = letters.get_mut(u32::from(c) as usize % 32) {
            *count = count.saturating_add(1);
        }
    }
    (length, letters)
}

/// A change, a letter more or one less leaves all others: so many of these it takes at least.
fn least(one: &Letters, other: &Letters) -> usize {
    let missing = |one: &Letters, other: &Letters| -> usize {
        one.iter().zip(other).map(|(a, b)| usize::from(a.saturating_sub(*b))).sum()
    };
    missing(one, other).max(missing(other, one))
}

fn simplify(word: &str) -> String {
    plain(word).collect()
}

fn plain(word: &str) -> impl Iterator<Item = char> + '_ {
    word.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase)
}

#[cfg(test)]
mod tests {
    use super::{beginning, nearest};

    /// Passing over words by their letters alone changes no answer.
    #[test]
    fn what_is_passed_over_is_not_near() {
        let known =
            ["net_admin", "net_raw", "chown", "setuid", "setgid", "a", "read-only", "read-write", "äöü"];
        let mut state: u32 = 1;
        let mut random = |below: u32| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 16) % below
        };
        let mut near = 0;
        for _ in 0..20_000 {
            let word: Vec<char> = known.get(random(9) as usize).copied().unwrap_or("").chars().collect();
            let mut word = word;
            for _ in 0..random(5) {
                let at = random(1 + u32::try_from(word.len()).unwrap_or(0)) as usize;
                let c = char::from_u32(u32::from('a') + random(26)).unwrap_or('ä');
                match random(3) {
                    0 => word.insert(at, c),
                    1 if at < word.len() => drop(word.remove(at)),
                    _ if at + 1 < word.len() => word.swap(at, at + 1),
                    _ => {}
                }
            }
            let word: String = word.into_iter().collect();
            for other in known {
                let (one, two) = (super::simplify(&word), super::simplify(other));
                let distance = strsim::damerau_levenshtein(&one, &two);
                assert!(
                    super::least(&super::letters(&one).1, &super::letters(&two).1) <= distance,
                    "{word} {other}"
                );
                near += usize::from(distance <= 1);
            }
        }
        assert!(near > 1000, "{near}");
    }

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
