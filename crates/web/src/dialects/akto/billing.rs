//! The token for Stigg's widget (akto.md §3.7).

use app::Failure;
use app::billing::customer_token;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::guard::{Billing, Guarded};
use super::{Akto, faulty, wire};
use crate::dialects::{JSON, answer};
use crate::extract::Object;
use crate::refusal::Refusal;

/// A signed token that lets the billing widget show one organisation. Needs `billing:read`.
#[utoipa::path(post, path = "", 
    request_body(content = wire::Customer, example = json!({"customerId": "550e8400-e29b-41d4-a716-446655440000"})),
    responses(
    (status = 200, body = wire::CustomerToken, example = json!({"customerToken":
        "HMAC-SHA256 550e8400-e29b-41d4-a716-446655440000:\
         218257cd53ab537c9768901463a861cb2f37410bffce42917d518f581d413ef2"})),
    (status = 422, body = wire::Refused),
    (status = "4XX", body = wire::Refused),
    (status = "5XX", body = wire::Refused),
))]
pub async fn customer_details(
    State(web): State<crate::State>,
    caller: Guarded<Billing>,
    body: Object<Akto>,
) -> Result<Response, Refusal> {
    let customer = customer(&body.map)?;
    let token = customer_token::run(&web.ctx, &caller, customer).await.map_err(Failure::from)?;
    Ok(answer(StatusCode::OK, JSON, &wire::CustomerToken { customer_token: token }))
}

fn customer(body: &Map<String, Value>) -> Result<Uuid, Refusal> {
    let Some(Value::String(text)) = body.get("customerId") else {
        return Err(faulty("customerId is required"));
    };
    if text.trim().is_empty() {
        return Err(faulty("Empty org id found"));
    }
    // 36 bytes leave only the form with hyphens of those that the parser knows.
    let id = Some(text).filter(|text| text.len() == 36).and_then(|text| Uuid::try_parse(text).ok());
    id.ok_or_else(|| faulty("Org id is not of the form uuid"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::refusal::Said;

    fn read(value: &Value) -> Result<Uuid, String> {
        customer(value.as_object().unwrap()).map_err(|refusal| match refusal {
            Refusal::Said(said) => Said::text(&said).to_owned(),
            other => panic!("{other:?}"),
        })
    }

    #[test]
    fn every_fault_has_its_text() {
        for absent in
            [json!({}), json!({"customerId": null}), json!({"customerId": 5}), json!({"customerId": []})]
        {
            assert_eq!(read(&absent), Err("customerId is required".to_owned()));
        }
        for blank in ["", "  ", "\t\n"] {
            assert_eq!(read(&json!({"customerId": blank})), Err("Empty org id found".to_owned()));
        }
        let id = "550e8400-e29b-41d4-a716-446655440000";
        for odd in [
            format!("{{{id}}}"),
            format!("urn:uuid:{id}"),
            id.replace('-', ""),
            format!(" {id}"),
            format!("{id} "),
            "550e8400".to_owned(),
            id.replace('5', "z"),
            "550e8400e-29b-41d4-a716-446655440000".to_owned(),
            "５50e8400-e29b-41d4-a716-4466554400".to_owned(),
        ] {
            assert_eq!(
                read(&json!({"customerId": odd})),
                Err("Org id is not of the form uuid".to_owned()),
                "{odd}"
            );
        }
        assert_eq!(read(&json!({"customerId": id.to_uppercase()})), Ok(Uuid::try_parse(id).unwrap()));
    }
}
