//! Findings as SARIF 2.1.0, which code-scanning services read.

use super::report::{Replacement, ReportLocation};
use super::{Code, Report, shown};
use serde_json::{Value, json};

pub fn write(reports: &[Report], codes: &[&'static Code]) -> String {
    let used = codes.iter().filter(|code| reports.iter().any(|r| r.code == code.name));
    let rules: Vec<Value> = used
        .map(|code| {
            json!({
                "id": code.name,
                "shortDescription": { "text": code.summary() },
                "fullDescription": { "text": code.explanation() },
                "help": { "text": code.explanation(), "markdown": code.document },
                "defaultConfiguration": { "level": code.severity.name() },
            })
        })
        .collect();
    let results: Vec<Value> = reports.iter().map(result).collect();
    let document = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": env!("CARGO_PKG_NAME"),
                "version": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            }},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    shown::json(format!("{document:#}\n"))
}

fn result(report: &Report) -> Value {
    let text = match &report.help {
        Some(help) => format!("{}\nhelp: {help}", report.message),
        None => report.message.clone(),
    };
    let related: Vec<Value> = report
        .related
        .iter()
        .map(|related| {
            let mut location = location(&related.location);
            if let Some(object) = location.as_object_mut() {
                object.insert("message".to_owned(), json!({ "text": related.message }));
            }
            location
        })
        .collect();
    let locations: Vec<Value> = report.location.iter().map(location).collect();
    let mut result = json!({
        "ruleId": report.code,
        "level": report.severity,
        "message": { "text": text },
        "locations": locations,
        "relatedLocations": related,
    });
    if let (Some(result), Some(replacement)) = (result.as_object_mut(), &report.fix) {
        result.insert("fixes".to_owned(), json!([fix(replacement)]));
    }
    result
}

fn fix(replacement: &Replacement) -> Value {
    json!({
        "artifactChanges": [{
            "artifactLocation": { "uri": shown::uri(&replacement.location.file) },
            "replacements": [{
                "deletedRegion": region(&replacement.location),
                "insertedContent": { "text": replacement.text },
            }],
        }],
    })
}

fn location(at: &ReportLocation) -> Value {
    json!({
        "physicalLocation": {
            "artifactLocation": { "uri": shown::uri(&at.file) },
            "region": region(at),
        },
    })
}

fn region(at: &ReportLocation) -> Value {
    json!({
        "startLine": at.line,
        "startColumn": at.column,
        "endLine": at.end_line,
        "endColumn": at.end_column,
    })
}
