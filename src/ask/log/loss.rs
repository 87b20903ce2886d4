//! What a log says of lines that it lacks.

/// Who lost lines. Ordered as they come between a profile and a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Loss {
    /// The kernel's limit on messages, where no audit daemon takes them.
    RateLimit,
    /// The queue before the audit daemon.
    Backlog,
    /// The journal's limit on one service's messages.
    Journal,
}

impl Loss {
    /// What a line tells of: the kernel's `net_ratelimit` and `audit_log_lost`, and journald.
    pub fn told_by(message: &str) -> Option<Loss> {
        let number = |before: &str, after: &str| -> Option<u64> {
            let (_, rest) = message.split_once(before)?;
            let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
            let (number, rest) = rest.split_at_checked(digits)?;
            rest.starts_with(after).then(|| number.parse().unwrap_or(0))
        };
        if message.contains(" callbacks suppressed") || message.contains("audit: rate limit exceeded") {
            return Some(Loss::RateLimit);
        }
        if message.contains("backlog limit exceeded")
            || number("audit_lost=", "").is_some_and(|lost| lost > 0)
        {
            return Some(Loss::Backlog);
        }
        number("Suppressed ", " messages from").is_some_and(|lost| lost > 0).then_some(Loss::Journal)
    }

    /// What keeps the next log whole.
    pub fn remedy(self) -> &'static str {
        match self {
            Loss::RateLimit => "run auditd, or set `kernel.printk_ratelimit=0`",
            Loss::Backlog => "raise the audit queue: `auditctl -b 8192`",
            Loss::Journal => "set `RateLimitBurst=0` in `journald.conf`",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lost_lines_are_told_of_and_others_are_not() {
        for (line, loss) in [
            ("audit_printk_skb: 12 callbacks suppressed", Some(Loss::RateLimit)),
            ("[   1.5] kauditd_printk_skb: 3 callbacks suppressed", Some(Loss::RateLimit)),
            ("audit: rate limit exceeded", Some(Loss::RateLimit)),
            ("audit: backlog limit exceeded", Some(Loss::Backlog)),
            ("audit: audit_backlog=65 > audit_backlog_limit=64", None),
            ("audit: audit_lost=7 audit_rate_limit=0 audit_backlog_limit=64", Some(Loss::Backlog)),
            ("audit: audit_lost=0 audit_rate_limit=0 audit_backlog_limit=64", None),
            ("systemd-journald[33]: Suppressed 93 messages from web.service", Some(Loss::Journal)),
            ("Suppressed no messages from web.service", None),
            ("", None),
        ] {
            assert_eq!(Loss::told_by(line), loss, "{line}");
        }
    }
}
