//! The whole document around a page, as the server sends it.

use leptos::either::Either;
use leptos::hydration::AutoReload;
use leptos::nonce::use_nonce;
use leptos::prelude::*;

use crate::app::App;
use crate::display::DisplaySettings;
use crate::i18n::Language;
use crate::shared_snapshot;
use crate::snapshot::{AccountPage, PageSnapshot, RoomPage, Snapshot};

/// Removes what the browser has kept of a user who has signed out, and asks first about what was not sent. The server
/// names the user in a cookie (`server/src/web/account/sign_out.rs`), or the page does whose session was ended from
/// elsewhere (`browser/sign_out.rs`). That works over plain HTTP too, where a browser ignores `Clear-Site-Data`, and
/// leaves alone what is kept of other users. The keys are those of `browser/{unsent,drafts,local_copy}.rs`.
const SIGN_OUT_SCRIPT: &str = include_str!("document/sign_out.js");

/// Where the browser finds what the page is made alive with: paths from the root of the server.
#[derive(Clone, Debug)]
pub struct Assets {
    /// The glue that loads the program.
    pub js: String,
    /// The program.
    pub wasm: String,
    /// What loads the lazy parts of the program, if it has any; the glue imports it.
    pub loader: Option<String>,
    /// The style.
    pub css: String,
    /// How `cargo leptos watch` reloads the page; none in production.
    pub live_reload: Option<LeptosOptions>,
}

/// The document of a page. Scripts carry the nonce of the request, where leptos was given one; there are no
/// inline styles.
#[must_use]
pub fn document(snapshot: Snapshot, assets: Assets) -> AnyView {
    let comes_alive = snapshot.page.comes_alive();
    // First of all that is shared with the browser.
    let snapshot = if comes_alive { shared_snapshot::share(|| snapshot) } else { snapshot };
    let language = snapshot.language;
    let title = snapshot.title();
    let display = use_context::<DisplaySettings>().unwrap_or_default();
    // Of several colours for the browser's own frame the first one counts whose medium is there (HTML, section 4.2.5.1).
    let frame_colour = display.theme.frame_colour();
    let Assets { js, wasm, loader, css, live_reload } = assets;
    let program = match &snapshot.page {
        page if page.has_program() => Some(Either::Left(view! { <Program js wasm loader language /> })),
        // For the room that one may go to from here: whenever the browser has nothing else to do.
        PageSnapshot::Landing(_) => Some(Either::Right(view! { <Prefetch js wasm loader /> })),
        _ => None,
    };
    let sign_out = snapshot.page.fetches_program().then(|| view! { <SignOutScript language /> });
    let last = last_script(&snapshot.page);
    view! {
        <!DOCTYPE html>
        <html
            lang=language.tag()
            data-theme=display.theme.name()
            data-text-size=display.text_size.name()
            data-density=display.density()
            data-no-program=(!comes_alive).then_some("")
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
                // A page that is shown before all of it has come would move as the rest does.
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

/// Loads the program, with the strings of the language, and starts it.
#[component]
fn Program(js: String, wasm: String, loader: Option<String>, language: Language) -> impl IntoView {
    let nonce = use_nonce();
    // The program needs them before the page is interactive.
    let strings =
        loader.as_ref().zip(language.part()).map(|(loader, part)| loader.replace("__wasm_split.js", part));
    // Where the program cannot start, the plain links stay (`style/base.css`). The error goes to the console.
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

/// Loads the files of the program into the cache of the browser while it is idle.
#[component]
fn Prefetch(js: String, wasm: String, loader: Option<String>) -> impl IntoView {
    let files = [Some(js), loader, Some(wasm)].into_iter().flatten();
    files.map(|file| view! { <link rel="prefetch" href=file /> }).collect_view()
}

/// The script that runs after a user has signed out, with what it asks.
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

/// The id of the last element of a document that has times.
const LAST_SCRIPT_ID: &str = "place";

/// Shows the times of a page by the clock of the browser, before the page is painted, and keeps the offset of that clock
/// in a cookie for the next page. Pages without the program have no other way; on the others, nothing changes when the
/// program runs.
const LOCAL_TIME_SCRIPT: &str = include_str!("document/local_time.js");

/// The script at the end of a page that has times.
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

/// Scrolls a room's page to the message of the address, or to the first unread message, before the browser paints it.
/// The program would scroll there too (`browser/scroll.rs`, to the same place), but visibly, after the page was shown at
/// its end.
fn place_script(page: &RoomPage) -> String {
    let (selector, offset) = match page.at {
        Some(at) => (format!(r#"[data-seq="{at}"]"#), "Math.max((view.height-at.height)/2,0)"),
        None => (".day-separator-new".to_owned(), "view.height*.2"),
    };
    // Only the browser knows the address of the server, and the sidebar shows the room that is open, however many there are.
    format!(
        "{{const link=document.querySelector('.room-link-address');\n\
         if(link)link.textContent=location.origin+link.textContent}}\n\
         document.querySelector('.sidebar-room[aria-current]')?.scrollIntoView({{block:'nearest'}});\n\
         {{const box=document.querySelector('.timeline'),item=box?.querySelector('{selector}');\n\
         if(item){{const view=box.getBoundingClientRect(),at=item.getBoundingClientRect();\n\
         box.scrollBy(0,at.top-view.top-{offset})}}}}"
    )
}
