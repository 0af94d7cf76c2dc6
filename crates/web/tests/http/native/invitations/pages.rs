//! The pages that links lead to.

use testkit::Server;

#[tokio::test]
async fn the_pages_are_the_same_for_everybody_and_load_their_own_files_alone() {
    let server = Server::start().await;
    for (path, media) in [
        ("/invitation", "text/html; charset=utf-8"),
        ("/password-reset", "text/html; charset=utf-8"),
        ("/pages/link.js", "text/javascript; charset=utf-8"),
        ("/pages/link.css", "text/css; charset=utf-8"),
    ] {
        let answer = server.get(path).send().await.expect(200);
        assert_eq!(answer.header("content-type"), Some(media));
        let policy = answer.header("content-security-policy").unwrap();
        assert!(policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self'"), "{policy}");
        assert!(policy.contains("frame-ancestors 'none'") && policy.contains("form-action 'none'"));
        assert_eq!(answer.header("referrer-policy"), Some("no-referrer"));
        assert_eq!(answer.header("set-cookie"), None);
    }
    for path in ["/invitation", "/password-reset"] {
        let page = server.get(path).send().await.text();
        assert!(page.contains("href=\"pages/link.css\"") && page.contains("src=\"pages/link.js\""));
        assert!(page.contains("width=device-width") && page.contains("<label for=\"password\">"));
    }
}
