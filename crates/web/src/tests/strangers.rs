//! The matrix of strangers: every route of the table, as everybody who must not get through.

use axum::body::Body;
use testkit::{Installation, demo};

use super::call::{ask, send, served};
use crate::table::Access;
use crate::{Face, RouteInfo, routes};

/// A call of `route` with `token` wherever any dialect would look.
async fn status(router: &axum::Router, route: &RouteInfo, token: Option<&str>) -> u16 {
    let path = route.path.replace("{id}", "0193a1c2-0000-7000-8000-00000000000a").replace("{x}", "local");
    assert!(!path.contains('{'), "{path}: say what stands for its parameter");
    let mut request = ask(&format!("{} {path}", route.method)).header("content-type", "application/json");
    if let Some(token) = token {
        request = match route.face {
            Face::Akto => request.header("x-api-key", token),
            _ => request.header("authorization", format!("Bearer {token}")),
        };
    }
    send(router, request.body(Body::from("{}")).unwrap()).await.status.as_u16()
}

fn closed() -> impl Iterator<Item = RouteInfo> {
    routes().into_iter().filter(|route| route.access != Access::Public)
}

#[tokio::test]
async fn nobody_gets_in_without_a_live_credential() {
    let herald = Installation::start().await;
    let router = served(&herald, |_| ());
    let expired = herald.sign_in(demo::GUS).await.token;
    let revoked = herald.sign_in(demo::NOOR).await;
    herald.advance(testkit::days(31));
    let ended = herald.sign_in(demo::NOOR).await.token;
    let caller = herald.caller(&ended).await;
    app::sessions::sign_out::session(&herald.ctx, &caller).await.unwrap();
    let locked = herald.sign_in(demo::RAGU).await.token;
    let sql = "UPDATE users SET locked = TRUE WHERE email = 'ragu.iyer@northwind.example'";
    herald.change_user(demo::RAGU, sql).await;
    let refresh = herald.grant(demo::MIRA).await.refresh.unwrap();
    for route in closed() {
        let refused = if route.face == Face::Akto { 403 } else { 401 };
        let strangers = [
            ("nothing", None),
            ("garbage", Some("x")),
            ("expired", Some(&*expired)),
            ("expired long ago", Some(&*revoked.token)),
            ("ended", Some(&*ended)),
            ("locked", Some(&*locked)),
            ("a refresh token", Some(&*refresh)),
        ];
        for (who, token) in strangers {
            let got = status(&router, &route, token).await;
            assert_eq!(got, refused, "{} {} as {who}", route.method, route.path);
        }
    }
}

#[tokio::test]
async fn a_program_does_not_pass_for_a_person() {
    let herald = Installation::start().await;
    let router = served(&herald, |_| ());
    for route in closed().filter(|route| route.access == Access::Interactive) {
        let got = status(&router, &route, Some(demo::key(demo::MIRA))).await;
        // Where the body is judged first, it is refused for that.
        assert!(matches!(got, 400 | 403), "{} {}: {got}", route.method, route.path);
    }
}
