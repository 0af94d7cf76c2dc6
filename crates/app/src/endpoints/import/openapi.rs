//! `OpenAPI` 3 documents in JSON: every operation is an endpoint, of which nobody knows yet who calls it.

use domain::endpoint::{self, Direction, Key, Seen};
use serde_json::{Map, Value};

use super::super::observe::Observation;

/// What a document says.
#[derive(Debug, Default)]
pub struct Read {
    pub operations: Vec<Observation>,
    /// Paths at fault, and what is wrong with them.
    pub faults: Vec<(String, &'static str)>,
}

/// Paths as the document writes them, `{name}` for parameters, behind the path of its first server.
///
/// # Errors
/// Where it is no `OpenAPI` 3 document.
pub fn read(text: &[u8], collection: i64) -> Result<Read, &'static str> {
    let document: Value = serde_json::from_slice(text).map_err(|_| "is no JSON")?;
    let version = document.get("openapi").and_then(Value::as_str).unwrap_or_default();
    if !version.starts_with("3.") {
        return Err("is no OpenAPI 3 document");
    }
    let base = base(&document);
    let mut read = Read::default();
    let none = Map::new();
    let paths = document.get("paths").and_then(Value::as_object).unwrap_or(&none);
    for (path, item) in paths.iter().filter(|(path, _)| !path.starts_with("x-")) {
        let url = if path.starts_with('/') {
            super::url(&format!("{base}{path}"))
        } else {
            Err("must begin with /")
        };
        match (url, item) {
            (Ok(url), Value::Object(item)) => read.operations.extend(operations(&url, item, collection)),
            (Ok(_), _) => read.faults.push((path.clone(), "must be an object")),
            (Err(fault), _) => read.faults.push((path.clone(), fault)),
        }
    }
    Ok(read)
}

fn operations(url: &str, item: &Map<String, Value>, collection: i64) -> Vec<Observation> {
    let methods = item.keys().filter(|key| key.chars().all(|c| c.is_ascii_lowercase()));
    let methods = methods.filter_map(|key| endpoint::method(&key.to_ascii_uppercase()));
    let seen = Seen { direction: Direction::Incoming, addresses: Vec::new() };
    let key = |method: &str| Key { url: url.to_owned(), collection, method: method.to_owned() };
    methods.map(|method| Observation { key: key(method), seen: seen.clone() }).collect()
}

/// The path of the first server, its variables at their defaults; without a slash at its end.
fn base(document: &Value) -> String {
    let server = document.pointer("/servers/0");
    let url = server.and_then(|server| server.get("url")).and_then(Value::as_str).unwrap_or_default();
    let mut url = url.to_owned();
    let variables = server.and_then(|server| server.get("variables")).and_then(Value::as_object);
    for (name, variable) in variables.into_iter().flatten() {
        let default = variable.get("default").and_then(Value::as_str).unwrap_or_default();
        url = url.replace(&format!("{{{name}}}"), default);
    }
    let path = match url.split_once("://") {
        Some((_, rest)) => rest.find('/').and_then(|at| rest.get(at..)).unwrap_or_default(),
        None => url.as_str(),
    };
    let path = path.trim_end_matches('/');
    if path.is_empty() || path.starts_with('/') { path.to_owned() } else { format!("/{path}") }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn keys(document: &Value) -> Vec<String> {
        let read = read(document.to_string().as_bytes(), 3).unwrap();
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
    fn what_is_none_is_refused_and_a_bad_path_is_named() {
        for text in ["", "{}", "[]", r#"{"swagger":"2.0"}"#, r#"{"openapi":"2.0"}"#, r#"{"openapi":3}"#] {
            assert!(read(text.as_bytes(), 1).is_err(), "{text}");
        }
        let document = json!({"openapi": "3.0.0", "paths": {"x": {"get": {}}, "/y": 5, "/ok": {"get": {}}}});
        let read = read(document.to_string().as_bytes(), 1).unwrap();
        let named: Vec<_> = read.faults.iter().map(|(path, _)| path.as_str()).collect();
        assert_eq!((named, read.operations.len()), (vec!["x", "/y"], 1));
    }
}
