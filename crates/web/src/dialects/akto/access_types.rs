//! Access types of URLs (akto.md §3.5).

use app::endpoints::access_types::{MOST, run};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Map, Value};

use super::guard::{Endpoints, Guarded};
use super::{Akto, convert, faulty, wire};
use crate::dialects::{JSON, answer};
use crate::extract::Object;
use crate::refusal::Refusal;

/// How the endpoints with these URLs are reached. Needs `endpoints:read`.
#[utoipa::path(post, path = "", 
    request_body(content = wire::Urls, example = json!({"urls": ["/v1/orders", "/v1/admin/users"]})), responses(
    (status = 200, body = wire::AccessTypes, example = json!({
        "response": {"apiInfos": [{"url": "/v1/orders", "accessType": "PUBLIC",
            "apiAccessTypes": ["PRIVATE", "PUBLIC"],
            "id": {"apiCollectionId": 1_714_500_001, "method": "GET", "url": "/v1/orders"}}]},
        "apiInfos": [{"url": "/v1/orders", "accessType": "PUBLIC", "apiAccessTypes": ["PRIVATE", "PUBLIC"],
            "id": {"apiCollectionId": 1_714_500_001, "method": "GET", "url": "/v1/orders"}}]})),
    (status = 422, body = wire::Refused),
    (status = "4XX", body = wire::Refused),
    (status = "5XX", body = wire::Refused),
))]
pub async fn access_types(
    State(web): State<crate::State>,
    caller: Guarded<Endpoints>,
    body: Object<Akto>,
) -> Result<Response, Refusal> {
    let found = run(&web.ctx, &caller, urls(body.map)?).await?;
    Ok(answer(StatusCode::OK, JSON, &convert::access_types(found)))
}

fn urls(mut body: Map<String, Value>) -> Result<Vec<String>, Refusal> {
    let Some(Value::Array(items)) = body.remove("urls") else { return Err(faulty("urls is required")) };
    let text = |item| match item {
        Value::String(text) => Ok(text),
        _ => Err(faulty("urls is required")),
    };
    let mut urls: Vec<String> = items.into_iter().map(text).collect::<Result<_, _>>()?;
    if urls.len() > MOST {
        return Err(faulty("At most 2000 urls can be looked up at once"));
    }
    // No stored one holds it.
    urls.retain(|url| !url.contains('\0'));
    Ok(urls)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_names_the_bound() {
        assert_eq!(MOST, 2000);
    }
}
