//! The Content Security Policy (level 3) of pages.

/// Returns the policy of a page without scripts.
pub(super) fn without_scripts() -> String {
    "default-src 'none'; style-src 'self'; img-src 'self' data:; media-src 'self'; manifest-src 'self'; form-action 'self'; \
     base-uri 'none'; frame-ancestors 'none'"
        .to_owned()
}

/// Returns the policy of a page whose scripts have `nonce`, and which does not load the program.
pub(super) fn without_program(nonce: &str) -> String {
    format!("{}; script-src 'nonce-{nonce}'", without_scripts())
}

/// Returns the policy of a page that loads the program and whose scripts have `nonce`. `reload` is the port on which
/// the development tools announce a new build.
pub(super) fn of_page(nonce: &str, reload: Option<u32>) -> String {
    let reload =
        reload.map(|port| format!(" ws://localhost:{port} ws://127.0.0.1:{port}")).unwrap_or_default();
    format!(
        "default-src 'none'; script-src 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; \
         media-src 'self'; connect-src 'self'{reload}; manifest-src 'self'; worker-src 'self'; \
         form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
}
