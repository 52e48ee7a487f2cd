//! The HTML document of a page, as the server sends it.

use leptos::either::Either;
use leptos::hydration::AutoReload;
use leptos::nonce::use_nonce;
use leptos::prelude::*;

use crate::app::App;
use crate::display::DisplaySettings;
use crate::i18n::Language;
use crate::shared_snapshot;
use crate::snapshot::{AccountPage, PageSnapshot, RoomPage, Snapshot};

/// Removes the stored data of a user who has signed out, after asking about unsent messages. The user is
/// named by a cookie, which the server sets (`server/src/web/pages/account/sign_out.rs`), or the page itself when
/// its session was ended elsewhere (`browser/sign_out.rs`). Unlike `Clear-Site-Data`, this works over plain
/// HTTP and keeps the data of other users. The keys are those of `browser/{unsent,drafts,local_copy}.rs`.
const SIGN_OUT_SCRIPT: &str = include_str!("document/sign_out.js");

/// URL paths of the files that the page loads.
#[derive(Clone, Debug)]
pub struct Assets {
    /// The JavaScript glue that loads the program.
    pub js: String,
    /// The WebAssembly program.
    pub wasm: String,
    /// The script that loads the lazy parts, if there are any; the glue imports it.
    pub loader: Option<String>,
    /// The lazy parts of the program.
    pub parts: Vec<String>,
    /// The style sheet.
    pub css: String,
    /// Options of the live reload of `cargo leptos watch`; `None` in production.
    pub live_reload: Option<LeptosOptions>,
}

/// Renders the document of a page. Scripts carry the nonce of the request if Leptos has one; there are no
/// inline styles.
#[must_use]
pub fn document(snapshot: Snapshot, assets: Assets) -> AnyView {
    let is_hydrated = snapshot.page.is_hydrated();
    // Must be the first shared value ([`shared_snapshot::share`]).
    let snapshot = if is_hydrated { shared_snapshot::share(|| snapshot) } else { snapshot };
    let language = snapshot.language;
    let title = snapshot.title();
    let display = use_context::<DisplaySettings>().unwrap_or_default();
    // If several `theme-color` elements match, the browser uses the first one (HTML, section 4.2.5.1).
    let frame_colour = display.theme.frame_colour();
    let (css, live_reload) = (assets.css.clone(), assets.live_reload.clone());
    let program = program(&snapshot.page, language, assets);
    let sign_out = snapshot.page.fetches_program().then(|| view! { <SignOutScript language /> });
    let last = last_script(&snapshot.page);
    view! {
        <!DOCTYPE html>
        <html
            lang=language.tag()
            data-theme=display.theme.name()
            data-text-size=display.text_size.name()
            data-density=display.density()
            data-no-program=(!is_hydrated).then_some("")
            data-reduced-motion=display.reduced_motion()
        >
            <head>
                <meta charset="utf-8" />
                <meta
                    name="viewport"
                    content="width=device-width, initial-scale=1, viewport-fit=cover, interactive-widget=resizes-content"
                />
                <meta name="color-scheme" content=display.theme.name().unwrap_or("light dark") />
                {frame_colour.map(|colour| view! { <meta name="theme-color" content=colour /> })}
                <meta name="theme-color" content="#ffffff" media="(prefers-color-scheme: light)" />
                <meta name="theme-color" content="#1f1d1b" media="(prefers-color-scheme: dark)" />
                <meta name="referrer" content="same-origin" />
                <title>{title}</title>
                <link rel="stylesheet" href=css />
                // Runs at the end of the document, because a page that is painted before would move.
                {last
                    .is_some()
                    .then(|| view! { <link rel="expect" href=format!("#{LAST_SCRIPT_ID}") blocking="render" /> })}
                <link rel="icon" href="/icon.svg" type="image/svg+xml" />
                <link rel="apple-touch-icon" href="/apple-touch-icon.png" />
                <link rel="manifest" href="/site.webmanifest" />
                {sign_out}
                {program}
                {live_reload.map(|options| view! { <AutoReload options /> })}
            </head>
            <body>
                <App snapshot />
                {last.map(|script| view! { <script id=LAST_SCRIPT_ID nonce=use_nonce() inner_html=script></script> })}
            </body>
        </html>
    }
    .into_any()
}

/// The links and scripts of the program that a page needs.
fn program(page: &PageSnapshot, language: Language, assets: Assets) -> Option<impl IntoView + use<>> {
    let Assets { js, wasm, loader, parts, .. } = assets;
    match page {
        page if page.has_program() => {
            // The program needs the strings before hydration.
            let strings = language.part().and_then(|part| parts.into_iter().find(|path| is_part(path, part)));
            Some(Either::Left(view! { <Program js wasm loader strings /> }))
        }
        // The next page may be a room, so its files are loaded while the browser is idle.
        PageSnapshot::Landing(_) => Some(Either::Right(view! { <Prefetch js wasm loader /> })),
        _ => None,
    }
}

/// Whether the file at `path` is the lazy part `name`: `/pkg/HASH/NAME.wasm` or `/pkg/NAME.HASH.wasm`.
fn is_part(path: &str, name: &str) -> bool {
    let file = path.rsplit('/').next().unwrap_or_default();
    file.strip_prefix(name).is_some_and(|rest| rest.starts_with('.'))
}

/// Loads the program and the strings of the language, and starts the program.
#[component]
fn Program(js: String, wasm: String, loader: Option<String>, strings: Option<String>) -> impl IntoView {
    let nonce = use_nonce();
    // If the program cannot start, the links that work without it stay visible (`style/base.css`), and the
    // console shows the error.
    let start = format!(
        "import start from {js:?};\nstart({{ module_or_path: {wasm:?} }}).catch((error) => {{\n\
         document.documentElement.setAttribute(\"data-no-program\", \"\");\nthrow error;\n}});"
    );
    let preload = |file| {
        view! { <link rel="preload" href=file r#as="fetch" r#type="application/wasm" crossorigin="anonymous" /> }
    };
    view! {
        <link rel="modulepreload" href=js nonce=nonce.clone() />
        {loader.map(|loader| view! { <link rel="modulepreload" href=loader nonce=nonce.clone() /> })}
        {preload(wasm)}
        {strings.map(preload)}
        <script type="module" nonce=nonce inner_html=start></script>
    }
}

/// Loads the files of the program into the browser's cache while the browser is idle.
#[component]
fn Prefetch(js: String, wasm: String, loader: Option<String>) -> impl IntoView {
    let files = [Some(js), loader, Some(wasm)].into_iter().flatten();
    files.map(|file| view! { <link rel="prefetch" href=file /> }).collect_view()
}

/// The script that removes stored data after sign-out, with its texts.
#[component]
fn SignOutScript(language: Language) -> impl IntoView {
    let strings = language.strings().pages;
    view! {
        <script
            type="module"
            nonce=use_nonce()
            data-discard-one=strings.discard_one
            data-discard-many=strings.discard_many
            inner_html=SIGN_OUT_SCRIPT
        ></script>
    }
}

/// Id of the script at the end of the document.
const LAST_SCRIPT_ID: &str = "place";

/// Converts the times on a page to the time zone of the browser before the page is painted, and stores the
/// UTC offset in a cookie for the next page. Pages without the program have no other way; on hydrated pages,
/// hydration then changes nothing.
const LOCAL_TIME_SCRIPT: &str = include_str!("document/local_time.js");

/// Returns the script at the end of a page that shows times.
fn last_script(page: &PageSnapshot) -> Option<String> {
    match page {
        PageSnapshot::Room(page) => Some(LOCAL_TIME_SCRIPT.to_owned() + &place_script(page)),
        // The landing page has no times; the room behind it has.
        PageSnapshot::Account(AccountPage::Settings(_)) | PageSnapshot::Landing(_) => {
            Some(LOCAL_TIME_SCRIPT.to_owned())
        }
        _ => None,
    }
}

/// Returns a script that scrolls a room to the message in the address, or to the first unread message, before
/// the browser paints the page. `browser/scroll.rs` scrolls to the same position, but only after the page was
/// visible.
fn place_script(page: &RoomPage) -> String {
    let (selector, offset) = match page.at {
        Some(at) => (format!(r#"[data-seq="{at}"]"#), "Math.max((view.height-at.height)/2,0)"),
        None => (".day-separator-new".to_owned(), "view.height*.2"),
    };
    // The sidebar scrolls to the open room. Only the browser knows the address of the server.
    format!(
        "{{const link=document.querySelector('.room-link-address');\n\
         if(link)link.textContent=location.origin+link.textContent}}\n\
         document.querySelector('.sidebar-room[aria-current]')?.scrollIntoView({{block:'nearest'}});\n\
         {{const box=document.querySelector('.timeline'),item=box?.querySelector('{selector}');\n\
         if(item){{const view=box.getBoundingClientRect(),at=item.getBoundingClientRect();\n\
         box.scrollBy(0,at.top-view.top-{offset})}}}}"
    )
}
