//! The whole document around a page, as the server sends it.

use leptos::either::Either;
use leptos::hydration::AutoReload;
use leptos::nonce::use_nonce;
use leptos::prelude::*;

use crate::app::App;
use crate::snapshot::SNAPSHOT_ID;
use crate::{DisplaySettings, PageSnapshot, Snapshot};

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
pub fn document(snapshot: Snapshot, assets: Assets) -> impl IntoView {
    let nonce = use_nonce();
    let language = snapshot.language.tag();
    let strings_part = snapshot.language.part();
    let title = snapshot.title();
    let display = use_context::<DisplaySettings>().unwrap_or_default();
    // Of several colours for the browser's own frame the first one counts whose medium is there (HTML, section 4.2.5.1).
    let frame_colour = display.theme.frame_colour();
    let is_plain = !snapshot.page.comes_alive();
    let json = script_json(&snapshot);
    let Assets { js, wasm, loader, css, live_reload } = assets;
    // The program needs it before the page is interactive.
    let strings =
        loader.as_ref().zip(strings_part).map(|(loader, part)| loader.replace("__wasm_split.js", part));
    // Where the program cannot start, the plain links stay (`style/base.css`). The error goes to the console.
    let start = format!(
        "import start from {js:?};\nstart({{ module_or_path: {wasm:?} }}).catch((error) => {{\n\
         document.documentElement.setAttribute(\"data-no-program\", \"\");\nthrow error;\n}});"
    );
    let place = place_script(&snapshot.page);
    let has_program = snapshot.page.has_program();
    let program = if has_program {
        Either::Left(view! {
            <link rel="modulepreload" href=js nonce=nonce.clone() />
            {loader.map(|loader| view! { <link rel="modulepreload" href=loader nonce=nonce.clone() /> })}
            <link rel="preload" href=wasm r#as="fetch" r#type="application/wasm" crossorigin="anonymous" />
            {strings
                .map(|part| {
                    view! {
                        <link
                            rel="preload"
                            href=part
                            r#as="fetch"
                            r#type="application/wasm"
                            crossorigin="anonymous"
                        />
                    }
                })}
            <script type="module" nonce=nonce.clone() inner_html=start></script>
        })
    } else {
        // For the room that one may go to from here: whenever the browser has nothing else to do.
        let files = [Some(js), loader, Some(wasm)].into_iter().flatten();
        Either::Right(files.map(|file| view! { <link rel="prefetch" href=file /> }).collect_view())
    };
    let place_nonce = nonce.clone();
    let snapshot_script = has_program.then(|| {
        view! { <script type="application/json" id=SNAPSHOT_ID nonce=nonce inner_html=json></script> }
    });
    view! {
        <!DOCTYPE html>
        <html
            lang=language
            data-theme=display.theme.name()
            data-text-size=display.text_size.name()
            data-density=display.density()
            data-no-program=is_plain.then_some("")
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
                {place.is_some().then(|| view! { <link rel="expect" href=format!("#{PLACE_ID}") blocking="render" /> })}
                <link rel="icon" href="/icon.svg" type="image/svg+xml" />
                <link rel="apple-touch-icon" href="/apple-touch-icon.png" />
                <link rel="manifest" href="/site.webmanifest" />
                {program}
                {live_reload.map(|options| view! { <AutoReload options /> })}
            </head>
            <body>
                <App snapshot />
                {snapshot_script}
                {place.map(|script| view! { <script id=PLACE_ID nonce=place_nonce inner_html=LOCAL_TIME_SCRIPT.to_owned() + &script></script> })}
            </body>
        </html>
    }
}

/// The last element of a room's document.
const PLACE_ID: &str = "place";

/// Shows the times of a page by the reader's clock, which only the browser knows, before the page is painted. Pages without
/// the program have no other way, and on the others nothing changes when the program runs.
pub(crate) const LOCAL_TIME_SCRIPT: &str = include_str!("local_time.js");

/// Scrolls a room's page to the message of the address, or to the first unread message, before the browser paints it.
/// The program would scroll there too (`browser/scroll.rs`, to the same place), but visibly, after the page was shown at
/// its end. None for a page that begins at its end.
fn place_script(page: &PageSnapshot) -> Option<String> {
    let PageSnapshot::Room(page) = page else { return None };
    let (selector, offset) = match page.at {
        Some(at) => (format!(r#"[data-seq="{at}"]"#), "Math.max((view.height-at.height)/2,0)"),
        None => (".day-separator-new".to_owned(), "view.height*.2"),
    };
    // Only the browser knows the address of the server, and the sidebar shows the room that is open, however many there are.
    Some(format!(
        "{{const link=document.querySelector('.room-link-address');\n\
         if(link)link.textContent=location.origin+link.textContent}}\n\
         document.querySelector('.sidebar-room[aria-current]')?.scrollIntoView({{block:'nearest'}});\n\
         {{const box=document.querySelector('.timeline'),item=box?.querySelector('{selector}');\n\
         if(item){{const view=box.getBoundingClientRect(),at=item.getBoundingClientRect();\n\
         box.scrollBy(0,at.top-view.top-{offset})}}}}"
    ))
}

/// The snapshot as the text of a script element. Nothing in it can close the element or open a comment
/// (HTML, section 4.12.1.3), because it has no `<`.
fn script_json(snapshot: &Snapshot) -> String {
    // Serialising fails only for maps with keys that are not strings, and a snapshot has no maps.
    serde_json::to_string(snapshot).unwrap_or_default().replace('<', "\\u003c")
}
