//! Resource limits: their names, units and greatest values.

/// A limit that the kernel sets when a profile is entered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Limit {
    As,
    Core,
    Cpu,
    Data,
    Fsize,
    Locks,
    Memlock,
    Msgqueue,
    Nice,
    Nofile,
    Nproc,
    Rss,
    Rtprio,
    Rttime,
    Sigpending,
    Stack,
}

/// What a limit counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    Count,
    Bytes,
    Seconds,
    Microseconds,
    Niceness,
    Priority,
}

/// Why a value was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    pub wrong: String,
    pub help: String,
    /// The value that was most likely meant.
    pub instead: Option<String>,
}

impl Limit {
    pub const ALL: [Limit; 16] = [
        Limit::As,
        Limit::Core,
        Limit::Cpu,
        Limit::Data,
        Limit::Fsize,
        Limit::Locks,
        Limit::Memlock,
        Limit::Msgqueue,
        Limit::Nice,
        Limit::Nofile,
        Limit::Nproc,
        Limit::Rss,
        Limit::Rtprio,
        Limit::Rttime,
        Limit::Sigpending,
        Limit::Stack,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Limit::As => "as",
            Limit::Core => "core",
            Limit::Cpu => "cpu",
            Limit::Data => "data",
            Limit::Fsize => "fsize",
            Limit::Locks => "locks",
            Limit::Memlock => "memlock",
            Limit::Msgqueue => "msgqueue",
            Limit::Nice => "nice",
            Limit::Nofile => "nofile",
            Limit::Nproc => "nproc",
            Limit::Rss => "rss",
            Limit::Rtprio => "rtprio",
            Limit::Rttime => "rttime",
            Limit::Sigpending => "sigpending",
            Limit::Stack => "stack",
        }
    }

    pub fn from_name(name: &str) -> Option<Limit> {
        Limit::ALL.into_iter().find(|limit| limit.name() == name)
    }

    /// How much a value permits, so that two can be compared; none where it is no value.
    pub fn permits(self, value: &str) -> Option<u64> {
        if value == "infinity" {
            return Some(u64::MAX);
        }
        let Parts { negative, digits, scale, .. } = self.unit().parts(value);
        let number = digits.parse::<u64>().ok()?.checked_mul(scale?)?;
        match (self.unit(), negative) {
            // The lower, the more.
            (Unit::Niceness, true) => number.checked_add(20),
            (Unit::Niceness, false) => 20u64.checked_sub(number),
            (_, _) => Some(number),
        }
    }

    pub fn unit(self) -> Unit {
        match self {
            Limit::As
            | Limit::Core
            | Limit::Data
            | Limit::Fsize
            | Limit::Memlock
            | Limit::Msgqueue
            | Limit::Rss
            | Limit::Stack => Unit::Bytes,
            Limit::Locks | Limit::Nofile | Limit::Nproc | Limit::Sigpending => Unit::Count,
            Limit::Cpu => Unit::Seconds,
            Limit::Rttime => Unit::Microseconds,
            Limit::Nice => Unit::Niceness,
            Limit::Rtprio => Unit::Priority,
        }
    }

    /// Judges a value; the parser itself takes numbers that overflow.
    pub fn judge(self, value: &str) -> Result<(), Refused> {
        let unit = self.unit();
        if value == "infinity" {
            return Ok(());
        }
        let Parts { negative, digits, suffix, scale } = unit.parts(value);
        let (false, Some(scale)) = (digits.is_empty(), scale) else {
            return Err(refuse_form(unit, digits, suffix, value));
        };
        // The parser would read an octal number.
        if digits.len() > 1 && digits.starts_with('0') {
            return Err(refuse_form(unit, digits.trim_start_matches('0'), suffix, value));
        }
        let number = digits.parse::<u64>().ok().and_then(|n| n.checked_mul(scale));
        let in_range = match (unit, number) {
            (_, None) => false,
            (Unit::Niceness, Some(n)) => n <= if negative { 20 } else { 19 },
            (Unit::Priority, Some(n)) => n <= 99,
            // The parser reads a signed number.
            (_, Some(n)) => n <= i64::MAX.unsigned_abs(),
        };
        if in_range {
            return Ok(());
        }
        Err(Refused {
            wrong: "it is out of range".to_owned(),
            help: format!("{}; `infinity` sets no limit", unit.words()),
            instead: None,
        })
    }
}

/// A value taken apart.
struct Parts<'a> {
    negative: bool,
    digits: &'a str,
    suffix: &'a str,
    /// What the suffix stands for, where the unit has it.
    scale: Option<u64>,
}

impl Unit {
    fn parts(self, value: &str) -> Parts<'_> {
        let negative = value.starts_with('-') && self == Unit::Niceness;
        let unsigned = value.strip_prefix('-').filter(|_| negative).unwrap_or(value);
        let digits_end = unsigned.find(|c: char| !c.is_ascii_digit()).unwrap_or(unsigned.len());
        let (digits, suffix) = unsigned.split_at(digits_end);
        let scale = self.suffixes().iter().find(|(name, _)| *name == suffix).map(|(_, scale)| *scale);
        Parts { negative, digits, suffix, scale }
    }

    fn suffixes(self) -> &'static [(&'static str, u64)] {
        match self {
            Unit::Bytes => &[("", 1), ("K", 1 << 10), ("M", 1 << 20), ("G", 1 << 30)],
            Unit::Seconds => &[("", 1), ("s", 1), ("min", 60), ("h", 3600)],
            Unit::Microseconds => &[("", 1), ("us", 1), ("ms", 1000), ("s", 1_000_000)],
            Unit::Count | Unit::Niceness | Unit::Priority => &[("", 1)],
        }
    }

    /// What a value is.
    fn what(self) -> &'static str {
        match self {
            Unit::Count | Unit::Niceness | Unit::Priority => "a whole number",
            Unit::Bytes => "a size",
            Unit::Seconds | Unit::Microseconds => "a time",
        }
    }

    /// What may be written.
    pub fn words(self) -> &'static str {
        match self {
            Unit::Count => "write a whole number",
            Unit::Bytes => "write a whole number of bytes, or one with `K`, `M` or `G`",
            Unit::Seconds => "write a whole number of seconds, or one with `s`, `min` or `h`",
            Unit::Microseconds => "write a whole number of microseconds, or one with `us`, `ms` or `s`",
            Unit::Niceness => "write a whole number from -20 to 19",
            Unit::Priority => "write a whole number from 0 to 99",
        }
    }
}

fn refuse_form(unit: Unit, digits: &str, suffix: &str, value: &str) -> Refused {
    let near = unit.suffixes().iter().find(|(s, _)| {
        let plain = suffix.trim().trim_end_matches(['i', 'b', 'B']);
        !s.is_empty() && (plain.eq_ignore_ascii_case(s) || suffix.trim() == *s)
    });
    let instead = match (near, value.trim().to_ascii_lowercase().as_str()) {
        (_, "unlimited" | "inf" | "infinite" | "-1") => Some("infinity".to_owned()),
        (Some((s, _)), _) if !digits.is_empty() => Some(format!("{digits}{s}")),
        _ => None,
    };
    let meant = instead.as_ref().map_or(String::new(), |instead| format!("; did you mean `{instead}`?"));
    Refused {
        wrong: format!("it is not {}", unit.what()),
        help: format!("{}, or `infinity`{meant}", unit.words()),
        instead,
    }
}

#[cfg(test)]
mod tests {
    use super::Limit;

    #[test]
    fn judges_numbers_units_and_overflow() {
        let good = [
            (Limit::Nofile, "1024"),
            (Limit::Fsize, "10G"),
            (Limit::Cpu, "2min"),
            (Limit::Rttime, "100ms"),
            (Limit::Nice, "-20"),
            (Limit::Core, "0"),
            (Limit::As, "infinity"),
        ];
        for (limit, value) in good {
            assert_eq!(limit.judge(value), Ok(()), "{} {value}", limit.name());
        }
        let bad = [
            (Limit::Nofile, "1K", None),
            (Limit::Fsize, "10Mi", Some("10M")),
            (Limit::Fsize, "20000000000G", None),
            (Limit::Fsize, "18446744073709551616", None),
            (Limit::Cpu, "", None),
            (Limit::Cpu, "5m", None),
            (Limit::Nice, "20", None),
            (Limit::Nofile, "010", None),
            (Limit::Rtprio, "100", None),
            (Limit::Nproc, "unlimited", Some("infinity")),
            (Limit::Nproc, "-1", Some("infinity")),
        ];
        for (limit, value, instead) in bad {
            let refused = limit.judge(value).unwrap_err();
            assert_eq!(refused.instead.as_deref(), instead, "{} {value}", limit.name());
        }
    }
}
