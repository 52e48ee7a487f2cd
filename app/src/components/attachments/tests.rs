//! Tests of the HTML of attachments.

use hubbub_protocol::FileId;

use super::*;
use crate::Language;

fn file(name: &str, content_type: &str) -> Attachment {
    Attachment {
        id: FileId(7),
        name: FileName::parse(name).expect("a name"),
        size: 1_536,
        content_type: content_type.to_owned(),
        width: None,
        height: None,
        preview: None,
    }
}

fn picture(name: &str, width: u32, height: u32) -> Attachment {
    let preview = Some("image/webp;base64,UklGRg==".to_owned());
    Attachment { width: Some(width), height: Some(height), preview, ..file(name, "image/png") }
}

fn html(files: &[Attachment]) -> String {
    to_html(files, Language::En.strings())
}

#[test]
fn picture_has_its_size_before_it_is_loaded() {
    let html = html(&[picture("sea view.png", 4_000, 2_000)]);
    let expected = [
        r#"<a class="picture" href="/files/7/sea%20view.png""#,
        r#"src="data:image/webp;base64,UklGRg==" alt="" width="352" height="176">"#,
        r#"sizes="352px" srcset="/files/7/sea%20view.png?size=small 480w, /files/7/sea%20view.png?size=large 1600w""#,
        r#"alt="sea view.png" width="352" height="176">"#,
        r#"loading="lazy""#,
    ];
    for part in expected {
        assert!(html.contains(part), "{part}\n{html}");
    }
}

#[test]
fn several_pictures_are_squares() {
    for (count, columns, width) in [(2, 2, 176), (3, 3, 117), (4, 2, 176), (10, 3, 117)] {
        let html = html(&vec![picture("a.png", 100, 900); count]);
        assert!(html.contains(&format!(r#"data-columns="{columns}""#)));
        assert_eq!(html.matches(&format!(r#"width="{width}" height="{width}""#)).count(), 3 * count);
    }
}

#[test]
fn picture_without_thumbnails_is_a_card() {
    let without_preview = Attachment { preview: None, ..picture("a.svg", 10, 10) };
    let without_pixels = Attachment { width: None, ..picture("a.svg", 10, 10) };
    let without_height = picture("a.svg", 10, 0);
    for file in [without_preview, without_pixels, without_height] {
        let html = html(&[file]);
        assert!(!html.contains("<img") && html.contains("file-card"), "{html}");
    }
}

#[test]
fn fits_pictures_of_all_proportions() {
    assert_eq!(fit((704, 320)), (352, 160));
    assert_eq!(fit((100, 80)), (100, 80));
    assert_eq!(fit((1_000, 4_000)), (80, 320));
    assert_eq!(fit((1, 1)), (48, 48));
    assert_eq!(fit((1, u32::MAX)), (48, 320));
    assert_eq!(fit((u32::MAX, 1)), (352, 48));
    assert_eq!(fit((u32::MAX, u32::MAX)), (320, 320));
}

#[test]
fn videos_and_sounds_have_a_player_and_a_card() {
    let html = html(&[file("clip.mp4", "video/mp4"), file("talk.ogg", "audio/ogg")]);
    assert!(html.contains(r#"<video class="player" src="/files/7/clip.mp4" controls="" preload="metadata""#));
    assert!(html.contains(r#"width="352" height="198" playsinline="""#));
    assert!(html.contains(r#"<audio class="player" src="/files/7/talk.ogg""#));
    assert_eq!(html.matches(r#"class="file-card""#).count(), 2);
}

#[test]
fn card_opens_documents_and_downloads_others() {
    let document = html(&[file("plan.pdf", "application/pdf")]);
    assert!(document.contains(r#"href="/files/7/plan.pdf" target="_blank""#));
    let archive = html(&[file("backup.tar.gz", "application/gzip")]);
    assert!(archive.contains(r#"href="/files/7/backup.tar.gz?download" download="backup.tar.gz""#));
    assert!(archive.contains(r#"<span class="file-stem">backup.tar</span><span>.gz</span>"#));
    assert!(archive.contains("1.5\u{a0}KB"));
}

#[test]
fn escapes_names_and_types() {
    let hostile = "\"><script>alert(1)</script>.png";
    for content_type in ["text/html", "video/\"><b>", "", "image/svg+xml"] {
        let html = html(&[file(hostile, content_type), picture(hostile, 9, 9)]);
        assert!(!html.contains("<script") && !html.contains("<b>"), "{html}");
    }
    let preview = Some("\"><script>".to_owned());
    assert!(!html(&[Attachment { preview, ..picture("a.png", 9, 9) }]).contains("<script"));
}
