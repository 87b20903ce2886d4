//! An entry that no expectation touches.

use crate::diag::{Code, Finding, Place, Severity};

pub static CODE: Code = Code {
    name: "untouched-entry",
    severity: Severity::Note,
    summary: "an entry that no expectation touches",
    explanation: "`aapol test --coverage` names the entries whose rules decide none of the policy's expectations: should one \
                  of them be lost or changed, no test would notice.",
    bad: "name = \"web\"\n\n[filesystem]\nread-only = [\"/etc/nginx/\", \"/srv/\"]\n\n[expect]\n\
          allow = [\"read /etc/nginx/nginx.conf\"]\n",
    good: "name = \"web\"\n\n[filesystem]\nread-only = [\"/etc/nginx/\", \"/srv/\"]\n\n[expect]\n\
           allow = [\"read /etc/nginx/nginx.conf\", \"read /srv/index.html\"]\n",
};

pub fn found(place: Place) -> Finding {
    Finding::new(&CODE, place, "no expectation touches this entry")
}
