//! What became of an original, for people.

use super::inputs::Found;
use crate::cli::console::Console;
use crate::diag::shown::one_line;
use crate::import::{Imported, Standing};

/// More lines than this under one heading tell nothing new.
const MOST: usize = 30;

pub(super) fn tell(found: &Found, imported: &Imported, console: &mut Console) {
    let report = &imported.report;
    console.say_line(one_line(format!(
        "`{}` from {}: {}",
        imported.name,
        found.described(),
        report.verdict()
    )));
    for (title, lines) in report.sections() {
        console.say_line(format!("  {title}:"));
        let more = lines.len().saturating_sub(MOST);
        for line in lines.into_iter().take(MOST) {
            console.say_line(one_line(format!("    {line}")));
        }
        if more > 0 {
            console.say_line(format!(
                "    and {more} more; `aapol diff` of the original and the policy shows what differs"
            ));
        }
    }
}

/// How many came to what, where there are several.
pub(super) fn sum(policies: &[Imported], failures: usize, console: &mut Console) {
    if policies.len() + failures < 2 {
        return;
    }
    let counted = |is: &dyn Fn(&Imported) -> bool| policies.iter().filter(|one| is(one)).count();
    let standing = |wanted: Standing| counted(&|one| one.report.standing == wanted);
    let by_baseline = counted(&|one| one.report.is_wider_by_baseline());
    let all = [
        ("the same", standing(Standing::Same)),
        ("the same or less", standing(Standing::Narrower)),
        ("more by the baseline alone", by_baseline),
        ("more", standing(Standing::Wider) - by_baseline),
        ("not proved", standing(Standing::NotProved)),
        ("refused", failures),
    ];
    let told: Vec<String> = all
        .into_iter()
        .filter(|(_, number)| *number > 0)
        .map(|(word, number)| format!("{number} {word}"))
        .collect();
    console.say_line(format!("of {}: {}", policies.len() + failures, told.join(", ")));
}
