//! The document against the server that it describes: schemathesis reads the one and calls the other, with all its checks.

use std::path::Path;
use std::process::Command;

use super::program::Home;
use super::python;

#[test]
fn what_is_served_is_what_the_document_says() {
    let home = Home::new();
    // Thousands of calls come from one address.
    let settings = "[limits]\nsign_in_per_ip = 0\n[dialects.akto]\nstigg_signing_secret = \"of this test\"\n";
    home.write("herald.toml", settings);
    let server = home.start(&["demo"]);
    let clients = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients");
    let mut line = Command::new(python::interpreter().with_file_name("schemathesis"));
    line.env("SCHEMATHESIS_HOOKS", clients.join("ndjson.py"));
    line.arg("--config-file").arg(clients.join("schemathesis.toml"));
    line.args(["run", &format!("{}/openapi.json", server.url)]);
    line.args(["--checks", "all", "--max-examples", "10", "--continue-on-failure", "--no-shrink"]);
    line.args(["--generation-database", "none", "--warnings", "off", "--seed", "1"]);
    let ran = line.current_dir(home.path(".")).output().unwrap();
    let said = String::from_utf8_lossy(&ran.stdout);
    assert!(ran.status.success(), "{said}\n{}", String::from_utf8_lossy(&ran.stderr));
    assert!(said.contains("Tested: "), "{said}");
    server.stop();
}
