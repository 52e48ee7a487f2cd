//! Paging through the history in both directions.

use serde_json::{Value, json};

use crate::support::{Api, Program};

/// Returns the texts of a page and of all pages that its links of this name lead to, in order.
async fn walks(bot: &Api, first: &str, link: &str) -> Vec<Vec<String>> {
    let mut pages = Vec::new();
    let mut path = Some(first.to_owned());
    while let Some(here) = path {
        let page = bot.get(&here).await.is(200);
        pages.push(texts(&page));
        path = page[link].as_str().map(str::to_owned);
    }
    pages
}

fn texts(page: &Value) -> Vec<String> {
    let messages = page["messages"].as_array().unwrap();
    messages.iter().map(|message| message["text"].as_str().unwrap().to_owned()).collect()
}

fn numbers(numbers: impl IntoIterator<Item = u32>) -> Vec<String> {
    numbers.into_iter().map(|number| number.to_string()).collect()
}

#[tokio::test]
async fn page_links_lead_to_both_ends() {
    let program = Program::start().await;
    let bot = program.bot("robot").await;
    let room = bot.joins("general").await;
    for number in 1..=10 {
        bot.posts(room, &number.to_string()).await;
    }
    let path = format!("/rooms/{room}/messages");

    let back = walks(&bot, &format!("{path}?limit=4"), "prev").await;
    assert_eq!(back, [numbers(7..=10), numbers(3..=6), numbers(1..=2)]);
    let forth = walks(&bot, &format!("{path}?after=0&limit=4"), "next").await;
    assert_eq!(forth, [numbers(1..=4), numbers(5..=8), numbers(9..=10)]);

    // The first event of the room is the bot's join.
    let around = bot.get(&format!("{path}?around=6&limit=4")).await.is(200);
    assert_eq!(texts(&around), numbers(3..=6));
    let next = bot.get(around["next"].as_str().unwrap()).await.is(200);
    assert_eq!(texts(&next), numbers(7..=10));
    assert_eq!(next["next"], Value::Null);
    assert_eq!(next["head"], 11);

    // A page beyond an end is empty, and its links lead back.
    let beyond = bot.get(&format!("{path}?after=9000000000000000000&limit=3")).await.is(200);
    assert_eq!((texts(&beyond).len(), &beyond["next"]), (0, &Value::Null));
    assert_eq!(texts(&bot.get(beyond["prev"].as_str().unwrap()).await.is(200)), numbers(8..=10));
    let beyond = bot.get(&format!("{path}?before=1&limit=3")).await.is(200);
    assert_eq!((texts(&beyond).len(), &beyond["prev"]), (0, &Value::Null));
    assert_eq!(texts(&bot.get(beyond["next"].as_str().unwrap()).await.is(200)), numbers(1..=3));
}

#[tokio::test]
async fn pages_fit_a_frame_and_links_skip_nothing() {
    let program = Program::start().await;
    let bot = program.bot("robot").await;
    let room = bot.joins("general").await;
    let mut said = Vec::new();
    for number in 0..40 {
        // 16 KB each.
        let text = format!("{number}{}", "\u{1F600}".repeat(3_990));
        bot.posts(room, &text).await;
        said.push(text);
    }
    let path = format!("/rooms/{room}/messages");
    let mut back = walks(&bot, &path, "prev").await;
    assert!(back.len() > 4, "{} pages", back.len());
    back.reverse();
    assert!(back.concat() == said, "none is left out");
    assert!(walks(&bot, &format!("{path}?after=0"), "next").await.concat() == said, "none is left out");
}

#[tokio::test]
async fn events_continue_after_a_position() {
    let program = Program::start().await;
    let bot = program.bot("robot").await;
    let room = bot.joins("general").await;
    let said = bot.posts(room, "one").await;
    bot.patch(&format!("/messages/{}", said["id"]), json!({"text": "two"})).await.is(200);
    bot.patch(&format!("/rooms/{room}"), json!({"topic": "Tea"})).await.is(200);

    let mut kinds = Vec::new();
    let mut path = format!("/rooms/{room}/events?limit=2");
    loop {
        let page = bot.get(&path).await.is(200);
        for event in page["events"].as_array().unwrap() {
            kinds.extend(event.as_object().unwrap().keys().cloned());
        }
        path = page["next"].as_str().unwrap().to_owned();
        if page["more"] == false {
            break;
        }
    }
    assert_eq!(kinds, ["joined", "posted", "edited", "described"]);
    let nothing = bot.get(&path).await.is(200);
    assert_eq!((nothing["events"].as_array().unwrap().len(), &nothing["cursor"]), (0, &json!(4)));
    bot.posts(room, "three").await;
    assert_eq!(bot.get(&path).await.is(200)["events"][0]["posted"]["text"], "three");
}

#[tokio::test]
async fn unchanged_answer_gets_304() {
    let program = Program::start().await;
    let bot = program.bot("robot").await;
    let room = bot.joins("general").await;
    bot.posts(room, "one").await;
    let knows = async |path: &str, tag: &str| {
        bot.sends(reqwest::Method::GET, path, &[("if-none-match", tag)], None).await
    };
    for path in
        ["/me", "/me/rooms", &format!("/rooms/{room}"), &format!("/rooms/{room}/messages"), "/openapi.json"]
    {
        let first = bot.get(path).await;
        let tag = first.header("etag").to_owned();
        assert!(tag.starts_with('"') && tag.len() > 10, "{path}: {tag}");
        for known in [tag.clone(), format!("W/{tag}"), format!("\"else\", {tag}"), "*".to_owned()] {
            let again = knows(path, &known).await;
            assert_eq!((again.status.as_u16(), again.header("etag")), (304, tag.as_str()), "{path}: {known}");
            assert!(again.body.is_null());
        }
        assert_eq!(knows(path, "\"else\"").await.status, 200, "{path}");
        let caching = if path == "/openapi.json" { "no-cache" } else { "no-store" };
        assert_eq!(first.header("cache-control"), caching, "{path}");
    }
    let path = format!("/rooms/{room}/messages");
    let tag = bot.get(&path).await.header("etag").to_owned();
    bot.posts(room, "two").await;
    assert_eq!(knows(&path, &tag).await.status, 200, "something has happened");
}
