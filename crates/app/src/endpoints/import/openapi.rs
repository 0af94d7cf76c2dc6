//! `OpenAPI` 3 documents in JSON or YAML: every operation is an endpoint, of which nobody knows yet who calls it.

use std::rc::Rc;

use domain::endpoint::{self, Direction, Key, Seen};

use super::super::observe::Observation;
use super::shape::{Document, Node};
use super::{Unread, unmarked, yaml};

/// What a document says.
#[derive(Debug, Default)]
pub struct Read {
    pub operations: Vec<Observation>,
    /// Paths at fault, and what is wrong with them.
    pub faults: Vec<(String, &'static str)>,
}

/// How it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    Json,
    Yaml,
}

/// Paths as the document writes them, `{name}` for parameters, behind the path of its first server.
///
/// # Errors
/// Where it is no `OpenAPI` 3 document.
pub fn read(text: &[u8], written: Written, collection: i64) -> Result<Read, Unread> {
    let document: Document = match written {
        Written::Json => serde_json::from_slice(unmarked(text)).map_err(|error| Unread {
            line: u64::try_from(error.line()).ok().filter(|line| *line > 0),
            what: "is no JSON",
        })?,
        Written::Yaml => yaml::read(unmarked(text))?,
    };
    if !document.openapi.text().is_some_and(|version| version.starts_with("3.")) {
        return Err(Unread { line: None, what: "is no OpenAPI 3 document" });
    }
    let base = base(document.servers.first());
    let mut read = Read::default();
    let paths = document.paths.entries().unwrap_or_default();
    for (path, item) in paths.iter().filter(|(path, _)| !path.starts_with("x-")) {
        let url = if path.starts_with('/') {
            super::url(&format!("{base}{path}"))
        } else {
            Err("must begin with /")
        };
        match (url, item.entries()) {
            (Ok(url), Some(item)) => read.operations.extend(operations(&url, item, collection)),
            (Ok(_), None) => read.faults.push((path.clone(), "must be an object")),
            (Err(fault), _) => read.faults.push((path.clone(), fault)),
        }
    }
    Ok(read)
}

fn operations(url: &str, item: &[(String, Rc<Node>)], collection: i64) -> Vec<Observation> {
    let keys = item.iter().map(|(key, _)| key).filter(|key| key.chars().all(|c| c.is_ascii_lowercase()));
    let methods = keys.filter_map(|key| endpoint::method(&key.to_ascii_uppercase()));
    let seen = Seen { direction: Direction::Incoming, addresses: Vec::new() };
    let key = |method: &str| Key { url: url.to_owned(), collection, method: method.to_owned() };
    methods.map(|method| Observation { key: key(method), seen: seen.clone() }).collect()
}

/// The path of a server, its variables at their defaults; without a slash at its end. One that no URL has room for comes
/// cut, and is still too long.
fn base(server: Option<&Node>) -> String {
    let url = server.and_then(|server| server.get("url")).and_then(Node::text).unwrap_or_default();
    let variables = server.and_then(|server| server.get("variables"));
    let url = filled(url, |name| variables?.get(name)?.get("default")?.text());
    let path = match url.split_once("://") {
        Some((_, rest)) => rest.find('/').and_then(|at| rest.get(at..)).unwrap_or_default(),
        None => url.as_str(),
    };
    let path = path.trim_end_matches('/');
    let path = path.get(..path.floor_char_boundary(2 * endpoint::MAX_URL)).unwrap_or_default();
    if path.is_empty() || path.starts_with('/') { path.to_owned() } else { format!("/{path}") }
}

/// Each `{name}` by its default, which is not looked into again (`OpenAPI` 3.1 §4.8.6): of one that names others, and so
/// on, nobody could bound the length.
fn filled<'d>(url: &str, default: impl Fn(&str) -> Option<&'d str>) -> String {
    let (mut whole, mut rest) = (String::new(), url);
    // No server has more of them.
    for _ in 0..100 {
        let Some((before, behind)) = rest.split_once('{') else { break };
        let Some((name, after)) = behind.split_once('}') else { break };
        whole.push_str(before);
        match default(name) {
            Some(text) => whole.push_str(text),
            None => whole.extend(["{", name, "}"]),
        }
        rest = after;
    }
    whole.push_str(rest);
    whole
}

#[cfg(test)]
mod hostile;

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn keys(document: &Value) -> Vec<String> {
        let read = read(document.to_string().as_bytes(), Written::Json, 3).unwrap();
        read.operations.into_iter().map(|one| format!("{} {}", one.key.method, one.key.url)).collect()
    }

    #[test]
    fn every_operation_of_every_path() {
        let document = json!({"openapi": "3.1.0", "paths": {
            "/orders/{id}": {"get": {}, "delete": {}, "parameters": [], "summary": "x", "x-get": {}},
            "/none": {}, "x-more": 5}});
        assert_eq!(keys(&document), ["GET /orders/{id}", "DELETE /orders/{id}"]);
    }

    #[test]
    fn the_path_of_the_first_server_comes_before() {
        for (server, base) in [
            (json!({"url": "https://a.example/v1/"}), "/v1"),
            (json!({"url": "https://a.example"}), ""),
            (json!({"url": "/"}), ""),
            (json!({"url": "v2"}), "/v2"),
            (
                json!({"url": "https://{h}/{v}", "variables": {"h": {"default": "a"}, "v": {"default": "v3"}}}),
                "/v3",
            ),
        ] {
            let document = json!({"openapi": "3.0.3", "servers": [server], "paths": {"/x": {"get": {}}}});
            assert_eq!(keys(&document), [format!("GET {base}/x")]);
        }
    }

    #[test]
    fn yaml_says_the_same() {
        let document = r#"
%YAML 1.2
---
# by hand
openapi: 3.1.0
info: &info {title: "x", version: 1.0}
servers:
  - url: https://{host}/{base}/
    variables:
      host: {default: a.example}
      base:
        default: v3
x-common: &common
  get: {responses: {200: {description: ok}}}
  summary: ~
paths:
  /orders/{id}:
    get:
      responses:
        200: {description: ok}
        default: {description: .inf}
    DELETE: {}
    delete: {}
    parameters: [{name: id, in: path}]
  "/shared": *common
  /merged:
    <<: *common
    put: {}
  /folded:
    post:
      description: >
        one
        two: three
  ? /asked
  : head: {}
  ? [odd]
  : get: {}
  /yes: {trace: yes}
  plain: {get: {}}
components: {schemas: {Node: {example: 123456789012345678901234567890}}}
"#;
        let read = read(document.trim_start().as_bytes(), Written::Yaml, 3).unwrap();
        let keys = read.operations.iter().map(|one| format!("{} {}", one.key.method, one.key.url));
        let mut keys: Vec<_> = keys.collect();
        keys.sort();
        assert_eq!(
            keys,
            [
                "DELETE /v3/orders/{id}",
                "GET /v3/merged",
                "GET /v3/orders/{id}",
                "GET /v3/shared",
                "HEAD /v3/asked",
                "POST /v3/folded",
                "PUT /v3/merged",
                "TRACE /v3/yes",
            ]
        );
        assert_eq!(read.faults, [("plain".to_owned(), "must begin with /")]);
    }

    #[test]
    fn what_is_none_is_refused_and_a_bad_path_is_named() {
        for text in ["", "{}", "[]", r#"{"swagger":"2.0"}"#, r#"{"openapi":"2.0"}"#, r#"{"openapi":3}"#] {
            assert!(read(text.as_bytes(), Written::Json, 1).is_err(), "{text}");
        }
        let document = json!({"openapi": "3.0.0", "paths": {"x": {"get": {}}, "/y": 5, "/ok": {"get": {}}}});
        let read = read(document.to_string().as_bytes(), Written::Json, 1).unwrap();
        let named: Vec<_> = read.faults.iter().map(|(path, _)| path.as_str()).collect();
        assert_eq!((named, read.operations.len()), (vec!["x", "/y"], 1));
    }
}
