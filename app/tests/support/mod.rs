//! Pages and rooms for the tests of the document, and helpers that read their HTML.

use std::sync::Arc;

use futures_util::{FutureExt, StreamExt};
use hubbub_app::{Assets, Language, PageSnapshot, RoomPage, Snapshot, document};
use hubbub_protocol::{
    Attachment, ClientId, Epoch, Event, FileId, FileName, Message, MessageId, MessageText, MyRoom, Page,
    Person, Presence, ReadState, Room, RoomId, RoomName, Seq, Timestamp, Topic, User, UserId, UserName,
};
use hydration_context::{SharedContext, SsrSharedContext};
use leptos::nonce::{provide_nonce, use_nonce};
use leptos::prelude::*;

/// A text that is markup wherever it is not escaped.
pub(crate) const HOSTILE: &str =
    "</textarea></script><script>alert(1)</script><img src=x onerror=alert(1)> \"'& <!--";

/// The document with what leptos appends for a page that comes alive, and the nonce of its request.
pub(crate) fn rendered(page: PageSnapshot, language: Language) -> (String, String) {
    let snapshot = Snapshot { language, version: Some("1.2.3".to_owned()), page };
    let assets = Assets {
        js: "/pkg/hubbub.1.js".to_owned(),
        wasm: "/pkg/hubbub.2.wasm".to_owned(),
        loader: Some("/pkg/__wasm_split.4.js".to_owned()),
        parts: vec!["/pkg/split_menus.5.wasm".to_owned(), "/pkg/split_russian.6.wasm".to_owned()],
        css: "/pkg/hubbub.3.css".to_owned(),
        live_reload: None,
    };
    let has_program = snapshot.page.has_program();
    let shared = Arc::new(SsrSharedContext::new());
    let owner = Owner::new_root(Some(Arc::clone(&shared) as Arc<dyn SharedContext + Send + Sync>));
    let (mut html, nonce) = owner.with(|| {
        provide_nonce();
        let nonce = use_nonce().expect("a nonce").to_string();
        (document(snapshot, assets).into_view().to_html(), nonce)
    });
    let chunks = shared.pending_data().filter(|_| has_program);
    for chunk in
        chunks.map(|chunks| chunks.collect::<Vec<_>>()).and_then(FutureExt::now_or_never).unwrap_or_default()
    {
        html.push_str(&format!("<script nonce=\"{nonce}\">{chunk}</script>"));
    }
    (html, nonce)
}

pub(crate) fn user(id: i64, name: &str) -> User {
    User { id: UserId(id), name: UserName::parse(name).expect("a name") }
}

pub(crate) fn message(seq: i64, author: &User, text: &str) -> Message {
    Message {
        id: MessageId(100 + seq),
        seq: Seq(seq),
        author: author.clone(),
        client_id: ClientId::from_random_bytes([u8::try_from(seq).expect("a small number"); 16]),
        text: Some(MessageText::parse(text).expect("a text")),
        at: at(),
        reply_to: None,
        changed: None,
        edited_at: None,
        reactions: Vec::new(),
        files: Vec::new(),
    }
}

pub(crate) fn picture(name: &str) -> Attachment {
    Attachment {
        id: FileId(3),
        name: FileName::parse(name).expect("a name"),
        size: 1_000,
        content_type: "image/png".to_owned(),
        width: Some(800),
        height: Some(600),
        preview: Some("image/webp;base64,UklGRg==".to_owned()),
    }
}

pub(crate) fn at() -> Timestamp {
    "2026-11-20T10:00:00.000Z".parse().expect("a time")
}

pub(crate) fn room_name(name: &str) -> RoomName {
    RoomName::parse(name).expect("a name")
}

/// A room of mine with so much unread.
pub(crate) fn mine(name: &str, unread: u32) -> MyRoom {
    let room = room_name(name);
    MyRoom {
        room: Room { id: RoomId(1), name: room.clone(), topic: Topic::default() },
        read: ReadState { room, seq: Seq(8), unread, head: Seq(8) },
        active_at: at(),
    }
}

/// A room in which Ada and a rude guest have spoken, as Ada sees it.
pub(crate) fn room() -> RoomPage {
    let (ada, rude) = (user(1, "Ada"), user(2, "<b>\"rude\"</b>"));
    let room = room_name("tea");
    let messages = vec![message(7, &ada, "Good morning"), message(8, &rude, HOSTILE)];
    let events = messages.into_iter().map(Event::Posted).collect();
    RoomPage {
        me: Some(ada.clone()),
        rooms: vec![mine("tea", 0), mine("coffee", 3)],
        epoch: Some(Epoch("e".to_owned())),
        history: Page { room: room.clone(), events, older: true, newer: false },
        cursor: Seq(8),
        read: Seq(8),
        topic: Topic::parse("All about <tea>").expect("a topic"),
        people: vec![
            Person { user: ada, presence: Presence::Online },
            Person { user: rude, presence: Presence::Away },
        ],
        count: 5,
        members: 7,
        form_client_id: ClientId::from_random_bytes([9; 16]),
        ..RoomPage::unread(room, None)
    }
}

/// The room, with these lines in it.
pub(crate) fn room_with(events: Vec<Event>) -> RoomPage {
    let history = Page { room: room_name("tea"), events, older: false, newer: false };
    RoomPage { history, cursor: Seq(99), ..room() }
}

pub(crate) fn room_html(page: RoomPage) -> String {
    rendered(PageSnapshot::Room(Box::new(page)), Language::En).0
}

/// Every opening tag of this name.
pub(crate) fn tags<'a>(html: &'a str, name: &str) -> Vec<&'a str> {
    let open = format!("<{name}");
    html.match_indices(&open)
        .map(|(start, _)| &html[start..])
        .filter(|rest| rest[open.len()..].starts_with([' ', '>']))
        .map(|rest| &rest[..=rest.find('>').expect("a tag that ends")])
        .collect()
}

/// Returns the content of the body without the script at its end.
pub(crate) fn body(html: &str) -> &str {
    let start = html.find("<body>").expect("a body");
    let end = html.find("<script id=\"place\"").or_else(|| html.find("</body>"));
    &html[start..end.expect("an end")]
}

/// Without the marks that help the browser to take the page over.
pub(crate) fn squeezed(html: &str) -> String {
    html.replace("<!>", "").replace("<!---->", "")
}
