//! Whether what was printed is what a page shows: the same JSON, but for ids, times and secrets, which are new in every
//! run and stand for each other from then on.
//!
//! In a page `"…"` stands for any value, at the end of a list for the rest of it, and as a key for all other keys.

use std::collections::BTreeMap;

use serde_json::Value;

const ANY: &str = "…";
/// What Herald's secrets begin with.
const PREFIXES: [&str; 5] = ["herald_", "hs_", "hr_", "hi_", "hp_"];

/// What the literals of a page stand for in this run.
#[derive(Default)]
pub struct Bound(BTreeMap<String, String>);

impl Bound {
    pub fn bind(&mut self, shown: &str, printed: &str) {
        self.0.insert(shown.to_owned(), printed.to_owned());
    }

    /// The text with what this run has in place of the page's literals: of two that begin alike, the longer first.
    pub fn fill(&self, text: &str) -> String {
        self.0.iter().rev().fold(text.to_owned(), |text, (shown, printed)| text.replace(shown, printed))
    }

    /// # Errors
    /// Where they differ.
    pub fn judge(&mut self, shown: &str, printed: &str) -> Result<(), String> {
        let ((shown_head, shown), (head, printed)) = (parts(shown), parts(printed));
        if shown_head != status(head) {
            return Err(format!("shown {shown_head:?}, printed {:?}", status(head)));
        }
        match (serde_json::from_str(shown), serde_json::from_str(printed)) {
            (Ok(shown), Ok(printed)) => self.alike("", &shown, &printed),
            _ if self.fill(shown.trim_end()) == printed.trim_end() => Ok(()),
            _ => Err(format!("shown:\n{shown}")),
        }
    }

    fn alike(&mut self, at: &str, shown: &Value, printed: &Value) -> Result<(), String> {
        match (shown, printed) {
            (Value::String(shown), _) if shown == ANY => Ok(()),
            (Value::String(shown), Value::String(printed)) => self.texts(at, shown, printed),
            (Value::Array(shown), Value::Array(printed)) => self.lists(at, shown, printed),
            (Value::Object(shown), Value::Object(printed)) => {
                let open = shown.contains_key(ANY);
                for (key, value) in shown.iter().filter(|(key, _)| *key != ANY) {
                    let at = format!("{at}.{key}");
                    let printed = printed.get(key).ok_or_else(|| format!("{at} is not there"))?;
                    self.alike(&at, value, printed)?;
                }
                let more = printed.keys().find(|key| !open && !shown.contains_key(*key));
                more.map_or(Ok(()), |key| Err(format!("{at}.{key} is not shown")))
            }
            (shown, printed) if shown == printed => Ok(()),
            (shown, printed) => Err(format!("{at}: shown {shown}, printed {printed}")),
        }
    }

    fn lists(&mut self, at: &str, shown: &[Value], printed: &[Value]) -> Result<(), String> {
        let open = shown.last().is_some_and(|last| last == ANY);
        let named = shown.len() - usize::from(open);
        if named > printed.len() || (!open && named < printed.len()) {
            return Err(format!("{at}: shown {named} rows, printed {}", printed.len()));
        }
        let pairs = shown.iter().take(named).zip(printed).enumerate();
        pairs
            .into_iter()
            .try_for_each(|(n, (shown, printed))| self.alike(&format!("{at}[{n}]"), shown, printed))
    }

    fn texts(&mut self, at: &str, shown: &str, printed: &str) -> Result<(), String> {
        let stands = self.0.get(shown);
        if self.fill(shown) == printed || (stands.is_none() && shown == printed) {
            return Ok(());
        }
        match (stands, Kind::of(shown), Kind::of(printed)) {
            (_, Some(Kind::Passing), Some(Kind::Passing)) => Ok(()),
            (None, Some(Kind::Lasting(kind)), Some(Kind::Lasting(other))) if kind == other => {
                self.bind(shown, printed);
                Ok(())
            }
            _ => Err(format!("{at}: shown {shown:?}, printed {printed:?}")),
        }
    }
}

/// What is new in every run.
enum Kind<'t> {
    /// An id or a secret: it comes up again.
    Lasting(&'t str),
    /// A time, or the name of the client.
    Passing,
}

impl<'t> Kind<'t> {
    fn of(text: &'t str) -> Option<Self> {
        let shape: String = text.chars().map(|c| if c.is_ascii_hexdigit() { '0' } else { c }).collect();
        if shape == "00000000-0000-0000-0000-000000000000" {
            return Some(Self::Lasting("uuid"));
        }
        if shape == "0000-00-00T00:00:00.000Z" || text.starts_with("curl/") {
            return Some(Self::Passing);
        }
        let plain = text.chars().all(|c| c.is_ascii_alphanumeric() || "_-.#=/:".contains(c));
        // Whatever else has an underscore near its beginning has it by chance.
        let prefix = PREFIXES.iter().find(|prefix| text.starts_with(**prefix));
        match (text.len(), prefix) {
            (24.., Some(prefix)) if plain => Some(Self::Lasting(prefix)),
            (24.., None) if plain && !text.contains("://") => Some(Self::Lasting("opaque")),
            _ if text.contains("#token=") => Some(Self::Lasting("link")),
            _ => None,
        }
    }
}

/// The head that `curl -i` prints, where it does, and the body.
fn parts(text: &str) -> (&str, &str) {
    if !text.starts_with("HTTP/") {
        return ("", text);
    }
    let body = text.split_once("\r\n\r\n").or_else(|| text.split_once("\n\n")).unwrap_or((text, ""));
    (body.0.trim_end(), body.1)
}

/// What follows the head, if there is one.
pub fn body(text: &str) -> &str {
    parts(text).1
}

fn status(head: &str) -> &str {
    head.lines().next().unwrap_or_default().trim_end()
}

/// As a page shows it: of the head the status alone, JSON in lines.
pub fn shown(printed: &str) -> String {
    let (head, body) = parts(printed);
    let head = if head.is_empty() { String::new() } else { format!("{}\n\n", status(head)) };
    let body = match serde_json::from_str::<Value>(body) {
        Ok(value) => lines(&value, 0) + "\n",
        Err(_) => body.to_owned(),
    };
    head + &body
}

/// JSON for a reader: what fits into a line stands in one.
fn lines(value: &Value, indent: usize) -> String {
    const WIDTH: usize = 110;
    let flat = flat(value);
    let inner = " ".repeat(indent + 2);
    let rows: Vec<String> = match value {
        _ if indent > 0 && flat.chars().count() + indent < WIDTH => return flat,
        Value::Object(map) => {
            map.iter().map(|(key, value)| format!("{inner}\"{key}\": {}", lines(value, indent + 2))).collect()
        }
        Value::Array(all) => all.iter().map(|value| inner.clone() + &lines(value, indent + 2)).collect(),
        _ => return flat,
    };
    let (open, close) = if value.is_object() { ("{", "}") } else { ("[", "]") };
    if rows.is_empty() {
        flat
    } else {
        format!("{open}\n{}\n{}{close}", rows.join(",\n"), " ".repeat(indent))
    }
}

fn flat(value: &Value) -> String {
    match value {
        Value::Object(map) => {
            let pairs: Vec<_> =
                map.iter().map(|(key, value)| format!("\"{key}\": {}", flat(value))).collect();
            format!("{{{}}}", pairs.join(", "))
        }
        Value::Array(all) => format!("[{}]", all.iter().map(flat).collect::<Vec<_>>().join(", ")),
        value => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(shown: &str, printed: &str) -> Result<(), String> {
        Bound::default().judge(shown, printed)
    }

    #[test]
    fn what_differs_is_found() {
        judged(r#"{"a": [1, "…"], "…": "…"}"#, r#"{"a":[1,2],"b":3}"#).unwrap();
        judged(r#"{"a": "2026-01-01T00:00:00.000Z"}"#, r#"{"a":"2027-02-02T10:00:00.123Z"}"#).unwrap();
        judged("HTTP/1.1 204 No Content\n\n", "HTTP/1.1 204 No Content\r\nx: y\r\n\r\n").unwrap();
        // A secret of 43 characters of base64url, one of which has an underscore by chance.
        judged(
            r#"["LISfFXesISlJfl9R2otycsJ7ywKk8NxXMtqWGa8soCA"]"#,
            r#"["zL_C3HHtvcBWwK8DExA4OVsObkBxiR3WpDHxhC2gRm0"]"#,
        )
        .unwrap();
        for (shown, printed) in [
            (
                r#"["hs_RhowSY6FF4ly63kI02ZezERkrM5nVb22qidXt7XZ9z8"]"#,
                r#"["hr_RhowSY6FF4ly63kI02ZezERkrM5nVb22qidXt7XZ9z8"]"#,
            ),
            (r#"{"a":1}"#, r#"{"a":2}"#),
            (r#"{"a":1}"#, r#"{"a":1,"b":2}"#),
            (r#"{"a":1,"b":2}"#, r#"{"a":1}"#),
            ("[1]", "[1,2]"),
            ("[1,2]", "[1]"),
            (r#"["x"]"#, r#"["y"]"#),
            ("HTTP/1.1 204 No Content\n\n", "HTTP/1.1 200 OK\r\n\r\n"),
        ] {
            judged(shown, printed).unwrap_err();
        }
    }

    #[test]
    fn an_id_stands_for_one_id() {
        let (one, two) = ("01a20244-e800-7c11-9a3e-5d0f6b7a8c21", "01a20244-e800-7c11-9a3e-5d0f6b7a8c22");
        let mut bound = Bound::default();
        bound.judge(&format!("[\"{one}\"]"), &format!("[\"{two}\"]")).unwrap();
        assert_eq!(bound.fill(one), two);
        bound.judge(&format!("[\"{one}\"]"), &format!("[\"{one}\"]")).unwrap_err();
    }
}
