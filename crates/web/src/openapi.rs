//! The `OpenAPI` 3.1 document, made of the route tables.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use serde_json::{Map, Value, json};

use crate::dialects::{native, tables};
use crate::face::Face;
use crate::schema;
use crate::table::{Access, Row, Table};

/// The document, the same bytes every time: every route of every dialect, whatever an installation has switched off.
pub fn openapi() -> String {
    let mut paths: BTreeMap<String, BTreeMap<String, Value>> = BTreeMap::new();
    let mut schemas: BTreeMap<String, Value> = BTreeMap::new();
    for table in tables() {
        for row in &table.rows {
            for (name, schema) in &row.schemas {
                schemas.insert(prefixed(table.face, name), wire(table.face, schema));
            }
            for root in table.mounts {
                let full = format!("{root}{}", row.path);
                let operation = operation(&table, row, &full);
                paths.entry(full).or_default().insert(row.method.as_str().to_ascii_lowercase(), operation);
            }
        }
    }
    for (name, schema) in native::problem_schemas() {
        schemas.insert(prefixed(Face::Native, &name), wire(Face::Native, &schema));
    }
    let document = json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Herald",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Identity and access: Herald's own API, and the account APIs of five products.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "tags": tags(),
        "paths": paths,
        "components": {"schemas": schemas, "securitySchemes": security_schemes()},
    });
    let mut text = serde_json::to_string_pretty(&document).unwrap_or_default();
    text.push('\n');
    text
}

const FACES: [Face; 7] =
    [Face::Native, Face::OAuth, Face::Akto, Face::Testiny, Face::Insights, Face::Frontegg, Face::Aegis];

fn tags() -> Vec<Value> {
    let about = |face| match face {
        Face::Native => "Herald's own API. Refusals are RFC 9457 problem details.",
        Face::OAuth => "The token endpoint and what stands around it.",
        Face::Akto => "The account API of Akto.",
        Face::Testiny => "The account API of Testiny.",
        Face::Insights => "The user API of Insights.",
        Face::Frontegg => {
            "The identity API of Frontegg; every path is also served below `/frontegg`, and with a slash behind."
        }
        Face::Aegis => "The account API of Aegis.",
    };
    FACES.into_iter().map(|face| json!({"name": face.name(), "description": about(face)})).collect()
}

fn security_schemes() -> Value {
    json!({
        "bearer": {"type": "http", "scheme": "bearer"},
        "client": {"type": "http", "scheme": "basic"},
        "api_key": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
        "access_token": {"type": "apiKey", "in": "header", "name": "x-access-token"},
    })
}

/// Which credentials a face takes; one of them is enough.
fn security(face: Face, access: Access) -> Value {
    match access {
        Access::Public => return json!([]),
        // By Basic, or in the form, which the document's schemes have no word for.
        Access::Client => return json!([{"client": []}, {}]),
        Access::Live | Access::User | Access::Interactive | Access::Vendor => {}
    }
    match face {
        Face::Native | Face::Testiny => json!([{"bearer": []}, {"api_key": []}]),
        Face::Akto => json!([{"api_key": []}]),
        Face::Frontegg if access == Access::Vendor => json!([{"bearer": []}, {"access_token": []}]),
        Face::OAuth | Face::Insights | Face::Aegis | Face::Frontegg => json!([{"bearer": []}]),
    }
}

fn operation(table: &Table, row: &Row, path: &str) -> Value {
    let face = table.face;
    let mut value = wire(face, &row.operation);
    if let Value::Object(fields) = &mut value {
        let id = format!("{}_{}{}", face.name(), row.method, path).to_ascii_lowercase();
        let id: String = id.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
        fields.insert("operationId".into(), id.into());
        fields.insert("tags".into(), json!([face.name()]));
        // Where a route takes more than its like, it says so itself.
        fields.entry("security").or_insert_with(|| security(face, row.access));
        if !table.aliases.is_empty() {
            let servers = ["/"].iter().chain(table.aliases).map(|url| json!({"url": url}));
            fields.insert("servers".into(), servers.collect());
        }
        if let Some(Value::Object(responses)) = fields.get_mut("responses") {
            respond(face, responses);
        }
        for parameter in fields.get_mut("parameters").and_then(Value::as_array_mut).into_iter().flatten() {
            mark(parameter, path);
        }
    }
    value
}

/// The cursors of a list begin alike.
fn mark(parameter: &mut Value, path: &str) {
    let format = parameter.pointer("/schema/format").and_then(Value::as_str).unwrap_or_default();
    if format.ends_with("cursor")
        && let Some(Value::String(pattern)) = parameter.pointer_mut("/schema/pattern")
    {
        pattern.insert_str(1, &native::Mark::of(path).text());
    }
}

/// Every response has a description (`OpenAPI` demands one), and Herald's own refusals are all alike.
fn respond(face: Face, responses: &mut Map<String, Value>) {
    if face == Face::Native {
        let schema = json!({"$ref": "#/components/schemas/Herald.Problem"});
        let refused = json!({"content": {"application/problem+json": {"schema": schema}}});
        responses.insert("default".into(), refused);
    }
    for (status, response) in responses {
        let Value::Object(response) = response else { continue };
        let said = response.get("description").and_then(Value::as_str).unwrap_or_default();
        if said.is_empty() {
            let code = status.parse().ok().and_then(|code| StatusCode::from_u16(code).ok());
            let text = code.and_then(|code| code.canonical_reason()).unwrap_or("Refused");
            response.insert("description".into(), text.into());
        }
    }
}

/// As JSON, every reference to a schema prefixed with the face: two dialects may both have a `Me`.
fn wire(face: Face, part: &impl serde::Serialize) -> Value {
    let mut value = serde_json::to_value(part).unwrap_or_default();
    prefix(face, &mut value);
    spell_out(&mut value);
    value
}

/// Puts the pattern beside every `format` that is one of ours.
fn spell_out(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            let pattern = fields.get("format").and_then(Value::as_str).and_then(schema::pattern);
            if let Some(pattern) = pattern {
                fields.insert("pattern".into(), pattern.into());
            }
            fields.values_mut().for_each(spell_out);
        }
        Value::Array(items) => items.iter_mut().for_each(spell_out),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn prefixed(face: Face, name: &str) -> String {
    format!("{}.{name}", face.name())
}

fn prefix(face: Face, value: &mut Value) {
    const ROOT: &str = "#/components/schemas/";
    match value {
        Value::Object(fields) => prefix_all(face, ROOT, fields),
        Value::Array(items) => items.iter_mut().for_each(|item| prefix(face, item)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn prefix_all(face: Face, root: &str, fields: &mut Map<String, Value>) {
    for (key, value) in fields {
        match value {
            Value::String(text) if key == "$ref" => {
                if let Some(name) = text.strip_prefix(root) {
                    *text = format!("{root}{}", prefixed(face, name));
                }
            }
            value => prefix(face, value),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::router::routes;

    fn document() -> Value {
        serde_json::from_str(&openapi()).unwrap()
    }

    #[test]
    fn every_route_is_in_the_document_and_nothing_else() {
        let document = document();
        let mut written: Vec<String> = Vec::new();
        for (path, item) in document["paths"].as_object().unwrap() {
            written.extend(
                item.as_object().unwrap().keys().map(|method| format!("{} {path}", method.to_uppercase())),
            );
        }
        let mut served: Vec<_> =
            routes().iter().map(|route| format!("{} {}", route.method, route.path)).collect();
        written.sort();
        served.sort();
        assert_eq!(written, served);
        assert!(served.windows(2).all(|pair| pair[0] != pair[1]), "a route twice");
    }

    /// Below each root, with a slash behind or without: whatever the router is given stands in the document, by its path or
    /// as a server of it.
    #[test]
    fn whatever_the_router_serves_the_document_explains() {
        let document = document();
        for table in tables() {
            for row in &table.rows {
                let method = row.method.as_str().to_ascii_lowercase();
                for root in table.mounts {
                    let operation = &document["paths"][format!("{root}{}", row.path)][&method];
                    assert!(operation.is_object(), "{method} {root}{} is not in the document", row.path);
                    for alias in table.aliases {
                        let servers = operation["servers"].as_array().unwrap();
                        let named = servers.iter().any(|server| server["url"] == json!(alias));
                        assert!(named, "{alias}{} is not in the document", row.path);
                    }
                }
            }
            let about = tags().into_iter().find(|tag| tag["name"] == table.face.name()).unwrap();
            assert_eq!(table.slash, about["description"].as_str().unwrap().contains("slash behind"));
        }
    }

    #[test]
    fn annotations_name_the_method_of_their_row() {
        for row in tables().into_iter().flat_map(|table| table.rows) {
            assert_eq!(row.annotated, Some(row.method.clone()), "{}", row.path);
        }
    }

    #[test]
    fn the_document_is_the_same_every_time_and_its_references_lead_somewhere() {
        let text = openapi();
        assert_eq!(text, openapi());
        let document = document();
        for piece in text.split("\"$ref\": \"#").skip(1) {
            let pointer = piece.split('"').next().unwrap();
            assert!(document.pointer(pointer).is_some(), "{pointer}");
        }
    }

    #[test]
    fn every_operation_says_what_it_is_and_takes() {
        for (path, item) in document()["paths"].as_object().unwrap() {
            for (method, operation) in item.as_object().unwrap() {
                assert!(operation["summary"].is_string(), "{method} {path} has no docstring");
                assert!(
                    operation["responses"].as_object().is_some_and(|all| !all.is_empty()),
                    "{method} {path}"
                );
                let named = path.matches('{').count();
                let listed = operation["parameters"].as_array().into_iter().flatten();
                let listed = listed.filter(|parameter| parameter["in"] == "path").count();
                assert_eq!(named, listed, "{method} {path}: path parameters");
            }
        }
    }

    /// What Herald's own API does not know it refuses, at every depth; maps of free names say what their values are.
    #[test]
    fn bodies_of_our_own_api_are_closed() {
        let document = document();
        let mut seen = 0;
        for (path, item) in
            document["paths"].as_object().unwrap().iter().filter(|(path, _)| path.starts_with("/v1/"))
        {
            for operation in item.as_object().unwrap().values() {
                let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
                if !schema.is_null() {
                    seen += 1;
                    closed(&document, schema, path);
                }
            }
        }
        assert!(seen >= 27, "{seen}");
    }

    fn closed(document: &Value, schema: &Value, at: &str) {
        match schema {
            Value::Object(fields) => {
                if let Some(reference) = fields.get("$ref").and_then(Value::as_str) {
                    return closed(document, document.pointer(&reference[1..]).unwrap(), reference);
                }
                let told = fields.get("additionalProperties");
                assert!(!fields.contains_key("properties") || told == Some(&json!(false)), "{at}: {schema}");
                for (name, value) in fields.iter().filter(|(name, _)| *name != "example") {
                    closed(document, value, &format!("{at}/{name}"));
                }
            }
            Value::Array(items) => items.iter().for_each(|item| closed(document, item, at)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
}
