//! `/docs`: the `OpenAPI` document for people. Three files of ours; nothing is loaded from elsewhere.

use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY};
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use bytes::Bytes;

use crate::dialects::rendered;

const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; \
     form-action 'none'; frame-ancestors 'none'",
);

/// The API, for people.
#[utoipa::path(get, path = "", responses((status = 200, content_type = "text/html", body = String)))]
pub async fn page() -> Response {
    file("text/html; charset=utf-8", include_str!("../../docs/index.html"))
}

/// What `/docs` runs.
#[utoipa::path(get, path = "", responses((status = 200, content_type = "text/javascript", body = String)))]
pub async fn script() -> Response {
    file("text/javascript; charset=utf-8", include_str!("../../docs/docs.js"))
}

/// How `/docs` looks.
#[utoipa::path(get, path = "", responses((status = 200, content_type = "text/css", body = String)))]
pub async fn style() -> Response {
    file("text/css; charset=utf-8", include_str!("../../docs/docs.css"))
}

fn file(media: &'static str, text: &'static str) -> Response {
    let mut response =
        rendered(StatusCode::OK, HeaderValue::from_static(media), Bytes::from_static(text.as_bytes()));
    let headers = response.headers_mut();
    headers.insert(CONTENT_SECURITY_POLICY, POLICY);
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_page_loads_nothing_from_elsewhere_and_runs_nothing_inline() {
        let page = include_str!("../../docs/index.html");
        let script = include_str!("../../docs/docs.js");
        let style = include_str!("../../docs/docs.css");
        for text in [page, script, style] {
            assert!(!text.contains("//cdn") && !text.contains("http://") && !text.contains("https://"));
        }
        assert!(!page.contains(" style=") && !page.contains(" on") && !page.contains("<style"));
        assert_eq!(page.matches("<script").count(), page.matches("<script src=\"docs/docs.js\"").count());
        assert!(!script.contains("innerHTML") && !script.contains("eval("));
        assert!(!style.contains("@import") && !style.contains("url("));
    }
}
