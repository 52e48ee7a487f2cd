//! The documents that the server sends: complete without a script, and safe whatever anybody has written.

mod support;

use hubbub_app::{
    AccountPage, BadRequestReason, Landing, Language, PageSnapshot, RoomPage, SignInForm, Snapshot,
};
use hubbub_protocol::{
    Deleted, Described, Emoji, Event, Field, Message, MessageText, Moved, PublicRoom, Reaction, ReadMark,
    Refusal, Room, RoomId, RoomName, Seq, Topic, User, UserId,
};

use support::*;

#[test]
fn escapes_messages() {
    let html = room_html(RoomPage { draft: HOSTILE.to_owned(), ..room() });
    let body = body(&html);
    assert!(tags(body, "script").is_empty());
    assert!(tags(body, "b").is_empty());
    assert!(tags(body, "img").iter().all(|img| img.contains("src=\"/icon.svg\"")), "only the logo");
    assert_eq!(tags(body, "textarea").len(), 1);
    assert_eq!(body.matches("</textarea>").count(), 1);
    assert!(body.contains("&lt;img src=x"), "the text itself is there to be read");
}

#[test]
fn escapes_messages_in_the_snapshot() {
    let html = room_html(RoomPage { draft: HOSTILE.to_owned(), ..room() });
    let (_, script) = html.split_once("__RESOLVED_RESOURCES[0] = ").expect("a snapshot");
    let script = script.split_once("</script>").expect("a closed script").0;
    assert!(!script.contains('<'));
    let json: String = serde_json::from_str(script.strip_suffix(';').expect("a statement")).expect("a text");
    let snapshot: Snapshot = serde_json::from_str(&json).expect("the snapshot as it was");
    let PageSnapshot::Room(page) = snapshot.page else { panic!("not the room") };
    assert_eq!(page.draft, HOSTILE);
    let Event::Posted(message) = &page.history.events[1] else { panic!("not a message") };
    assert_eq!(message.text.as_ref().map(MessageText::as_str), Some(HOSTILE));
}

#[test]
fn form_keeps_the_input_after_an_error() {
    let problem = Some(Refusal::invalid(Field::Room, "no"));
    let entrance = Landing {
        name: HOSTILE.to_owned(),
        room: HOSTILE.to_owned(),
        rooms: vec![PublicRoom {
            room: Room {
                id: RoomId(1),
                name: room_name("tea"),
                topic: Topic::parse("<b>a</b>").expect("a topic"),
            },
            members: 2,
            joined: false,
        }],
        problem,
        ..Landing::default()
    };
    let (html, _) = rendered(PageSnapshot::Landing(entrance), Language::En);
    assert!(tags(body(&html), "script").is_empty());
    let [logo] = tags(body(&html), "img")[..] else { panic!("a picture too many") };
    assert!(logo.contains("/icon.svg"));
}

#[test]
fn visitor_gets_the_name_form_instead_of_the_composer() {
    let page = RoomPage { me: None, asks_name: true, at: Some(Seq(7)), ..room() };
    let html = room_html(page);
    assert!(tags(&html, "html")[0].contains("data-no-program") && html.contains("action=\"/join_chat\""));
    assert!(html.contains("Good morning") && !html.contains("<textarea"));
    assert!(
        tags(&html, "input").iter().any(|input| input.contains("name=\"at\"") && input.contains("\"7\""))
    );
    let html = room_html(room());
    assert!(!tags(&html, "html")[0].contains("data-no-program") && !html.contains("/join_chat"));
}

#[test]
fn page_is_scrolled_before_the_first_paint() {
    let script = |page| {
        let html = room_html(page);
        let (_, script) = html.split_once("<script id=\"place\"").expect("a script");
        script.split_once("</script>").expect("a closed script").0.to_owned()
    };
    assert!(script(RoomPage { at: Some(Seq(7)), ..room() }).contains("[data-seq=\"7\"]"));
    assert!(script(room()).contains(".day-separator-new"));
}

#[test]
fn text_pages_load_no_program() {
    let account = AccountPage::SignIn(SignInForm::default());
    for page in [
        PageSnapshot::NotFound { problem: None },
        PageSnapshot::Unavailable {},
        PageSnapshot::BadRequest { reason: BadRequestReason::Late },
        PageSnapshot::Account(account),
    ] {
        let (html, _) = rendered(page, Language::En);
        assert!(tags(&html, "script").is_empty());
        let links = tags(&html, "link");
        assert!(!links.iter().any(|link| link.contains("preload") || link.contains("prefetch")), "{links:?}");
        assert!(!html.contains(".wasm"));
    }
}

#[test]
fn room_preloads_the_texts_of_its_language_and_no_other_part() {
    for (language, expected) in [(Language::En, &[][..]), (Language::Ru, &["/pkg/split_russian.6.wasm"])] {
        let (html, _) = rendered(PageSnapshot::Room(Box::new(room())), language);
        let links = tags(&html, "link");
        let parts = links.iter().filter(|link| link.contains("/split_"));
        assert_eq!(parts.clone().count(), expected.len(), "{links:?}");
        assert!(parts.zip(expected).all(|(link, path)| link.contains(path)), "{links:?}");
    }
}

#[test]
fn landing_page_prefetches_the_program_when_idle() {
    let (html, _) = rendered(PageSnapshot::Landing(Landing::default()), Language::En);
    let links = tags(&html, "link");
    assert!(!links.iter().any(|link| link.contains("preload")), "{links:?}");
    assert_eq!(links.iter().filter(|link| link.contains("rel=\"prefetch\"")).count(), 3, "{links:?}");
    let [sign_out, local_times] = tags(&html, "script")[..] else {
        panic!("two scripts, not another number")
    };
    assert!(sign_out.contains("data-discard-one=") && sign_out.contains("{count}"), "{sign_out}");
    assert!(local_times.contains("id=\"place\""), "{local_times}");
    assert!(!html.contains("import start"));
}

#[test]
fn content_security_policy_allows_all_resources() {
    let pages = [
        // The sign-out script; the start of the program; local times and the scroll position; three
        // that leptos appends.
        (PageSnapshot::Room(Box::new(room())), 6),
        // The sign-out script; local times.
        (PageSnapshot::Landing(Landing::default()), 2),
        (PageSnapshot::Unavailable {}, 0),
        (PageSnapshot::OfflineShell {}, 5),
    ];
    for (page, count) in pages {
        let (html, nonce) = rendered(page, Language::Ru);
        assert!(!html.contains(" style="), "an inline style");
        assert!(tags(&html, "style").is_empty());
        let scripts = tags(&html, "script");
        assert_eq!(scripts.len(), count);
        for script in scripts {
            assert!(script.contains(&format!("nonce=\"{nonce}\"")), "{script}");
        }
        assert!(!html.contains(" onclick=") && !html.contains("javascript:"));
    }
}

#[test]
fn room_works_without_a_script() {
    let html = room_html(RoomPage { acting_as: Some(UserId(4)), ..room() });
    assert!(html.contains("<html lang=\"en\""));
    assert!(html.contains("<title>(3) #tea · Hubbub</title>"));
    assert!(html.contains("Good morning"));
    assert!(html.contains("and 3 more"));
    assert!(html.contains("href=\"/rooms/tea?as=4&amp;before=7\""));
    let form = tags(&html, "form").into_iter().find(|form| form.contains("/rooms/tea/messages"));
    assert!(form.expect("the composer").contains("method=\"post\""));
    let inputs = tags(&html, "input");
    let hidden = |name: &str, value: &str| {
        let name = format!("name=\"{name}\"");
        let value = format!("value=\"{value}\"");
        inputs.iter().any(|input| input.contains(&name) && input.contains(&value))
    };
    assert!(hidden("client_id", &room().form_client_id.to_string()));
    assert!(hidden("as", "4"));
    assert!(hidden("back", "/rooms/tea?as=4"));
}

#[test]
fn history_page_links_to_the_newest_page() {
    let mut past = room();
    past.history.newer = true;
    let leads_back = |html: &str| {
        let mut links = html.split("<a ").filter_map(|link| link.split_once("</a>")).map(|(link, _)| link);
        links.any(|link| link.contains("href=\"/rooms/tea?at=8\"") && link.contains("To the newest messages"))
    };
    assert!(leads_back(&room_html(past)));
    assert!(!leads_back(&room_html(room())));
}

#[test]
fn marks_own_messages_and_their_state() {
    let html = room_html(room());
    let articles = tags(&html, "article");
    assert_eq!(articles.len(), 2);
    assert!(articles[0].contains("message-own") && articles[0].contains("data-seq=\"7\""));
    assert!(articles[1].contains("message-other") && articles[1].contains("data-state=\"sent\""));
    assert!(html.contains("datetime=\"2026-11-20T10:00:00.000Z\""));
}

#[test]
fn refused_text_is_returned_with_the_reason() {
    let problem = Some(Refusal::too_long(Field::Text, 4_000, "characters"));
    let html = room_html(RoomPage { draft: "\n <too> long".to_owned(), problem, ..room() });
    assert!(html.contains("The message is too long: at most 4,000 characters."));
    let field = tags(&html, "textarea")[0];
    assert!(field.contains("aria-invalid=\"true\"") && field.contains("aria-describedby="));
    // The parser drops the first line break after the tag, so there must be one more.
    assert!(html.contains(&format!("{field}\n\n &lt;too&gt; long</textarea>")));
}

#[test]
fn error_is_shown_at_its_field() {
    let problem = Some(Refusal::empty(Field::Name));
    let entrance =
        Landing { room: "tea".to_owned(), account: true, signed_out: true, problem, ..Landing::default() };
    let (html, _) = rendered(PageSnapshot::Landing(entrance), Language::Ru);
    assert!(html.contains("<html lang=\"ru\""));
    assert!(html.contains("Введите имя."));
    let field = |name: &str| {
        let name = format!("name=\"{name}\"");
        tags(&html, "input").into_iter().find(|input| input.contains(&name)).expect("a field")
    };
    assert!(field("username").contains("aria-invalid=\"true\""));
    assert!(field("username").contains("aria-describedby=\"username-about\""));
    assert!(html.contains("id=\"username-about\""));
    assert!(!field("room_id").contains("aria-invalid"));
}

#[test]
fn unknown_address_shows_not_found() {
    let problem = RoomName::parse("living room").err();
    let (html, _) = rendered(PageSnapshot::NotFound { problem }, Language::En);
    assert!(html.contains("only the letters"));
    assert!(html.contains("href=\"/\""));
    let (html, _) = rendered(PageSnapshot::Unavailable {}, Language::Ru);
    assert!(html.contains("Одну минуту"));
    for (reason, title) in [
        (BadRequestReason::Unreadable, "<title>Некорректный запрос"),
        (BadRequestReason::Late, "<title>Форма не дошла до сервера"),
        (BadRequestReason::Foreign, "<title>Форма не принята"),
    ] {
        let (html, _) = rendered(PageSnapshot::BadRequest { reason }, Language::Ru);
        assert!(html.contains(title) && html.contains("href=\"/\""));
    }
}

#[test]
fn sidebar_links_show_unread_counts() {
    let html = room_html(RoomPage { acting_as: Some(UserId(4)), ..room() });
    let links: Vec<&str> = tags(&html, "a").into_iter().filter(|a| a.contains("sidebar-room")).collect();
    assert_eq!(links.len(), 2);
    let (tea, coffee) = (
        links.iter().find(|a| a.contains("href=\"/rooms/tea?as=4\"")).expect("tea"),
        links.iter().find(|a| a.contains("href=\"/rooms/coffee?as=4\"")).expect("coffee"),
    );
    assert!(tea.contains("aria-current=\"page\"") && !tea.contains("data-unread"));
    assert!(!coffee.contains("aria-current") && coffee.contains("data-unread=\"3\""));
    assert!(squeezed(&html).contains(", 3 unread messages"));
    let first = room_html(RoomPage { rooms: Vec::new(), ..room() });
    assert_eq!(first.matches("sidebar-room\"").count(), 1, "the one I look at is there from the beginning");
}

#[test]
fn room_bar_shows_topic_and_presence() {
    let html = squeezed(&room_html(room()));
    assert!(html.contains("All about &lt;tea&gt;"));
    assert!(html.contains("5 people here"));
    assert!(html.contains("7 members"));
    let dots: Vec<&str> =
        tags(&html, "span").into_iter().filter(|span| span.contains("class=\"avatar")).collect();
    assert!(dots.iter().any(|dot| dot.contains("data-presence=\"away\"")));
    assert!(html.contains("<span class=\"person-presence\">away</span>"), "a dot is not all that says it");
}

#[test]
fn offline_shell_contains_no_user_data() {
    let (html, _) = rendered(PageSnapshot::OfflineShell {}, Language::En);
    assert!(html.contains("aria-busy=\"true\""));
    assert!(html.contains(r#"{\"language\":\"en\",\"version\":\"1.2.3\",\"page\":{\"OfflineShell\":{}}}"#));
}

#[test]
fn escapes_names_and_reactions() {
    let (ada, rude) = (user(1, "Ada"), user(2, "</p>\"'<script>x<b>"));
    let topic = Topic::parse("<img src=x onerror=alert(1)>\"").expect("a topic");
    let first = message(7, &rude, HOSTILE);
    let thumb =
        Reaction { emoji: Emoji::parse("👍").expect("an emoji"), users: vec![rude.clone(), ada.clone()] };
    let second = Message {
        reply_to: Some(first.quote()),
        reactions: vec![thumb],
        files: Vec::new(),
        ..message(8, &ada, "well")
    };
    let page = room_with(vec![
        Event::Joined(Moved { seq: Seq(5), user: rude.clone(), at: at() }),
        Event::Described(Described { seq: Seq(6), user: rude.clone(), topic, at: at() }),
        Event::Posted(first),
        Event::Posted(second),
    ]);
    let marks = vec![ReadMark { user: rude.id, seq: Seq(8) }];
    let html = room_html(RoomPage { marks, ..page });
    let body = body(&html);
    for tag in ["script", "b"] {
        assert!(tags(body, tag).is_empty(), "{tag}");
    }
    assert!(tags(body, "img").iter().all(|img| img.contains("src=\"/icon.svg\"")), "only the logo");
    assert!(body.contains("data-notice=\"moved\"") && body.contains("data-notice=\"topic\""));
    let quote = tags(body, "a").into_iter().find(|tag| tag.contains("class=\"quote\"")).expect("the quote");
    assert!(quote.contains("href=\"/rooms/tea?at=7\""), "without a script it leads there too: {quote}");
    let chip =
        tags(body, "button").into_iter().find(|tag| tag.contains("data-reaction=\"👍\"")).expect("a chip");
    assert!(chip.contains("aria-pressed=\"true\"") && chip.contains(", you\""), "{chip}");
}

#[test]
fn shows_attachments_without_a_script() {
    let (ada, ben) = (user(1, "Ada"), user(2, "Ben"));
    let picture = Message {
        text: Some(MessageText::default()),
        files: vec![picture("sea.png")],
        ..message(7, &ada, "x")
    };
    let reply = Message { reply_to: Some(picture.quote()), ..message(8, &ben, "what a view") };
    let html = room_html(room_with(vec![Event::Posted(picture), Event::Posted(reply)]));
    let articles = tags(&html, "article");
    assert!(articles[0].contains("data-files=\"pictures\"") && !articles[0].contains("data-deleted"));
    assert!(!articles[1].contains("data-files"));
    assert_eq!(html.matches("class=\"message-text\"").count(), 1, "no empty paragraph");
    let link = tags(&html, "a").into_iter().find(|tag| tag.contains("class=\"picture\"")).expect("a picture");
    assert!(link.contains("href=\"/files/3/sea.png\""));
    let (_, quote) = squeezed(&html)
        .split_once("class=\"quote-text\"")
        .map(|(_, rest)| ((), rest.to_owned()))
        .expect("a quote");
    assert!(
        quote.split_once("</span>").is_some_and(|(text, _)| text.ends_with("sea.png")),
        "the name stands for the text"
    );
}

#[test]
fn marks_deleted_and_edited_messages() {
    let (ada, ben) = (user(1, "Ada"), user(2, "Ben"));
    let deleted = |seq: i64, by: &User| {
        let mut message = message(seq, by, "a secret");
        let kind = Deleted {
            seq: Seq(20 + seq),
            message_id: message.id,
            message_seq: message.seq,
            by: by.id,
            at: at(),
        };
        assert!(message.delete(&kind));
        Event::Posted(message)
    };
    let edited = |seq: i64, by: &User| {
        Event::Posted(Message {
            changed: Some(Seq(20 + seq)),
            edited_at: Some(at()),
            ..message(seq, by, "said")
        })
    };
    let html =
        room_html(room_with(vec![deleted(7, &ada), deleted(8, &ben), edited(9, &ada), edited(10, &ben)]));
    let body = body(&html);
    assert!(!html.contains("a secret"));
    assert!(body.contains("You deleted this message") && body.contains("Message deleted"));
    assert_eq!(body.matches("data-deleted").count(), 2);
    let buttons = tags(body, "button").into_iter().filter(|tag| tag.contains("message-edited")).count();
    assert_eq!(buttons, 1, "only its author sees what it said before");
    assert!(body.contains("title=\"Edited: Friday, 20 November 2026, 10:00:00 UTC\""));
}

#[test]
fn room_with_only_joins_shows_the_empty_hint() {
    let joined = Moved { seq: Seq(1), user: user(2, "Ben"), at: at() };
    let html = room_html(room_with(vec![Event::Joined(joined)]));
    assert!(html.contains("No messages yet") && html.contains("joined"));
}
